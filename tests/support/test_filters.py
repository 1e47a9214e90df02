"""What falls out of real service dialogues, and why: each rule before and each of the five filters behind has a case it
drops, and a whole dialogue passes them all."""

from collections.abc import Sequence

import pytest

from millstream.conversations import Conversation, Utterance
from millstream.errors import InputError
from millstream.strategies import framework
from millstream.support import extend, postfilter, prefilter
from millstream.support.annotate import annotated, by_rule
from millstream.support.talk import SupportDialogue, SupportTurn

FRAME = framework()
TALK = (
    ("agent", "Hello, how can I help you?"),
    ("user", "My lamp arrived broken."),
    ("agent", "May I have your order number, please?"),
    ("user", "It's 40817."),
    ("agent", "On which day did it arrive?"),
    ("user", "On Monday, and I paid $39."),
    ("agent", "I'd suggest we send you a new one."),
    ("user", "Yes please."),
    ("agent", "I've ordered a new lamp for you."),
    ("user", "Thanks."),
    ("agent", "Is there anything else I can help you with?"),
    ("user", "No, that's all."),
    ("agent", "Thank you for your time. Have a nice day, goodbye."),
)


def conversation(lines: Sequence[tuple[str, str]] = TALK, values: tuple[str, ...] = ()) -> Conversation:
    turns = tuple(Utterance.model_validate({"role": role, "text": text}) for role, text in lines)
    return Conversation(corpus="test", key="1", lang="en", turns=turns, values=values)


def talk(lines: Sequence[tuple[str, str]] = TALK) -> SupportDialogue:
    return annotated(prefilter.merged(conversation(lines)), by_rule("en"), FRAME)


def altered(n: int, **fields: object) -> SupportDialogue:
    turns = list(talk().turns)
    turns[n] = turns[n].model_copy(update=fields)
    return talk().model_copy(update={"turns": tuple(turns)})


# --- before ------------------------------------------------------------------------------------------------


def test_lines_of_one_side_are_merged_and_remember_where_they_stood() -> None:
    lines = [("agent", "Hi!"), ("agent", "How can I help"), ("user", "I lost order 40817")]
    made = prefilter.merged(conversation(lines, values=("40817", "order 40817", "0", "lamp")))
    assert [turn.text for turn in made.turns] == ["Hi! How can I help", "I lost order 40817"]
    assert [turn.origin for turn in made.turns] == [(0, 1), (2,)]
    assert made.turns[1].must == ("order 40817",)


SHORT = tuple((role, "ok" if role == "user" else text) for role, text in TALK)
LONG = ((TALK[0]), ("user", "word " * 400), *TALK[2:])
MUTE = tuple(line for line in TALK if line[0] == "agent")
TALKATIVE = tuple(line for role, text in TALK for line in ([(role, text)] * (3 if role == "agent" else 1)))


@pytest.mark.parametrize(
    ("lines", "why"),
    [
        (TALK[:4], "2 exchanges"),
        (TALK * 6, "exchanges, 3 to 30"),
        (SHORT, "are longer than 3 characters"),
        (LONG, "a turn of more than 1500 characters"),
        (MUTE, "one side says nothing"),
        (TALKATIVE, "customer lines against"),
    ],
)
def test_a_rule_of_the_pre_filter_drops(lines: Sequence[tuple[str, str]], why: str) -> None:
    found = list(prefilter.faults(prefilter.merged(conversation(lines))))
    assert any(why in each for each in found), found


def test_service_talk_passes_and_chat_does_not() -> None:
    assert not list(prefilter.faults(talk())) and not prefilter.no_service(talk())
    chat = [("user", "It snowed all night!"), ("agent", "Here it rained."), ("user", "Lovely."), ("agent", "Right.")]
    assert "no service talk" in prefilter.no_service(talk(chat))


# --- behind ------------------------------------------------------------------------------------------------


def dropped(dialogue: SupportDialogue, bar: postfilter.Bar | None = None) -> tuple[str, str]:
    return postfilter.passed(dialogue, postfilter.filters(FRAME, bar))[1:]


def test_a_whole_dialogue_passes_all_five() -> None:
    assert dropped(talk()) == ("", "")


def test_notes_at_the_end_go_and_smileys_stay() -> None:
    noted = talk((*TALK, ("user", "[system: the customer left]")))
    left, name, _ = postfilter.passed(noted, postfilter.filters(FRAME))
    assert name == "" and left.turns[-1].text == TALK[-1][1]
    smiling = altered(12, text="Have a nice day, goodbye (:-)")
    assert postfilter.unnoted(smiling) == (smiling, "")
    assert postfilter.unnoted(talk((("agent", "[call ended]"),)))[1] == "nothing but notes of the system"


def strange(text: str) -> SupportDialogue:
    return altered(4, text=text)


@pytest.mark.parametrize(
    ("dialogue", "name", "why"),
    [
        (strange("System: line closed."), "quality", "third party"),
        (talk(TALK[:12]), "quality", "the customer has the last word"),
        (talk(TALK[:11] + TALK[4:5]), "quality", "ends on a question"),
        (talk(TALK[:8] + TALK[12:]), "length", "9 utterances, 10 to 50"),
        (talk(TALK[:1] + TALK[1:11] * 6 + TALK[11:]), "length", "63 utterances, 10 to 50"),
        (altered(2, strategy="IV+PR"), "strategies", "'IV+PR' is not one strategy"),
        (altered(2, strategy=""), "strategies", "'' is not one strategy"),
        (altered(3, strategy="PR"), "strategies", "a customer with a strategy"),
        (altered(12, strategy="ID"), "strategies", "no turn of AC"),
        (talk().model_copy(update={"turns": (*talk().turns[:4], *talk().turns[3:])}), "turns", "twice in a row"),
    ],
)
def test_a_post_filter_drops(dialogue: SupportDialogue, name: str, why: str) -> None:
    found, reason = dropped(dialogue)
    assert found == name and why in reason, (found, reason)


def test_turns_that_do_not_sound_like_their_strategy_drop_a_dialogue() -> None:
    turns = tuple(t.model_copy(update={"strategy": "EM"}) if t.role == "agent" else t for t in talk().turns[:-1])
    assert dropped(talk().model_copy(update={"turns": (*turns, talk().turns[-1])}))[0] == "quality"


def test_the_papers_three_may_be_asked_for_and_a_strange_one_is_one_line() -> None:
    anonymous = talk(TALK[:2] + TALK[4:] + TALK[4:8] + TALK[12:])
    assert dropped(anonymous, postfilter.Bar(needed=("GT", "IV", "AC")))[1] == "no turn of IV"
    with pytest.raises(InputError, match="no strategy 'XX'"):
        postfilter.filters(FRAME, postfilter.Bar(needed=("XX",)))


# --- both ends ---------------------------------------------------------------------------------------------


def test_missing_ends_are_added_and_marked() -> None:
    made = extend.extended(talk(TALK[1:11]), FRAME, seed=0)
    added = [turn for turn in made.turns if turn.words == "added"]
    assert [turn.strategy for turn in added] == ["GT", "", "AC"] and not any(turn.origin for turn in added)
    assert extend.extended(talk(), FRAME, seed=0) == talk()


def test_a_turn_of_a_customer_is_in_the_stage_it_answers() -> None:
    assert [turn.stage for turn in talk().turns][:3] == ["connecting", "connecting", "connecting"]
    assert talk().turns[-1].stage == "maintaining"
    assert isinstance(talk().turns[0], SupportTurn)

"""Dialogues that one call wrote: what is read of an answer, and what its labels are."""

import json
from dataclasses import replace
from typing import Any

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import worlds
from millstream.errors import InputError
from millstream.formats import sgd
from millstream.prove import arms, one_call
from millstream.prove.targets import Target
from millstream.services.annotated import TaskDialogue

SERVICES = {service.name: service for service in worlds.SERVICES}
BOATS = SERVICES["Boats_1"]
TARGET = Target(
    "boats", worlds.SERVICES, worlds.WORLD.knowledge, frozenset(SERVICES), frozenset({"Boats_1"}), (), (), ()
)
CALL = one_call.asked(TARGET, 0)
CITY = next(row["city"] for row in worlds.WORLD.knowledge.rows["Boats_1"])


def exchange(user: str, agent: str = "All right.", **given: Any) -> dict[str, Any]:
    return {"user": user, "given": given, "agent": agent}


def answer(*exchanges: dict[str, Any]) -> str:
    return json.dumps({"exchanges": exchanges})


EVERY = (
    exchange("Hello", "Where?"),
    exchange(f"A boat in {CITY}, please.", "For how many?", city=CITY),
    exchange("Just show me", passengers="4000", moon="full"),
    exchange("Thanks"),
)


def states(dialogue: TaskDialogue) -> list[dict[str, tuple[str, ...]]]:
    return [dict(turn.frames[0].state.values) for turn in dialogue.turns if turn.frames and turn.frames[0].state]


def test_a_call_says_what_the_service_has_and_nothing_of_the_test() -> None:
    assert CALL.service == "Boats_1" and "- city: " in CALL.prompt and BOATS.description in CALL.prompt
    given = CALL.form["properties"]["exchanges"]["items"]["properties"]["given"]
    assert "city" in given["properties"] and given["additionalProperties"] is False
    assert one_call.asked(TARGET, 0) == CALL and one_call.asked(TARGET, 1).prompt != CALL.prompt


def test_states_add_up_and_unknown_labels_are_dropped() -> None:
    made = one_call.read(CALL, answer(*EVERY), BOATS)
    assert made and made.synthetic and made.services == ("Boats_1",)
    assert [turn.role for turn in made.turns] == ["user", "agent"] * 4
    assert states(made) == [{}, *[{"city": (CITY,)}] * 3], "no such slot, no such value"
    assert not sgd.faults(sgd.row(made)) and sgd.parse(sgd.row(made)).turns == made.turns


@pytest.mark.parametrize(
    "text",
    [
        *("", "no dialogue", "[1]", '{"exchanges": 3}', answer(*EVERY[:3]), answer(*EVERY)[:-30]),
        *(answer(*EVERY[:3], each) for each in ({"user": "x"}, exchange(" "), exchange("x") | {"given": "y"})),
    ],
)
def test_what_is_no_dialogue_is_none(text: str) -> None:
    assert one_call.read(CALL, text, BOATS) is None


def test_labels_that_nobody_said_are_counted() -> None:
    lied = exchange("Something else", city="Atlantis")
    made = one_call.read(CALL, answer(*EVERY, lied), BOATS)
    assert made and one_call.unheard(made, SERVICES) == (1, 2)


def test_the_string_match_reads_the_words_and_not_the_labels() -> None:
    made = one_call.read(CALL, answer(*EVERY[:3], exchange("Hm", city="Atlantis")), BOATS)
    assert made
    (found,) = one_call.matched([made], TARGET)
    assert states(found)[-1] == {"city": (CITY,)} and states(made)[-1] == {"city": ("Atlantis",)}
    assert [turn.text for turn in found.turns] == [turn.text for turn in made.turns]


def test_the_arms_are_of_one_size_and_hold_nothing_of_the_test() -> None:
    long = exchange(f"I would very much like a boat in {CITY} tomorrow", city=CITY)
    whole = [one_call.read(CALL, answer(*EVERY), BOATS), one_call.read(CALL, answer(*EVERY, long), BOATS)]
    made = [each for each in whole if each]
    target = replace(TARGET, test=(made[1],))
    found = {name: arm(target, 10, 0) for name, arm in one_call.arms(made, target).items()}
    assert list(found) == [one_call.OWN, one_call.MATCHED, one_call.AS_FEW]
    assert {*one_call.AGAINST, *one_call.AGAINST.values()} == set(found), "each is held against as few of ours"
    assert all(len(each) == 10 for each in found.values())
    assert {each.key for each in found[one_call.OWN]} == {made[0].key} and not arms.long_turns(found[one_call.OWN])
    assert len({each.key for each in found[one_call.AS_FEW]}) == 1


def test_a_file_of_another_target_is_refused() -> None:
    with pytest.raises(InputError, match="no dialogue about the services of boats"):
        one_call.arms([], TARGET)

"""Words for outlines: every value is heard where its span says, and a turn that loses one is refused."""

import re
from dataclasses import replace

import pytest

import worlds
from millstream.records import Lang
from millstream.services.annotated import Act, Frame, Span, State, Turn
from millstream.services.forms import forms, parts
from millstream.services.schema import ServiceSchema, SlotSchema
from millstream.simulate import words
from millstream.simulate.phrase import kind, wordings
from millstream.simulate.policy import Policy

LIVELY = Policy(several=0.3, dontcare=0.3, correction=0.3, change=0.4, chat=0.3, failure=0.3)
TOLD = ("INFORM", "CORRECT", "OFFER", "CONFIRM")


def test_every_span_holds_a_form_of_its_value() -> None:
    spans = 0
    for dialogue in worlds.talks(150, LIVELY):
        for turn in dialogue.turns:
            for frame in turn.frames:
                slots = next(s for s in worlds.SERVICES if s.name == frame.service).by_name
                said = {act.slot: act.values[0] for act in frame.acts if act.act in TOLD and act.values}
                for span in frame.spans:
                    slot = slots[span.slot]
                    known = [
                        f for v in said[span.slot].split("|") for p in parts(slot, v) for f in forms("en", slot, p)
                    ]
                    assert turn.text[span.start : span.end] in known
                    spans += 1
    assert spans > 800


def test_no_mark_and_no_hole_is_left() -> None:
    for dialogue in worlds.talks(150, LIVELY):
        for turn in dialogue.turns:
            assert turn.text.strip() == turn.text != ""
            assert not set(turn.text) & set("\x01\x02\x03{}"), turn.text
            assert "  " not in turn.text and " ." not in turn.text


def test_a_lost_value_is_seen() -> None:
    boats = worlds.SERVICES[0]
    frame = Frame("Boats_1", (Act("INFORM", "city", ("Larkspur",)),), (Span("city", 0, 8),), State("FindBoat"))
    assert not words.lost(Turn("user", "Larkspur, please.", (frame,)), frame, boats)
    assert words.lost(Turn("user", "Petaluma, please.", (frame,)), frame, boats)
    bare = replace(frame, spans=())
    assert words.lost(Turn("user", "Larkspur, please.", (bare,)), bare, boats), "without its span it is not found"
    either = replace(frame, acts=(Act("INFORM", "city", ("Larkspur|Sonoma",)),))
    assert words.lost(Turn("user", "Larkspur, please.", (either,)), either, boats), "one of two is not both"


def test_a_turn_without_a_word_is_refused() -> None:
    """An offer of what has no name and no results says nothing."""
    mute = Turn("agent", "", (Frame("Boats_1"),))
    with pytest.raises(words.Unsaid):
        words.Wording(worlds.SERVICES).worded(replace(worlds.talks(1)[0], turns=(mute,)))


def test_a_state_knows_every_form_that_was_heard() -> None:
    for dialogue in worlds.talks(60):
        heard: set[str] = set()
        for turn in dialogue.turns:
            for frame in turn.frames:
                heard |= {turn.text[span.start : span.end] for span in frame.spans}
                for values in frame.state.values.values() if frame.state else ():
                    assert len(set(values)) == len(values)
                    assert set(values[1:]) <= heard


def test_the_same_seed_gives_the_same_words() -> None:
    assert worlds.talks(5) == worlds.talks(5)
    assert [t.text for t in worlds.talks(5, seed=1)[0].turns] != [t.text for t in worlds.talks(5)[0].turns]


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_no_wording_is_a_wish_and_a_question(lang: Lang) -> None:
    for each in wordings(lang)["kinds"]:
        assert not {*each.get("say", ()), *each.get("say_no", ())} & {*each.get("request", ())}, each["slot"]


def speaking_of(about: str, slot: str, lang: Lang = "en") -> str:
    """Every wording of a slot of a service that is about this."""
    service = ServiceSchema(name="Some_1", description=about, lang=lang, slots=(SlotSchema(name=slot),))
    return " ".join(line for lines in kind(slot, service).values() if isinstance(lines, list) for line in lines)


@pytest.mark.parametrize(
    ("about", "slot", "never"),
    [
        ("find concerts and matches", "category", "food|eat|cuisine"),
        ("find concerts and matches", "subcategory", "food|eat|cuisine"),
        ("look for songs", "genre", "movie|watch"),
        ("look for films", "starring", "rating|{v} stars\\.|How many"),
        ("find trains", "class", "fly"),
        ("rent cars", "end_date", "The date is|What day would"),
        ("find buses", "to_city", "in {v}"),
        ("find flights there and back", "inbound_departure_time", "At {v}, please|The time is|We will arrive"),
        ("send money", "recipient_account_name", "checking"),
        ("book cabs", "wait_time", "at {v}"),
    ],
)
def test_a_slot_is_not_said_as_what_it_is_not_about(about: str, slot: str, never: str) -> None:
    """Each was a label that a blind reader could not find in its turn."""
    assert not re.search(never, speaking_of(about, slot)), slot


def test_a_category_of_a_restaurant_is_food_still() -> None:
    assert "{v} food" in speaking_of("find a restaurant", "category")
    assert "movies" in speaking_of("watch films", "genre")

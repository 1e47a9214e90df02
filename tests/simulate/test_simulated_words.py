"""Words for outlines: every value is heard where its span says, and a turn that loses one is refused."""

from dataclasses import replace

import pytest

import worlds
from millstream.records import Lang
from millstream.services.annotated import Act, Frame, Span, State, Turn
from millstream.services.forms import forms, parts
from millstream.simulate import words
from millstream.simulate.phrase import wordings
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

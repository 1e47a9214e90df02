"""Turns as prompts and answers, with models that are functions."""

from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

import worlds
from millstream.metrics import dst
from millstream.prove.trial import tracked
from millstream.services.schema import DONTCARE
from millstream.train import prompted
from millstream.train.candidates import Lexicon, Words
from millstream.train.prompted import NOTHING, Lesson, Messages, Prompted

NAMES = [service.name for service in worlds.SERVICES]
BY_NAME = dict(zip(NAMES, worlds.SERVICES, strict=True))
LEXICONS = {service.name: Lexicon(service, worlds.WORLD.knowledge) for service in worlds.SERVICES}
BOATS = BY_NAME["Boats_1"]


class Told:
    """A model that has learnt its lessons by heart, and answers nothing to anything else."""

    def __init__(self, lessons: list[Lesson]) -> None:
        self.answers = {key(each.messages): each.answer for each in lessons}

    def __call__(self, messages: Messages) -> str:
        return self.answers.get(key(messages), NOTHING)

    def save(self, folder: Path) -> None:
        """Nothing is kept."""


def key(messages: Messages) -> str:
    return "\n".join(each["content"] for each in messages)


def test_who_answers_as_the_lessons_say_is_right() -> None:
    """Prompts of training and of tracking are the same, and what is read back is the state."""
    talks = worlds.talks(20, seed=9)
    tracker = Prompted(LEXICONS, Told(prompted.lessons(talks, LEXICONS, 10_000, 0)))
    found = dst.measure(f for each in talks for f in tracked(tracker, each, BY_NAME, NAMES))
    assert found.joint > 0.97
    empty = Prompted(LEXICONS, Told([]))
    assert dst.measure(f for each in talks for f in tracked(empty, each, BY_NAME, NAMES)).joint < 0.5


def test_lessons_are_drawn_by_the_seed() -> None:
    talks = worlds.talks(10)
    some = prompted.lessons(talks, LEXICONS, 12, 0)
    assert len(some) == 12 and some == prompted.lessons(talks, LEXICONS, 12, 0)
    assert some != prompted.lessons(talks, LEXICONS, 12, 1)


def test_a_prompt_says_what_there_is_and_no_label() -> None:
    said = Words("in Petaluma, please", "Where?", "")
    told = key(prompted.asked(BOATS, said, {"passengers": "2"}, {"Teas_1": {"kind": "green"}}))
    for part in ("city: ", "Before: passengers=2", "Elsewhere: green", "Agent: Where?", "User: in Petaluma, please"):
        assert part in told
    bare = key(prompted.asked(BOATS, Words("hello"), {}, {}))
    assert not any(part in bare for part in ("Before", "Elsewhere", "Agent"))


def test_what_an_answer_may_say() -> None:
    closed = next(slot for slot in prompted.inputs(BOATS) if slot.categorical)
    value, lexicon = closed.values[0], LEXICONS["Boats_1"]
    read = prompted.read(f"city=Petaluma\n{closed.name} = {value.upper()}\nmoon=1\nblah\n=\ncity2=\n", lexicon)
    assert read == {"city": "Petaluma", closed.name: value}
    assert prompted.read(f"{closed.name}=none of them", lexicon) == {}, "no value of a slot that lists them all"
    assert prompted.read(f"{closed.name}={DONTCARE}", lexicon) == {closed.name: DONTCARE}
    assert prompted.read(NOTHING, lexicon) == prompted.read("", lexicon) == {}
    assert prompted.read(prompted.written({"city": "Petaluma"}), lexicon) == {"city": "Petaluma"}
    assert prompted.written({}) == NOTHING

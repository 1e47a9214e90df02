"""A chat whose clock is off is moved where that is sure, and only there."""

import random
from collections import Counter
from pathlib import Path

import pytest

from millstream import intake
from millstream.mine.offset import MOVED, needed, offset
from millstream.mine.offset import moved as moved_by
from millstream.records import Cue

SAMPLES = Path(__file__).parents[2] / "samples"


def cues_of(name: str) -> list[Cue]:
    (gathered,) = (each for each in intake.take([SAMPLES / name]).readings if len(each.readings) > 1)
    return list(intake.cues(gathered, []))


def late(cues: list[Cue], seconds: float) -> list[Cue]:
    """The recording with its chat's times too small by so many seconds."""
    return [
        cue.model_copy(update={"start": (cue.start or 0.0) - seconds, "end": (cue.end or 0.0) - seconds})
        if cue.track == "chat"
        else cue
        for cue in cues
    ]


@pytest.mark.parametrize("name", ["automotive_zh", "restaurant_en"])
@pytest.mark.parametrize("seconds", [-600, -45, 37, 300, 1500])
def test_a_known_shift_is_seen(name: str, seconds: int) -> None:
    assert abs(needed(late(cues_of(name), seconds)) - seconds) <= 15


@pytest.mark.parametrize("name", ["automotive_zh", "restaurant_en"])
def test_a_clock_that_is_right_is_left_alone(name: str) -> None:
    cues, notes = cues_of(name), Counter[str]()
    assert needed(cues) == 0 and moved_by(cues, 0, notes) == cues and not notes


def test_it_is_not_sure_of_what_does_not_belong_together() -> None:
    speech = [cue for cue in cues_of("automotive_zh") if cue.track == "speech"]
    chat = [cue for cue in cues_of("restaurant_en") if cue.track == "chat"]
    assert needed([*speech, *chat]) == 0 == needed(speech) == needed(chat) == needed([])


def test_few_lines_are_not_enough() -> None:
    cues = cues_of("automotive_zh")
    few = [cue for cue in cues if cue.track == "speech" or cue.n % 60 == 0]
    found = offset(few, [cue for cue in few if cue.track == "chat"])
    assert found.confidence < 1 or found.lines < 20


def test_what_is_moved_keeps_its_numbers_and_is_in_order() -> None:
    rng = random.Random(1)
    cues = late(cues_of("restaurant_en"), 120 + rng.random())
    notes: Counter[str] = Counter()
    there = moved_by(cues, needed(cues), notes)
    starts = [cue.start for cue in there if cue.start is not None]
    assert starts == sorted(starts) and 100 <= notes[MOVED] <= 140
    assert sorted((cue.track, cue.n) for cue in there) == sorted((cue.track, cue.n) for cue in cues)
    assert [cue for cue in there if cue.track == "speech"] == [cue for cue in cues if cue.track == "speech"]

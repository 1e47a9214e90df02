"""A slip that nobody believed, taken back in so many words."""

from collections.abc import Sequence

import pytest

from millstream.mine.claim import Claim
from millstream.mine.corrections import corrections
from millstream.records import Cue

RIGHT = Claim("Captain's Family", "capacity", "four", 1, 0.98, listed=True)
SLIP = Claim("Captain's Family", "capacity", "five", 0, 0.2)


def cues(*lines: str) -> list[Cue]:
    return [Cue(recording="r", track="speech", n=n, start=4.0 * n, end=4.0 * n + 3, text=text)
            for n, text in enumerate(lines)]  # fmt: skip


def found(second: str, claims: Sequence[Claim] = (RIGHT,), slips: Sequence[Claim] = (SLIP,)) -> list[Claim]:
    return corrections(claims, cues("the captain's sleeps five", second), slips)


@pytest.mark.parametrize("said", ["no it doesn't what am i saying it sleeps four", "ned's right it sleeps four"])
def test_words_of_correction_take_back_what_was_too_unlikely_to_be_believed(said: str) -> None:
    assert found(said) == [RIGHT]


def test_without_such_words_or_such_a_slip_it_is_no_correction() -> None:
    assert found("it sleeps four") == []
    assert found("ned's right it sleeps four", slips=()) == []
    other = Claim("Captain's Family", "capacity", "four", 0, 0.2)
    assert found("ned's right it sleeps four", slips=[other]) == [], "the same was said before"


def test_what_no_table_has_takes_nothing_unlikely_back() -> None:
    unlisted = Claim("Captain's Family", "capacity", "six", 1, 0.9)
    assert found("sorry it sleeps six", claims=[unlisted]) == []


def test_a_slip_far_behind_is_another_matter() -> None:
    late = Claim("Captain's Family", "capacity", "four", 14, 0.98, listed=True)
    lines = cues("the captain's sleeps five", *["hello"] * 13, "ned's right it sleeps four")
    assert corrections([late], lines, [SLIP]) == []

"""The errors of the segmentation benchmark, by hand, and the floors on a made stream."""

import pytest

pytest.importorskip("nltk", reason="the extra `eval` is not installed")
pytest.importorskip("bm25s", reason="the extra `retrieval` is not installed")

from segmenting import Stream
from segments import errors, floors
from splitters import dips, nltk_tiling, tiling


def test_six_turns_with_one_switch_by_hand() -> None:
    """The window is 6 / (2 x 2), rounded to 2: the pairs 0-2, 1-3, 2-4, 3-5, of which the middle two are parted."""
    assert errors([3], [3], 6) == (0.0, 0.0)
    assert errors([3], [], 6) == (0.5, 0.5)
    assert errors([3], [2], 6) == (0.5, 0.5)
    assert errors([3], [3, 4], 6) == (0.25, 0.5)


def test_a_dip_is_a_cut() -> None:
    assert dips([1.0, 1.0, 0.9, 0.1, 0.9, 1.0, 1.0], 1.0) == [4]


def test_tiling_finds_a_plain_switch() -> None:
    beach = [f"the beach has sand and waves number {word}" for word in ("one", "two", "three", "four", "five")]
    train = [f"the train leaves the station at platform {word}" for word in ("six", "seven", "eight", "nine", "ten")]
    stream = Stream("made", tuple(beach * 2 + train * 2), (10,))
    assert tiling(stream) == [10]
    assert all(0 < each < 20 for each in nltk_tiling(stream))
    assert floors(10.0, 0)["even, told how many"](stream) == [10]

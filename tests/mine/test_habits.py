"""How viewers type, counted: lines soon after one of the same author, short ones, fillers, words put right."""

import pytest

from millstream.mine.habits import LEAST, SOON, fitted, habits
from millstream.records import Cue, TrackName


def line(n: int, author: str, start: float | None, text: str, track: TrackName = "chat") -> Cue:
    return Cue(recording="r", track=track, n=n, start=start, end=start, text=text, author=author)


def test_what_is_counted() -> None:
    cues = [
        line(0, "a", 1.0, "嗯 想问下这台车首付多少"),
        line(1, "b", 2.0, "E7"),
        line(2, "a", 3.0, "月供呢这个大概是多少啊"),
        line(3, "b", 2.0 + SOON + 1, "*首付"),
        line(4, "", 4.0, "谁在说话啊到底"),
        line(5, "", 5.0, "没有名字的人接着说"),
        line(6, "a", None, "没有时间的一行字"),
        line(7, "a", 4.0, "嗯 主播的话不算", "speech"),
        line(8, "a", 5.0, " "),
    ]
    assert habits(cues) == {"lines": 7, "short": 2, "split": 1, "filler": 1, "typo": 1}


def test_nothing_is_counted_of_nothing() -> None:
    assert habits([]).total() == 0 and fitted(habits([])) == {}


@pytest.mark.parametrize("lines", [LEAST - 1, LEAST])
def test_a_rate_is_a_share_of_enough_lines(lines: int) -> None:
    counts = {"lines": lines, "split": 10, "filler": 5, "short": 40}
    wanted = {"split": 0.2, "filler": 0.1, "typo": 0.0} if lines >= LEAST else {}
    assert fitted(counts) == wanted

"""Intervals cover the truth about as often as they say, and say nothing of too little."""

import numpy as np
import pytest

from millstream.metrics import intervals


def test_a_ratio_with_its_interval() -> None:
    found = intervals.ratio([(1, 2), (3, 4), (2, 4)])
    assert found.value == pytest.approx(6 / 10)
    assert found.low is not None and found.high is not None and found.low <= 0.6 <= found.high


@pytest.mark.parametrize("pairs", [[], [(1, 1)], [(0, 0), (0, 0)]])
def test_too_little_is_no_number(pairs: list[tuple[float, float]]) -> None:
    found = intervals.ratio(pairs)
    assert found.value is None and found.why


def test_draws_need_more_than_they_take() -> None:
    assert intervals.drawn([1, 2, 3], 3, lambda draw: 0.0).value is None
    assert intervals.drawn([1, 2, 3, 4], 2, lambda draw: float(len(set(draw)))) == intervals.Figure(2.0, 2.0, 2.0)


def test_both_intervals_cover_the_mean() -> None:
    rng = np.random.default_rng(1)
    covered = {"ratio": 0, "drawn": 0}
    for n in range(200):
        values = rng.normal(5, 2, 60)
        found = {
            "ratio": intervals.ratio([(value, 1) for value in values], n),
            "drawn": intervals.drawn(list(values), 30, lambda draw: float(np.mean(draw)), n),
        }
        for name, each in found.items():
            assert each.low is not None and each.high is not None
            covered[name] += each.low <= 5 <= each.high
    assert all(180 <= count <= 199 for count in covered.values()), covered

"""Bradley-Terry equals the likelihood's maximum; intervals say how sure; the choices needed are the known ones."""

import math

import numpy as np
import pytest
from scipy.optimize import minimize

from millstream.metrics import rankings
from millstream.metrics.rankings import Choice


def test_strengths_maximise_the_likelihood() -> None:
    wins = np.array([[0, 7, 9], [3, 0, 6], [2, 4, 0]], dtype=float)

    def loss(free: np.ndarray) -> float:
        b = np.array([0.0, *free])
        return -sum(wins[i, j] * -math.log1p(math.exp(b[j] - b[i])) for i in range(3) for j in range(3) if i != j)

    best = np.array([0.0, *minimize(loss, [0.0, 0.0], tol=1e-12).x])
    assert rankings.strengths(wins) == pytest.approx(best - best.mean(), abs=1e-5)


def test_two_by_hand() -> None:
    """Three wins of four: the odds are three to one."""
    found = rankings.strengths(np.array([[0, 3], [1, 0]], dtype=float))
    assert found[0] - found[1] == pytest.approx(math.log(3), abs=1e-6)


def choices(rate: float, count: int) -> list[Choice]:
    rng = np.random.default_rng(0)
    return [Choice("good", "poor", float(rng.random() < rate), str(n)) for n in range(count)]


def test_the_better_is_first_and_more_choices_are_surer() -> None:
    few, many = (rankings.bradley_terry(choices(0.7, count)) for count in (30, 300))
    won = sum(each.won for each in choices(0.7, 300)) / 300
    assert [each.name for each in many] == ["good", "poor"] and many[0].chance == pytest.approx(won, abs=1e-3)
    assert many[0].low > 0 and many[0].high - many[0].low < few[0].high - few[0].low


def test_ties_make_equals_and_who_never_lost_stays_finite() -> None:
    tied = rankings.bradley_terry([Choice("a", "b", 0.5, str(n)) for n in range(20)])
    assert {round(each.value, 6) for each in tied} == {0.0}
    swept = rankings.bradley_terry([Choice("a", "b", 1.0, str(n)) for n in range(20)])
    assert swept[0].name == "a" and math.isfinite(swept[0].high)
    with pytest.raises(ValueError, match="two or more"):
        rankings.bradley_terry([])


@pytest.mark.parametrize(("rate", "needed"), [(0.55, 783), (0.60, 194), (0.65, 85), (0.70, 47), (0.40, 194)])
def test_choices_needed(rate: float, needed: int) -> None:
    assert rankings.choices_needed(rate) == needed


@pytest.mark.parametrize("rate", [0.5, 0.0, 1.0, 2.0])
def test_no_number_of_choices_shows_a_half(rate: float) -> None:
    with pytest.raises(ValueError, match="not a half"):
        rankings.choices_needed(rate)

"""Bradley-Terry equals the likelihood's maximum; intervals say how sure; the choices needed are the known ones."""

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.optimize import minimize
from scipy.special import expit

from millstream.metrics import rankings
from millstream.metrics.rankings import Choice


def likeliest(wins: np.ndarray) -> np.ndarray:
    """The log strengths of mean 0 that make the wins likeliest, by scipy's Newton method with exact curvature."""
    games = wins + wins.T

    def spread_out(free: np.ndarray) -> np.ndarray:
        b = np.array([0.0, *free])
        return b[:, None] - b[None, :]

    def loss(free: np.ndarray) -> float:
        return float((wins * np.logaddexp(0, -spread_out(free))).sum())

    def slope(free: np.ndarray) -> np.ndarray:
        return np.asarray((games * expit(spread_out(free)) - wins).sum(axis=1)[1:])

    def curve(free: np.ndarray) -> np.ndarray:
        chance = expit(spread_out(free))
        weight = games * chance * (1 - chance)
        return np.asarray((np.diag(weight.sum(axis=1)) - weight)[1:, 1:])

    found = minimize(loss, np.zeros(len(wins) - 1), method="trust-exact", jac=slope, hess=curve, tol=1e-11).x
    best = np.array([0.0, *found])
    return np.asarray(best - best.mean())


def test_strengths_maximise_the_likelihood() -> None:
    wins = np.array([[0, 7, 9], [3, 0, 6], [2, 4, 0]], dtype=float)
    assert rankings.strengths(wins) == pytest.approx(likeliest(wins), abs=1e-6)


@given(st.integers(2, 6).flatmap(lambda n: st.lists(
    st.lists(st.floats(0.5, 20), min_size=n, max_size=n), min_size=n, max_size=n)))  # fmt: skip
def test_strengths_are_scipys_whoever_won(rows: list[list[float]]) -> None:
    wins = np.array(rows)
    np.fill_diagonal(wins, 0)
    assert rankings.strengths(wins) == pytest.approx(likeliest(wins), abs=1e-6)


def test_two_by_hand() -> None:
    """Three wins of four: the odds are three to one."""
    found = rankings.strengths(np.array([[0, 3], [1, 0]], dtype=float))
    assert found[0] - found[1] == pytest.approx(math.log(3), abs=1e-6)


def test_the_chance_to_beat_another_by_hand() -> None:
    """Seven of ten and a twentieth to each side; of three, the mean over the other two."""
    seven = [Choice("good", "poor", float(n < 7), str(n)) for n in range(10)]
    found = rankings.bradley_terry(seven)
    assert found[0].chance == pytest.approx(7.05 / 10.1, abs=1e-6)
    assert found[0].value - found[1].value == pytest.approx(math.log(7.05 / 3.05), abs=1e-6)
    assert found[0].value + found[1].value == pytest.approx(0, abs=1e-6)
    three = rankings.bradley_terry([*seven, *(Choice("poor", "bad", 0.5, f"x{n}") for n in range(10))])
    b = {each.name: each.value for each in three}
    beats = [1 / (1 + math.exp(b[other] - b["good"])) for other in ("poor", "bad")]
    assert next(each for each in three if each.name == "good").chance == pytest.approx(sum(beats) / 2, abs=1e-6)


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

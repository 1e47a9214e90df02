"""Corrected scores equal the papers' formulas, cover the truth where a judge's own interval does not, and refuse."""

import numpy as np
import pytest
from scipy.optimize import brentq
from scipy.stats import t as student

from millstream.errors import InputError
from millstream.metrics import calibrated, calibration
from millstream.metrics.calibration import Detection


def draw(rng: np.random.Generator, count: int, bias: float = 0.6) -> tuple[np.ndarray, np.ndarray]:
    """Labels around 3 and a judge that overrates."""
    labels = rng.normal(3, 1, count)
    return labels, 0.7 * labels + 0.9 + bias + rng.normal(0, 0.6, count)


def test_ppi_by_its_formula() -> None:
    y, f, rest = [1.0, 2, 3, 4, 5, 1, 2, 3, 4, 5], [2.0, 2, 4, 4, 6, 1, 3, 3, 5, 5], [3.0, 4, 5, 2]
    found = calibration.ppi(y, f, rest)
    error = np.array(y) - np.array(f)
    assert found.value == pytest.approx(3.5 + error.mean())
    wide = student.ppf(0.975, 9) * np.sqrt(np.var(rest, ddof=1) / 4 + error.var(ddof=1) / 10)
    assert found.high - found.value == pytest.approx(wide, abs=1e-6)


def test_ppi_plus_leans_as_much_as_the_judge_is_worth() -> None:
    rng = np.random.default_rng(0)
    y, f = draw(rng, 400)
    good = calibration.ppi_plus(y[:100], f[:100], f[100:])
    weight = np.cov(y[:100], f[:100])[0, 1] / ((1 + 100 / 300) * np.var(f, ddof=1))
    assert good.weight == pytest.approx(weight, abs=1e-6)
    noise = rng.normal(0, 1, 400)
    bad = calibration.ppi_plus(y[:100], noise[:100], noise[100:])
    assert bad.weight < 0.15 < good.weight and good.width < 0.9 * calibration.people_only(y[:100]).width
    assert bad.width < 1.02 * calibration.people_only(y[:100]).width
    constant = calibration.ppi_plus(y[:100], [3.0] * 100, [3.0] * 300)
    assert constant.weight == 0 and constant.value == pytest.approx(y[:100].mean())


def test_ppi_plus_by_its_formula() -> None:
    """The weight, the mean and Hall's interval, whose ends scipy finds as roots of his cubic."""
    rng = np.random.default_rng(7)
    y, f = draw(rng, 300)
    y, f, rest = y[:40] ** 2, f[:40], f[40:]
    found = calibration.ppi_plus(y, f, rest)
    weight = np.cov(y, f)[0, 1] / ((1 + 40 / 260) * np.var([*f, *rest], ddof=1))
    weight = min(weight, 1.0)
    error = y - weight * f
    value = error.mean() + weight * rest.mean()
    assert found.weight == pytest.approx(weight, abs=1e-6) and found.value == pytest.approx(value, abs=1e-6)
    spread = (error.var(ddof=2) / 40 + weight**2 * rest.var(ddof=1) / 260) ** 0.5
    third = ((error - error.mean()) ** 3).mean() / 40**2 + weight**3 * ((rest - rest.mean()) ** 3).mean() / 260**2
    skew = third / spread**3

    def leaned(t: float) -> float:
        return float(t + skew * t**2 / 3 + skew**2 * t**3 / 27 + skew / 6)

    for end, side in ((found.low, 1), (found.high, -1)):
        t = brentq(lambda t, side=side: leaned(t) - side * student.ppf(0.975, 38), -20, 20, xtol=1e-12)
        assert end == pytest.approx(value - spread * t, abs=1e-6)


def test_raters_who_disagree_on_everything_correct_nothing() -> None:
    """Every item is a 1 to one and a 5 to the other: their mean says nothing of any item."""
    answers = {(who, f"i{n}"): {"scores": {"overall": (1, 5)[(n + at) % 2]}}
               for n in range(20) for at, who in enumerate(("ann", "bo"))}  # fmt: skip
    known = calibrated.of_answers("rule@1", "overall", answers)
    assert known.alpha is not None and known.alpha < 0
    with pytest.raises(InputError, match=r"agree no more than by chance \(alpha -0.9"):
        calibrated.standing("rule@1", "overall", {f"i{n}": 1.0 + n % 5 for n in range(40)}, known)


def test_coverage_by_simulation() -> None:
    rng, covered = np.random.default_rng(2), {"ppi++": 0, "judge": 0}
    for _ in range(1000):
        y, f = draw(rng, 600)
        found = {"ppi++": calibration.ppi_plus(y[:100], f[:100], f[100:]), "judge": calibration.judge_only(f[100:])}
        for name, each in found.items():
            covered[name] += each.low <= 3 <= each.high
    assert 925 <= covered["ppi++"] <= 970 and covered["judge"] < 50, covered


def test_skewed_labels_lean_the_interval_and_mirrored_ones_mirror_it() -> None:
    fives = [5.0] * 16 + [4.0, 3.0, 1.0, 1.0]
    found, turned = calibration.people_only(fives), calibration.people_only([-each for each in fives])
    assert found.value - found.low > found.high - found.value > 0
    assert (-turned.high, -turned.low) == pytest.approx((found.low, found.high))
    even = calibration.people_only([1.0, 2, 3, 4, 5] * 4)
    wide = student.ppf(0.975, 19) * np.std([1.0, 2, 3, 4, 5] * 4, ddof=1) / np.sqrt(20)
    assert (even.low, even.high) == pytest.approx((3 - wide, 3 + wide))


def test_ratings_that_are_mostly_fives_are_covered_where_a_symmetric_interval_fails() -> None:
    """Hall's interval by simulation: 30 labels of which one in eight is a 1."""
    rng, covered, plain = np.random.default_rng(5), 0, 0
    for _ in range(2000):
        y = np.where(rng.random(30) < 0.125, 1.0, 5.0) + rng.normal(0, 0.2, 30)
        found = calibration.people_only(y)
        covered += found.low <= 4.5 <= found.high
        wide = student.ppf(0.975, 29) * y.std(ddof=1) / np.sqrt(30)
        plain += abs(y.mean() - 4.5) <= wide
    assert covered > plain and covered >= 1840, (covered, plain)


@pytest.mark.parametrize(("labels", "judged"), [([1.0] * 9, [1.0] * 9), ([1.0] * 20, [1.0] * 19)])
def test_too_few_labels_are_refused(labels: list[float], judged: list[float]) -> None:
    with pytest.raises(ValueError, match="are needed"):
        calibration.ppi_plus(labels, judged, [1.0])


def test_a_share_is_corrected_by_hand() -> None:
    """Sensitivity .9, specificity .8: of 50 yes in 100 (0.5 + 0.8 - 1) / 0.7 is true."""
    judge = Detection(90, 100, 80, 100)
    found = calibration.true_share(50, 100, judge)
    assert found is not None and found.value == pytest.approx(0.3 / 0.7)
    t = 0.3 / 0.7
    variance = (0.25 / 100 + (1 - t) ** 2 * 0.16 / 100 + t**2 * 0.09 / 100) / 0.49
    assert found.high - found.value == pytest.approx(1.959964 * variance**0.5, abs=1e-6)


def test_a_judge_no_better_than_chance_corrects_nothing() -> None:
    assert calibration.true_share(50, 100, Detection(50, 100, 50, 100)) is None
    assert calibration.true_share(50, 100, Detection(9, 9, 80, 100)) is None
    assert calibration.true_share(0, 0, Detection(90, 100, 80, 100)) is None


def test_shares_cover_under_another_share_of_yes() -> None:
    rng, hits = np.random.default_rng(3), 0
    for _ in range(500):
        truth = rng.random(800) < 0.25
        said = np.where(truth, rng.random(800) < 0.85, rng.random(800) < 0.1)
        labels = rng.random(200) < 0.6
        judged = np.where(labels, rng.random(200) < 0.85, rng.random(200) < 0.1)
        found = calibration.true_share(int(said.sum()), 800, calibration.detection(list(labels), list(judged)))
        assert found is not None
        hits += found.low <= 0.25 <= found.high
    assert 460 <= hits <= 495

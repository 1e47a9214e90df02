"""What a judge's score is worth beside a few labels of people: corrected means with intervals, corrected shares.

A judge's own interval is wrong: it is as sure of its faults as of its finds. Prediction-powered inference (Angelopoulos
et al. 2023, PPI; "PPI++", arXiv 2311.01453, section 3) corrects a mean by the judge's mean error on labelled items;
Rogan and Gladen (1978) correct a share of yes by sensitivity and specificity. The labelled items must be a random part
of what is judged. Knows numbers alone.
"""

import math
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from scipy.stats import t as student

SURE = 0.975
"""The quantile of a two-sided interval of 95%."""
FEWEST = 10
"""Labels below which nothing is corrected."""

Numbers = Sequence[float]


class Estimate(NamedTuple):
    """A mean with its 95% interval; `weight` is how much the judge was leaned on, 0 to 1."""

    value: float
    low: float
    high: float
    weight: float = 0.0

    @property
    def width(self) -> float:
        return self.high - self.low


def people_only(labels: Numbers) -> Estimate:
    """The mean of the labels with Student's interval; nan where there is one."""
    found = np.asarray(labels, dtype=float)
    mean = _Mean(float(found.mean()), float(found.var(ddof=1)) / len(found), _third(found))
    return _around(mean, 0.0, len(found) - 1)


def judge_only(judged: Numbers) -> Estimate:
    """The mean of the judge's scores, and its own interval: what must not be published."""
    return people_only(judged)._replace(weight=1.0)


def ppi(labels: Numbers, judged: Numbers, unlabelled: Numbers) -> Estimate:
    """PPI: the judge's mean over what nobody labelled, and the mean error on what somebody did."""
    return _powered(labels, judged, unlabelled, 1.0, 1)


def ppi_plus(labels: Numbers, judged: Numbers, unlabelled: Numbers) -> Estimate:
    """PPI++: the judge counts for as much as it is worth, cov(y, f) / ((1 + n/N) var f), clipped to 0 and 1.

    `judged` are its scores of the labelled items, `unlabelled` of the others. ValueError below `FEWEST` labels.
    """
    y, f, rest = (np.asarray(each, dtype=float) for each in (labels, judged, unlabelled))
    if len(y) < FEWEST or len(y) != len(f):
        raise ValueError(f"{len(y)} labels of {len(f)} judged items: {FEWEST} or more are needed, of the same items")
    spread = float(np.concatenate([f, rest]).var(ddof=1))
    shared = float(np.cov(y, f)[0, 1])
    weight = shared / ((1 + len(y) / max(len(rest), 1)) * spread) if spread > 0 and len(rest) else 0.0
    return _powered(labels, judged, unlabelled, min(max(weight, 0.0), 1.0), 2)


def _powered(labels: Numbers, judged: Numbers, unlabelled: Numbers, weight: float, fitted: int) -> Estimate:
    """`fitted` numbers were estimated from the labels; Student's interval has that many degrees less. Where the weight
    is one of them, the errors around it are smaller than they will be (Cochran 1977, chapter 7, on regression
    estimates); the paper's interval is the limit for many labels."""
    y, f, rest = (np.asarray(each, dtype=float) for each in (labels, judged, unlabelled))
    error = y - weight * f
    found = _Mean(float(error.mean()), float(error.var(ddof=fitted)) / len(y), _third(error))
    if weight:
        value, variance = float(rest.mean()), float(rest.var(ddof=1)) / len(rest)
        found = _Mean(found.value + weight * value, found.variance + weight**2 * variance,
                      found.third + weight**3 * _third(rest))  # fmt: skip
    return _around(found, weight, len(y) - fitted)


class _Mean(NamedTuple):
    """A mean, its variance, and the third central moment of it, which is 0 where its errors are symmetric."""

    value: float
    variance: float
    third: float = 0.0


def _third(found: np.ndarray) -> float:
    """The third central moment of a mean of these."""
    return float(((found - found.mean()) ** 3).mean()) / len(found) ** 2


def _around(mean: _Mean, weight: float, freedom: float = math.inf) -> Estimate:
    """Student's interval, leaned to the side to which the mean errs (Hall 1992, On the removal of skewness by
    transformation): of 50 ratings that are mostly fives, the symmetric one holds the truth too seldom."""
    error = math.sqrt(mean.variance)
    skew = mean.third / error**3 if error else 0.0
    low, high = (mean.value - error * _leaned(side * float(student.ppf(SURE, freedom)), skew) for side in (1, -1))
    return Estimate(mean.value, low, high, weight)


def _leaned(quantile: float, skew: float) -> float:
    """The inverse of Hall's cubic transformation of a studentised mean of this skewness."""
    if abs(skew) < 1e-6:
        return quantile
    return 3 / skew * (float(np.cbrt(1 + skew * (quantile - skew / 6))) - 1)


class Detection(NamedTuple):
    """A yes/no judge on labelled items: `right` of `of` that people called yes, and of those they called no."""

    yes_right: int
    yes: int
    no_right: int
    no: int

    @property
    def sensitivity(self) -> float:
        return self.yes_right / self.yes

    @property
    def specificity(self) -> float:
        return self.no_right / self.no


def detection(labels: Sequence[bool], judged: Sequence[bool]) -> Detection:
    pairs = list(zip(labels, judged, strict=True))
    yes = [said for label, said in pairs if label]
    no = [not said for label, said in pairs if not label]
    return Detection(sum(yes), len(yes), sum(no), len(no))


def true_share(said_yes: int, of: int, judge: Detection) -> Estimate | None:
    """The share of true yes behind a judge's share (Rogan and Gladen 1978), with the interval of the delta method; the
    labelled items may have another share of yes. None where the judge is no better than chance, or a side lacks labels.
    """
    if min(judge.yes, judge.no) < FEWEST or not of:
        return None
    q1, q0, p = judge.sensitivity, judge.specificity, said_yes / of
    gain = q0 + q1 - 1
    if gain <= 0:
        return None
    share = min(max((p + q0 - 1) / gain, 0.0), 1.0)
    variance = p * (1 - p) / of + (1 - share) ** 2 * q0 * (1 - q0) / judge.no + share**2 * q1 * (1 - q1) / judge.yes
    found = _around(_Mean(share, variance / gain**2), gain)
    return found._replace(low=max(found.low, 0.0), high=min(found.high, 1.0))

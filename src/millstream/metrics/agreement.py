"""Do raters agree, and how high can a judge's correlation with them be at all?

Krippendorff's alpha by the library `krippendorff`, weighted kappa by scikit-learn, rank correlations by scipy. Raters
who never met on an item, or who all said the same, give no number. Knows ratings alone.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Any, Literal, NamedTuple

import krippendorff
from scipy.stats import kendalltau, spearmanr
from sklearn.metrics import cohen_kappa_score

Level = Literal["nominal", "ordinal", "interval"]
Ratings = Mapping[tuple[str, str], float]
"""(rater, item) -> value; a missing one is not there."""
FEWEST = 2
"""Items that two raters share, below which nothing is said."""


class Alpha(NamedTuple):
    """`items` have two raters or more; `why` says what is missing where there is no value."""

    value: float | None
    items: int
    why: str = ""


def alpha(ratings: Ratings, level: Level) -> Alpha:
    """Krippendorff's alpha (2004): 1 - observed by expected disagreement."""
    by: dict[str, dict[str, float]] = defaultdict(dict)
    for (rater, item), value in ratings.items():
        by[item][rater] = value
    shared = {item: found for item, found in by.items() if len(found) > 1}
    if len(shared) < FEWEST:
        return Alpha(None, len(shared), f"fewer than {FEWEST} items have two raters")
    values = sorted({value for found in shared.values() for value in found.values()})
    if len(values) < 2:
        return Alpha(None, len(shared), "all ratings are the same")
    raters = sorted({rater for found in shared.values() for rater in found})
    table = [[found.get(rater, math.nan) for found in shared.values()] for rater in raters]
    return Alpha(float(krippendorff.alpha(reliability_data=table, level_of_measurement=level)), len(shared))


def kappa(first: Sequence[float], second: Sequence[float], weights: Literal["linear", "quadratic"] | None) -> float:
    """Cohen's kappa, weighted (1968); nan where both sides hold one value only."""
    if len({*first, *second}) < 2:
        return math.nan
    return float(cohen_kappa_score(first, second, weights=weights))


class Ranks(NamedTuple):
    """Spearman's rho and Kendall's tau-b; nan where a side is constant."""

    spearman: float
    kendall: float


def ranks(first: Sequence[float], second: Sequence[float]) -> Ranks:
    if len(set(first)) < 2 or len(set(second)) < 2:
        return Ranks(math.nan, math.nan)
    return Ranks(float(spearmanr(first, second).statistic), float(kendalltau(first, second).statistic))


def ceiling(alpha_: float, raters: int) -> float:
    """The highest correlation that a judge can have with the mean of `raters`: the root of that mean's reliability by
    Spearman and Brown, k a / (1 + (k - 1) a). 0 where there is no agreement."""
    reliability = raters * alpha_ / (1 + (raters - 1) * alpha_) if alpha_ > 0 else 0.0
    return math.sqrt(reliability)


def of_answers(answers: Mapping[tuple[str, str], Mapping[str, Any]]) -> dict[str, Any]:
    """What the raters of a package agree on: one alpha a dimension of the sheets, one for the pairs."""
    by: dict[str, dict[tuple[str, str], float]] = defaultdict(dict)
    for who, row in answers.items():
        for name, score in row.get("scores", {}).items():
            by[name][who] = score
        if row.get("choice"):
            by["better of two"][who] = ("a", "b", "tie").index(row["choice"])
    levels: dict[str, Level] = {"better of two": "nominal"}
    found = {name: alpha(ratings, levels.get(name, "ordinal"))._asdict() for name, ratings in by.items()}
    return {"raters": len({rater for rater, _ in answers}), "answers": len(answers), "alpha": found}


def first_shown(answers: Sequence[Mapping[str, Any]]) -> tuple[int, int]:
    """(choices of the side shown first, choices of either side): half of them where place does not matter."""
    chosen = [row for row in answers if row.get("choice") in ("a", "b")]
    return sum(row["choice"] == row["shown_first"] for row in chosen), len(chosen)


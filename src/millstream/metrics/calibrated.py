"""A judge's scores beside the labels of people: a calibration file, and what may be said with it and without it.

Without a file a score is "uncalibrated" and has no interval; with one its mean is corrected by PPI++ and stands beside
how far the judge agrees with people at all. A file is for one judge and one dimension. Knows no judge.
"""

import math
from collections import defaultdict
from collections.abc import Mapping
from typing import Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field

from millstream.errors import InputError
from millstream.metrics import agreement, calibration

MISSING = "uncalibrated"


class Calibration(BaseModel):
    """`labels` are the means of people's ratings by item; `judge` names the model, its file and its prompt, since
    another prompt is another judge. The items must be drawn at random from what is judged."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    judge: str = Field(min_length=1)
    dimension: str = Field(min_length=1)
    raters: int = Field(ge=1)
    alpha: float | None = None
    labels: dict[str, float]


class Standing(NamedTuple):
    """What may be said of a judge's scores. `note` is "uncalibrated" where there is no file: then only `raw` is known.

    `best` is the highest correlation that any judge could have with these people, None where it is not known."""

    judge: str
    dimension: str
    judged: int
    raw: float
    labels: int = 0
    value: float | None = None
    low: float | None = None
    high: float | None = None
    kappa: float | None = None
    spearman: float | None = None
    best: float | None = None
    note: str = MISSING


def standing(judge: str, dimension: str, scores: Mapping[str, float], known: Calibration | None) -> Standing:
    """InputError where the file is another judge's or another dimension's, has too few of the judged items, or raters
    who do not agree."""
    raw = sum(scores.values()) / len(scores)
    if known is None:
        return Standing(judge, dimension, len(scores), raw)
    if (known.judge, known.dimension) != (judge, dimension):
        what = f"calibrates {known.dimension} of {known.judge}, not {dimension} of {judge}"
        raise InputError(what, remedy="make a calibration file for this judge")
    both = sorted(known.labels.keys() & scores.keys())
    if len(both) < calibration.FEWEST:
        what = f"not enough data: {len(both)} of the judged items have labels, {calibration.FEWEST} are needed"
        raise InputError(what, remedy="have more of them rated")
    if known.alpha is not None and known.alpha <= 0:
        what = f"its raters agree no more than by chance (alpha {known.alpha:.2f}): their mean says nothing of an item"
        raise InputError(what, remedy="ask a clearer question, or other raters")
    labels, judged = ([side[item] for item in both] for side in (known.labels, scores))
    rest = [score for item, score in scores.items() if item not in known.labels]
    found = calibration.ppi_plus(labels, judged, rest) if rest else calibration.people_only(labels)
    rounded = agreement.kappa([round(each) for each in labels], [round(each) for each in judged], "quadratic")
    rho = agreement.ranks(labels, judged).spearman
    best = agreement.ceiling(known.alpha, known.raters) if known.alpha else None
    return Standing(
        judge, dimension, len(scores), raw, len(both), found.value, found.low, found.high, _known(rounded), _known(rho),
        best, "",
    )  # fmt: skip


def _known(value: float) -> float | None:
    return None if math.isnan(value) else value


def of_answers(judge: str, dimension: str, answers: Mapping[tuple[str, str], Mapping[str, Any]]) -> Calibration:
    """From the answers of a package's raters (viewer/blind.py): their mean on each item. InputError if none rated."""
    rated = ((who, row.get("scores", {})) for who, row in answers.items())
    ratings = {who: float(scores[dimension]) for who, scores in rated if dimension in scores}
    by: dict[str, list[float]] = defaultdict(list)
    for (_, item), rating in ratings.items():
        by[item].append(rating)
    if not by:
        raise InputError(f"nobody has rated {dimension} yet", remedy="have people rate the package: millstream view")
    raters = min(len(found) for found in by.values())
    labels = {item: sum(found) / len(found) for item, found in by.items()}
    alpha = agreement.alpha(ratings, "interval").value
    return Calibration(judge=judge, dimension=dimension, raters=raters, alpha=alpha, labels=labels)

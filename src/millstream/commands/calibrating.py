"""`millstream evaluate --judged`: a judge's scores, corrected by people's labels or marked uncalibrated. Shows them."""

import importlib
import json
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from millstream import pieces, text
from millstream.commands.terminal import show, tell
from millstream.errors import InputError
from millstream.viewer import blind

Scores = dict[tuple[str, str], dict[str, float]]
"""By (judge, dimension): the score of each item."""


def judged(scores: Path, known: Path | None, as_json: bool) -> int:
    """One row a judge and dimension. `known` is a calibration file, or a package that people have rated."""
    calibrated = importlib.import_module("millstream.metrics.calibrated")
    found = [
        calibrated.standing(judge, dimension, given, _known(known, judge, dimension, calibrated))
        for (judge, dimension), given in _read(scores).items()
    ]
    if as_json:
        print(json.dumps([each._asdict() for each in found], ensure_ascii=False, indent=1))
        return 0
    show([_row(each) for each in found], False)
    if any(each.note for each in found):
        tell("uncalibrated: no person's labels stand behind it; do not publish it. Give --calibration")
    return 0


def _read(path: Path) -> Scores:
    found: Scores = defaultdict(dict)
    for n, row in enumerate(pieces.values(path), 1):
        names = [text.line(text.dig(row, key)) for key in ("judge", "dimension", "item")]
        score = text.dig(row, "score")
        if not all(names) or not isinstance(score, int | float) or isinstance(score, bool):
            raise InputError('not {"judge", "dimension", "item", "score"}', f"{path} row {n}", "mend the row")
        found[names[0], names[1]][names[2]] = float(score)
    if not found:
        raise InputError("holds no score", str(path), "give JSON lines of a judge's scores")
    return dict(found)


def _known(path: Path | None, judge: str, dimension: str, calibrated: Any) -> Any:
    if path is None:
        return None
    if path.is_dir():
        return calibrated.of_answers(judge, dimension, blind.Package(path).answers())
    try:
        return calibrated.Calibration.model_validate(text.load_json(path))
    except ValidationError as error:
        first = error.errors()[0]
        what = f"not a calibration file: {'.'.join(map(str, first['loc']))} {first['msg']}"
        raise InputError(what, str(path), "docs/evaluation.md has its form") from error


def _row(each: Any) -> dict[str, str | int]:
    return dict(_cells(each))


def _cells(each: Any) -> Iterator[tuple[str, str | int]]:
    yield from (("judge", each.judge), ("dimension", each.dimension), ("judged", each.judged))
    yield "labels of people", each.labels
    yield "judge's mean", f"{each.raw:.3f}"
    refused, value = "refused: uncalibrated", each.value
    yield "corrected", refused if value is None else f"{value:.3f} ({each.low:.3f} to {each.high:.3f})"
    for name, value in (("weighted kappa", each.kappa), ("Spearman", each.spearman), ("at best", each.best)):
        yield name, "-" if value is None else f"{value:.2f}"

"""The trained scorer in plain numbers: the odds of a candidate are a weighted sum of its marks (logistic regression,
Cox 1958), each brought to one scale. Knows no marks by name; benchmarks/telling.py makes one.
"""

import functools
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np

from millstream.errors import InputError
from millstream.mine.arrays import Doubles
from millstream.mine.telling.marks import Marks


@dataclass(frozen=True)
class Weights:
    """For each mark its mean and spread where it was learned, and its weight; a mark that is not there is 0."""

    names: tuple[str, ...]
    mean: tuple[float, ...]
    spread: tuple[float, ...]
    weight: tuple[float, ...]
    bias: float

    def scores(self, marks: Sequence[Marks]) -> Doubles:
        """The log-odds of each candidate."""
        table = rows(marks, self.names)
        return np.asarray((table - np.array(self.mean)) / np.array(self.spread) @ np.array(self.weight) + self.bias)

    def odds(self, marks: Sequence[Marks]) -> Doubles:
        """How likely each candidate is told."""
        return np.asarray(1 / (1 + np.exp(-self.scores(marks))))


def rows(marks: Sequence[Marks], names: Sequence[str]) -> Doubles:
    """(candidates, marks)."""
    table = [[float(each.get(name, 0.0)) for name in names] for each in marks]
    return np.array(table, dtype=np.float64).reshape(len(marks), len(names))


def save(weights: Weights, path: Path) -> None:
    path.write_text(json.dumps(asdict(weights), indent=0, ensure_ascii=False) + "\n", encoding="utf-8")


def load(path: Path) -> Weights:
    """Saved weights. Raises InputError where the file holds none."""
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
        lists = {name: tuple(read[name]) for name in ("names", "mean", "spread", "weight")}
        if len({len(each) for each in lists.values()}) != 1:
            raise ValueError("its lists are not of one length")
        return Weights(**lists, bias=float(read["bias"]))
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError(f"no weights: {error}", str(path), "train them again: docs/knowledge.md") from error


@functools.cache
def packaged() -> Weights:
    """The weights that come with the package (docs/knowledge.md)."""
    return load(Path(str(files("millstream") / "mine" / "telling" / "weights.json")))

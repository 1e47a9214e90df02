"""Whether a text may hold something personal that no rule knows: cheap, for the tagger is dear and hardly any line of a
chat needs it. A linear model over the words of a text and each two that stand side by side, learned (fit.py) from what
the tagger learns from and packaged (gate.npz). Knows no forms, and decides nothing.
"""

import functools
import math
import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from importlib.resources import files
from itertools import pairwise
from pathlib import Path

import numpy as np

from millstream.mine.arrays import Floats

_PIECE = re.compile(r"[a-z]+|\d+|[^\W\d_a-z]|[^\w\s]|_")
_NUMBERS = tuple(f"#{length}" for length in range(13))


@dataclass(frozen=True)
class Gate:
    """What a mark of a text adds to the odds that something is somebody's; `least`: the sum from which on it may be."""

    weights: Mapping[str, float]
    least: float

    def odds(self, low: str) -> float:
        weigh = self.weights.get
        return math.fsum([weigh(mark, 0.0) for mark in marks(low)])  # a sum that no order changes

    def may_hold(self, low: str) -> bool:
        """Of a text in plain small letters."""
        return self.odds(low) >= self.least


def marks(low: str) -> set[str]:
    """What is counted of a text: its words, Chinese characters, signs and lengths of numbers, and each two in a row."""
    words = [word if not word.isdigit() else _NUMBERS[min(len(word), 12)] for word in _PIECE.findall(low)]
    return {*words, *map(" ".join, pairwise(["^", *words, "$"]))}


def save(gate: Gate, path: Path) -> None:
    """A byte a weight; what weighs less than half a step is left out."""
    scale = max(map(abs, gate.weights.values())) / 127
    kept = {mark: step for mark, weight in gate.weights.items() if (step := round(weight / scale))}
    np.savez_compressed(
        path,
        marks=np.frombuffer("\n".join(kept).encode(), np.uint8),
        weights=np.array(list(kept.values()), np.int8),
        scale=np.float32(scale),
        least=np.float32(gate.least),
    )


@functools.cache
def packaged() -> Gate:
    return load(Path(str(files("millstream") / "mine" / "tagging" / "gate.npz")))


def load(path: Path) -> Gate:
    with np.load(path, allow_pickle=False) as read:
        weights: Floats = read["weights"].astype(np.float32) * read["scale"]
        names: Iterable[str] = bytes(read["marks"]).decode().split("\n")
        return Gate(dict(zip(names, weights.tolist(), strict=True)), float(read["least"]))

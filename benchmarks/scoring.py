"""Counts of links, their intervals by bootstrap over recordings, and the error of calibration. Knows no method."""

import random
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

_DRAWS = 1_000


@dataclass(frozen=True)
class Count:
    """Links that are right among those said, and gold links found among those there are."""

    right: int = 0
    said: int = 0
    found: int = 0
    gold: int = 0

    def __add__(self, other: "Count") -> "Count":
        return Count(self.right + other.right, self.said + other.said, self.found + other.found, self.gold + other.gold)

    @property
    def precision(self) -> float:
        return self.right / self.said if self.said else 0.0

    @property
    def recall(self) -> float:
        return self.found / self.gold if self.gold else 0.0

    @property
    def f1(self) -> float:
        both = self.precision + self.recall
        return 2 * self.precision * self.recall / both if both else 0.0


def interval(counts: Sequence[Count]) -> tuple[float, float]:
    """The 95% interval of F1 over all: recordings drawn with replacement."""
    chance, drawn = random.Random("intervals"), []
    for _ in range(_DRAWS):
        drawn.append(sum(chance.choices(counts, k=len(counts)), Count()).f1)
    low, high = np.quantile(drawn, (0.025, 0.975))
    return float(low), float(high)


def calibration_error(sure: Sequence[float] | np.ndarray, held: Sequence[bool], bins: int = 10) -> float:
    """Expected calibration error: how far confidence and truth are apart, by bins of equal width."""
    sure, held = np.asarray(sure), np.asarray(held, dtype=float)
    where = np.minimum((sure * bins).astype(int), bins - 1)
    parts = [where == n for n in range(bins)]
    return float(sum(part.mean() * abs(sure[part].mean() - held[part].mean()) for part in parts if part.any()))

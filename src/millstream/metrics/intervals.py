"""How sure a figure is: 95% intervals over dialogues, because the turns of one dialogue are no independent evidence.

Knows numbers and how to draw; nothing of what they measure.
"""

from collections.abc import Callable, Sequence
from functools import lru_cache
from random import Random
from typing import NamedTuple, TypeVar

import numpy as np
from numpy.typing import NDArray

Item = TypeVar("Item")

RESAMPLES = 1000
DRAWS = 20
SURE = 1.959964


class Figure(NamedTuple):
    """A value with its 95% interval; `why` says, where there is no value, what is missing."""

    value: float | None
    low: float | None = None
    high: float | None = None
    why: str = ""


def ratio(pairs: Sequence[tuple[float, float]], seed: int = 0) -> Figure:
    """The sum of firsts by the sum of seconds, one pair a dialogue, with the bootstrap's quantiles (Efron 1979)."""
    table = np.array(pairs, dtype=float).reshape(-1, 2)
    if len(table) < 2 or not table[:, 1].sum():
        return Figure(None, why="fewer than two dialogues have any")
    times = _resampled(len(table), seed)
    above, below = (times @ table[:, column] for column in (0, 1))
    low, high = np.quantile(above[below > 0] / below[below > 0], [0.025, 0.975])
    return Figure(float(table[:, 0].sum() / table[:, 1].sum()), float(low), float(high))


@lru_cache(1)
def _resampled(count: int, seed: int) -> NDArray[np.int64]:
    """How often each resample has each dialogue; all measures of a corpus share the draw."""
    return np.random.default_rng(seed).multinomial(count, [1 / count] * count, RESAMPLES)


def drawn(items: Sequence[Item], size: int, measure: Callable[[list[Item]], float], seed: int = 0) -> Figure:
    """The mean of a measure over draws of `size` items without replacement, for measures that depend on the size.

    Drawing with replacement would add repetition that is not there, so the interval is that of the delete-d jackknife
    (Shao and Wu 1989): the deviation of the draws times the root of size / (items - size).
    """
    if not 0 < size < len(items):
        return Figure(None, why=f"{len(items)} dialogues, more than {max(size, 1)} are needed")
    chance = Random(f"draws {seed}")
    found = [measure(chance.sample(items, size)) for _ in range(DRAWS)]
    wide = SURE * float(np.std(found, ddof=1)) * (size / (len(items) - size)) ** 0.5
    value = float(np.mean(found))
    return Figure(value, value - wide, value + wide)

"""Arms against each other: exact joint goal by dialogue, and intervals by drawing dialogues and seeds again.

Frames of one dialogue err together, so dialogues are drawn, not frames (cluster bootstrap). Knows no models.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from millstream.metrics import dst
from millstream.metrics.dst import Counts, Frame

DRAWS = 2000
Table = np.ndarray
"""(seeds, dialogues) of right frames."""


@dataclass(frozen=True)
class Scored:
    """One training, measured: of each dialogue its right frames and all its frames; the official joint goal is the mean
    over all of them, `counts` are slots of all of them."""

    dialogues: Mapping[str, tuple[int, int]]
    official: float
    counts: Counts


def scored(frames: Iterable[Frame]) -> Scored:
    every = list(frames)
    found: dict[str, tuple[int, int]] = {}
    for frame in every:
        right, count = found.get(frame.dialogue, (0, 0))
        found[frame.dialogue] = right + dst.exact(frame), count + 1
    official = sum(map(dst.official, every)) / len(every)
    return Scored(found, official, sum(map(dst.compared, every), Counts()))


@dataclass(frozen=True)
class Result:
    """One arm: for each seed the right frames of each dialogue, and the figures of all frames of all seeds."""

    name: str
    right: Table
    frames: Table
    official: float
    slot_f1: float

    @property
    def joint(self) -> float:
        return float(self.right.mean(axis=0).sum() / self.frames.sum())

    @property
    def by_seed(self) -> list[float]:
        return [float(each.sum() / self.frames.sum()) for each in self.right]


@dataclass(frozen=True)
class Gap:
    """The difference of two arms in points of exact joint goal, with its 95% interval."""

    than: str
    points: float
    low: float
    high: float

    @property
    def significant(self) -> bool:
        return self.low > 0 or self.high < 0


def result(name: str, seeds: Sequence[Scored]) -> Result:
    keys = sorted(seeds[0].dialogues)
    right = np.array([[float(each.dialogues[key][0]) for key in keys] for each in seeds])
    frames = np.array([float(seeds[0].dialogues[key][1]) for key in keys])
    official = sum(each.official for each in seeds) / len(seeds)
    return Result(name, right, frames, official, sum((each.counts for each in seeds), Counts()).f1)


def gap(ours: Result, other: Result, seed: int = 0) -> Gap:
    """How much better ours is, over the same dialogues; both seeds and dialogues are drawn again, DRAWS times."""
    rng = np.random.default_rng(seed)
    found = np.empty(DRAWS)
    count = len(ours.frames)
    for n in range(DRAWS):
        at = rng.integers(0, count, count)
        mine = ours.right[rng.integers(0, len(ours.right), len(ours.right))].mean(axis=0)
        theirs = other.right[rng.integers(0, len(other.right), len(other.right))].mean(axis=0)
        found[n] = 100 * (mine[at] - theirs[at]).sum() / ours.frames[at].sum()
    low, high = np.percentile(found, [2.5, 97.5])
    return Gap(other.name, 100 * (ours.joint - other.joint), float(low), float(high))


def recovered(arm: Result, none: Result, real: Result, seed: int = 0) -> tuple[float, float, float]:
    """How much of what real dialogues gain over no data an arm gains, in percent, with its 95% interval."""
    rng = np.random.default_rng(seed)
    shares = [each.right.mean(axis=0) for each in (arm, none, real)]
    draws = [rng.integers(0, len(arm.frames), len(arm.frames)) for _ in range(DRAWS)]
    found = [_part(*(share[at].sum() for share in shares)) for at in draws]
    low, high = np.percentile(found, [2.5, 97.5])
    return _part(*(share.sum() for share in shares)), float(low), float(high)


def recovered_more(arm: Result, other: Result, none: Result, real: Result, seed: int = 0) -> tuple[float, float, float]:
    """How much more of that gain an arm recovers than another, in points of a hundred, with its 95% interval: dialogues
    and the seeds of both are drawn again. A draw in which real dialogues gain nothing says nothing and is left out."""
    rng = np.random.default_rng(seed)
    count = len(arm.frames)
    least, most = (each.right.mean(axis=0) for each in (none, real))
    found = []
    for _ in range(DRAWS):
        at = rng.integers(0, count, count)
        mine, theirs = (
            each.right[rng.integers(0, len(each.right), len(each.right))].mean(axis=0)[at].sum()
            for each in (arm, other)
        )
        found.append(_part(mine, least[at].sum(), most[at].sum()) - _part(theirs, least[at].sum(), most[at].sum()))
    low, high = np.nanpercentile(found, [2.5, 97.5])
    shares = [recovered(each, none, real)[0] for each in (arm, other)]
    return shares[0] - shares[1], float(low), float(high)


def _part(arm: float, none: float, real: float) -> float:
    return 100 * (arm - none) / (real - none) if real > none else float("nan")


def interval(one: Result, seed: int = 0) -> tuple[float, float]:
    """95% of the arm's own joint goal, in points."""
    rng = np.random.default_rng(seed)
    count, mine = len(one.frames), one.right.mean(axis=0)
    draws = [rng.integers(0, count, count) for _ in range(DRAWS)]
    found = [100 * mine[at].sum() / one.frames[at].sum() for at in draws]
    low, high = np.percentile(found, [2.5, 97.5])
    return float(low), float(high)


def gaps(results: Mapping[str, Result], ours: str) -> list[Gap]:
    return [gap(results[ours], other) for name, other in results.items() if name != ours]

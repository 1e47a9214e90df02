"""Arms against each other: exact joint goal by dialogue, and intervals by drawing dialogues and seeds again.

Frames of one dialogue err together, so dialogues are drawn, not frames (cluster bootstrap). Knows no models.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from millstream.metrics import dst
from millstream.metrics.dst import Frame

DRAWS = 2000
Table = np.ndarray
"""(seeds, dialogues) of right frames."""


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


def result(name: str, seeds: Sequence[Sequence[Frame]]) -> Result:
    keys = sorted({frame.dialogue for frame in seeds[0]})
    place = {key: n for n, key in enumerate(keys)}
    right = np.zeros((len(seeds), len(keys)))
    frames = np.zeros(len(keys))
    for frame in seeds[0]:
        frames[place[frame.dialogue]] += 1
    for n, each in enumerate(seeds):
        for frame in each:
            right[n, place[frame.dialogue]] += dst.exact(frame)
    measured = dst.measure([frame for each in seeds for frame in each])
    return Result(name, right, frames, measured.joint_official, measured.slot_f1)


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

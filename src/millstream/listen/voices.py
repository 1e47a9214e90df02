"""Who speaks, told apart by their voices alone: each phrase joins the nearest voice heard so far or is a new one, and
in the end voices that turn out alike become one.

Centroids are all that is kept, in memory, of one recording; nothing is written or compared with another recording.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float32]

JOIN, MERGE = 0.75, 0.80
"""Cosine with a centroid from which a phrase is of that voice, and two voices are one (see benchmarks/asr.py)."""
_HEARD, _SHARE = 4.0, 0.02
"""Seconds, and share of all speech, that make a voice; what is less is taken to the nearest that has them."""


@dataclass
class _Centroid:
    total: Vector
    seconds: float

    @property
    def unit(self) -> Vector:
        unit: Vector = self.total / (np.linalg.norm(self.total) + 1e-9)
        return unit


class Voices:
    """The voices of one recording, in the order in which they are first heard."""

    def __init__(self) -> None:
        self._found: list[_Centroid] = []

    def add(self, voice: Vector, seconds: float) -> int:
        """The number, for now, of the voice of a phrase that lasts so long."""
        near = [float(each.unit @ voice) for each in self._found]
        best = int(np.argmax(near)) if near else -1
        if best < 0 or near[best] < JOIN:
            self._found.append(_Centroid(voice * np.float32(seconds), seconds))
            return len(self._found) - 1
        self._found[best].total = self._found[best].total + voice * np.float32(seconds)
        self._found[best].seconds += seconds
        return best

    def settled(self) -> list[int]:
        """For each number that `add` gave the one that it has in the end, counted from 0 in order of appearance."""
        groups = [[n] for n in range(len(self._found))]
        while len(groups) > 1 and (pair := self._nearest(groups)):
            one, other = pair
            groups[one] += groups.pop(other)
        groups.sort(key=min)
        return [next(at for at, group in enumerate(groups) if n in group) for n in range(len(self._found))]

    def _nearest(self, groups: Sequence[Sequence[int]]) -> tuple[int, int] | None:
        """The two groups to be put together next: the most alike, or the slightest one and what it is most like."""
        middles = [self._together(group) for group in groups]
        units = np.stack([each.unit for each in middles])
        alike = np.triu(units @ units.T, 1) + np.tril(np.full((len(groups),) * 2, -1.0))
        one, other = divmod(int(np.argmax(alike)), len(groups))
        if alike[one, other] >= MERGE:
            return one, other
        whole = sum(each.seconds for each in middles)
        slightest = min(range(len(groups)), key=lambda at: middles[at].seconds)
        if middles[slightest].seconds >= max(_HEARD, _SHARE * whole):
            return None
        near = units @ units[slightest]
        near[slightest] = -1.0
        one, other = sorted((slightest, int(np.argmax(near))))
        return one, other

    def _together(self, group: Sequence[int]) -> _Centroid:
        own = [self._found[n] for n in group]
        return _Centroid(np.sum([each.total for each in own], axis=0), sum(each.seconds for each in own))

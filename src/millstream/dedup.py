"""Near-duplicates among kept dialogues: two that share most of their wording are one too many.

Overlap is that of the sets of n-gram shingles of all turns, entity names and numbers folded to their kinds, so
that the same conversation about another car counts as the same. The first drawn stays.

Whom to compare is found by MinHash (Broder, 1997) in bands (Leskovec, Rajaraman and Ullman, Mining of Massive Datasets,
3.4), and then the sets themselves are compared: with 64 bands of 4 a pair at `ALIKE` is overlooked about once in 40
million.
The sets lie in a temporary file, in memory half a KiB a dialogue, so that the run may be of any size.
"""

import os
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import IO, NamedTuple

import numpy as np
from numpy.typing import NDArray

from millstream import heard, rows
from millstream.records import Dialogue, Reject
from millstream.table import Table

ALIKE = 0.7
"""Share of shingles from which on two dialogues are the same (Jaccard)."""
SHINGLE = 8
"""Characters of folded text."""
BANDS, ROWS = 64, 4
_NUMBER = re.compile(r"\d[\d.,]*")
LOOKS = ((64, 0.3), (BANDS * ROWS, 0.5))
"""How many of their minima are looked at, first a part and then all, and the share of equal ones below which two sets
are not compared: 0.7 minus seven standard errors."""
_BLOCK = 1 << 10
"""Dialogues compared at once at first, then as many as there are; pairs of them at once."""

Numbers = NDArray[np.uint64]
Sketches = NDArray[np.uint16]
Places = NDArray[np.intp]

_RNG = np.random.default_rng(0)
_ODD = _RNG.integers(1 << 32, size=(ROWS, 1), dtype=np.uint32) | np.uint32(1)
_ADD = _RNG.integers(1 << 32, size=(ROWS, 1), dtype=np.uint32)
_BINS = np.arange(BANDS, dtype=np.uint32) * np.uint32((1 << 32) // BANDS)
_POWERS = np.array([pow(0x9E3779B97F4A7C15, n, 1 << 64) for n in range(SHINGLE)], dtype=np.uint64)
_BAND = _POWERS[1 : 1 + ROWS]


class Said(NamedTuple):
    """What of a dialogue is compared: the texts of its turns, and what they are about."""

    id: str
    texts: Sequence[str]
    names: Collection[str]


def said(dialogue: Dialogue) -> Said:
    names = {act.entity for turn in dialogue.turns for act in turn.acts if act.entity}
    return Said(dialogue.id, [turn.text for turn in dialogue.turns], names)


def said_in(lines: Iterable[tuple[str, bytes]]) -> Iterator[Said]:
    """The same of the rows of a table of dialogues, which are not taken for records for it."""
    for item, line in lines:
        turns = rows.turns(line, item)
        names = {act["entity"] for turn in turns for act in turn["acts"] if act["entity"]}
        yield Said(item, [turn["text"] for turn in turns], names)


class Print(NamedTuple):
    """What a dialogue is told from others by: the set of its shingles, and the sketch of that."""

    id: str
    shingles: Numbers
    sketch: Sketches


def printed(dialogue: Said) -> Print:
    found = shingles(dialogue)
    return Print(dialogue.id, found, sketch(found))


def prints(part: Table[Dialogue]) -> list[Print]:
    """Those of a part of a table: most of the work, which can be done for several parts side by side."""
    return [printed(each) for each in said_in(part.lines())]


class Compared:
    """All dialogues so far in the order they were drawn, and which of them stay. Their sets go to `file`, which is
    empty and open for reading and writing."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._places = [0]
        self._names: list[str] = []
        self._kept = np.empty(0, np.intp)
        self._sketches = np.empty((_BLOCK, BANDS * ROWS), np.uint16)

    def take(self, dialogues: Iterable[Print]) -> dict[str, Reject]:
        """Some more, drawn after those before; the rejects among them by id, each naming the first it is like."""
        rejects: dict[str, Reject] = {}
        first = len(self._names)
        for dialogue in dialogues:
            self._add(dialogue)
            if len(self._names) - first >= max(_BLOCK, first):
                rejects |= self._decided(first)
                first = len(self._names)
        return rejects | self._decided(first)

    @property
    def kept(self) -> int:
        return len(self._kept)

    def _add(self, dialogue: Print) -> None:
        n = len(self._names)
        if n == len(self._sketches):
            self._sketches = np.concatenate([self._sketches, np.empty_like(self._sketches)])
        self._sketches[n] = dialogue.sketch
        self._file.write(dialogue.shingles.tobytes())
        self._places.append(self._places[-1] + dialogue.shingles.nbytes)
        self._names.append(dialogue.id)

    def _decided(self, first: int) -> dict[str, Reject]:
        """What of those from `first` on is like one that stays: of before, then of the same block, in their order."""
        self._file.flush()
        new = np.arange(first, len(self._names))
        doubles = {int(b): a for a, b in self._alike(self._kept, new)[::-1]}
        left = np.setdiff1d(new, list(doubles))
        for a, b in self._alike(left, left):
            if a not in doubles:
                doubles.setdefault(b, a)
        self._kept = np.concatenate([self._kept, np.setdiff1d(new, list(doubles))])
        names = self._names
        return {
            names[b]: Reject(step="dedup", item=names[b], reason=f"nearly the same as {names[a]}")
            for b, a in doubles.items()
        }

    def _alike(self, some: Places, others: Places) -> list[tuple[int, int]]:
        """Pairs of one of each that share `ALIKE` of their shingles, sorted by the second."""
        with ThreadPoolExecutor(os.cpu_count()) as threads:
            spread = threads.map if len(others) > _BLOCK else map  # in large pieces numpy lets several work at once
            likely = set[tuple[int, int]]().union(*spread(partial(self._likely, some, others), range(BANDS)))
        found = [(a, b) for a, b in likely if overlap(self._set(a), self._set(b)) >= ALIKE]
        return sorted(found, key=lambda pair: (pair[1], pair[0]))

    def _likely(self, some: Places, others: Places, band: int) -> list[tuple[int, int]]:
        """Pairs of one of each, the first drawn first, that share this band and enough of all minima."""
        found: list[tuple[int, int]] = []
        for a, b in _pairs(self._band(some, band), self._band(others, band)):
            one, other = some[a], others[b]
            there = one < other
            for many, least in LOOKS:
                one, other = one[there], other[there]
                equal = self._sketches[one, :many] == self._sketches[other, :many]
                there = equal.sum(axis=1, dtype=np.uint16) >= least * many
            found += zip(one[there].tolist(), other[there].tolist(), strict=True)
        return found

    def _band(self, of: Places, n: int) -> Numbers:
        mixed: Numbers = self._sketches[of, n * ROWS : (n + 1) * ROWS].astype(np.uint64) @ _BAND
        return mixed

    def _set(self, n: int) -> Numbers:
        start, end = self._places[n : n + 2]
        return np.frombuffer(os.pread(self._file.fileno(), end - start, start), np.uint64)


def _pairs(some: Numbers, others: Numbers) -> Iterator[tuple[Places, Places]]:
    """Where the same number stands in both, some at a time."""
    order, theirs = np.argsort(some, kind="stable"), np.argsort(others, kind="stable")  # sorted, they are found sooner
    left, right = (np.searchsorted(some[order], others[theirs], side) for side in ("left", "right"))
    there = np.flatnonzero(right > left)
    ends = np.cumsum(right[there] - left[there])
    start = 0
    while start < len(there):
        before = int(ends[start - 1]) if start else 0
        stop = max(start + 1, int(np.searchsorted(ends, before + _BLOCK * 16)))
        chosen = there[start:stop]
        counts = right[chosen] - left[chosen]
        offsets = np.arange(counts.sum()) - np.repeat(np.cumsum(counts) - counts, counts)
        yield order[np.repeat(left[chosen], counts) + offsets], theirs[np.repeat(chosen, counts)]
        start = stop


def overlap(one: Numbers, other: Numbers) -> float:
    """Jaccard: shared of all."""
    shared = len(np.intersect1d(one, other, assume_unique=True))
    return float(shared / (len(one) + len(other) - shared))


def sketch(numbers: Numbers) -> Sketches:
    """16 bits of the lowest number in each bin of each of four orders of a set, a bin a band: as telling as the lowest
    of 256 orders (Li, Owen and Zhang, One Permutation Hashing, 2012). An empty bin has what the next one has
    (Shrivastava and Li, 2014)."""
    short = (numbers >> np.uint64(32)).astype(np.uint32)
    orders = np.sort(short * _ODD + _ADD, axis=1)
    lowest = [each[np.searchsorted(each, _BINS) % len(each)] for each in orders]
    return np.stack(lowest, axis=1).ravel().astype(np.uint16)


def shingles(dialogue: Said) -> Numbers:
    """A number of 64 bits for each piece of `SHINGLE` characters, each once."""
    text = _folded(dialogue).ljust(SHINGLE, "\0")
    points = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32).astype(np.uint64)
    mixed = np.convolve(points, _POWERS[::-1], "valid")
    mixed ^= mixed >> np.uint64(31)  # the end of splitmix64 (Steele, Lea and Flood, 2014)
    mixed *= np.uint64(0x94D049BB133111EB)
    mixed ^= mixed >> np.uint64(29)
    mixed.sort()
    once: Numbers = mixed[np.append(True, mixed[1:] != mixed[:-1])]
    return once


def _folded(dialogue: Said) -> str:
    """All turns as one text, names and numbers folded to their kinds."""
    text = "|".join(dialogue.texts)
    for name in sorted(dialogue.names, key=len, reverse=True):
        text = text.replace(name, "E")
    return _NUMBER.sub("N", heard.folded(text))

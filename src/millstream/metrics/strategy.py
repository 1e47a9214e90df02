"""How well the next strategy is told, and how like two sets of dialogues are in what follows what.

Twelve strategies are a choice of one among several good ones, so top-1 alone says little: top-3 and the stage stand
beside it, and what always says the commonest, or the commonest behind the last (Zhu et al. 2026 print neither). Knows
codes alone.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from millstream.metrics.intervals import Figure, ratio

START = "<start>"
PAPER = (17, 43)
"""Strategy accuracy in per cent on CSConv, gold context: untuned small models, and the best (arXiv 2508.04423). Other
data, other models: a range to know, and no bar."""
Rank = Callable[[Sequence[str]], Sequence[str]]
"""The strategies of the agent's turns so far -> all strategies, the likeliest first."""


class Told(NamedTuple):
    """One turn: its dialogue, its strategy, and the guesses, best first."""

    dialogue: str
    gold: str
    ranked: Sequence[str]


def majority(train: Iterable[Sequence[str]], codes: Sequence[str]) -> Rank:
    """Always the commonest."""
    counts = Counter(code for each in train for code in each)
    order = sorted(codes, key=lambda code: -counts[code])
    return lambda before: order


def bigram(train: Iterable[Sequence[str]], codes: Sequence[str]) -> Rank:
    """The commonest behind the last one; what never followed it comes after, the commonest of all first."""
    sequences = list(train)
    pairs: dict[str, Counter[str]] = defaultdict(Counter)
    for each in sequences:
        for one, other in pairwise((START, *each)):
            pairs[one][other] += 1
    order = majority(sequences, codes)(())
    return lambda before: sorted(order, key=lambda code: -pairs[before[-1] if before else START][code])


def told(dialogues: Mapping[str, Sequence[str]], rank: Rank) -> list[Told]:
    """Every turn of the agent, told from the strategies before it: reference context."""
    return [
        Told(key, code, rank(codes[:n])) for key, codes in dialogues.items() for n, code in enumerate(codes)
    ]  # fmt: skip


def unrolled(dialogues: Mapping[str, Sequence[str]], rank: Rank) -> list[Told]:
    """The same from what was told before, right or wrong: generated context."""
    found = []
    for key, codes in dialogues.items():
        said: list[str] = []
        for code in codes:
            found.append(Told(key, code, rank(said)))
            said.append(found[-1].ranked[0])
    return found


def accuracy(rows: Sequence[Told], top: int = 1, seed: int = 0) -> Figure:
    """Share of turns whose strategy is among the first `top`; the interval is over dialogues."""
    return _share(rows, lambda row: row.gold in row.ranked[:top], seed)


def stage_accuracy(rows: Sequence[Told], stages: Mapping[str, Sequence[str]], seed: int = 0) -> Figure:
    """Share of turns whose first guess shares a stage with the strategy, by the map of the framework."""

    def alike(row: Told) -> bool:
        return row.gold == row.ranked[0] or bool(set(stages[row.gold]) & set(stages[row.ranked[0]]))

    return _share(rows, alike, seed)


def _share(rows: Sequence[Told], right: Callable[[Told], bool], seed: int) -> Figure:
    by: dict[str, list[bool]] = defaultdict(list)
    for row in rows:
        by[row.dialogue].append(right(row))
    return ratio([(sum(found), len(found)) for found in by.values()], seed)


def difference(first: Sequence[Told], second: Sequence[Told], seed: int = 0) -> Figure:
    """Top-1 accuracy of the first less that of the second on the same turns, paired by dialogue."""
    by: dict[str, list[int]] = defaultdict(list)
    for one, other in zip(first, second, strict=True):
        by[one.dialogue].append((one.gold == one.ranked[0]) - (other.gold == other.ranked[0]))
    return ratio([(sum(found), len(found)) for found in by.values()], seed)


def transition_divergence(ours: Iterable[Sequence[str]], real: Iterable[Sequence[str]]) -> float:
    """Jensen-Shannon divergence, in bits (0 to 1), of the pairs of neighbouring strategies, both ends counted."""
    first, second = (_pairs(each) for each in (ours, real))
    keys = sorted(first.keys() | second.keys())
    if not keys or not first or not second:
        return float("nan")
    p, q = (np.array([counts[key] for key in keys], float) / sum(counts.values()) for counts in (first, second))
    middle = (p + q) / 2
    return float(sum(_relative(each, middle) for each in (p, q)) / 2)


def _pairs(dialogues: Iterable[Sequence[str]]) -> Counter[tuple[str, str]]:
    return Counter(pair for codes in dialogues for pair in pairwise((START, *codes, START)))


def _relative(
    p: "np.ndarray[tuple[int], np.dtype[np.float64]]", q: "np.ndarray[tuple[int], np.dtype[np.float64]]"
) -> float:
    there = p > 0
    return float((p[there] * np.log2(p[there] / q[there])).sum())

"""How far two distributions are apart: of acts, of pairs of acts, of turn lengths, of dialogue lengths.

Two halves of one corpus differ too: a divergence says nothing without that floor beside it. Knows counts.
"""

from collections import Counter
from collections.abc import Callable, Hashable, Mapping, Sequence
from itertools import pairwise
from random import Random

import numpy as np

from millstream.metrics.tokens import Talk

HALVINGS = 20
"""Random halvings behind a floor."""
LONGEST = 40
"""Tokens of a turn, and turns of a dialogue, from which on all count as one length."""

Counts = Mapping[Hashable, int]
Counting = Callable[[Sequence[Talk]], Counter[Hashable]]


def jsd(first: Counts, second: Counts) -> float:
    """Jensen-Shannon divergence in bits (Lin 1991): 0 the same, 1 nothing in common. 0 where a side is empty."""
    keys = list(first.keys() | second.keys())
    p, q = (np.array([side.get(key, 0) for key in keys], dtype=float) for side in (first, second))
    if not p.sum() or not q.sum():
        return 0.0
    p, q = p / p.sum(), q / q.sum()
    middle = (p + q) / 2
    return float(max(0.0, (_relative(p, middle) + _relative(q, middle)) / 2))


def _relative(p: np.ndarray, q: np.ndarray) -> float:
    some = p > 0
    return float(np.sum(p[some] * np.log2(p[some] / q[some])))


def floor(talks: Sequence[Talk], counting: Counting, seed: int = 0) -> float:
    """The mean divergence of the two halves of one corpus, halved at random `HALVINGS` times."""
    chance, found = Random(f"halves {seed}"), []
    for _ in range(HALVINGS):
        mixed = chance.sample(talks, len(talks))
        found.append(jsd(counting(mixed[::2]), counting(mixed[1::2])))
    return float(np.mean(found))


def acts(talks: Sequence[Talk]) -> Counter[Hashable]:
    """(role, act)."""
    return Counter((turn.role, act) for each in talks for turn in each.said.turns for act in turn.acts)


def act_pairs(talks: Sequence[Talk]) -> Counter[Hashable]:
    """The acts of a turn followed by those of the next, each turn's acts as one set."""
    found: Counter[Hashable] = Counter()
    for each in talks:
        sets = [(turn.role, *sorted(set(turn.acts))) for turn in each.said.turns if turn.acts]
        found.update(pairwise(sets))
    return found


def turn_lengths(talks: Sequence[Talk]) -> Counter[Hashable]:
    """(role, tokens), those longer than `LONGEST` as one."""
    return Counter(
        (turn.role, min(len(found), LONGEST))
        for each in talks
        for turn, found in zip(each.said.turns, each.turns, strict=True)
    )


def dialogue_lengths(talks: Sequence[Talk]) -> Counter[Hashable]:
    return Counter(min(len(each.turns), LONGEST) for each in talks)


COUNTINGS: Mapping[str, Counting] = {
    "acts": acts, "act pairs": act_pairs, "turn length": turn_lengths, "dialogue length": dialogue_lengths,
}  # fmt: skip

"""A teacher's dialogue effect, its habit: how much of what it says beyond the true labels goes with the dialogue (an
intra-class correlation). Pairs of utterances of one dialogue take out exactly this, so a teacher without a habit gives
them nothing to win (docs/recipes/label.md).

Knows scores, labels and which utterances are of one dialogue; no model.
"""

from typing import NamedTuple

import numpy as np

from millstream.train.losses import Mask, Matrix, Numbers

LEAST = 1e-5
"""Scores below are taken for it: what a teacher's answer is rounded to."""
_DRAWS, _LEVEL = 200, 0.95


class Habit(NamedTuple):
    """`share` of the variance lies between dialogues (0: none, below it too; 1: all); `chance`: below which it is in 95
    of 100 random orders of the same utterances."""

    share: float
    chance: float


def habit(scores: Matrix, gold: Numbers, dialogues: Numbers) -> Habit | None:
    """Of the logarithms of the scores of utterances with a label (`gold` from 0 on), each less the mean of its true
    label: the intra-class correlation by one-way analysis of variance, labels added up (Shrout and Fleiss 1979, ICC
    1,1). None where no two of them are of one dialogue, all are, or nothing differs."""
    known: Mask = gold >= 0
    _, of = np.unique(dialogues[known], return_inverse=True)
    count = int(of.max()) + 1 if len(of) else 0
    if not 1 < count < len(of):
        return None
    left = np.log(np.maximum(scores[known], LEAST))
    left = left - left.mean(axis=1, keepdims=True)
    for label in np.unique(gold[known]):
        left[gold[known] == label] -= left[gold[known] == label].mean(axis=0)
    if not left.any():
        return None
    chance = np.random.default_rng(0)
    drawn = [_between(left, chance.permutation(of), count) for _ in range(_DRAWS)]
    return Habit(_between(left, of, count), float(np.quantile(drawn, _LEVEL)))


def _between(left: Matrix, of: Numbers, count: int) -> float:
    sizes = np.bincount(of, minlength=count).astype(float)
    means = np.stack([np.bincount(of, column, count) for column in left.T], axis=1) / sizes[:, None]
    grand = left.mean(axis=0)
    among = float((sizes[:, None] * (means - grand) ** 2).sum()) / (count - 1)
    inside = float(((left - means[of]) ** 2).sum()) / (len(of) - count)
    size = (len(of) - float((sizes**2).sum()) / len(of)) / (count - 1)
    shared = (among - inside) / size
    return shared / (shared + inside) if shared + inside else 0.0

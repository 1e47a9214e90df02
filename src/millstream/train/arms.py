"""The ways in which a student can learn from a teacher's scores, by name: what the recipe takes, and what it is beside.

Knows vectors and scores; nothing of dialogues but which utterances are of the same one.
"""

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from millstream.errors import InputError
from millstream.train import losses
from millstream.train.losses import Loss, Mask, Matrix, Numbers, Pairs
from millstream.train.student import Student, taught

DELTA, ALPHA = 0.025, 4.0
"""Pairs whose scores differ by no more than DELTA are no evidence; logits are to differ by ALPHA times as much."""
_FOLDS = 5


class Lesson(NamedTuple):
    """What a teacher gives: a vector and a row of probabilities for each utterance, and the number of its dialogue."""

    vectors: Matrix
    scores: Matrix
    dialogues: Sequence[int]
    labels: tuple[str, ...]

    @property
    def said(self) -> Numbers:
        """The teacher's likeliest label of each."""
        return np.asarray(self.scores.argmax(axis=1))


def hard(lesson: Lesson, seed: int) -> Student:
    return _taught(lesson, lambda logits: losses.hard_ce(logits, lesson.said))


def soft(lesson: Lesson, seed: int) -> Student:
    return _taught(lesson, lambda logits: losses.soft_ce(logits, lesson.scores))


def gce(lesson: Lesson, seed: int) -> Student:
    return _taught(lesson, lambda logits: losses.gce(logits, lesson.said))


def confident(lesson: Lesson, seed: int) -> Student:
    """Hard labels, less those that students of the other dialogues are confident are wrong."""
    fold = np.random.default_rng(seed).permutation(max(lesson.dialogues) + 1)[list(lesson.dialogues)] % _FOLDS
    likely = np.zeros_like(lesson.scores)
    for n in range(_FOLDS):
        if (fold == n).any() and (fold != n).any():
            likely[fold == n] = losses.softmax(hard(_part(lesson, fold != n), seed).logits(lesson.vectors[fold == n]))
    return hard(_part(lesson, losses.confident(likely, lesson.said)), seed)


def pairs(lesson: Lesson, seed: int) -> Student:
    """Pairs inside one dialogue, weighted by their margins."""
    return _paired(lesson, losses.within(lesson.scores, lesson.dialogues, DELTA))


def cross(lesson: Lesson, seed: int) -> Student:
    """As many pairs of different dialogues: the control."""
    count = len(losses.within(lesson.scores, lesson.dialogues, DELTA))
    return _paired(lesson, losses.across(lesson.scores, lesson.dialogues, DELTA, count, seed))


WAYS: dict[str, Callable[[Lesson, int], Student]] = {
    "hard": hard, "soft": soft, "gce": gce, "confident": confident, "cross": cross, "pairs": pairs,
}  # fmt: skip


def learnt(way: str, lesson: Lesson, seed: int = 0) -> Student:
    """InputError for a way that is none, and where there is nothing to compare."""
    if way not in WAYS:
        raise InputError(f"no loss {way!r}", "--loss", f"there are: {', '.join(WAYS)}")
    return WAYS[way](lesson, seed)


def _paired(lesson: Lesson, found: Pairs) -> Student:
    if not len(found):
        what = "no two utterances of a dialogue are scored apart: the teacher says the same of all"
        raise InputError(what, "scores", "ask another model, or give longer dialogues")
    return _taught(lesson, lambda logits: losses.logistic_pairs(logits, found, ALPHA, found.margin))


def _taught(lesson: Lesson, objective: Callable[[Matrix], Loss]) -> Student:
    return taught(lesson.vectors, lesson.labels, objective)


def _part(lesson: Lesson, kept: Mask) -> Lesson:
    dialogues = np.asarray(lesson.dialogues)[kept].tolist()
    return Lesson(lesson.vectors[kept], lesson.scores[kept], dialogues, lesson.labels)

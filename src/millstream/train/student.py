"""The student: a linear head over sentence vectors, trained on a teacher's scores and then on few human labels.

Both steps are one smooth problem each, solved by L-BFGS in a second or two on one core. Knows vectors, labels
and losses; nothing of dialogues. Importing this file needs the extra `eval` (scipy comes with scikit-learn).
"""

import zipfile
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from scipy.optimize import minimize

from millstream.errors import InputError
from millstream.train.losses import Loss, Matrix, Numbers, hard_ce

Objective = Callable[[Matrix], Loss]
"""Logits -> loss and gradient."""
PENALTY = 1e-3
"""On the squares of the weights, when learning from the teacher."""
LOYALTY = 3e-3
"""The same on what human labels change of them."""
STEADY = 1e-2
"""The same on how far the scale of its logits moves from 1."""
_STEPS = 300
_KEPT = ("weights", "bias", "centre", "scale")


class Student:
    """The trained student of some labels. A vector x is seen as (x - centre) * scale, of length about 1; `weights` are
    (numbers of a vector, labels)."""

    def __init__(self, labels: Sequence[str], weights: Matrix, bias: Matrix, centre: Matrix, scale: float) -> None:
        self.labels, self.weights, self.bias = tuple(labels), weights, bias
        self.centre, self.scale = centre, scale

    def seen(self, vectors: Matrix) -> Matrix:
        return np.asarray((vectors - self.centre) * self.scale)

    def logits(self, vectors: Matrix) -> Matrix:
        return np.asarray(self.seen(vectors) @ self.weights + self.bias)

    def label(self, vectors: Matrix) -> list[str]:
        return [self.labels[n] for n in self.logits(vectors).argmax(axis=1)]

    def save(self, path: Path) -> None:
        np.savez(path, labels=np.array(self.labels), **{name: getattr(self, name) for name in _KEPT})

    @classmethod
    def load(cls, path: Path) -> "Student":
        """InputError for a file that is no student."""
        try:
            with np.load(path, allow_pickle=False) as kept:
                weights, bias, centre, scale = (kept[name] for name in _KEPT)
                return cls(tuple(map(str, kept["labels"])), weights, bias, centre, float(scale))
        except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
            remedy = "give the file that `millstream train utterance` wrote"
            raise InputError("no trained student", str(path), remedy) from error


def taught(vectors: Matrix, labels: Sequence[str], objective: Objective, penalty: float = PENALTY) -> Student:
    """From nothing, by the teacher's scores alone."""
    width, count = vectors.shape[1], len(labels)
    centre = vectors.mean(axis=0)
    scale = 1 / float(np.sqrt(((vectors - centre) ** 2).sum(axis=1).mean()) or 1)
    seen = (vectors - centre) * scale

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        weights, bias = flat[:-count].reshape(width, count), flat[-count:]
        value, slope = objective(seen @ weights + bias)
        grown = np.concatenate([(seen.T @ slope + 2 * penalty * weights).ravel(), slope.sum(axis=0)])
        return value + penalty * float((weights**2).sum()), grown

    found = _least(loss, np.zeros((width + 1) * count))
    return Student(labels, found[:-count].reshape(width, count), found[-count:], centre, scale)


def tuned(student: Student, vectors: Matrix, labels: Numbers, loyalty: float = LOYALTY) -> Student:
    """The same brought to human labels: a scale for all its logits, a bias a label, and weights that may move from
    where they are at the price of `loyalty`. Pairs say nothing of a label's level: the bias is learnt here alone."""
    width, count = student.weights.shape
    seen = student.seen(vectors)
    known = seen @ student.weights

    def loss(flat: Matrix) -> tuple[float, Matrix]:
        scale, bias, moved = flat[0], flat[1 : count + 1], flat[count + 1 :].reshape(width, count)
        value, slope = hard_ce(scale * known + bias + seen @ moved, labels)
        value += STEADY * (scale - 1) ** 2 + loyalty * float((moved**2).sum())
        grown = [
            [float((slope * known).sum()) + 2 * STEADY * (scale - 1)],
            slope.sum(axis=0),
            (seen.T @ slope + 2 * loyalty * moved).ravel(),
        ]
        return value, np.concatenate(grown)

    found = _least(loss, np.concatenate([[1.0], student.bias, np.zeros(width * count)]))
    scale, bias, moved = found[0], found[1 : count + 1], found[count + 1 :].reshape(width, count)
    return Student(student.labels, scale * student.weights + moved, bias, student.centre, student.scale)


def _least(loss: Callable[[Matrix], tuple[float, Matrix]], start: Matrix) -> Matrix:
    return np.asarray(minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS}).x)

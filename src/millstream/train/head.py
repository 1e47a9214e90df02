"""A linear head over sentence vectors: the small student that is trained in seconds on a processor.

The encoder stays as it is; what is learnt is a weight for each class and number (Alain and Bengio 2017, linear probes).
Knows vectors and labels, and nothing of what they mean. Importing this file needs the extra `eval`.
"""

from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from millstream.errors import InputError

Vectors = NDArray[np.float64]
STRENGTH = 1.0
"""Inverse of the penalty on the weights (scikit-learn's C), its default."""


class Head:
    """The trained head; classes that were not seen rank last."""

    def __init__(self, classes: Sequence[str], strength: float = STRENGTH, balanced: bool = False) -> None:
        """`balanced`: rare classes weigh as much as common ones, for recall rather than accuracy."""
        self.classes = tuple(classes)
        self.strength, self.balanced = strength, balanced
        self._model: LogisticRegression | None = None
        self._shares: dict[str, float] = {}

    def fit(self, vectors: Vectors, labels: Sequence[str], seed: int) -> "Head":
        """InputError for labels outside the classes, and where all are the same."""
        if strange := sorted(set(labels) - set(self.classes)):
            raise InputError(f"no class {strange[0]!r}", "labels", f"there are: {', '.join(self.classes)}")
        if len(set(labels)) < 2:
            raise InputError("all labels are the same: nothing to learn", "labels", "give turns of several classes")
        weight = "balanced" if self.balanced else None
        model = LogisticRegression(C=self.strength, max_iter=2000, random_state=seed, class_weight=weight)
        self._model = model.fit(vectors, list(labels))
        self._shares = {label: count / len(labels) for label, count in Counter(labels).items()}
        return self

    def ranked(self, vectors: Vectors, shares: Mapping[str, float] | None = None) -> list[list[str]]:
        """All classes for each row, the likeliest first. `shares` are how common the classes are where it is used, if
        that is known to be other than where it was trained: probabilities are brought there (Saerens et al. 2002)."""
        assert self._model is not None
        seen = [str(each) for each in self._model.classes_]
        likely = self._model.predict_proba(vectors)
        if shares is not None:
            likely = likely * [shares.get(each, 0.0) / self._shares[each] for each in seen]
        unseen = [each for each in self.classes if each not in seen]
        order = np.argsort(-likely, axis=1, kind="stable")
        return [[*(seen[at] for at in row), *unseen] for row in order]

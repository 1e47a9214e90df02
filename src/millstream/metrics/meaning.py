"""Does training data hold dialogues that mean what the test's mean? What contamination.py overlooks: copies in other
words. One in another language passes here too, for an encoder's vectors of two languages lie apart.

Each dialogue is the mean of its turns' vectors. How near is too near, the test says itself: nearer than nearly all of
one half of it are to the other half. Knows conversations and vectors; which encoder makes them is handed in.
"""

from collections.abc import Sequence

import numpy as np

from millstream.conversations import Conversation
from millstream.metrics import vectors
from millstream.metrics.contamination import Canaries
from millstream.metrics.tokens import Talk
from millstream.metrics.vectors import Encode, Vectors

STRANGE = 0.99
"""Two dialogues are one in meaning that are nearer than this share of one half of the test is to the other half."""


class Meant:
    """What a test means: where each of its dialogues is, and how near a stranger may be (`bar`). Vectors are taken from
    the middle of the test, for those of an encoder all point one way."""

    def __init__(self, test: Sequence[Conversation], encode: Encode) -> None:
        self._encode = encode
        raw = vectors.dialogues([Talk(each, ()) for each in test], encode)
        self._middle = raw.mean(axis=0)
        self.places = self._centred(raw)
        self.bar = float(np.quantile(_nearest(self.places[::2], self.places[1::2]), STRANGE))

    def nearest(self, train: Sequence[Conversation]) -> Vectors:
        """For each dialogue of the test the cosine of the training dialogue that is nearest to it; -1, the
        farthest there is, where there is no training data."""
        if not train:
            return np.full(len(self.places), -1.0)
        raw = vectors.dialogues([Talk(each, ()) for each in train], self._encode)
        return _nearest(self._centred(raw), self.places)

    def _centred(self, raw: Vectors) -> Vectors:
        moved = raw - self._middle
        return np.asarray(moved / np.maximum(np.linalg.norm(moved, axis=1, keepdims=True), 1e-12))


def _nearest(train: Vectors, test: Vectors) -> Vectors:
    return np.asarray((test @ train.T).max(axis=1))


def seen(meant: Meant, put: Canaries) -> int:
    """How many planted dialogues are found by what they mean."""
    return int((meant.nearest(put.planted)[list(put.numbers)] >= meant.bar).sum()) if put.planted else 0

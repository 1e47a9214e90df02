"""A trained linker in plain arrays: boosted trees over the candidates of one choice, and how sure its scores are.

A choice is one line with its candidates (or one cue with the lines it may answer): the trees score each, softmax
makes shares of them. Needs numpy alone; fit.py makes one. Knows no chat.
"""

import zipfile
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from millstream.errors import InputError
from millstream.mine.arrays import Doubles, Floats
from millstream.mine.linking.lines import Ints


@dataclass(frozen=True)
class Trees:
    """(trees, nodes) arrays. A node with `left` = itself is a leaf. `lost`: what a missing value (NaN) does, 1 goes
    left, 0 goes right, -1 counts as 0."""

    feature: NDArray[np.int16]
    threshold: Doubles
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    lost: NDArray[np.int8]
    value: NDArray[np.float32]

    def score(self, table: Floats) -> Doubles:
        """The sum of the trees for each row."""
        total = np.zeros(len(table))
        for tree in range(len(self.feature)):
            total += self.value[tree][self._leaf(tree, table)]
        return total

    def _leaf(self, tree: int, table: Floats) -> Ints:
        """Where each row ends up in a tree."""
        feature, threshold, lost = self.feature[tree], self.threshold[tree], self.lost[tree]
        rows, node = np.arange(len(table)), np.zeros(len(table), dtype=np.int64)
        while True:
            seen = table[rows, feature[node]].astype(np.float64)
            blank = np.isnan(seen)
            low = np.where(blank, 0.0, seen) <= threshold[node]
            goes = np.where(blank & (lost[node] >= 0), lost[node] == 1, low)
            after = np.where(goes, self.left[tree][node], self.right[tree][node])
            if np.array_equal(after, node):
                return node
            node = after


@dataclass(frozen=True)
class Model:
    """Trees, the names of what they look at, the share of scores that held by score (isotonic: `said`, `held`), and
    `floor`, the confidence under which a link is not made."""

    trees: Trees
    names: tuple[str, ...]
    said: Doubles
    held: Doubles
    floor: float

    def shares(self, table: Floats, sizes: Ints, start: Doubles | None = None) -> Doubles:
        """For each row its share of its choice; `sizes` are the candidates of each choice, in order, `start` the score
        each row has already."""
        score = self.trees.score(table)
        return shares(score if start is None else score + start, sizes)

    def odds(self, table: Floats) -> Doubles:
        """How likely each row is right by itself, calibrated: of trees that score log-odds."""
        return self.sure(1 / (1 + np.exp(-self.trees.score(table))))

    def sure(self, share: Doubles) -> Doubles:
        """How often a link with such a share holds, as measured on chats that the trees had not seen."""
        return np.interp(share, self.said, self.held)


def shares(score: Doubles, sizes: Ints) -> Doubles:
    """Softmax over each choice."""
    if not len(score):
        return score
    starts = np.concatenate([[0], np.cumsum(sizes)[:-1]])
    power = np.exp(score - np.repeat(np.maximum.reduceat(score, starts), sizes))
    return np.asarray(power / np.repeat(np.add.reduceat(power, starts), sizes))


def save(model: Model, path: Path) -> None:
    parts: dict[str, Any] = {field.name: getattr(model.trees, field.name) for field in fields(Trees)}
    np.savez_compressed(
        path, **parts, names=np.array(model.names), said=model.said, held=model.held, floor=np.array(model.floor)
    )


def load(path: Path) -> Model:
    """A saved model. Raises InputError where the file is none."""
    try:
        with np.load(path, allow_pickle=False) as read:
            trees = Trees(**{field.name: read[field.name] for field in fields(Trees)})
            names = tuple(str(name) for name in read["names"])
            return Model(trees, names, read["said"], read["held"], float(read["floor"]))
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"no linker: {error}", str(path), "train it again: docs/linking.md") from error

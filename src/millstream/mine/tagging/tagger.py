"""Which pieces of a text are of one phone, account or address: labels for all of them at once, the likeliest sequence.

A linear model over what is seen of each piece (seen.py) and of which label follows which; weights are learned by the
averaged structured perceptron (Collins 2002) and packaged (personal.npz). Knows no rule and no kind by itself.
"""

import functools
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from millstream.mine.arrays import Floats
from millstream.mine.find import Hit
from millstream.mine.spelling import Token
from millstream.mine.tagging.seen import pieces, seen

Ints = NDArray[np.int32]


@dataclass(frozen=True)
class Tagger:
    """`labels`: "" for what is nobody's, then "B-KIND" and "I-KIND"; `names` of what is seen, a row of `weights` each
    (rows x labels); `after`: what one label adds to the next (labels x labels)."""

    labels: tuple[str, ...]
    names: Mapping[str, int]
    weights: Floats
    after: Floats

    def found(self, text: str) -> list[Hit[str]]:
        """Where something personal stands, and of which kind."""
        told = pieces(text)
        if not told:
            return []
        scores = sums(self.weights, *rows(self.names, seen(text, told)))
        return list(spans(told, [self.labels[n] for n in best(scores, self.after)]))


def rows(names: Mapping[str, int], views: Iterable[Sequence[str]]) -> tuple[Ints, Ints]:
    """The rows of what is seen of all pieces, one after the other, and where those of each begin. What is seen of every
    piece has a row, so none is without."""
    found: list[int] = []
    begins = []
    for view in views:
        begins.append(len(found))
        found += [names[name] for name in view if name in names]
    return np.array(found, np.int32), np.array(begins, np.int32)


def sums(weights: Floats, found: Ints, begins: Ints) -> Floats:
    """(pieces x labels)"""
    total: Floats = np.add.reduceat(weights[found], begins)
    return total


def best(scores: Floats, after: Floats) -> list[int]:
    """The sequence of labels with the highest sum (Viterbi), of (pieces x labels)."""
    total, back = scores[0] + after[0], []
    for score in scores[1:]:
        paths = total[:, None] + after
        back.append(paths.argmax(0))
        total = paths.max(0) + score
    path = [int(total.argmax())]
    for step in reversed(back):
        path.append(int(step[path[-1]]))
    return path[::-1]


def spans(told: Sequence[Token], labels: Sequence[str]) -> Iterator[Hit[str]]:
    start, end, kind = 0, 0, ""
    for token, label in zip(told, labels, strict=True):
        if label.startswith("I-") and label[2:] == kind:
            end = token.end if token.value.isalnum() else end  # none ends with a sign
            continue
        if kind:
            yield Hit(start, end, kind)
        start, end, kind = token.start, token.end, label[2:]
    if kind:
        yield Hit(start, end, kind)


def save(tagger: Tagger, path: Path) -> None:
    """A byte a weight: an eighth of a percent of the largest is near enough."""
    scale = np.abs(tagger.weights).max() / 127
    np.savez_compressed(
        path,
        labels=np.array(tagger.labels),
        names=np.frombuffer("\n".join(tagger.names).encode(), np.uint8),
        weights=np.round(tagger.weights / scale).astype(np.int8),
        scale=np.float32(scale),
        after=tagger.after,
    )


@functools.cache
def packaged() -> Tagger:
    return load(Path(str(files("millstream") / "mine" / "tagging" / "personal.npz")))


def load(path: Path) -> Tagger:
    with np.load(path, allow_pickle=False) as read:
        names = bytes(read["names"]).decode().split("\n")
        weights = read["weights"].astype(np.float32) * read["scale"]
        return Tagger(
            tuple(map(str, read["labels"])), {name: n for n, name in enumerate(names)}, weights, read["after"]
        )

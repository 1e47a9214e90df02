"""What the words of a line tell by themselves: that it begins a talk, goes on with what its author said, will be
answered, or will be gone on with. A linear model over a bag of words, pairs of neighbours, and how a line begins and
ends (Wang and Manning 2012, "Baselines and Bigrams": pairs beside words). fit.py makes one. Knows no other line, and
no names: whom a line begins with is cut off.
"""

import math
import re
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from pathlib import Path

import numpy as np

from millstream.errors import InputError
from millstream.mine.arrays import Floats

KINDS = ("begins", "goes on", "answered", "gone on with")
_TOKEN = re.compile(r"[\u3400-\u9fff]|[^\W\u3400-\u9fff]+(?:'\w+)?|[^\w\s]")
_CALLS = ":,"


def terms(text: str) -> list[str]:
    """The words of a line, the pairs of them, its first one and two, and its last two; each once."""
    head, *rest = text.split() or [""]
    called = ["@" + head[-1]] if head[-1:] and head[-1] in _CALLS else [head]
    words = ["#" if word.isdigit() else word for word in _TOKEN.findall(" ".join([*called, *rest]).casefold())]
    pairs = [f"{one} {other}" for one, other in pairwise(words)]
    ends = ["^" + " ".join(words[:1]), "^" + " ".join(words[:2]), " ".join(words[-2:]) + "$"]
    return list(dict.fromkeys([*words, *pairs, *ends]))


@dataclass(frozen=True)
class Bag:
    """`known`: the terms in order. weight: (terms, kinds). bias: (kinds,)."""

    known: tuple[str, ...]
    weight: Floats
    bias: Floats

    @cached_property
    def _place(self) -> dict[str, int]:
        return {term: at for at, term in enumerate(self.known)}

    def told(self, texts: Sequence[str]) -> Floats:
        """(texts, kinds): log-odds of each kind."""
        found = np.tile(self.bias, (len(texts), 1)).astype(np.float32)
        for at, text in enumerate(texts):
            if rows := [self._place[term] for term in terms(text) if term in self._place]:
                found[at] += self.weight[rows].sum(0) / math.sqrt(len(rows))
        return found


def save(bag: Bag, path: Path) -> None:
    np.savez_compressed(path, known=np.array(bag.known), weight=bag.weight, bias=bag.bias)


def load(path: Path) -> Bag:
    """A saved bag. Raises InputError where the file is none."""
    try:
        with np.load(path, allow_pickle=False) as read:
            return Bag(tuple(str(term) for term in read["known"]), read["weight"], read["bias"])
    except (OSError, ValueError, KeyError, EOFError, zipfile.BadZipFile) as error:
        raise InputError(f"no words of a linker: {error}", str(path), "train it again: docs/linking.md") from error

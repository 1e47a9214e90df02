"""How much two lines of a chat share: words by their rarity, and pieces of words. Knows no authors and no order."""

import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

import numpy as np

from millstream.mine.arrays import Floats
from millstream.mine.words import content

_PIECE = 4
_PLAIN = re.compile(r"[^\w]+")


def pieces(text: str) -> set[str]:
    """All runs of four characters."""
    plain = _PLAIN.sub(" ", text.casefold())
    return {plain[at : at + _PIECE] for at in range(len(plain) - _PIECE + 1)}


def rarity(texts: Iterable[Iterable[str]]) -> dict[str, float]:
    """Inverse document frequency of the items of many texts."""
    counts, total = Counter[str](), 0
    for items in texts:
        counts.update(set(items))
        total += 1
    return {item: math.log(1 + total / (1 + count)) for item, count in counts.items()}


def band(texts: Sequence[set[str]], weight: Mapping[str, float], unseen: float, back: int) -> tuple[Floats, Floats]:
    """Cosine and shared weight of each text with the `back` before it: (n, back + 1), by distance; 0 at distance 0."""
    cosine = np.zeros((len(texts), back + 1), dtype=np.float32)
    shared = np.zeros_like(cosine)
    norms = [math.sqrt(sum(weight.get(item, unseen) ** 2 for item in items)) or 1.0 for items in texts]
    last: dict[str, list[int]] = {}
    for at, items in enumerate(texts):
        for item in items:
            told = weight.get(item, unseen)
            where = last.setdefault(item, [])
            while where and where[0] < at - back:
                where.pop(0)
            for other in where:
                cosine[at, at - other] += told * told / norms[at] / norms[other]
                shared[at, at - other] += told
            where.append(at)
    return cosine, shared


__all__ = ["band", "content", "pieces", "rarity"]

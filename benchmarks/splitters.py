"""Splitters that ours are compared with: TextTiling as NLTK has it and by turns, and one over an encoder's vectors.

Their settings are the best of a small grid on SGD's train part. Knows no gold.
"""

import math
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
from nltk.tokenize import TextTilingTokenizer
from numpy.typing import NDArray
from retrieval import Cached
from segmenting import Stream

from millstream.mine.segments import splitting
from millstream.mine.words import content
from millstream.models import opened_embedding

NLTK_W, NLTK_K = 30, 10
BLOCK, CUT = 8, 1.0
PRICE = 1.3


def nltk_tiling(stream: Stream) -> list[int]:
    """Hearst's algorithm over token sequences, each turn a paragraph; too short a text has one part."""
    stop = [word for text in stream.texts for word in text.lower().split() if not content(word)]
    tiles = TextTilingTokenizer(w=NLTK_W, k=NLTK_K, stopwords=stop)
    try:
        parts = tiles.tokenize("\n\n".join(text.replace("\n", " ") for text in stream.texts))
    except ValueError:
        return []
    starts, turn = [], 0
    for part in parts[:-1]:
        turn += sum(bool(each.strip()) for each in part.split("\n\n"))
        starts.append(turn)
    return [each for each in starts if 0 < each < len(stream.texts)]


def tiling(stream: Stream) -> list[int]:
    """Hearst's block comparison with turns for token sequences: a cut where the similarity of the turns on either side
    dips deeper than the mean and `CUT` deviations."""
    words = [content(text) for text in stream.texts]
    columns = sorted(set().union(*words))
    return dips(similar(np.array([[word in own for word in columns] for own in words], dtype=float), BLOCK), CUT)


def similar(lines: NDArray[np.float64], block: int) -> NDArray[np.float64]:
    """The cosine of the `block` lines before and after each gap."""
    sides = [(lines[max(0, gap - block) : gap].sum(0), lines[gap : gap + block].sum(0)) for gap in range(1, len(lines))]
    return np.array([a @ b / max(1e-9, float(np.linalg.norm(a) * np.linalg.norm(b))) for a, b in sides])


def dips(curve: Sequence[float] | NDArray[np.float64], cut: float) -> list[int]:
    """Gaps whose depth, up to the peaks on both sides, stands out; of neighbours the deepest."""
    if len(curve) < 3:
        return []
    curve = np.convolve(np.pad(np.asarray(curve), 1, mode="edge"), np.ones(3) / 3, "valid")
    depth = np.array([_peak(curve[at::-1]) + _peak(curve[at:]) - 2 * curve[at] for at in range(len(curve))])
    edge = np.pad(depth, 1, constant_values=-1.0)
    best = (depth >= edge[:-2]) & (depth > edge[2:]) & (depth > depth.mean() + cut * depth.std())
    return [int(at) + 1 for at in np.flatnonzero(best)]


def _peak(side: NDArray[np.float64]) -> float:
    """The height to which a curve climbs from its first point before it falls."""
    at = 0
    while at + 1 < len(side) and side[at + 1] >= side[at]:
        at += 1
    return float(side[at])


async def by_vectors(texts: Sequence[str], cache: Path) -> Callable[[Sequence[str]], list[int]]:
    """Kernel change points over the encoder's vectors, centred, in context."""
    async with opened_embedding() as embedding:
        kept = Cached(cache, embedding.query)
        every = dict(zip(texts, await kept.encode(list(texts)), strict=True))

    def starts(asked: Sequence[str]) -> list[int]:
        table = np.array([every[text] for text in asked], dtype=float)
        lines = splitting.in_context(splitting.unit(table - table.mean(axis=0)))
        spread = float((np.square(lines).sum() - np.square(lines.sum(axis=0)).sum() / len(lines)) / len(lines))
        return splitting.cuts(lines, PRICE * spread * math.log(len(lines)))

    return starts

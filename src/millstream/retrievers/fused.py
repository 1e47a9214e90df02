"""Words, meaning and names together: each finds what the others miss.

Two ways to fuse. `convex` adds the scores, each brought to 0..1 over the passages that may answer (Bruch, Gai and
Ingber 2023, An Analysis of Fusion Functions for Hybrid Retrieval). `reciprocal` adds 1 / (60 + rank) (Cormack, Clarke
and Büttcher 2009) and needs no weights. Knows nothing of what it fuses.
"""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np

from millstream.records import Passage
from millstream.retrievers import Retriever, Scores, across, bm25, dense, titles
from millstream.shapes import Embedding, Query

WEIGHTS = (0.5, 0.5, 1.0)
"""Of BM25, of vectors, and of names. The first two were tuned (benchmarks/retrieval.py --tune) on the questions of
FAQs, each asked for its answer; the last is a choice: what is asked about comes before what is asked."""
_RANK = 60.0
Fuse = Callable[[Sequence[Scores]], Scores]


async def index(
    passages: Sequence[Passage], folder: Path, embedding: Embedding | None = None, asked: Sequence[str] = ()
) -> Retriever:
    """BM25, vectors and names, added with WEIGHTS; without an encoder BM25 and names. With `asked`, questions of
    before, vectors are compared across languages (across.py)."""
    parts = [await bm25.index(passages, folder), await titles.index(passages, folder)]
    weights = [WEIGHTS[0], WEIGHTS[2]]
    if embedding is not None:
        level = across.index(passages, folder, embedding, asked) if asked else None
        parts.insert(1, await (level or dense.index(passages, folder, embedding)))
        weights.insert(1, WEIGHTS[1])
    return fusing(parts, convex(weights))


def fusing(parts: Sequence[Retriever], fuse: Fuse) -> Retriever:
    async def scores(queries: Sequence[Query]) -> Scores:
        return fuse(await asyncio.gather(*(part(queries) for part in parts)))

    return scores


def convex(weights: Sequence[float]) -> Fuse:
    """The sum of the scores, each between the least (0) and the best (1) of its query, times its weight."""

    def fuse(parts: Sequence[Scores]) -> Scores:
        total = sum(weight * _levelled(part) for weight, part in zip(weights, parts, strict=True))
        return np.asarray(total, dtype=np.float32)

    return fuse


def reciprocal(parts: Sequence[Scores]) -> Scores:
    """The sum of 1 / (60 + rank)."""
    places = [np.argsort(np.argsort(-part, axis=1, kind="stable"), axis=1) for part in parts]
    total = sum(1.0 / (_RANK + 1 + place) for place in places)
    return np.where(np.isfinite(parts[0]), total, -np.inf).astype(np.float32)


def _levelled(scores: Scores) -> Scores:
    may = np.isfinite(scores)
    if may.all():
        least, most = scores.min(axis=1, keepdims=True), scores.max(axis=1, keepdims=True)
        return np.asarray((scores - least) / np.where(most > least, most - least, 1), np.float32)
    least = np.min(scores, axis=1, keepdims=True, initial=np.inf, where=may)
    most = np.max(scores, axis=1, keepdims=True, initial=-np.inf, where=may)
    shares = np.where(may, scores - least, 0) / np.where(most > least, most - least, 1)
    return np.where(may, shares, -np.inf).astype(np.float32)

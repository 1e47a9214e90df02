"""Vectors across languages: each language's centre taken off, and what is near to everything marked down.

Vectors of one language lie together, so a question is near to all passages of its own language and, of another, to
those that lie in the middle. Two remedies that need no translation: the mean of a language is taken off its vectors
(Libovický, Rosa and Fraser 2020, On the Language Neutrality of Pre-trained Multilingual Representations, section 3),
and from a passage's score half of its mean score with its NEAREST questions (CSLS: Conneau et al. 2018, Word
Translation Without Parallel Data, section 2.3). Both are learnt from `asked`: questions as they were asked before, in
each language, without their answers. A language is told by its script; those of Latin script share a centre.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from millstream import language
from millstream.records import Passage
from millstream.retrievers import Retriever, Scores, only
from millstream.retrievers.dense import encoded, needed, unit, worded
from millstream.shapes import Embedding, Query

NEAREST = 3
"""Questions by which a passage's nearness to everything is told; chosen of 3, 5, 10, 20 (docs/knowledge.md)."""
LEAST = 20
"""Questions of a language below which nothing is learnt of it."""


@dataclass(frozen=True)
class _Learnt:
    """Of a language that is asked in: where its questions lie, and how near each passage is to all of them."""

    centre: Scores
    crowded: Scores


async def index(
    passages: Sequence[Passage], folder: Path, embedding: Embedding | None = None, asked: Sequence[str] = ()
) -> Retriever:
    """Scores by the cosine of centred vectors, less what the passage has with every question. In a language of which
    fewer than LEAST questions are known, the plain cosine with the centred passages."""
    encoder = needed(embedding)
    space = _Space(await encoded(passages, folder, encoder), [language.written(worded(each)) for each in passages])
    spoken: dict[str, list[str]] = {}
    for text in asked:
        spoken.setdefault(language.written(text), []).append(text)
    learnt = {tongue: space.learnt(unit(await encoder.query(texts)))
              for tongue, texts in spoken.items() if len(texts) >= LEAST}  # fmt: skip

    async def scores(queries: Sequence[Query]) -> Scores:
        found = unit(await encoder.query([query.text for query in queries]))
        rows = [space.scored(row, learnt.get(language.written(query.text)))
                for row, query in zip(found, queries, strict=True)]  # fmt: skip
        return only(np.stack(rows), queries)

    return scores


class _Space:
    """The passages less the centre of their language: worked out beside the vectors, which stay on disk."""

    def __init__(self, vectors: NDArray[np.float32], tongues: Sequence[str]) -> None:
        self._vectors, names = vectors, {tongue: n for n, tongue in enumerate(dict.fromkeys(tongues))}
        self._of = np.array([names[tongue] for tongue in tongues], dtype=np.intp)
        self._centres = np.stack([vectors[self._of == n].mean(axis=0) for n in names.values()])
        square = 1 - 2 * self._along(self._centres) + np.sum(self._centres**2, axis=1)[self._of]
        self._lengths = np.sqrt(np.maximum(square, 1e-6)).astype(np.float32)

    def _along(self, centres: Scores) -> Scores:
        """Each passage's product with the centre of its own language."""
        return np.asarray((self._vectors @ centres.T)[np.arange(len(self._of)), self._of], np.float32)

    def cosines(self, rows: Scores) -> Scores:
        products = rows @ self._vectors.T - (rows @ self._centres.T)[:, self._of]
        return np.asarray(products / self._lengths, np.float32)

    def learnt(self, asked: Scores) -> _Learnt:
        centre = asked.mean(axis=0)
        near = np.sort(self.cosines(unit(asked - centre)), axis=0)[-NEAREST:]
        return _Learnt(centre, near.mean(axis=0))

    def scored(self, row: Scores, learnt: _Learnt | None) -> Scores:
        if learnt is None:
            return np.asarray(self.cosines(row[None])[0], np.float32)
        return np.asarray(2 * self.cosines(unit((row - learnt.centre)[None]))[0] - learnt.crowded, np.float32)

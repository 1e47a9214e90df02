"""Vectors: what means the same is near, in any language of the encoder. Searched whole: no approximation.

A vector is made once for each passage and kept; a new index encodes only what is new. 100,000 passages are 154 MB,
memory-mapped. Knows nothing of the encoder but its name: the vectors of two encoders do not mix.
"""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from millstream.errors import InputError
from millstream.records import Passage
from millstream.retrievers import Index, Retriever, Scores, only, opened, replaced
from millstream.shapes import Embedding, Query

_BATCH = 256
"""Passages encoded at a time."""


async def index(passages: Sequence[Passage], folder: Path, embedding: Embedding | None = None) -> Retriever:
    """Scores by the cosine of title and text with the query."""
    encoder = needed(embedding)
    vectors = await encoded(passages, folder, encoder)

    async def scores(queries: Sequence[Query]) -> Scores:
        asked = unit(await encoder.query([query.text for query in queries]))
        return only(np.asarray(asked @ vectors.T, np.float32), queries)

    return scores


def needed(embedding: Embedding | None) -> Embedding:
    if embedding is None:
        raise InputError("dense retrieval needs an encoder", remedy="hand one in, or use bm25")
    return embedding


async def encoded(passages: Sequence[Passage], folder: Path, embedding: Embedding) -> NDArray[np.float32]:
    """Their unit vectors, in order, memory-mapped; those that are not in `folder` are made."""
    ids = tuple(passage.id for passage in passages)
    kept = opened(folder, "dense", embedding.name)
    if kept is None or kept.ids != ids:
        await _write(passages, ids, folder, kept, embedding)
        kept = opened(folder, "dense", embedding.name)
    assert kept is not None
    return _vectors(kept)


async def _write(
    passages: Sequence[Passage], ids: tuple[str, ...], folder: Path, kept: Index | None, embedding: Embedding
) -> None:
    old = {name: row for row, name in enumerate(kept.ids)} if kept else {}
    new = [each for each in passages if each.id not in old]
    fresh: list[list[float]] = []
    for at in range(0, len(new), _BATCH):
        fresh += await embedding.passage([worded(each) for each in new[at : at + _BATCH]])
    made = {each.id: row for each, row in zip(new, unit(fresh), strict=True)} if new else {}
    before = _vectors(kept) if kept else None
    rows = [made[name] if name in made or before is None else before[old[name]] for name in ids]
    with replaced(folder, "dense", embedding.name, ids) as part:
        np.save(part / "vectors.npy", np.stack(rows))


def worded(passage: Passage) -> str:
    """A passage as it is encoded: its title in front, which often names what the text only calls "it"."""
    return f"{passage.title}: {passage.text}" if passage.title else passage.text


def unit(vectors: Sequence[Sequence[float]] | Scores) -> Scores:
    rows = np.asarray(vectors, dtype=np.float32)
    lengths = np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return np.asarray(rows / lengths, np.float32)


def _vectors(kept: Index) -> NDArray[np.float32]:
    found: NDArray[np.float32] = np.load(kept.data / "vectors.npy", mmap_mode="r")
    if len(found) != len(kept.ids):
        raise InputError(f"{len(found)} vectors for {len(kept.ids)} passages", str(kept.data), "delete the folder")
    return found

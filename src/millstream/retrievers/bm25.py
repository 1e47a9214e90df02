"""BM25 over terms: exact words, no meaning (Robertson and Zaragoza 2009; scores worked out ahead, Lù 2024, bm25s).

Chinese is cut by jieba in its search mode, which gives the parts of long words too. The terms of each passage are
kept, so a new index cuts only what is new; the scores, which rest on all passages, are worked out anew. Importing this
file needs the extra `retrieval`.
"""

import logging
from collections.abc import Sequence
from pathlib import Path

import bm25s
import jieba
import numpy as np

from millstream.records import Passage
from millstream.retrievers import Index, Retriever, Scores, only, opened, replaced, terms
from millstream.shapes import Embedding, Query

MAKER = "terms 1"
"""The way terms are cut; another way makes another index."""
jieba.setLogLevel(logging.WARNING)


async def index(passages: Sequence[Passage], folder: Path, embedding: Embedding | None = None) -> Retriever:
    """Scores by BM25 (k1 1.5, b 0.75) of title and text; memory-mapped."""
    ids = tuple(passage.id for passage in passages)
    kept = opened(folder, "bm25", MAKER)
    if kept is None or kept.ids != ids:
        _write(passages, ids, folder, kept)
        kept = opened(folder, "bm25", MAKER)
    assert kept is not None
    model = bm25s.BM25.load(str(kept.data), mmap=True, show_progress=False)

    async def scores(queries: Sequence[Query]) -> Scores:
        rows = np.stack([_row(model, len(ids), query.text) for query in queries])
        return only(rows, queries)

    return scores


def _write(passages: Sequence[Passage], ids: tuple[str, ...], folder: Path, kept: Index | None) -> None:
    cut = dict(zip(kept.ids, _cut(kept), strict=True)) if kept else {}
    rows = [
        cut[each.id] if each.id in cut else " ".join(terms(f"{each.title} {each.text}", jieba.lcut_for_search))
        for each in passages
    ]
    with replaced(folder, "bm25", MAKER, ids) as part:
        model = bm25s.BM25()
        model.index([row.split() or [""] for row in rows], show_progress=False)
        model.save(str(part), show_progress=False)
        (part / "terms.txt").write_text("".join(f"{row}\n" for row in rows), encoding="utf-8")


def _cut(kept: Index) -> list[str]:
    return (kept.data / "terms.txt").read_text(encoding="utf-8").splitlines()


def _row(model: bm25s.BM25, width: int, said: str) -> Scores:
    known = [model.vocab_dict[word] for word in terms(said, jieba.lcut_for_search) if word in model.vocab_dict]
    found = model.get_scores(known) if known else np.zeros(width)
    return np.asarray(found, dtype=np.float32)

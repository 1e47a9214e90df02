"""Does retrieval find the passages that answer? On DSTC11 track 5's validation questions with their gold passages.

The pool: every review sentence and FAQ of DSTC11 track 5 and the snippets of DSTC9 track 1, the same ones once. Two
ways: the entity known (its passages alone compete), and unknown (all compete). Floors: TF-IDF and BM25 alone; where the
entity is unknown BM25 is also given the last three lines. R@5 is the share of the gold passages among the first five.
--tune looks for the weights of the fusion on other questions (those of FAQs, to be answered by their answer alone); no
figure was tuned on the validation questions. --cross asks in one language and answers in the other; the method was
chosen on one half of the dialogues (--development), the figures are of the other. Vectors are kept in --cache.

    python benchmarks/retrieval.py DATA_FOLDER --cache FOLDER [--tune | --cross [--development] | --rerank N]
"""

import argparse
import asyncio
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from passages import Case, Pool, dstc, faqs, parallel
from sklearn.feature_extraction.text import TfidfVectorizer

from millstream import ledger, weights
from millstream.backends.embedding import connect
from millstream.errors import InputError
from millstream.know.reranked import READ, Reader, reranking
from millstream.metrics.retrieval import figures
from millstream.models import opened_model
from millstream.retrievers import Retriever, Scores, across, best, bm25, dense, fused, only, searching, titles
from millstream.shapes import Embed, Embedding, Query

BATCH = 256
MODEL = "e5-small"


class Cached:
    """Vectors by text, in a file; the encoder is asked for those that are not there."""

    def __init__(self, path: Path, embed: Embed) -> None:
        self.path, self.embed, self.seconds = path, embed, 0.0
        self.known: dict[str, NDArray[np.float32]] = {}
        if path.exists():
            kept = np.load(path)
            self.known = dict(zip(kept["texts"].tolist(), kept["vectors"], strict=True))

    async def encode(self, texts: list[str]) -> list[list[float]]:
        new = [text for text in dict.fromkeys(texts) if text not in self.known]
        for at in range(0, len(new), BATCH):
            some, start = new[at : at + BATCH], time.perf_counter()
            self.known.update(zip(some, np.asarray(await self.embed(some), np.float32), strict=True))
            self.seconds += time.perf_counter() - start
            print(f"encoded {at + len(some)} of {len(new)}", file=sys.stderr)
        if new:
            np.savez(self.path, texts=np.array(list(self.known)), vectors=np.stack(list(self.known.values())))
        return [self.known[text] for text in texts]  # type: ignore[misc]


def tf_idf(pool: Pool) -> Retriever:
    """The floor: cosine of TF-IDF of words (scikit-learn's, sublinear)."""
    model = TfidfVectorizer(sublinear_tf=True, stop_words="english")
    rows = model.fit_transform([f"{each.title} {each.text}" for each in pool.passages])

    async def scores(queries: Sequence[Query]) -> Scores:
        found = (model.transform([query.text for query in queries]) @ rows.T).toarray()
        return only(np.asarray(found, np.float32), queries)

    return scores


@dataclass(frozen=True)
class Figures:
    """One value a question."""

    hit: NDArray[np.float64]
    recall: NDArray[np.float64]
    reciprocal: NDArray[np.float64]


async def measured(retriever: Retriever, cases: Sequence[Case]) -> Figures:
    rows = []
    for at in range(0, len(cases), BATCH):
        some = cases[at : at + BATCH]
        for scores, case in zip(await retriever([case.query for case in some]), some, strict=True):
            rows.append(figures([hit.passage for hit in best(scores, 100)], case.gold))
    return Figures(*map(np.array, zip(*rows, strict=True)))


def interval(values: NDArray[np.float64]) -> tuple[float, float]:
    """95% of the mean, by drawing the questions again."""
    rng = np.random.default_rng(0)
    means = values[rng.integers(0, len(values), (1000, len(values)))].mean(axis=1)
    return float(np.quantile(means, 0.025)), float(np.quantile(means, 0.975))


def row(name: str, found: Figures) -> str:
    every = [(values.mean(), *interval(values)) for values in (found.hit, found.recall, found.reciprocal)]
    return f"{name:34}" + "   ".join(f"{mean:.3f} [{low:.3f}, {high:.3f}]" for mean, low, high in every)


async def table(retrievers: Mapping[str, Retriever], cases: Sequence[Case], floor: str) -> Iterator[str]:
    lines, base = [f"{'':34}{'hit@1':20}   {'R@5':20}   {'MRR':20}"], None
    for name, retriever in retrievers.items():
        found = await measured(retriever, cases)
        lines.append(row(name, found))
        base = found if name == floor else base
        if base is not None and name != floor:
            low, high = interval(found.hit - base.hit)
            gain = (found.hit - base.hit).mean()
            lines.append(f"{'':34}hit@1 above {floor}: {100 * gain:+.1f} points [{100 * low:+.1f}, {100 * high:+.1f}]")
    return iter(lines)


def known(cases: Sequence[Case]) -> list[Case]:
    return [replace(case, query=Query(case.query.text, (), case.about)) for case in cases]


def wider(cases: Sequence[Case]) -> list[Case]:
    """The question with the two lines before it."""
    return [replace(case, query=Query(" ".join((*case.query.context[-2:], case.query.text)))) for case in cases]


async def main_figures(pool: Pool, embedding: Embedding, folder: Path, limit: int) -> None:
    cases = pool.cases[:limit]
    words, names = await bm25.index(pool.passages, folder), await titles.index(pool.passages, folder)
    vectors, floor = await dense.index(pool.passages, folder, embedding), tf_idf(pool)
    w, v, n = fused.WEIGHTS
    both = fused.fusing([words, vectors], fused.convex((w, v)))
    print(f"{len(pool.passages)} passages, {len(cases)} questions; weights of the fusion {fused.WEIGHTS}")
    print("\nthe entity is known: its passages alone")
    ranked = fused.fusing([words, vectors], fused.reciprocal)
    rows = {"TF-IDF": floor, "BM25": words, "vectors": vectors, "fused by rank": ranked, "fused": both}
    print(*await table(rows, known(cases), "BM25"), sep="\n")
    print("\nthe entity is unknown: all passages")
    named = fused.fusing([words, names], fused.convex((w, n)))
    whole = fused.fusing([words, vectors, names], fused.convex(fused.WEIGHTS))
    rows = {"TF-IDF": floor, "BM25": words, "vectors": vectors, "fused without names": both}
    print(*await table(rows | {"BM25 and names": named, "fused": whole}, cases, "BM25"), sep="\n")
    print(row("BM25, given three lines", await measured(words, wider(cases))))
    clock, processor = await speed(whole, [case.query for case in cases])
    print(f"\n{clock:,.0f} questions a minute by the clock, {processor:,.0f} a minute of one processor; encoding apart")


async def speed(retriever: Retriever, queries: Sequence[Query]) -> tuple[float, float]:
    """Questions a minute over all passages, ranked, by the clock and by processor time; vectors are in the cache."""
    start, worked = time.perf_counter(), time.process_time()
    for at in range(0, len(queries), 64):
        for scores in await retriever(queries[at : at + 64]):
            best(scores, 10)
    minutes = [(time.perf_counter() - start) / 60, (time.process_time() - worked) / 60]
    return len(queries) / minutes[0], len(queries) / minutes[1]


async def tuned(pool: Pool, embedding: Embedding, folder: Path) -> None:
    """The weight of BM25 beside vectors that answers most FAQs at the first place."""
    cases = known(pool.cases)
    words, vectors = await bm25.index(pool.passages, folder), await dense.index(pool.passages, folder, embedding)
    print(f"{len(cases)} questions of FAQs, {len(pool.passages)} passages")
    for weight in (0.0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 1.0):
        found = await measured(fused.fusing([words, vectors], fused.convex((weight, 1 - weight))), cases)
        print(row(f"BM25 {weight:.1f}, vectors {1 - weight:.1f}", found))


async def crossed(data: Path, embedding: Embedding, folder: Path, held_out: bool) -> None:
    for n, (name, pool) in enumerate(parallel(data, held_out).items()):
        words = await bm25.index(pool.passages, folder / str(n))
        plain = await dense.index(pool.passages, folder / str(n), embedding)
        level = await across.index(pool.passages, folder / str(n), embedding, pool.asked)
        fuse = fused.convex(fused.WEIGHTS[:2])
        rows = {"BM25": words, "vectors": plain, "fused": fused.fusing([words, plain], fuse)}
        rows |= {"vectors, centred": level, "fused, centred": fused.fusing([words, level], fuse)}
        print(f"\n{name}: {len(pool.cases)} questions, {len(pool.passages)} passages, {len(pool.asked)} asked before")
        print(*await table(rows, pool.cases, "BM25"), sep="\n")


async def reread(pool: Pool, embedding: Embedding, folder: Path, how: argparse.Namespace) -> None:
    """The entity is known; the first questions alone, for each passage read is a call of the model."""
    words, vectors = await bm25.index(pool.passages, folder), await dense.index(pool.passages, folder, embedding)
    before = searching(fused.fusing([words, vectors], fused.convex(fused.WEIGHTS[:2])))
    cases = known(pool.cases[:: max(1, len(pool.cases) // how.rerank)][: how.rerank])
    queries = [case.query for case in cases]
    async with ledger.opened(how.cache / "replies.sqlite") as store, opened_model(how.model, "", store) as model:
        after = reranking(before, pool.passages, Reader(model.chat, model.name), how.read)
        for name, search in (("fused", before), (f"its first {how.read} read by {how.model}", after)):
            found = [figures([hit.passage for hit in hits], case.gold)
                     for hits, case in zip(await search(queries, 100), cases, strict=True)]  # fmt: skip
            print(row(name, Figures(*map(np.array, zip(*found, strict=True)))))


async def main(arguments: argparse.Namespace) -> None:
    data, cache = arguments.folder, arguments.cache
    cache.mkdir(parents=True, exist_ok=True)
    async with connect(weights.fetch(MODEL), threads=2) as embedding:
        query = Cached(cache / "queries.npz", embedding.query)
        passage = Cached(cache / "passages.npz", embedding.passage)
        cached = Embedding(query.encode, passage.encode, embedding.name)
        with tempfile.TemporaryDirectory() as folder:
            if arguments.tune:
                await tuned(faqs(data, 24), cached, Path(folder))
            elif arguments.rerank:
                await reread(dstc(data), cached, Path(folder), arguments)
            elif arguments.cross:
                await crossed(data, cached, Path(folder), not arguments.development)
            else:
                await main_figures(dstc(data), cached, Path(folder), arguments.limit)
        if query.seconds + passage.seconds > 0:
            print(f"encoding: {query.seconds:.0f} s for questions, {passage.seconds:.0f} s for passages")


def parsed(words: Sequence[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="does retrieval find the passages that answer?")
    parser.add_argument("folder", type=Path, metavar="DATA_FOLDER", help="holds dstc11_track5, dstc9_track1 ...")
    parser.add_argument("--cache", type=Path, required=True, help="where vectors are kept")
    parser.add_argument("--limit", type=int, default=None, help="so many questions alone")
    parser.add_argument("--tune", action="store_true", help="the weights of the fusion, on questions of FAQs")
    parser.add_argument("--rerank", type=int, default=0, metavar="N", help="N questions, reranked by --model")
    parser.add_argument("--read", type=int, default=READ, help=f"passages that it reads a question ({READ})")
    parser.add_argument("--model", default="local", help="as for `millstream run`")
    parser.add_argument("--cross", action="store_true", help="ask in one language, answer in the other")
    parser.add_argument("--development", action="store_true", help="with --cross: the half that choices were made on")
    return parser.parse_args(words)


if __name__ == "__main__":
    try:
        asyncio.run(main(parsed(sys.argv[1:])))
    except InputError as error:
        sys.exit(f"error: {error}")

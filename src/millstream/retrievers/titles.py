"""Whose passages are asked for? Titles (of a hotel, a car, a page) that the words or what was said before them name.

A title counts by the rarity of its words that were said (inverse document frequency over the titles), the latest
mention first; so "the Alexander" finds "Alexander Bed and Breakfast". Says nothing of what is asked about it. Nothing
is kept on disk: titles are few.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from pathlib import Path

import jieba
import numpy as np

from millstream.records import Passage
from millstream.retrievers import Retriever, Scores, only, terms
from millstream.shapes import Embedding, Query

FADES = 0.9
"""What a mention one line earlier counts for. A choice, not tuned."""


async def index(passages: Sequence[Passage], folder: Path, embedding: Embedding | None = None) -> Retriever:
    """Scores from 0 (not named) to 1 (named in full in the words themselves)."""
    titles = list(dict.fromkeys(passage.title for passage in passages))
    numbers = {title: n for n, title in enumerate(titles)}
    owner = np.array([numbers[passage.title] for passage in passages], dtype=np.intp)
    names = _Names([set(terms(title, jieba.lcut_for_search)) for title in titles])

    async def scores(queries: Sequence[Query]) -> Scores:
        rows = [names.named(query)[owner] for query in queries]
        return only(np.stack(rows), queries)

    return scores


class _Names:
    """Titles by their words."""

    def __init__(self, titles: Sequence[set[str]]) -> None:
        count = Counter(word for title in titles for word in title)
        rare = {word: math.log(1 + len(titles) / seen) for word, seen in count.items()}
        self._width, self._shares = len(titles), defaultdict[str, list[tuple[int, float]]](list)
        for n, title in enumerate(titles):
            total = sum(rare[word] for word in title)
            for word in title:
                self._shares[word].append((n, rare[word] / total))

    def named(self, query: Query) -> Scores:
        """For each title the share of it that was said in one line, faded by how long ago."""
        found = np.zeros(self._width, dtype=np.float32)
        for age, line in enumerate((query.text, *reversed(query.context))):
            found = np.maximum(found, self._said(terms(line, jieba.lcut_for_search)) * FADES**age)
        return found

    def _said(self, words: Iterable[str]) -> Scores:
        found = np.zeros(self._width, dtype=np.float32)
        for word in set(words) & self._shares.keys():
            for n, share in self._shares[word]:
                found[n] += share
        return found

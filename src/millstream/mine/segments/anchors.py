"""How much a line speaks of each topic: its words against those of sentences made for the topic.

GPT-Calls (arXiv 2306.07941) has a language model write the sentences and a sentence encoder compare them. Here they
come from the wordings of a domain or the templates of a service, by program, and are compared by their words: measured,
that parts the topics of a schema far better than the vectors of a small encoder do (docs/segments.md). Knows no time.
"""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from millstream.mine.arrays import Doubles
from millstream.mine.words import terms

_TYPICAL = 0.11
"""What cosines of lines with topics vary by, on SGD's train part: scores are in this unit."""


@dataclass(frozen=True)
class Anchors:
    """Topics by their words. `rarity` weighs a word by how few topics have it; a word of all of them counts nothing."""

    topics: tuple[str, ...]
    columns: Mapping[str, int]
    rarity: Doubles
    table: Doubles

    def scores(self, texts: Sequence[str]) -> Doubles:
        """(texts, topics): 0 where nothing points to a topic; a line's weight grows with the root of its length, so
        that a single word is no strong sign."""
        rows = np.zeros((len(texts), len(self.topics)))
        for row, text in enumerate(texts):
            known = [column for word in terms(text) if (column := self.columns.get(word)) is not None]
            weights = self.rarity[known]
            if length := float(np.linalg.norm(weights)):
                rows[row] = self.table[:, known] @ weights / length**0.5
        return np.asarray(rows / _TYPICAL)


def anchors(sentences: Mapping[str, Iterable[str]]) -> Anchors:
    """Anchors of topics by sentences that people might say of each; fewer than two topics tell nothing apart."""
    said = {topic: list(own) for topic, own in sentences.items()}
    bags = [Counter(word for each in own for word in terms(each)) for own in said.values()]
    spread = Counter(word for bag in bags for word in bag)
    columns = {word: at for at, word in enumerate(sorted(spread))}
    rarity = np.array([np.log(len(bags) / spread[word]) for word in columns])
    table = np.zeros((len(bags), len(columns)))
    for row, (bag, own) in enumerate(zip(bags, said.values(), strict=True)):
        for word, count in bag.items():
            table[row, columns[word]] = (count / len(own)) ** 0.5 * rarity[columns[word]]
    lengths = np.linalg.norm(table, axis=1, keepdims=True)
    return Anchors(tuple(said), columns, rarity, table / np.where(lengths > 0, lengths, 1.0))

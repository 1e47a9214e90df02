"""How much dialogues repeat one another. All of these rise with the number of dialogues: compare equal numbers alone.

Knows tokens and vectors, and nothing of why something is said twice.
"""

import math
from collections import Counter
from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from millstream.metrics.tokens import Talk, grams
from millstream.records import Lang

GRAM = 4
LONGEST = 4
"""The longest n-gram of BLEU."""

BEGINNING: Mapping[Lang, int] = {"en": 3, "zh": 6}
"""Tokens of three words: a Chinese word counts two characters, as in delivery.py."""

Texts = Sequence[Sequence[str]]
Vectors = NDArray[np.float64]


def rep4(texts: Texts) -> float:
    """The mean share of a text's different 4-grams that stand in another text."""
    seen = [set(grams(text, GRAM)) for text in texts]
    df = Counter(gram for each in seen for gram in each)
    shares = [sum(df[gram] > 1 for gram in each) / len(each) for each in seen if each]
    return sum(shares) / len(shares) if shares else 0.0


def self_repetition(texts: Texts) -> float:
    """The mean over texts of log(1 + texts beyond itself that its 4-grams occur in) (Salkar et al. 2022)."""
    seen = [set(grams(text, GRAM)) for text in texts]
    df = Counter(gram for each in seen for gram in each)
    return sum(math.log(1 + sum(df[gram] - 1 for gram in each)) for each in seen) / len(seen) if seen else 0.0


def self_bleu(texts: Texts) -> float:
    """The mean BLEU-4 of each text with all others as its references (Zhu et al. 2018), unsmoothed.

    The highest count of an n-gram in the others is that of all texts, or the second highest where the text has the
    highest itself; so it takes one pass, not one a pair.
    """
    texts = [text for text in texts if text]
    if len(texts) < 2:
        return 0.0
    logs = np.zeros(len(texts))
    for size in range(1, LONGEST + 1):
        counts = [Counter(grams(text, size)) for text in texts]
        first, second = _highest(counts)
        for n, mine in enumerate(counts):
            kept = sum(min(count, (second if first[gram] == count else first)[gram]) for gram, count in mine.items())
            logs[n] += math.log(kept / mine.total()) / LONGEST if kept else -math.inf
    lengths = sorted(len(text) for text in texts)
    return float(np.mean([math.exp(log) * _brevity(len(text), lengths) for log, text in zip(logs, texts, strict=True)]))


def _highest(counts: Sequence[Counter[tuple[str, ...]]]) -> tuple[Counter[tuple[str, ...]], Counter[tuple[str, ...]]]:
    """The highest and the second highest count of each n-gram; equal ones are both."""
    first, second = Counter[tuple[str, ...]](), Counter[tuple[str, ...]]()
    for each in counts:
        for gram, count in each.items():
            if count > first[gram]:
                first[gram], second[gram] = count, first[gram]
            elif count > second[gram]:
                second[gram] = count
    return first, second


def _brevity(length: int, lengths: list[int]) -> float:
    """BLEU's penalty against the closest length of the others, the shorter of two."""
    others = lengths.copy()
    others.remove(length)
    closest = min(others, key=lambda other: (abs(other - length), other))
    return 1.0 if length > closest else math.exp(1 - closest / length)


def duplicates(talks: Sequence[Talk]) -> float:
    """The share of turns that say, token for token, what an earlier turn of these dialogues said."""
    every = [turn for each in talks for turn in each.turns]
    return 1 - len(set(every)) / len(every) if every else 0.0


def openers(talks: Sequence[Talk], size: Mapping[Lang, int] = BEGINNING, most: int = 5) -> float:
    """The share of dialogues whose first turn begins with one of the `most` commonest beginnings of `size` tokens."""
    begun = Counter(each.turns[0][: size[each.said.lang]] for each in talks)
    return sum(count for _, count in begun.most_common(most)) / begun.total() if begun else 0.0


def vendi(vectors: Vectors) -> float:
    """The effective number of different items (Friedman and Dieng 2023): exp of the entropy of the eigenvalues of
    their cosine kernel by their number. `vectors`: (items, dimensions), of length 1."""
    values = np.linalg.eigvalsh(vectors @ vectors.T / len(vectors))
    values = values[values > 1e-12]
    return float(np.exp(-np.sum(values * np.log(values))))


def likeness(vectors: Vectors) -> float:
    """The mean cosine of two different items. `vectors`: (items, dimensions), of length 1."""
    count = len(vectors)
    return float((np.square(vectors.sum(axis=0)).sum() - count) / (count * (count - 1))) if count > 1 else 0.0

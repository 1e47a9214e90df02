"""Where the subject changes when no topic is known: kernel change points over words.

The cost of a stretch is how far its lines are from their mean; each stretch costs a price more, so their number is
found and not given (Arlot, Celisse and Harchaoui 2019, A kernel multiple change-point algorithm via model selection).
The best cuts are found exactly. Knows no topics.
"""

import math
from collections import Counter
from collections.abc import Sequence

import numpy as np

from millstream.mine.arrays import Doubles
from millstream.mine.words import content

PRICE, LEAST = 1.3, 2
"""Of a stretch, in units of the lines' variance times the logarithm of their number (tuned on SGD's train part); and
lines it has at least."""
_NEAR, _FADES = 3, 0.7
"""Lines on either side that a line is read with, and how fast they count less."""


def starts(texts: Sequence[str]) -> list[int]:
    """The numbers of the lines with which something new begins, without the first."""
    if len(texts) < 2 * LEAST:
        return []
    lines = in_context(by_words(texts))
    spread = float((np.square(lines).sum() - np.square(lines.sum(axis=0)).sum() / len(lines)) / len(lines))
    return cuts(lines, PRICE * spread * math.log(len(lines)))


def by_words(texts: Sequence[str]) -> Doubles:
    """Unit rows: the words of each line, the rarer among these lines the heavier."""
    bags = [content(text) for text in texts]
    spread = Counter(word for bag in bags for word in bag)
    columns = {word: at for at, word in enumerate(sorted(spread))}
    table = np.zeros((len(bags), max(1, len(columns))))
    for row, bag in enumerate(bags):
        for word in bag:
            table[row, columns[word]] = math.log((len(bags) + 1) / spread[word])
    return unit(table)


def in_context(lines: Doubles) -> Doubles:
    """Each line with those around it."""
    near = lines.copy()
    for far in range(1, min(_NEAR, len(lines) - 1) + 1):
        near[far:] += _FADES**far * lines[:-far]
        near[:-far] += _FADES**far * lines[far:]
    return unit(near)


def unit(lines: Doubles) -> Doubles:
    lengths = np.linalg.norm(lines, axis=1, keepdims=True)
    return np.asarray(lines / np.where(lengths > 0, lengths, 1.0))


def cuts(lines: Doubles, price: float) -> list[int]:
    """The cheapest cuts of `lines` where each stretch costs its squared distance from its mean, and `price`."""
    count = len(lines)
    sums = np.vstack([np.zeros(lines.shape[1]), lines.cumsum(axis=0)])
    squares = np.concatenate([[0.0], np.square(lines).sum(axis=1).cumsum()])
    best, back = np.full(count + 1, np.inf), np.zeros(count + 1, dtype=int)
    best[0] = 0.0
    for end in range(LEAST, count + 1):
        begin = np.arange(0, end - LEAST + 1)
        apart = squares[end] - squares[begin] - np.square(sums[end] - sums[begin]).sum(axis=1) / (end - begin)
        costs = best[begin] + apart + price
        back[end], best[end] = begin[costs.argmin()], costs.min()
    found, end = [], count
    while end > 0:
        end = int(back[end])
        found.append(end)
    return sorted(each for each in found if each > 0)

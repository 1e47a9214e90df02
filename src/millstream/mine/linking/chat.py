"""Which line of a chat answers which line: two readings, the second over what the first found. Knows no labels.

A line answers another or begins a talk; every candidate whose share reaches `LEAST` counts, so a line may answer two,
and one of which nothing is sure enough is left open. So is what is less sure than the model's floor.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from millstream.mine.linking.lines import Floats, Ints, Line, Lines
from millstream.mine.linking.overlap import content, pieces, rarity
from millstream.mine.linking.pairs import KEPT, PLACED, Pairs, Weights
from millstream.mine.linking.threads import Threads
from millstream.mine.linking.trees import Doubles, Model

LEAST = 0.3
"""The share from which an answer is believed. For F it is best at half of the F that is reached (Lipton et al. 2014,
Optimal Thresholding of Classifiers to Maximize F1 Measure, theorem 1); tuned by cross-validation over train chats."""
BLOCK, BEFORE = 1_500, 300
"""A long chat is read in blocks of so many lines, each with so many lines before it."""
Score = Callable[[Floats, Ints], Doubles]
"""(rows of candidates, candidates of each line) -> the share of each candidate."""


@dataclass(frozen=True)
class Reply:
    """Line `line` answers line `to`, or begins a talk where they are the same; `sure`: calibrated, 0 to 1."""

    line: int
    to: int
    sure: float


@dataclass(frozen=True)
class Table:
    """The candidates of some lines of a chat: `rows` the lines, `cands` theirs in a row, `sizes` how many each has."""

    rows: Ints
    cands: Ints
    sizes: Ints
    table: Floats


def first_reading(lines: Lines, weights: Weights, since: int = 0, kept: int = KEPT) -> Table:
    """The pairs of all lines from `since` on, with `kept` candidates at most."""
    pairs = Pairs(lines, weights, kept)
    rows: Ints = np.arange(since, len(lines))
    found = [pairs.of(int(row)) for row in rows]
    sizes: Ints = np.array([len(cands) for cands, _ in found], dtype=np.int64)
    return Table(rows, np.concatenate([cands for cands, _ in found]), sizes, np.vstack([part for _, part in found]))


def second_reading(lines: Lines, table: Table, share: Doubles) -> Table:
    """The same pairs by what the first reading tells of the whole chat, and some of what it went by."""
    score = np.zeros((len(lines), len(lines)), dtype=np.float32)
    score[np.repeat(table.rows, table.sizes), table.cands] = share
    whole = Threads(lines, score)
    parts = np.split(table.cands, np.cumsum(table.sizes)[:-1])
    told = [whole.of(int(row), cands) for row, cands in zip(table.rows, parts, strict=True)]
    both = np.hstack([table.table[:, :PLACED], np.vstack(told)]).astype(np.float32)
    return Table(table.rows, table.cands, table.sizes, both)


def chosen(table: Table, share: Doubles, least: float = LEAST) -> list[tuple[int, int, float]]:
    """(line, what it answers, share) of all whose share is at least `least`."""
    kept = share >= least
    rows = np.repeat(table.rows, table.sizes)[kept]
    return list(zip(rows.tolist(), table.cands[kept].tolist(), share[kept].tolist(), strict=True))


def logs(share: Doubles) -> Doubles:
    """Where the second reading starts from."""
    return np.log(share + 1e-6)


def own_weights(lines: Sequence[Line]) -> Weights:
    """How rare words are in this chat itself."""
    texts = [line.text for line in lines if not line.system]
    return Weights(rarity(map(content, texts)), rarity(map(pieces, texts)), unseen=float(np.log1p(len(texts) or 1)))


def replies(lines: Sequence[Line], first: Model, second: Model) -> list[Reply]:
    """Who answers whom in a chat of any length, in order; a system line answers nobody."""
    found: list[Reply] = []
    weights = own_weights(lines)
    for start in range(0, len(lines), BLOCK):
        low = max(0, start - BEFORE)
        block = Lines(lines[low : start + BLOCK])
        table = first_reading(block, weights)
        share = first.shares(table.table, table.sizes)
        table = second_reading(block, table, share)
        for row, to, part in chosen(table, second.shares(table.table, table.sizes, logs(share))):
            sure = float(second.sure(np.array([part]))[0])
            if row + low >= start and sure >= second.floor and not lines[row + low].system:
                found.append(Reply(row + low, to + low, sure))
    return found

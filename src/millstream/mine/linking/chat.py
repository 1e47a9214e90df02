"""Which line of a chat answers which line: two readings, the second over what the first found. Knows no labels.

A line answers another or begins a talk; a second answer is allowed where its share passes `second`. What is less
sure than the model's floor is left open.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from millstream.mine.linking.lines import Floats, Ints, Line, Lines
from millstream.mine.linking.overlap import content, pieces, rarity
from millstream.mine.linking.pairs import PLACED, Pairs, Weights
from millstream.mine.linking.threads import Threads
from millstream.mine.linking.trees import Doubles, Model

SECOND = 0.35
"""The share from which a second answer is believed; tuned by cross-validation over train chats."""
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


def first_reading(lines: Lines, weights: Weights, since: int = 0) -> Table:
    """The pairs of all lines from `since` on."""
    pairs = Pairs(lines, weights)
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


def chosen(table: Table, share: Doubles, second: float = SECOND) -> list[tuple[int, int, float]]:
    """(line, what it answers, share): the best of each line, and the next best where it is good enough."""
    found: list[tuple[int, int, float]] = []
    ends = np.cumsum(table.sizes)
    for row, end, size in zip(table.rows.tolist(), ends.tolist(), table.sizes.tolist(), strict=True):
        cands, part = table.cands[end - size : end], share[end - size : end]
        order = np.argsort(-part, kind="stable")[:2].tolist()
        found.append((row, int(cands[order[0]]), float(part[order[0]])))
        if len(order) > 1 and part[order[1]] >= second and row not in cands[order].tolist():
            found.append((row, int(cands[order[1]]), float(part[order[1]])))
    return found


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

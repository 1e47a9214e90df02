"""Which line of a chat answers which line: two readings, the second over what the first found, and a verdict on each
candidate in question. Knows no labels.

The readings share one unit of belief among the candidates of a line; the verdict is on one alone, so a line may answer
two, and one of which nothing is sure enough is left open.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from millstream.mine.arrays import Doubles, Floats
from millstream.mine.linking.bag import Bag
from millstream.mine.linking.lines import Ints, Line, Lines
from millstream.mine.linking.overlap import content, pieces, rarity
from millstream.mine.linking.pairs import KEPT, PLACED, Pairs, Weights
from millstream.mine.linking.threads import Threads
from millstream.mine.linking.trees import Model

RIVALS = 3
"""Candidates of a line that are in question after both readings."""
BLOCK, BEFORE = 1_500, 300
"""A long chat is read in blocks of so many lines, each with so many lines before it."""


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


def worded(lines: Lines, bag: Bag) -> Floats:
    """What the words of each line tell: (lines, kinds of bag.KINDS)."""
    return bag.told(["" if line.system else line.text for line in lines.lines])


def in_question(before: Table, first: Doubles, table: Table, share: Doubles, told: Floats) -> Table:
    """The best candidates of each line, of the tables and the shares of both readings: to what the tables say come the
    shares of a candidate and of its rivals, how it stands to the best, and what the words of both lines tell (`told`:
    one row for each line of the chat)."""
    number = np.repeat(np.arange(len(table.rows)), table.sizes)
    rank: Ints = np.empty(len(share), dtype=np.int64)
    starts = np.repeat(np.cumsum(table.sizes) - table.sizes, table.sizes)
    rank[np.lexsort((-share, number))] = np.arange(len(share)) - starts
    close = rank < RIVALS
    top = np.zeros((len(table.rows), RIVALS))
    top[number[close], rank[close]] = share[close]
    itself, best = table.cands == table.rows[number], table.cands[rank == 0]
    begins = share[itself]
    stands = [share, first, rank, begins[number], (best == table.rows)[number], itself, table.cands - best[number]]
    words = told[table.rows[number]], told[table.cands]
    seen = np.column_stack([*stands, table.sizes[number], top[number], *words])[close]
    sizes = np.minimum(table.sizes, RIVALS)
    both = np.hstack([seen, table.table[close], before.table[close, PLACED:]])
    return Table(table.rows, table.cands[close], sizes, both.astype(np.float32))


def chosen(table: Table, sure: Doubles, least: float) -> list[tuple[int, int, float]]:
    """(line, what it answers, how sure) of all that is at least so sure."""
    kept = sure >= least
    rows = np.repeat(table.rows, table.sizes)[kept]
    return list(zip(rows.tolist(), table.cands[kept].tolist(), sure[kept].tolist(), strict=True))


def logs(share: Doubles) -> Doubles:
    """Where the second reading starts from."""
    return np.log(share + 1e-6)


def own_weights(lines: Sequence[Line]) -> Weights:
    """How rare words are in this chat itself."""
    texts = [line.text for line in lines if not line.system]
    return Weights(rarity(map(content, texts)), rarity(map(pieces, texts)), unseen=float(np.log1p(len(texts) or 1)))


def replies(lines: Sequence[Line], first: Model, second: Model, verdict: Model, bag: Bag) -> list[Reply]:
    """Who answers whom in a chat of any length, in order; a system line answers nobody."""
    found: list[Reply] = []
    weights = own_weights(lines)
    for start in range(0, len(lines), BLOCK):
        low = max(0, start - BEFORE)
        block = Lines(lines[low : start + BLOCK])
        before = first_reading(block, weights)
        share = first.shares(before.table, before.sizes)
        table = second_reading(block, before, share)
        again = second.shares(table.table, table.sizes, logs(share))
        table = in_question(before, share, table, again, worded(block, bag))
        for row, to, sure in chosen(table, verdict.odds(table.table), verdict.floor):
            if row + low >= start and not lines[row + low].system:
                found.append(Reply(row + low, to + low, sure))
    return found

"""Makespan: dialogues under a heavy-tailed latency, against what the same draws allow.

Four bounds on the draws the server used. `greedy` list-schedules them on the slots with no dependency at all; `work` is
their sum over the slots. `ideal` is a first-in-first-out schedule of the same dialogues that costs nothing, in which
every call takes as long as it took: its own draw. `swapped` is that schedule with the draws dealt out anew in the order
of arrival. It is no bound but a second throw of the dice: where two calls end nearly together, a millisecond decides
which dialogue draws a long one later, and a list schedule is not monotonous in its times (Graham 1969). The makespan
is from the first request to the last answer, at the server.
"""

import heapq
import sqlite3
import statistics
from collections import deque
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path

from runs import folder, played, served
from server import Entry, Order

from play import Load

SLOTS, MEDIAN, SIGMA = 64, 0.2, 1.0


def greedy(draws: list[float]) -> float:
    free = [0.0] * SLOTS
    for draw in draws:
        heapq.heapreplace(free, free[0] + draw)
    return max(free)


def ideal(own: Sequence[Sequence[float]]) -> float:
    """First come, first served over all live dialogues; `own` are the latencies of each, in its order."""
    waiting, running, at, now, last = deque(range(len(own))), list[tuple[float, int, int]](), [0] * len(own), 0.0, 0.0
    for n in range(sum(map(len, own))):
        while not waiting or len(running) == SLOTS:
            now, _, freed = heapq.heappop(running)
            if at[freed] < len(own[freed]):
                waiting.append(freed)
        turn = waiting.popleft()
        end = now + own[turn][at[turn]]
        heapq.heappush(running, (end, n, turn))
        at[turn], last = at[turn] + 1, max(last, end)
    return last


def swapped(draws: list[float], dialogues: int, turns: int) -> float:
    """The same, each call taking the next draw, whoever's it was."""
    waiting, running, left, now = deque([turns] * dialogues), list[tuple[float, int, int]](), iter(draws), 0.0
    for n in range(dialogues * turns):
        while not waiting or len(running) == SLOTS:
            now, _, more = heapq.heappop(running)
            if more:
                waiting.append(more)
        heapq.heappush(running, (now + next(left), n, waiting.popleft() - 1))
    return max(end for end, _, _ in running)


def owned(log: Sequence[Entry], ledger: Path) -> list[list[float]]:
    """The latencies of each dialogue, in the order in which the server was asked: the ledger knows whose a call is."""
    with closing(sqlite3.connect(ledger)) as file:
        items = dict(file.execute("select lower(hex(key)), item from attempt"))
    own: dict[str, list[float]] = {}
    for entry in log:
        own.setdefault(items[entry.key], []).append(entry.seconds)
    return list(own.values())


def once(dialogues: int, turns: int, seed: int, scale: float) -> tuple[float, ...]:
    """The makespan over greedy, work, ideal and swapped, and the CPU seconds a call."""
    with served(Order(seed=seed, median=MEDIAN * scale, sigma=SIGMA)) as server, folder() as place:
        took = played(Load(server.url, str(place), dialogues, turns, SLOTS))
        log = server.log()
        own = owned(log, place / "cache.sqlite")
    span, draws = max(each.left for each in log) - log[0].came, [each.seconds for each in log]
    assert [len(each) for each in own] == [turns] * dialogues
    bounds = greedy(draws), sum(draws) / SLOTS, ideal(own), swapped(draws, dialogues, turns)
    return (*(span / bound for bound in bounds), took["cpu"] / len(draws))


def measured(dialogues: int, turns: int, seeds: int, scale: float) -> Iterator[str]:
    rows = [once(dialogues, turns, seed, scale) for seed in range(seeds)]
    over_greedy, over_work, _, _, cpu = (statistics.median(column) for column in zip(*rows, strict=True))
    yield (
        f"makespan {dialogues:,} x {turns}, {seeds} seeds, time scale {scale:g}: over greedy {over_greedy:.3f}, over "
        f"work / slots {over_work:.3f}; worst over ideal FIFO, its own draws {max(row[2] for row in rows):.3f} (dealt "
        f"anew {max(row[3] for row in rows):.3f}); {1000 * cpu:.2f} ms CPU a call"
    )

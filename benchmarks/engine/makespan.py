"""Makespan: dialogues under a heavy-tailed latency, against what the same draws allow.

Three bounds on the draws the server used, in the order it used them: `greedy` list-schedules them on the slots with no
dependency at all; `ideal` is a first-in-first-out schedule of the same dialogues that costs nothing; `work` is their
sum over the slots. The makespan is from the first request to the last answer, at the server.
"""

import heapq
import statistics
from collections import deque
from collections.abc import Iterator

from runs import folder, played, served
from server import Order

from play import Load

SLOTS, MEDIAN, SIGMA = 64, 0.2, 1.0


def greedy(draws: list[float]) -> float:
    free = [0.0] * SLOTS
    for draw in draws:
        heapq.heapreplace(free, free[0] + draw)
    return max(free)


def ideal(draws: list[float], dialogues: int, turns: int) -> float:
    """First come, first served over all live dialogues, each call taking the next draw."""
    waiting, running, left, now = deque([turns] * dialogues), list[tuple[float, int, int]](), iter(draws), 0.0
    for n in range(dialogues * turns):
        while not waiting or len(running) == SLOTS:
            now, _, more = heapq.heappop(running)
            if more:
                waiting.append(more)
        heapq.heappush(running, (now + next(left), n, waiting.popleft() - 1))
    return max(end for end, _, _ in running)


def once(dialogues: int, turns: int, seed: int, scale: float) -> tuple[float, float, float, float]:
    """The makespan over greedy, ideal and work, and the CPU seconds a call."""
    with served(Order(seed=seed, median=MEDIAN * scale, sigma=SIGMA)) as server, folder() as place:
        took = played(Load(server.url, str(place), dialogues, turns, SLOTS))
        log = server.log()
    span, draws = max(each.left for each in log) - log[0].came, [each.seconds for each in log]
    assert len(draws) == dialogues * turns
    bounds = greedy(draws), ideal(draws, dialogues, turns), sum(draws) / SLOTS
    return span / bounds[0], span / bounds[1], span / bounds[2], took["cpu"] / len(draws)


def measured(dialogues: int, turns: int, seeds: int, scale: float) -> Iterator[str]:
    rows = [once(dialogues, turns, seed, scale) for seed in range(seeds)]
    medians = [statistics.median(column) for column in zip(*rows, strict=True)]
    yield (
        f"makespan {dialogues:,} x {turns}, {seeds} seeds, time scale {scale:g}: over greedy {medians[0]:.3f}, over "
        f"work / slots {medians[2]:.3f}; worst over ideal FIFO {max(row[1] for row in rows):.3f}; "
        f"{1000 * medians[3]:.2f} ms CPU a call"
    )

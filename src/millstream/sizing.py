"""How long a run of many dialogues takes, simulated: calls in turn, slots in workers. Knows no model and no network.

The model of the engine: a slot belongs to a call, whoever has waited longest goes next, and a dialogue's next call can
be made when the one before has returned. Latencies are log-normal, as those of model servers are.
"""

import heapq
import math
from collections import Counter, deque
from dataclasses import dataclass
from random import Random


@dataclass(frozen=True)
class Load:
    """`calls` one after another in each of `dialogues`; seconds of a call by median and sigma (of their logarithm)."""

    dialogues: int
    calls: int
    median: float = 0.2
    sigma: float = 1.0

    @property
    def mean(self) -> float:
        """Of a log-normal distribution: exp(mu + sigma^2 / 2)."""
        return self.median * math.exp(self.sigma**2 / 2)


@dataclass(frozen=True)
class Took:
    """Seconds: `makespan` from the first call to the last answer, `work` of all calls added up, by their mean."""

    makespan: float
    work: float
    calls: int

    def efficiency(self, slots: int) -> float:
        """The share of the slots' time that was used, 0 to 1."""
        return self.work / (slots * self.makespan) if self.makespan else 1.0


def simulated(load: Load, workers: int, slots: int, seed: int = 0, most: int = 300_000) -> Took:
    """Dialogues are spread over the workers by a hash; the one with most of them ends the run, and is simulated.

    Of more than `most` calls the rest is reckoned at the pace of full slots: only the end of a run, where slots fall
    empty, needs a simulation, and it does not grow with the run.
    """
    rng = Random(seed)
    largest = max(Counter(rng.randrange(workers) for _ in range(load.dialogues)).values())
    part = min(largest, max(2 * slots, most // load.calls))
    rest = (largest - part) * load.calls * load.mean / slots
    calls = load.dialogues * load.calls
    return Took(_makespan(load, part, slots, rng) + rest, calls * load.mean, calls)


def _makespan(load: Load, dialogues: int, slots: int, rng: Random) -> float:
    waiting = deque([load.calls] * dialogues)
    busy: list[tuple[float, int]] = []
    mu, now = math.log(load.median), 0.0
    while waiting or busy:
        while waiting and len(busy) < slots:
            heapq.heappush(busy, (now + rng.lognormvariate(mu, load.sigma), waiting.popleft()))
        now, left = heapq.heappop(busy)
        if left > 1:
            waiting.append(left - 1)
    return now

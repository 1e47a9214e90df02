"""A run on many machines, with Ray: items go to workers by the hash of their id, records come back.

The driver holds the run folder alone: it writes each item's row when its records arrive, so an item is done exactly
once, whatever happens to workers. Each worker has its own connection, slots, cache and ledger; Ray starts a lost one
again and gives it what it had not finished, and where it finds its cache again it buys nothing twice. Caches and
ledgers are merged into the run's at the end. Importing it needs the extra `ray`. Knows nothing of flags and bars.
"""

import hashlib
import logging
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

# It would tell its makers of every start.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
import ray

from millstream import ledger
from millstream.budget import Cost
from millstream.errors import InputError
from millstream.hands import CACHE, WORKERS, Done, Hand, Kit
from millstream.prepare import Ground
from millstream.records import Dialogue, Reject, Scenario
from millstream.run import Worker

_KEYS = (
    *("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY"),
    *("MILLSTREAM_RPM", "MILLSTREAM_TPM", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY"),
)
"""Of the driver's environment, what a connection needs. Handed over in memory, written nowhere."""


class Cluster:
    """The workers of one run. `on_done(cost)` is told after each item what all of them have bought."""

    def __init__(self, kit: Kit, count: int, on_done: Callable[[Cost], None]) -> None:
        self.kit, self.count, self.on_done = kit, count, on_done
        self.hands: list[Any] = []
        self.ground: Any = None
        self.used: dict[int, Cost] = {}

    def spread(self, base: Ground) -> tuple[Worker[Scenario, Dialogue], Worker[Dialogue, Dialogue]]:
        """The two workers of the pipeline, working elsewhere."""
        # Restarted for ever, and what it was doing is done again: a node may come back after hours.
        ceiling = self.kit.ceiling.share(self.count, Cost())
        kit = replace(self.kit, ceiling=ceiling, environment=environment())
        actor: Any = ray.remote(Hand)
        hand = actor.options(num_cpus=1, max_restarts=-1, max_task_retries=-1, max_concurrency=self.live)
        self.ground = ray.put(base)  # held as long as a worker may be started again
        self.hands = [hand.remote(kit, self.ground, n) for n in range(self.count)]

        async def play(scenario: Scenario) -> AsyncIterator[Dialogue | Reject]:
            for record in await self._done("play", scenario):
                yield record

        async def check(dialogue: Dialogue) -> AsyncIterator[Dialogue | Reject]:
            for record in await self._done("judge", dialogue):
                yield record

        return play, check

    @property
    def live(self) -> int:
        """Items a worker has at a time."""
        return 8 * (self.kit.slots or 16)

    async def _done(self, step: str, item: Scenario | Dialogue) -> Any:
        number = shard(item.id, self.count)
        done: Done = await self.hands[number].work.remote(step, item)
        self.used[number] = done.used
        self.on_done(_sum(self.used.values()))
        return done.records()

    async def close(self, cache: Path) -> None:
        """Take over what the workers bought, and let them go."""
        for hand in self.hands:
            merge(cache, await hand.drain.remote())
        for hand in self.hands:
            ray.kill(hand)


def _sum(costs: Iterable[Cost]) -> Cost:
    whole = Cost()
    for each in costs:
        whole = whole.plus(each)
    return whole


def shard(item: str, count: int) -> int:
    """Which of `count` workers an item belongs to, on every machine and every time."""
    return int.from_bytes(hashlib.sha256(item.encode()).digest()[:8]) % count


def merge(cache: Path, other: bytes) -> None:
    """Add the replies and attempts of another cache, each once: merging it again changes nothing."""
    if not other:
        return
    with tempfile.NamedTemporaryFile(suffix=".sqlite") as file:
        file.write(other)
        file.flush()
        ledger.merged(cache, Path(file.name))


@asynccontextmanager
async def opened(address: str, kit: Kit, count: int, on_done: Callable[[Cost], None]) -> AsyncIterator[Cluster]:
    """Connect to the cluster at `address`; "auto": the one this machine belongs to, else one on this machine alone.
    `count` workers; 0: one for each CPU. InputError where nobody is there."""
    try:
        ray.init(None if address == "auto" else address, log_to_driver=False, logging_level=logging.ERROR)
    except (ConnectionError, ValueError, RuntimeError) as error:
        what = f"no Ray cluster answers: {str(error).splitlines()[0]}"
        raise InputError(what, address, "start one with `ray start --head`, or give --ray auto") from error
    try:
        there: Any = ray.cluster_resources
        cluster = Cluster(kit, count or max(1, int(there().get("CPU", 1))), on_done)
        try:
            yield cluster
        finally:
            await cluster.close(Path(kit.folder) / CACHE)
        shutil.rmtree(Path(kit.folder) / WORKERS, ignore_errors=True)  # all of it is in the run's own cache now
    finally:
        ray.shutdown()


def environment() -> dict[str, str]:
    """What a worker's connection needs of this process's environment."""
    return {name: os.environ[name] for name in _KEYS if name in os.environ}

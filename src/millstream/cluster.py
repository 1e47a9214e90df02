"""A run on many machines, with Ray: items go to workers by the hash of their id, records come back.

The driver holds the run folder alone: it writes each item's row when its records arrive, so an item is done exactly
once, whatever happens to workers. Each worker has its own connection, slots, cache and ledger; Ray starts a lost one
again and gives it what it had not finished, and where it finds its cache again it buys nothing twice. Caches and
ledgers are merged into the run's at the end. Importing it needs the extra `ray`. Knows nothing of flags and bars.
"""

import asyncio
import hashlib
import logging
import os
import shutil
import sqlite3
import tempfile
import traceback
from collections.abc import AsyncIterator, Callable, Iterable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager, closing
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

# It would tell its makers of every start.
os.environ.setdefault("RAY_USAGE_STATS_ENABLED", "0")
import ray

from millstream import ledger, plugins
from millstream.budget import Ceiling, Cost, Meter
from millstream.chat import Limits
from millstream.errors import InputError, ItemError, Spent, boundary
from millstream.intake import Intake
from millstream.models import opened_model
from millstream.pipeline import Job, judge, player
from millstream.prepare import Ground
from millstream.prices import Prices
from millstream.recipe import Settings
from millstream.records import Dialogue, Record, Reject, Rights, Scenario
from millstream.run import Worker

_KEYS = (
    *("OPENAI_API_KEY", "OPENAI_BASE_URL", "ANTHROPIC_API_KEY"),
    *("MILLSTREAM_RPM", "MILLSTREAM_TPM", "NO_PROXY", "HTTP_PROXY", "HTTPS_PROXY"),
)
"""Of the driver's environment, what a connection needs. Handed over in memory, written nowhere."""
CACHE, WORKERS = "cache.sqlite", "workers"


@dataclass(frozen=True)
class Kit:
    """What a worker needs to work on items as the driver would. `base` comes with the first step."""

    settings: Settings
    recipe: str
    rights: Mapping[str, Rights]
    base_url: str
    slots: int
    ceiling: Ceiling
    prices: Prices
    folder: str
    environment: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Done:
    """What came of an item: its records, or why it failed; and what the worker has bought since it began."""

    made: tuple[Record, ...]
    error: str
    trace: str
    spent: bool
    used: Cost


class Hand:
    """A worker: an actor of Ray. Opens its model with the first item."""

    def __init__(self, kit: Kit, base: Ground, number: int) -> None:
        os.environ.update(kit.environment)
        self.kit, self.base = kit, base
        self.cache = Path(kit.folder) / WORKERS / str(number) / CACHE
        self.stack = AsyncExitStack()
        self.opening: asyncio.Task[dict[str, Any]] | None = None
        self.meter = Meter(kit.ceiling, kit.prices.within(kit.settings.model))

    async def work(self, step: str, item: Scenario | Dialogue) -> Done:
        self.opening = self.opening or asyncio.ensure_future(self._open())
        workers = await asyncio.shield(self.opening)
        try:
            with boundary(step):
                made = tuple([record async for record in workers[step](item)])
        except ItemError as error:
            trace = error.trace or "".join(traceback.format_exception(error))
            return Done((), str(error), trace, isinstance(error, Spent), self.meter.used)
        return Done(made, "", "", False, self.meter.used)

    async def _open(self) -> dict[str, Any]:
        kit, model = self.kit, None
        if kit.settings.realiser == "llm" and kit.settings.model != "none":
            self.cache.parent.mkdir(parents=True, exist_ok=True)
            store = await self.stack.enter_async_context(ledger.opened(self.cache))
            limits = Limits(within=self.meter.within)
            opening = opened_model(kit.settings.model, kit.base_url, store, limits, kit.slots)
            model = await self.stack.enter_async_context(opening)
        taken = Intake(rights=dict(kit.rights))
        # Neither a player nor a judge touches the run folder: it is the driver's.
        job: Any = Job(kit.settings, plugins.load("recipes", kit.recipe)(), taken, None, None, model)  # type: ignore[arg-type]
        return {"play": player(job, self.base), "judge": judge(job, self.base)}

    async def drain(self) -> bytes:
        """The cache and the ledger, whole."""
        await self.stack.aclose()
        self.opening = None
        if not self.cache.is_file():
            return b""
        with closing(sqlite3.connect(self.cache)) as file:
            file.execute("pragma wal_checkpoint(truncate)")
            return file.serialize()


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
        kit = replace(self.kit, ceiling=self.kit.ceiling.share(self.count, Cost()))
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
        if done.error:
            error = Spent(done.error) if done.spent else ItemError(done.error)
            error.trace = done.trace
            raise error
        return done.made

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

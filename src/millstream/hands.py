"""Who works on the items of a run away from the process that holds its folder: an actor of a cluster (cluster.py), or a
process of this machine (pool.py). Knows neither.
"""

import asyncio
import os
import sqlite3
import traceback
from collections.abc import Mapping
from contextlib import AsyncExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from millstream import ledger, plugins
from millstream.budget import Ceiling, Cost, Meter
from millstream.chat import Limits
from millstream.errors import ItemError, Spent, boundary
from millstream.intake import Intake
from millstream.models import opened_model
from millstream.pipeline import Job, judge, player
from millstream.prepare import Ground
from millstream.prices import Prices
from millstream.recipe import Settings
from millstream.records import Dialogue, Record, Rights, Scenario

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

    def records(self) -> tuple[Record, ...]:
        """What was made. ItemError where it failed."""
        if not self.error:
            return self.made
        error = Spent(self.error) if self.spent else ItemError(self.error)
        error.trace = self.trace
        raise error


class Hand:
    """A worker: an actor of Ray, or a process of a pool. Opens its model with the first item."""

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

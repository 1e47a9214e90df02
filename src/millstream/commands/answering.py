"""Which models answer a run: those of its order, or the cache of another run with the network closed.

Writes the manifest before anything is asked, so that a killed run, too, says what it was made of.
"""

import shutil
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from millstream import ledger, prices, table
from millstream.budget import Meter
from millstream.chat import Limits
from millstream.commands import folder as files
from millstream.commands import manifest
from millstream.commands.manifest import Cast, Pinned
from millstream.commands.observing import observing
from millstream.commands.order import Asking, Order
from millstream.commands.progress import Troubles
from millstream.errors import InputError
from millstream.models import Batch, Model, named_in, opened_model, replayed
from millstream.providers import provider
from millstream.recipe import Settings


@dataclass(frozen=True)
class Answering:
    """`model` None: rules and templates alone. `instead`: another model for an item, by the item's id."""

    model: Model | None = None
    instead: Mapping[str, Model] = field(default_factory=dict)
    meter: Meter = field(default_factory=Meter)


@asynccontextmanager
async def answering(
    order: Order, pinned: Mapping[str, Any], folder: Path, troubles: Troubles
) -> AsyncIterator[Answering]:
    """`pinned` is the manifest without its models; `troubles` hears of every attempt. InputError for a ceiling in money
    on a model without a price."""
    if not needs_model(order.settings):
        manifest.write(folder, pinned, Cast())
        yield Answering()
        return
    opening = _replaying(order.asking.replay) if order.asking.replay else _asking(order, folder, troubles)
    async with opening as (found, cast):
        manifest.write(folder, pinned, cast)
        yield found


def needs_model(settings: Settings) -> bool:
    return settings.model != "none" and (settings.realiser == "llm" or settings.read > 0)


@asynccontextmanager
async def _asking(order: Order, folder: Path, troubles: Troubles) -> AsyncIterator[tuple[Answering, Cast]]:
    asking, spec, before = order.asking, order.settings.model, _kept(folder)
    wanted, address = asking.instead or (spec, asking.base_url)
    meter = _meter(asking, wanted, folder)
    cache = folder / files.CACHE
    async with AsyncExitStack() as stack:
        if not asking.ray:
            _take_over(folder, cache)
        lending = asking.reuse or order.settings.before
        lender = lending / files.CACHE if lending and (lending / files.CACHE).is_file() else None
        store = await stack.enter_async_context(ledger.opened(cache, lender=lender))
        watched = stack.enter_context(observing(_provider(wanted, address)))
        limits = Limits(within=lambda chat: meter.within(troubles.within(watched(chat))))
        batch = Batch(asking.batch, folder / files.BATCHES) if asking.batch else None
        opened = await stack.enter_async_context(opened_model(wanted, address, store, limits, asking.slots, batch))
        pin = Pinned(wanted, opened.name, opened.digest, opened.live)
        if asking.instead:
            anew = dict.fromkeys(asking.only or (), len(before.models))
            first = _replayed(_first(before, folder), store, cache)
            cast = Cast((*before.models, pin), {**before.instead, **anew})
            yield Answering(first, dict.fromkeys(anew, opened), meter), cast
        else:
            yield Answering(opened, {}, meter), Cast((pin, *before.models[1:]), before.instead)


@asynccontextmanager
async def _replaying(run: Path) -> AsyncIterator[tuple[Answering, Cast]]:
    """Everything that run's models said, and nothing else."""
    cast, cache = manifest.cast(run), run / files.CACHE
    _first(cast, run)
    async with ledger.opened(cache) as store:
        models = [_replayed(each, store, cache) for each in cast.models]
        yield Answering(models[0], {item: models[n] for item, n in cast.instead.items()}), cast


def _first(cast: Cast, run: Path) -> Pinned:
    """The run's own model."""
    if not cast.models:
        raise InputError("names no model in its manifest", str(run), "give the command that made the run again")
    return cast.models[0]


def _replayed(pinned: Pinned, store: ledger.Store, cache: Path) -> Model:
    return Model(pinned.name, replayed(store, cache, pinned.spec, pinned.digest), pinned.digest, pinned.live)


def _provider(spec: str, base_url: str) -> str:
    """As the conventions of telemetry want it: whose model answers."""
    kind = spec.partition(":")[0]
    return kind if kind in ("local", "scripted", "anthropic") else provider(base_url).name


def _take_over(folder: Path, cache: Path) -> None:
    """What the workers of a cluster left behind, when the run ended before it could be merged (cluster.py)."""
    for left in sorted(folder.glob(f"workers/*/{files.CACHE}")):
        ledger.merged(cache, left)
    shutil.rmtree(folder / "workers", ignore_errors=True)


def _meter(asking: Asking, spec: str, folder: Path) -> Meter:
    price_of = prices.read(asking.prices).within(spec, bool(asking.batch))
    if asking.ceiling.money is not None and (strange := [each for each in named_in(spec) if price_of(each) is None]):
        remedy = "give --prices FILE with its price, or a --budget-tokens"
        raise InputError(f"no price is known of {strange[0]}", "--budget", remedy)
    return Meter(asking.ceiling, price_of, ledger.billed(folder / files.CACHE))


def _kept(folder: Path) -> Cast:
    """Who answered so far. An item that another model was to do and did not is anybody's again."""
    before = manifest.cast(folder)
    if not before.instead:
        return before
    done = {item for path in folder.glob("6_dialogues_*.jsonl") for item in table.places(path)}
    return Cast(before.models, {item: n for item, n in before.instead.items() if item in done})

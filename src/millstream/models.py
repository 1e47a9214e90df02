"""From what --model says to a model that answers: its backend, its weights, and the wrappers around it.

Knows which backends there are, and nothing of prompts. Backends are imported when they are chosen: the
embedded engine is an extra, and slow to load.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from millstream import ledger, routes, weights
from millstream.batched import Batched, Pace
from millstream.chat import Chat, Limits, Reply, Request, cached, fallback, limited, named, stacked, timed
from millstream.download_bar import shown
from millstream.errors import ChatError, InputError
from millstream.ledger import Store
from millstream.plugins import load, module
from millstream.providers import fitted, provider
from millstream.slots import Slots

_LOCAL_SLOTS, _REMOTE_SLOTS = 4, 16
_LIVE_IN_BATCHES = 10_000
"""Dialogues at a time, and so requests a wave: each is in memory."""
_PATIENCE = 3 * 86_400.0
"""Seconds for an answer out of a batch: providers give up after a day, a local command may take longer."""


@dataclass(frozen=True)
class Model:
    """`name` goes into requests; `digest` is the weights' sha256 where they are known, and is in every key.

    `live` is how many items to work on at a time: the embedded engine keeps one conversation a slot in
    memory, while a distant one is only busy to the end if many dialogues wait for it.
    """

    name: str
    chat: Chat
    digest: str
    live: int


@dataclass(frozen=True)
class Batch:
    """Where batches go: "openai", the files and batches of the model's server, or a command (backends/batch_files.py);
    and the folder that remembers them."""

    where: str
    folder: Path
    pace: Pace = field(default_factory=Pace)


@asynccontextmanager
async def opened_model(
    spec: str, base_url: str, store: Store, limits: Limits | None = None, slots: int = 0, batch: Batch | None = None
) -> AsyncIterator[Model]:
    """`spec`: "local" or "" for the default of the catalogue, "local:NAME" or "local:FILE.gguf", "scripted",
    "anthropic:NAME" with ANTHROPIC_API_KEY, or models at `base_url` (else OPENAI_BASE_URL): a name, or several by
    stage (routes.py), with OPENAI_API_KEY.

    `slots` calls are made side by side at most, of each model and key; 0 takes what suits the backend.
    """
    kind, _, name = spec.partition(":")
    async with AsyncExitStack() as stack:
        if kind == "scripted" and not name:
            scripted = module("backends", "scripted")
            chat, digest, width = scripted.connect(scripted.echo), "", slots or _REMOTE_SLOTS
        elif kind in ("", "local"):
            spec, path, digest = _weights(name)
            width = slots or _LOCAL_SLOTS
            chat = await stack.enter_async_context(load("backends", "local")(path, width))
        elif kind == "anthropic" and name:
            spec, digest, width = name, "", slots or _REMOTE_SLOTS
            key = os.environ.get("ANTHROPIC_API_KEY", "")
            chat = await stack.enter_async_context(load("backends", "anthropic")(base_url, key))
        elif batch:
            yield await stack.enter_async_context(_batched(spec, base_url, store, limits or Limits(), batch))
            return
        else:
            plan, way_in = routes.routes(spec, _address(base_url)), routes.access(slots or _REMOTE_SLOTS)
            chat = await stack.enter_async_context(routes.opened(plan, way_in, store, limits))
            yield Model(plan.first.name, chat, "", 8 * way_in.slots * len(way_in.keys))
            return
        live = width if digest else 8 * width
        yield Model(spec, stacked(chat, store, Slots(width), limits, digest), digest, live)


def named_in(spec: str) -> tuple[str, ...]:
    """The models of what --model says, by the names their servers know."""
    kind, _, name = spec.partition(":")
    if kind in ("", "local", "scripted", "none", "anthropic"):
        return (name if kind == "anthropic" else spec,)
    plan = routes.routes(spec, "")
    ways = (plan.first, *plan.stages.values(), *((plan.spare,) if plan.spare else ()))
    return tuple(dict.fromkeys(way.name for way in ways))


def replayed(store: Store, path: Path, spec: str, digest: str = "") -> Chat:
    """The replies in the cache at `path`, and no other, to what --model said: nothing is sent anywhere.

    A request that failed in the run fails again; one that was never made is an InputError that names its item.
    """

    async def refuse(asked: Request) -> Reply:
        if error := ledger.attempted(path, asked.key):
            raise ChatError(f"it failed in the run, too: {error}")
        remedy = "replay what is finished, with the version, prompts and inputs it was made with"
        raise InputError(f"no reply to {asked.stage} {asked.item} is in the cache", str(path), remedy)

    chat = named(cached(refuse, store), digest)
    if digest or spec.partition(":")[0] in ("scripted", "anthropic"):
        return chat
    plan = routes.routes(spec, "")
    own = routes.routed(chat, {stage: (chat, way.name) for stage, way in plan.stages.items()})
    return fallback(own, chat, plan.spare.name) if plan.spare else own


@asynccontextmanager
async def opened_embedding(name: str = "e5-small", backend: str = "embedding") -> AsyncIterator[Any]:
    """An `Embedding` (backends/embedding.py): its `query` and `passage` are each an Embed; of the backend "tokens",
    what encodes the tokens of texts (backends/tokens.py)."""
    with shown(name) as on_progress:
        path = weights.fetch(name, on_progress)
    async with load("backends", backend)(path) as embedding:
        yield embedding


def _weights(name: str) -> tuple[str, Path, str]:
    """(name, file, sha256)."""
    if name.endswith(".gguf"):
        path = Path(name).expanduser()
        if not path.is_file():
            raise InputError("no such file", name, "give the path of a GGUF file")
        return path.stem, path, weights.digest(path)
    weight = weights.find(name) if name else weights.catalogue()[0]
    if weight.kind != "chat":
        raise InputError(f"{weight.name} does not chat", remedy="see `millstream models`")
    with shown(weight.name) as on_progress:
        return weight.name, weights.fetch(weight.name, on_progress), weight.sha256


@asynccontextmanager
async def _batched(spec: str, base_url: str, store: Store, limits: Limits, batch: Batch) -> AsyncIterator[Model]:
    """Every request waits in a batch, and what failed there is asked live; many dialogues are live at a time."""
    async with AsyncExitStack() as stack:
        url, key = _address(base_url), routes.access(_REMOTE_SLOTS).keys[0]
        if batch.where == "openai":
            queue = await stack.enter_async_context(module("backends", "openai_batch").opened(url, key))
        else:
            queue = load("backends", "batch_files")(batch.where)
        live = await stack.enter_async_context(load("backends", "openai")(url, key))
        slotted = limited(timed(fitted(live, provider(url)), limits.timeout), Slots(_REMOTE_SLOTS))
        batched = Batched(queue, slotted, batch.folder, batch.pace)
        chat = fitted(batched.chat, provider(url))
        whole = stacked(chat, store, Slots(batch.pace.most), replace(limits, timeout=_PATIENCE))
        batched.resume(whole)
        try:
            yield Model(spec, whole, "", min(batch.pace.most, _LIVE_IN_BATCHES))
        finally:
            await batched.close()


def _address(base_url: str) -> str:
    url = base_url or os.environ.get("OPENAI_BASE_URL", "")
    if not url:
        remedy = "give --base-url, or use --model local"
        raise InputError("no address of an OpenAI-compatible server", remedy=remedy)
    return url

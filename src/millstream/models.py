"""From what --model says to a model that answers: its backend, its weights, and the wrappers around it.

Knows which backends there are, and nothing of prompts. Backends are imported when they are chosen: the
embedded engine is an extra, and slow to load.
"""

import os
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millstream import routes, weights
from millstream.chat import Chat, Limits, stacked
from millstream.download_bar import shown
from millstream.errors import InputError
from millstream.ledger import Store
from millstream.plugins import load, module
from millstream.slots import Slots

_LOCAL_SLOTS, _REMOTE_SLOTS = 4, 16


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


@asynccontextmanager
async def opened_model(
    spec: str, base_url: str, store: Store, limits: Limits | None = None, slots: int = 0
) -> AsyncIterator[Model]:
    """`spec`: "local" or "" for the default of the catalogue, "local:NAME" or "local:FILE.gguf", "scripted",
    or models at `base_url` (else OPENAI_BASE_URL): a name, or several by stage (routes.py), with OPENAI_API_KEY.

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
        else:
            plan, way_in = routes.routes(spec, _address(base_url)), routes.access(slots or _REMOTE_SLOTS)
            chat = await stack.enter_async_context(routes.opened(plan, way_in, store, limits))
            yield Model(plan.first.name, chat, "", 8 * way_in.slots * len(way_in.keys))
            return
        live = width if digest else 8 * width
        yield Model(spec, stacked(chat, store, Slots(width), limits, digest), digest, live)


@asynccontextmanager
async def opened_embedding(name: str = "e5-small") -> AsyncIterator[Any]:
    """An `Embedding` (backends/embedding.py): its `query` and `passage` are each an Embed."""
    with shown(name) as on_progress:
        path = weights.fetch(name, on_progress)
    async with load("backends", "embedding")(path) as embedding:
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


def _address(base_url: str) -> str:
    url = base_url or os.environ.get("OPENAI_BASE_URL", "")
    if not url:
        remedy = "give --base-url, or use --model local"
        raise InputError("no address of an OpenAI-compatible server", remedy=remedy)
    return url

"""Which model answers whom: the models of a run, each with its own address, slots, keys and rates. Knows no prompt.

    --model "big, mine=small, judge=other@http://127.0.0.1:8001/v1, else=spare"

`big` answers all stages but those named (`millstream cost` lists them); `spare` answers what the others fail at.
"""

import os
from collections.abc import AsyncIterator, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from typing import NamedTuple

from millstream.addresses import shown
from millstream.chat import Chat, Limits, Line, Reply, Request, fallback, stacked_pool, to_model
from millstream.errors import InputError
from millstream.ledger import Store
from millstream.plugins import load
from millstream.providers import fitted, provider
from millstream.rates import Bucket, Rates
from millstream.slots import Slots

_ELSE = "else"


class Way(NamedTuple):
    """A model and the address of its server."""

    name: str
    url: str


@dataclass(frozen=True)
class Routes:
    """`first` answers every stage that `stages` does not name; `spare` what fails there."""

    first: Way
    stages: Mapping[str, Way] = field(default_factory=dict)
    spare: Way | None = None


@dataclass(frozen=True)
class Access:
    """How a server is used: `keys` share its calls, each with so many `slots` and these limits per minute."""

    keys: tuple[str, ...] = ("",)
    slots: int = 16
    requests: float | None = None
    tokens: float | None = None


def routes(spec: str, url: str) -> Routes:
    """Read what --model says. InputError for what makes no sense."""
    first, *others = (part.strip() for part in spec.split(","))
    named: dict[str, Way] = {}
    for part in others:
        stage, sign, way = part.partition("=")
        if not (sign and stage.strip() and way.strip()) or stage.strip() in named:
            remedy = "write it as in `big, mine=small, else=spare@URL`"
            raise InputError(f"{_shown(part)!r} is no route", "--model", remedy)
        named[stage.strip()] = _way(way, url)
    spare = named.pop(_ELSE, None)
    return Routes(_way(first, url), named, spare)


def _way(text: str, url: str) -> Way:
    if _shown(text) != text:
        what = f"{_shown(text)!r} has a name or a password, and a run keeps what it says"
        raise InputError(what, "--model", "give that address by --base-url, which is kept without them")
    name, _, own = text.strip().partition("@http")
    return Way(name, f"http{own}" if own else url)


def _shown(text: str) -> str:
    """Without a name and a password before the host of its address."""
    name, at, own = text.partition("@http")
    return f"{name}{at}{shown(f'http{own}').removeprefix('http')}" if at else text


def access(slots: int, environment: Mapping[str, str] = os.environ) -> Access:
    """OPENAI_API_KEY holds one key, or several with commas between; MILLSTREAM_RPM and MILLSTREAM_TPM limit each."""
    keys = tuple(key.strip() for key in environment.get("OPENAI_API_KEY", "").split(",") if key.strip())
    requests, tokens = (_limit(name, environment) for name in ("MILLSTREAM_RPM", "MILLSTREAM_TPM"))
    return Access(keys or ("",), slots, requests, tokens)


def _limit(name: str, environment: Mapping[str, str]) -> float | None:
    said = environment.get(name, "").strip()
    if not said:
        return None
    if not said.isdecimal() or not int(said):
        raise InputError(f"{said!r} is no limit per minute", name, "give a whole number above 0, or nothing")
    return float(said)


@asynccontextmanager
async def opened(plan: Routes, way_in: Access, store: Store, limits: Limits | None = None) -> AsyncIterator[Chat]:
    """One chat for all stages. Every model has slots of its own: a slow one holds up no other."""
    async with AsyncExitStack() as stack:
        chats: dict[Way, Chat] = {}
        for way in dict.fromkeys((plan.first, *plan.stages.values(), *((plan.spare,) if plan.spare else ()))):
            lines = [await stack.enter_async_context(_line(way.url, key, way_in)) for key in way_in.keys]
            chats[way] = stacked_pool(lines, store, limits)
        chat = routed(chats[plan.first], {stage: (chats[way], way.name) for stage, way in plan.stages.items()})
        yield fallback(chat, chats[plan.spare], plan.spare.name) if plan.spare else chat


@asynccontextmanager
async def _line(url: str, key: str, way_in: Access) -> AsyncIterator[Line]:
    rates = Rates(Bucket(way_in.requests), Bucket(way_in.tokens))
    async with load("backends", "openai")(url, key, on_headers=rates.heard) as chat:
        yield Line(fitted(chat, provider(url)), Slots(way_in.slots), rates)


def routed(chat: Chat, others: Mapping[str, tuple[Chat, str]]) -> Chat:
    """Ask by stage: (chat, name of its model) for those that have their own."""

    async def ask_own(asked: Request) -> Reply:
        if asked.stage not in others:
            return await chat(asked)
        other, model = others[asked.stage]
        return await other(to_model(asked, model))

    return ask_own if others else chat

"""Talking to a language model: one callable, wrapped by more of the same. Knows no protocol and no prompt.

    chat = cached(retried(limited(kept(within(recorded(timed(openai)))))))

A Request is encoded once, when it is made: the bytes are sent as they are, and their hash is the cache key.
`recorded` sees every attempt, and times the endpoint and not the queue. `kept` hands a reply on only when it
is on disk, and being inside `limited` it holds the slot until then: a killed run has never more paid replies
to lose than there are slots.
"""

import asyncio
import hashlib
import itertools
import json
import random
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from millstream.errors import ChatError, Refused, Spent
from millstream.ledger import Attempt, Store
from millstream.rates import Rates
from millstream.slots import Slots


@dataclass(frozen=True)
class Message:
    """`role` is the protocol's word (system, user, assistant), not a speaker of a dialogue."""

    role: str
    content: str


@dataclass(frozen=True)
class Request:
    """`body` is what is sent; `key` names its content; `stage` and `item` say who asks, for the ledger
    and for taking turns; `model` is the one in the body."""

    body: bytes
    key: bytes
    stage: str = ""
    item: str = ""
    model: str = ""


@dataclass(frozen=True)
class Reply:
    """`texts` are the n choices asked for. `logprobs`, where asked for, has one list a choice, as the
    protocol gives it: [{"token", "logprob", "top_logprobs": [...]}, ...]. Tokens that were read from the
    endpoint's own cache are part of those in, tokens of reasoning part of those out; `cost` is money, where the
    endpoint itself tells it."""

    texts: tuple[str, ...]
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    logprobs: tuple[Any, ...] | None = None
    tokens_reasoning: int = 0
    cost: float | None = None

    @property
    def text(self) -> str:
        return self.texts[0]


Chat = Callable[[Request], Awaitable[Reply]]
M = TypeVar("M", bound=BaseModel)


def request(
    model: str,
    messages: Sequence[Message],
    *,
    stage: str = "",
    item: str = "",
    sample: int = 0,
    **sampling: Any,
) -> Request:
    """`sampling` takes the keys of OpenAI's chat completions. `sample` numbers independent answers to the
    same question: it is part of the key and is not sent."""
    content = {
        "model": model,
        "messages": [vars(message) for message in messages],
        **dict(sorted(sampling.items())),
    }
    # Lone surrogates can stand in hostile text and cannot be sent: they become question marks.
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Request(body, _hash(body, str(sample).encode()), stage, item, model)


def fenced(text: str) -> str:
    """Text that cannot open or close a mark of the prompt it stands in."""
    return text.replace("<", "＜").replace(">", "＞")


def _hash(*parts: bytes) -> bytes:
    return hashlib.sha256(b"\0".join(parts)).digest()[:16]


# --- the wrappers, from the outside in ---------------------------------------------------------------------


def named(chat: Chat, digest: str) -> Chat:
    """Make the weights part of the key: another file of the same name is another model."""

    async def ask_by_digest(asked: Request) -> Reply:
        return await chat(replace(asked, key=_hash(asked.key, digest.encode())))

    return ask_by_digest if digest else chat


def cached(chat: Chat, store: Store) -> Chat:
    """Ask once per request, even when many ask at once; forget what failed."""
    flying: dict[bytes, asyncio.Event] = {}

    async def ask_once(asked: Request) -> Reply:
        while (value := await store.get(asked.key)) is None:
            if other := flying.get(asked.key):
                await other.wait()
                continue
            flying[asked.key] = asyncio.Event()
            try:
                return await chat(asked)
            finally:
                flying.pop(asked.key).set()
        return _decoded(value)

    return ask_once


def retried(chat: Chat, tries: int = 3, pause: float = 1.0, refusals: int = 100) -> Chat:
    """Try again after an error, `tries` times in all, after `pause` seconds and twice as long each time.

    A refusal is no error: it queues again for a slot, whose keeper holds the pause; but no more than
    `refusals` times. What cannot get better (a bad request, a wrong key, a spent budget) is not tried again.
    """

    async def try_again(asked: Request) -> Reply:
        errors = refused = 0
        while True:
            try:
                return await chat(asked)
            except Refused:
                refused += 1
                if refused >= refusals:
                    raise
            except ChatError as error:
                errors += 1
                if errors >= tries or _is_final(error):
                    raise
                await asyncio.sleep(pause * 2 ** (errors - 1) * random.uniform(0.5, 1.5))

    return try_again


def _is_final(error: ChatError) -> bool:
    return isinstance(error, Spent) or (300 <= error.status < 500 and error.status not in (408, 409, 425))


def limited(chat: Chat, slots: Slots) -> Chat:
    async def wait_for_slot(asked: Request) -> Reply:
        await slots.take(asked.stage)
        try:
            reply = await chat(asked)
            slots.answered()
            return reply
        except Refused as refusal:
            slots.refused(refusal.pause)
            raise
        except ChatError as error:
            if error.status == 0 or error.status >= 500:
                slots.failed()
            raise
        finally:
            slots.give()

    return wait_for_slot


def paced(chat: Chat, rates: Rates) -> Chat:
    """Keep to requests and tokens per minute."""

    async def wait_for_turn(asked: Request) -> Reply:
        booked = await rates.take(len(asked.body))
        reply = await chat(asked)
        rates.used(booked, reply.tokens_in, reply.tokens_out)
        return reply

    return wait_for_turn


def pooled(chats: Sequence[tuple[Chat, Slots]]) -> Chat:
    """Share the calls out over several keys of an endpoint: each goes to that with most room, in turn where all are
    alike. A key that is refused holds up no other."""
    turn = itertools.count()

    async def ask_freest(asked: Request) -> Reply:
        first = next(turn) % len(chats)
        chat, _ = max((*chats[first:], *chats[:first]), key=lambda each: each[1].free)
        return await chat(asked)

    return ask_freest if len(chats) > 1 else chats[0][0]


def fallback(chat: Chat, other: Chat, model: str) -> Chat:
    """Ask another model where the first one fails for good; not where it says that the request itself is wrong."""

    async def ask_either(asked: Request) -> Reply:
        try:
            return await chat(asked)
        except Spent:
            raise
        except ChatError as error:
            if error.status in (400, 413, 422):
                raise
            return await other(to_model(asked, model))

    return ask_either


def to_model(asked: Request, model: str) -> Request:
    """The same question to another model: another body, hence another key."""
    body = json.dumps(json.loads(asked.body) | {"model": model}, ensure_ascii=False, separators=(",", ":")).encode()
    return replace(asked, body=body, key=_hash(body, asked.key), model=model)


def kept(chat: Chat, store: Store) -> Chat:
    """Hand a reply on when it is on disk, and not before."""

    async def wait_for_disk(asked: Request) -> Reply:
        value = _encoded(await chat(asked))
        await store.put(asked.key, value)
        return _decoded(value)  # what whoever asks again will be given

    return wait_for_disk


_UNKNOWN: tuple[int | None, int | None, int | None, int | None, float | None] = (None, None, None, None, None)


def recorded(chat: Chat, store: Store, now: Callable[[], float] = time.time) -> Chat:
    """One ledger row per attempt, in the same commit as the reply it bought. What an attempt without a reply has
    used is not known, and said so: the endpoint may charge for it. `now` only dates the row: what a call took
    is measured by a clock that nobody sets."""

    async def keep_count(asked: Request) -> Reply:
        started, clock = now(), time.perf_counter()
        status, wrong, used = 0, "cancelled", _UNKNOWN
        try:
            reply = await chat(asked)
            status, wrong = 200, ""
            used = (reply.tokens_in, reply.tokens_out, reply.tokens_cached, reply.tokens_reasoning, reply.cost)
            return reply
        except ChatError as error:
            status, wrong = error.status, _storable(str(error))
            raise
        finally:
            took = time.perf_counter() - clock
            store.note(
                Attempt(asked.stage, asked.item, asked.model, asked.key, status, wrong, started, took, *used)
            )

    return keep_count


def timed(chat: Chat, seconds: float) -> Chat:
    async def give_up(asked: Request) -> Reply:
        try:
            async with asyncio.timeout(seconds):
                return await chat(asked)
        except TimeoutError as error:
            raise ChatError(f"no answer in {seconds:g} s") from error

    return give_up


@dataclass(frozen=True)
class Limits:
    """How long to insist: tries per request, seconds per attempt; `within` keeps a budget (budget.py)."""

    tries: int = 3
    pause: float = 1.0
    timeout: float = 300.0
    within: Callable[[Chat], Chat] = lambda chat: chat


def stacked(chat: Chat, store: Store, slots: Slots, limits: Limits | None = None, digest: str = "") -> Chat:
    """All wrappers in the one right order. `digest` names the weights, where they are known."""
    return stacked_pool([Line(chat, slots)], store, limits, digest)


@dataclass(frozen=True)
class Line:
    """One way to a model: a connection with one key, the slots of that key, and its rates where it has any."""

    chat: Chat
    slots: Slots
    rates: Rates | None = None


def stacked_pool(lines: Sequence[Line], store: Store, limits: Limits | None = None, digest: str = "") -> Chat:
    """`stacked` over several keys of one endpoint: one cache and one budget for all, slots and rates for each."""
    limits, ways = limits or Limits(), []
    for line in lines:
        attempt = limits.within(recorded(timed(line.chat, limits.timeout), store))
        slotted = limited(kept(attempt, store), line.slots)
        ways.append((paced(slotted, line.rates) if line.rates else slotted, line.slots))
    return named(cached(retried(pooled(ways), limits.tries, limits.pause), store), digest)


def _encoded(reply: Reply) -> str:
    return _storable(json.dumps(list(vars(reply).values()), ensure_ascii=False, separators=(",", ":")))


def _storable(text: str) -> str:
    """Servers send lone surrogates, too; no file takes them: they become question marks."""
    return text.encode("utf-8", "replace").decode()


def _decoded(value: str) -> Reply:
    texts, tokens_in, tokens_out, tokens_cached, logprobs, *more = json.loads(value)
    return Reply(tuple(texts), tokens_in, tokens_out, tokens_cached, tuple(logprobs) if logprobs else None, *more)


# --- one question, one validated answer --------------------------------------------------------------------


async def ask(
    chat: Chat, model: str, messages: Sequence[Message], want: type[M], *, tries: int = 2, **asked: Any
) -> M:
    """Ask for a `want` under its JSON schema. `asked` goes to `request`: stage, item, sample, sampling keys.

    A reply that is no `want` is asked for again, `tries` times, as another sample; then ChatError, with the
    replies in its trace.
    """
    schema = {"name": want.__name__, "schema": want.model_json_schema()}
    rubbish: list[str] = []
    for again in range(tries + 1):
        asking = request(
            model, messages, response_format={"type": "json_schema", "json_schema": schema}, **asked
        )
        reply = await chat(asking)
        try:
            return want.model_validate_json(reply.text)
        except ValidationError:
            rubbish.append(reply.text)
            asked = _otherwise(asked, again)
    error = ChatError(f"{len(rubbish)} replies, none a {want.__name__}: {rubbish[-1][:200]!r}", 200)
    error.trace = "\n---\n".join(rubbish)
    raise error


def _otherwise(asked: dict[str, Any], again: int) -> dict[str, Any]:
    """Another sample, far from the ones callers number; and not greedy, or it would be the same reply
    again."""
    changed = asked | {"sample": asked.get("sample", 0) + 1_000_000}
    if "temperature" in asked:
        changed["temperature"] = max(asked["temperature"], 0.4)
    if "seed" in asked:
        changed["seed"] = asked["seed"] + again + 1
    return changed

"""What OpenAI-compatible servers are known to do otherwise, and requests made to fit them (providers.yaml).

The key of a request is that of the question; what a server cannot take is left out on the way, so that the cache does
not depend on who answered. Knows no connection.
"""

import asyncio
import hashlib
import json
from collections.abc import Awaitable, Collection, Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any, Literal

from pydantic import TypeAdapter

from millstream import resources
from millstream.addresses import address
from millstream.chat import Chat, Reply, Request

_REASONING = ("o1", "o3", "o4", "gpt-5")
"""Beginnings of names of models that reason: they take max_completion_tokens and no temperature of one's own."""


@dataclass(frozen=True)
class Provider:
    """A row of providers.yaml; the words are explained there."""

    name: str
    hosts: tuple[str, ...] = ()
    ports: tuple[int, ...] = ()
    without: tuple[str, ...] = ()
    renamed: Mapping[str, str] = field(default_factory=dict)
    choices: Literal["all", "one"] = "all"
    schema: Literal["strict", "object", "none"] = "strict"
    unenforced: tuple[str, ...] = ()
    cost: bool = False
    batch: bool = False

    def serves(self, host: str, port: int) -> bool:
        named = any(host == each or host.endswith(f".{each}") for each in self.hosts)
        return named or (port in self.ports) or not (self.hosts or self.ports)


@cache
def providers() -> tuple[Provider, ...]:
    return TypeAdapter(tuple[Provider, ...]).validate_python(resources.data("providers.yaml")["providers"])


def provider(base_url: str) -> Provider:
    """Whose server an address is, by its host or port; the last row where nothing fits, or where there is no address.
    InputError for what is none."""
    if not base_url:
        return providers()[-1]
    at = address(base_url)
    return next(each for each in providers() if each.serves(at.host, at.port))


def llama_cpp() -> Provider:
    """The one inside this process (backends/local.py), which has no address of its own."""
    return next(each for each in providers() if each.name == "llama.cpp")


def fitted(chat: Chat, provider: Provider) -> Chat:
    """Requests as the provider takes them; several choices become several calls where it gives one."""

    async def ask(asked: Request) -> Reply:
        body = json.loads(asked.body)
        count = int(body.get("n") or 1)
        if provider.choices == "one" and count > 1:
            body.pop("n")
            one = replace(asked, body=_encoded(sent(body, provider)))
            return joined(await together(chat(_seeded(one, n)) for n in range(count)))
        changed = sent(body, provider)
        return await chat(asked if changed == body else replace(asked, body=_encoded(changed)))

    return ask


def sent(body: Mapping[str, Any], provider: Provider) -> dict[str, Any]:
    """The body as this provider takes it."""
    changed = {provider.renamed.get(key, key): value for key, value in body.items() if key not in provider.without}
    if provider.schema != "strict" and "response_format" in changed:
        changed |= _told(changed, provider)
    if str(body.get("model", "")).startswith(_REASONING):
        changed.pop("temperature", None)
        changed.pop("top_p", None)
        if "max_tokens" in changed:
            changed["max_completion_tokens"] = changed.pop("max_tokens")
    return changed


def _told(body: dict[str, Any], provider: Provider) -> dict[str, Any]:
    """A schema in words, where the server's grammar knows none. The answer is validated in any case."""
    schema = (body.pop("response_format").get("json_schema") or {}).get("schema")
    line = f"Answer with one JSON object of this JSON schema and nothing else: {json.dumps(schema, ensure_ascii=False)}"
    first, *rest = body["messages"]
    told = [{**first, "content": f"{first['content']}\n{line}"}, *rest]
    return {"messages": told} | ({"response_format": {"type": "json_object"}} if provider.schema == "object" else {})


def _seeded(asked: Request, n: int) -> Request:
    """The same question, named as another, with another seed: the same one would give the same choice again."""
    if not n:
        return asked
    body = json.loads(asked.body)
    body |= {key: body[key] + n for key in ("seed", "random_seed") if key in body}
    return replace(asked, body=_encoded(body), key=hashlib.sha256(asked.key + n.to_bytes(4)).digest()[:16])


async def together(asking: Iterable[Awaitable[Reply]]) -> list[Reply]:
    """All replies, side by side. Where one fails the others end with it: nobody wants them, and they would be paid.
    No TaskGroup: given up while one fails, that of Python 3.11 raises the failure, and who asks would ask again."""
    tasks = [asyncio.ensure_future(each) for each in asking]
    try:
        done, waiting = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
        return [each.result() for each in (done if waiting else tasks)]
    finally:
        for each in tasks:
            each.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


def joined(replies: Collection[Reply]) -> Reply:
    """Several calls as the one reply that was asked for."""
    texts = tuple(text for each in replies for text in each.texts)
    odds, costs = [each.logprobs for each in replies], [each.cost for each in replies if each.cost is not None]
    return Reply(
        texts,
        sum(each.tokens_in for each in replies),
        sum(each.tokens_out for each in replies),
        sum(each.tokens_cached for each in replies),
        tuple(one for each in odds for one in each or ()) if all(odds) else None,
        sum(each.tokens_reasoning for each in replies),
        sum(costs) if costs else None,
    )


def _encoded(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")


def unenforced(schema: Any, provider: Provider) -> list[str]:
    """The keywords of a JSON schema that the provider's grammar is known to leave out, in order, each once."""
    found: dict[str, None] = {}
    open_ = [schema]
    while open_:
        each = open_.pop()
        if isinstance(each, dict):
            found |= dict.fromkeys(key for key in each if key in provider.unenforced and key != "properties")
            open_ += each.values()
        elif isinstance(each, list):
            open_ += each
    return sorted(found)

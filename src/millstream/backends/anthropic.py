"""Anthropic's messages: a request of ours in their words, an answer of theirs in ours. Knows nothing of retries.

What their protocol has no word for is left out (`seed`, `logprobs`); several choices are several calls; a JSON schema
is asked for as the input of a tool that has to be used. The key goes into a header and nowhere else.
"""

import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from typing import Any

from millstream import wire
from millstream.addresses import shown
from millstream.chat import Chat, Reply, Request
from millstream.errors import Refused
from millstream.posting import Poster
from millstream.providers import joined, together

HOST = "https://api.anthropic.com/v1"
_VERSION = "2023-06-01"
"""Of the protocol, as its header names it."""
_ANSWER = 4096
"""Their `max_tokens` has to be there."""
_TOOL = "answer"
_OVERLOADED = 529
"""Their status for too many requests of everybody: wait and come back, as after 503."""


@asynccontextmanager
async def connect(base_url: str = HOST, key: str = "", proxies: bool = True) -> AsyncIterator[Chat]:
    """`base_url` with its version, like https://api.anthropic.com/v1. `proxies`: obey HTTPS_PROXY and its like.
    InputError if it is no address."""
    url = f"{(base_url or HOST).rstrip('/')}/messages"
    headers = {"Content-Type": "application/json", "anthropic-version": _VERSION, "x-api-key": key}
    async with Poster(url, headers, proxies=proxies) as poster:

        async def one(body: bytes) -> Reply:
            try:
                response = await poster.post(body)
            except OSError as error:
                raise wire.unreached(url, error, key) from error
            answer = wire.parsed(response.body)
            if response.status == 200 and (reply := _reply(answer)):
                return reply
            said = wire.shown(wire.said(answer, response.body), key)
            if response.status == _OVERLOADED:
                raise Refused(f"{shown(url)}: {response.status} {said}", response.status)
            raise wire.failed(url, response, said)

        async def chat(request: Request) -> Reply:
            asked = json.loads(request.body)
            body = json.dumps(translated(asked), ensure_ascii=False).encode("utf-8", "replace")
            reply = joined(await together(one(body) for _ in range(int(asked.get("n") or 1))))
            return replace(reply, texts=tuple(_cut(text, _stops(asked)) for text in reply.texts))

        yield chat


def translated(asked: dict[str, Any]) -> dict[str, Any]:
    """The body of one call, of one of chat completions."""
    messages = asked["messages"]
    system = "\n\n".join(each["content"] for each in messages if each["role"] == "system")
    said = [each for each in messages if each["role"] != "system"]
    body: dict[str, Any] = {
        "model": asked["model"],
        "max_tokens": int(asked.get("max_tokens") or asked.get("max_completion_tokens") or _ANSWER),
        "messages": said or [{"role": "user", "content": "."}],  # a system message alone is no request there
    }
    if system:
        body["system"] = system
    if asked.get("temperature") is not None:
        body["temperature"] = min(1.0, float(asked["temperature"]))  # theirs ends at 1
    elif asked.get("top_p") is not None:
        body["top_p"] = asked["top_p"]  # newer models take one of the two
    # A stop of white space alone is an error there; the texts are cut at it here instead.
    if stops := [each for each in _stops(asked) if each.strip()]:
        body["stop_sequences"] = stops
    if schema := (asked.get("response_format") or {}).get("json_schema"):
        body["tools"] = [{"name": _TOOL, "description": schema.get("name", ""), "input_schema": schema["schema"]}]
        body["tool_choice"] = {"type": "tool", "name": _TOOL}
    return body


def _stops(asked: dict[str, Any]) -> list[str]:
    stop = asked.get("stop") or []
    return [stop] if isinstance(stop, str) else list(stop)


def _cut(text: str, stops: list[str]) -> str:
    """Up to the first of the stops that are white space alone; their server keeps to the others."""
    return text[: min((at for each in stops if not each.strip() and (at := text.find(each)) >= 0), default=len(text))]


def _reply(answer: Any) -> Reply | None:
    """None for anything that has not the shape of an answer."""
    try:
        parts, usage = answer["content"], answer.get("usage") or {}
        used = [json.dumps(each["input"], ensure_ascii=False) for each in parts if each["type"] == "tool_use"]
        text = used[0] if used else "".join(each["text"] for each in parts if each["type"] == "text")
        cached = wire.count(usage.get("cache_read_input_tokens"))
        # Their `input_tokens` leaves out what was read from or written to their cache; ours has it all.
        written = wire.count(usage.get("cache_creation_input_tokens"))
        tokens_in = wire.count(usage.get("input_tokens")) + cached + written
        return Reply((text,), tokens_in, wire.count(usage.get("output_tokens")), cached) if parts else None
    except (KeyError, TypeError, AttributeError, ValueError):
        return None

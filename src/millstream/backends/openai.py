"""Any endpoint that speaks OpenAI's chat completions. Knows the protocol, and nothing of retries or caches.

The key is sent to the endpoint and written nowhere: it is cut out of every error message.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any

from millstream import wire
from millstream.chat import Chat, Reply, Request
from millstream.posting import Poster

OnHeaders = Callable[[Mapping[str, str]], None]
"""Told of the headers of every answer: limits stand in them."""


@asynccontextmanager
async def connect(
    base_url: str, key: str = "", proxies: bool = True, on_headers: OnHeaders = lambda headers: None
) -> AsyncIterator[Chat]:
    """`base_url` as OpenAI's clients take it, with its version: https://api.openai.com/v1. `proxies`: obey HTTPS_PROXY
    and its like, as they are now."""
    url = f"{base_url.rstrip('/')}/chat/completions"
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})
    async with Poster(url, headers, proxies=proxies) as poster:

        async def chat(request: Request) -> Reply:
            try:
                response = await poster.post(request.body)
            except OSError as error:
                raise wire.unreached(url, error, key) from error
            on_headers(response.headers)
            answer = wire.parsed(response.body)
            if response.status == 200 and (reply := reply_of(answer)):
                return reply
            raise wire.failed(url, response, wire.shown(wire.said(answer, response.body), key))

        yield chat


def reply_of(answer: Any) -> Reply | None:
    """None for anything that has not the shape of an answer."""
    try:
        choices = answer["choices"]
        texts = tuple(choice["message"]["content"] for choice in choices)
        if not texts or not all(isinstance(text, str) for text in texts):
            return None
        usage = answer.get("usage") or {}
        return Reply(texts, *_tokens(usage), _logprobs(choices), _reasoning(usage), _cost(usage))
    except (KeyError, TypeError, AttributeError, ValueError):
        return None


def _tokens(usage: dict[str, Any]) -> tuple[int, int, int]:
    cached = (usage.get("prompt_tokens_details") or {}).get("cached_tokens")
    return wire.count(usage.get("prompt_tokens")), wire.count(usage.get("completion_tokens")), wire.count(cached)


def _reasoning(usage: dict[str, Any]) -> int:
    return wire.count((usage.get("completion_tokens_details") or {}).get("reasoning_tokens"))


def _cost(usage: dict[str, Any]) -> float | None:
    """Money, where the endpoint tells it (OpenRouter does)."""
    cost = usage.get("cost")
    return float(cost) if isinstance(cost, int | float) and 0 <= cost < float("inf") else None


def _logprobs(choices: list[dict[str, Any]]) -> tuple[Any, ...] | None:
    found = tuple((choice.get("logprobs") or {}).get("content") for choice in choices)
    return tuple(each and [_slim(token) for token in each] for each in found) if any(found) else None


def _slim(token: dict[str, Any]) -> dict[str, Any]:
    """A token without what servers send along (bytes, ids, empty lists): replies are kept for good."""
    return {key: token[key] for key in ("token", "logprob", "top_logprobs") if token.get(key) not in (None, [])}

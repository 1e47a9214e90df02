"""Any endpoint that speaks OpenAI's chat completions. Knows the protocol, and nothing of retries or caches.

The key is sent to the endpoint and written nowhere: it is cut out of every error message.
"""

from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager
from typing import Any
from urllib.parse import urlsplit
from urllib.request import getproxies, proxy_bypass

import aiohttp

from millstream import wire
from millstream.chat import Chat, Reply, Request
from millstream.errors import InputError

OnHeaders = Callable[[Mapping[str, str]], None]
"""Told of the headers of every answer: limits stand in them."""


@asynccontextmanager
async def opened(
    base_url: str, key: str = "", proxies: bool = True, on_headers: OnHeaders = lambda headers: None
) -> AsyncIterator[Chat]:
    """`connect` with a session of its own. `proxies`: obey HTTPS_PROXY and its like, as they are now."""
    # No limit on connections here: slots decide, one layer above. Time-outs too.
    connector = aiohttp.TCPConnector(limit=0)
    timeout = aiohttp.ClientTimeout(total=None, sock_connect=30)
    jar, proxy = aiohttp.DummyCookieJar(), _proxy(base_url) if proxies else None
    async with aiohttp.ClientSession(connector=connector, timeout=timeout, cookie_jar=jar, proxy=proxy) as session:
        yield connect(base_url, key, session, on_headers)


def _proxy(base_url: str) -> str | None:
    """Looked up once: aiohttp's own look-up reads the environment and ~/.netrc again for every call."""
    at = urlsplit(base_url)
    return None if proxy_bypass(at.hostname or "") else getproxies().get(at.scheme)


def connect(
    base_url: str, key: str, session: aiohttp.ClientSession, on_headers: OnHeaders = lambda headers: None
) -> Chat:
    """`base_url` as OpenAI's clients take it, with its version: https://api.openai.com/v1."""
    if urlsplit(base_url).scheme not in ("http", "https") or not urlsplit(base_url).netloc:
        raise InputError("not a web address", base_url, "give --base-url like http://127.0.0.1:8000/v1")
    url = f"{base_url.rstrip('/')}/chat/completions"
    headers = {"Content-Type": "application/json"} | ({"Authorization": f"Bearer {key}"} if key else {})

    async def chat(request: Request) -> Reply:
        try:
            async with session.post(url, data=request.body, headers=headers, allow_redirects=False) as response:
                raw = await wire.body(response)
        except (aiohttp.ClientError, OSError) as error:
            raise wire.unreached(url, error, key) from error
        on_headers(response.headers)
        answer = wire.parsed(raw)
        if response.status == 200 and (reply := reply_of(answer)):
            return reply
        raise wire.failed(url, response, wire.shown(wire.said(answer, raw), key))

    return chat


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
    return int(usage.get("prompt_tokens") or 0), int(usage.get("completion_tokens") or 0), int(cached or 0)


def _reasoning(usage: dict[str, Any]) -> int:
    return int((usage.get("completion_tokens_details") or {}).get("reasoning_tokens") or 0)


def _cost(usage: dict[str, Any]) -> float | None:
    """Money, where the endpoint tells it (OpenRouter does)."""
    cost = usage.get("cost")
    return float(cost) if isinstance(cost, int | float) else None


def _logprobs(choices: list[dict[str, Any]]) -> tuple[Any, ...] | None:
    found = tuple((choice.get("logprobs") or {}).get("content") for choice in choices)
    return tuple(each and [_slim(token) for token in each] for each in found) if any(found) else None


def _slim(token: dict[str, Any]) -> dict[str, Any]:
    """A token without what servers send along (bytes, ids, empty lists): replies are kept for good."""
    return {key: token[key] for key in ("token", "logprob", "top_logprobs") if token.get(key) not in (None, [])}

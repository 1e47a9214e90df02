"""Vectors from any endpoint that speaks OpenAI's embeddings. Knows the protocol and nothing of what is encoded.

The key is sent to the endpoint and written nowhere: it is cut out of every error message.
"""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import aiohttp

from millstream import addresses, wire
from millstream.errors import ChatError
from millstream.shapes import Embed, Embedding

_BATCH = 128
_PAUSES = (1.0, 4.0, 16.0)
"""Seconds to wait before each further try, where the endpoint asks for a pause or does not answer."""
_SECONDS = 120


@asynccontextmanager
async def connect(base_url: str, model: str, key: str = "", proxies: bool = True) -> AsyncIterator[Embedding]:
    """`base_url` as OpenAI's clients take it, with its version: https://api.openai.com/v1. `proxies`: obey HTTPS_PROXY
    and its like. InputError if it is no address, or its proxy none of HTTP."""
    to = addresses.address(base_url)
    if proxies:
        addresses.proxy(to)
    timeout = aiohttp.ClientTimeout(total=_SECONDS)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=proxies) as session:
        embed = _embed(session, f"{base_url.rstrip('/')}/embeddings", model, key)
        yield Embedding(embed, embed, model)


def _embed(session: aiohttp.ClientSession, url: str, model: str, key: str) -> Embed:
    headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def embed(texts: list[str]) -> list[list[float]]:
        vectors: list[list[float]] = []
        for at in range(0, len(texts), _BATCH):
            batch = texts[at : at + _BATCH]
            vectors += await _asked(session, url, {"model": model, "input": batch}, headers)
        return vectors

    return embed


async def _asked(
    session: aiohttp.ClientSession, url: str, body: dict[str, Any], headers: dict[str, str]
) -> list[list[float]]:
    for pause in (*_PAUSES, None):
        status, raw = await _posted(session, url, body, headers)
        if status == 200:
            return _vectors(raw, len(body["input"]), url)
        if pause is None or status not in (0, 429, 500, 502, 503, 504):
            break
        await asyncio.sleep(pause)
    key = headers.get("Authorization", "").removeprefix("Bearer ")
    said = " ".join(raw.split())[:300]
    raise ChatError(wire.shown(f"{url}: {status} {said}", key), status)


async def _posted(
    session: aiohttp.ClientSession, url: str, body: dict[str, Any], headers: dict[str, str]
) -> tuple[int, str]:
    """(status, text); status 0 where nobody answered."""
    try:
        async with session.post(url, json=body, headers=headers, allow_redirects=False) as response:
            return response.status, await response.text(errors="replace")
    except (aiohttp.ClientError, TimeoutError, OSError) as error:
        return 0, f"{type(error).__name__}: {error}"


def _vectors(raw: str, wanted: int, url: str) -> list[list[float]]:
    """The vectors in the order in which they were asked for."""
    try:
        rows = sorted(json.loads(raw)["data"], key=lambda row: row["index"])
        vectors = [[float(x) for x in row["embedding"]] for row in rows]
    except (ValueError, KeyError, TypeError) as error:
        raise ChatError(f"{addresses.shown(url)}: the answer holds no embeddings") from error
    if len(vectors) != wanted or len({len(vector) for vector in vectors}) != 1:
        lengths = f"{len(vectors)} vectors for {wanted} texts, or of several lengths"
        raise ChatError(f"{addresses.shown(url)}: {lengths}")
    return vectors

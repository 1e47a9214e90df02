"""OpenAI's files and batches, and whoever offers the same endpoints. Knows the protocol, and nothing of waves.

Upload a file, create a batch of it, look at it, fetch what came out; as documented in OpenAI's API reference (Batch).
"""

import json
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import aiohttp

from millstream import wire
from millstream.addresses import shown
from millstream.backends import openai
from millstream.batched import Answers, Queue
from millstream.chat import Reply
from millstream.errors import ChatError

_OVER = ("completed", "expired", "cancelled", "failed")


@asynccontextmanager
async def opened(base_url: str, key: str = "", proxies: bool = True) -> AsyncIterator[Queue]:
    """`connect` with a session of its own. `proxies`: obey HTTPS_PROXY and its like."""
    timeout = aiohttp.ClientTimeout(total=3600, sock_connect=30)
    async with aiohttp.ClientSession(timeout=timeout, trust_env=proxies) as session:
        yield connect(base_url, key, session)


def connect(base_url: str, key: str, session: aiohttp.ClientSession) -> Queue:
    """`base_url` with its version, like https://api.openai.com/v1."""
    server = _Server(base_url.rstrip("/"), key, session)

    async def send(name: str, file: Path) -> str:
        form = aiohttp.FormData({"purpose": "batch"})
        form.add_field("file", file.read_bytes(), filename=f"{name}.jsonl", content_type="application/jsonl")
        uploaded = await server.call("POST", "files", data=form)
        what = {
            "input_file_id": uploaded["id"],
            "endpoint": "/v1/chat/completions",
            "completion_window": "24h",
            "metadata": {"millstream": name},
        }
        return str((await server.call("POST", "batches", json=what))["id"])

    async def find(name: str) -> str | None:
        after = ""
        while True:
            page = await server.call("GET", f"batches?limit=100{after}")
            for each in page["data"]:
                if (each.get("metadata") or {}).get("millstream") == name:
                    return str(each["id"])
            if not page.get("has_more") or not page["data"]:
                return None
            after = f"&after={page['data'][-1]['id']}"

    async def done(sent: str) -> Answers | None:
        state = await server.call("GET", f"batches/{sent}")
        if state.get("status") not in _OVER:
            return None
        files = [state[each] for each in ("output_file_id", "error_file_id") if state.get(each)]
        raw = [await server.content(each) for each in files]
        return {name: answer for each in raw for name, answer in answers(each)}

    return Queue(send, find, done)


def answers(raw: bytes) -> Iterator[tuple[str, Reply | ChatError]]:
    """Of a file of results. A line that cannot be read answers nobody, and so its request counts as not answered."""
    for line in raw.splitlines():
        row = wire.parsed(line)
        if isinstance(row, dict) and isinstance(row.get("custom_id"), str):
            response = row.get("response") or {}
            body, status = response.get("body"), int(response.get("status_code") or 0)
            reply = openai.reply_of(body) if status == 200 else None
            yield row["custom_id"], reply or _error(row, status, body)


def _error(row: dict[str, Any], status: int, body: Any) -> ChatError:
    said = wire.said({"error": row["error"]} if row.get("error") else body, json.dumps(body).encode())
    return ChatError(f"in its batch: {status or ''} {said}", status)


class _Server:
    """Calls to one server; every trouble is a ChatError on one line, without the key."""

    def __init__(self, base: str, key: str, session: aiohttp.ClientSession) -> None:
        self.base, self.key, self.session = base, key, session
        self.headers = {"Authorization": f"Bearer {key}"} if key else {}

    async def call(self, method: str, path: str, **sent: Any) -> dict[str, Any]:
        raw, response = await self._asked(method, path, **sent)
        answer = wire.parsed(raw)
        if response.status == 200 and isinstance(answer, dict):
            return answer
        raise wire.failed(f"{self.base}/{path}", response, wire.shown(wire.said(answer, raw), self.key))

    async def content(self, file: str) -> bytes:
        raw, response = await self._asked("GET", f"files/{file}/content")
        if response.status != 200:
            raise ChatError(f"{shown(self.base)}/files/{file}/content: {response.status}", response.status)
        return raw

    async def _asked(self, method: str, path: str, **sent: Any) -> tuple[bytes, aiohttp.ClientResponse]:
        url = f"{self.base}/{path}"
        try:
            request = self.session.request(method, url, headers=self.headers, allow_redirects=False, **sent)
            async with request as response:
                return await response.read(), response
        except (aiohttp.ClientError, OSError) as error:
            raise wire.unreached(url, error, self.key) from error

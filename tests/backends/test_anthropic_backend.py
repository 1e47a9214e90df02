"""Anthropic's messages: the shapes are written by us after their public documentation."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer
from pydantic import BaseModel

from millstream.backends import anthropic
from millstream.chat import Chat, Message, Reply, ask, request
from millstream.errors import ChatError, InputError, Refused

KEY = "sk-ant-secret"
USAGE = {"input_tokens": 7, "output_tokens": 2, "cache_read_input_tokens": 5, "cache_creation_input_tokens": 1}


class Wish(BaseModel):
    slot: str


def text(*words: str) -> dict[str, Any]:
    content = [{"type": "text", "text": word} for word in words]
    return {"type": "message", "role": "assistant", "content": content, "stop_reason": "end_turn", "usage": USAGE}


Served = tuple[Chat, list[web.Request], list[Any]]


@asynccontextmanager
async def served(answer: Any, status: int = 200) -> AsyncIterator[Served]:
    asked: list[web.Request] = []
    bodies: list[Any] = []

    async def handler(request: web.Request) -> web.Response:
        asked.append(request)
        bodies.append(await request.json())
        body = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        return web.Response(body=body, status=status)

    app = web.Application()
    app.router.add_post("/v1/messages", handler)
    async with TestServer(app) as server, anthropic.connect(str(server.make_url("/v1")), KEY, proxies=False) as chat:
        yield chat, asked, bodies


async def test_a_request_in_their_words_and_an_answer_in_ours() -> None:
    messages = [Message("system", "Be short."), Message("user", "hi"), Message("assistant", "ho"), Message("user", "?")]
    more = {"max_tokens": 9, "temperature": 1.4, "top_p": 0.9, "stop": ["\n", "END"], "seed": 3, "logprobs": True}
    asked = request("claude", messages, **more)
    async with served(text("good ", "day")) as (chat, requests, bodies):
        assert await chat(asked) == Reply(("good day",), 13, 2, 5)
    assert requests[0].headers["x-api-key"] == KEY and requests[0].headers["anthropic-version"]
    assert bodies == [
        {
            "model": "claude",
            "max_tokens": 9,
            "system": "Be short.",
            "messages": [vars(each) for each in messages[1:]],
            "temperature": 1.0,
            "stop_sequences": ["END"],
        }
    ]


async def test_a_line_ends_where_it_was_to_end() -> None:
    """A stop of white space alone is no stop there."""
    async with served(text("one line\nand another")) as (chat, _, _):
        assert (await chat(request("claude", [Message("user", "hi")], stop=["\n"]))).text == "one line"


async def test_several_choices_are_several_calls() -> None:
    async with served(text("hi")) as (chat, requests, _):
        reply = await chat(request("claude", [Message("user", "hi")], n=3))
    assert reply.texts == ("hi", "hi", "hi") and reply.tokens_in == 39 and len(requests) == 3


async def test_a_schema_is_a_tool_that_has_to_be_used() -> None:
    used = {"content": [{"type": "tool_use", "name": "answer", "input": {"slot": "price"}}], "usage": USAGE}
    async with served(used) as (chat, _, bodies):
        assert await ask(chat, "claude", [Message("user", "hi")], Wish) == Wish(slot="price")
    assert bodies[0]["tools"][0]["input_schema"]["properties"]["slot"]
    assert bodies[0]["tool_choice"] == {"type": "tool", "name": "answer"}


@pytest.mark.parametrize("status", [429, 503, 529])
async def test_too_many_is_a_refusal(status: int) -> None:
    wrong = {"type": "error", "error": {"type": "overloaded_error", "message": "Overloaded"}}
    async with served(wrong, status) as (chat, _, _):
        with pytest.raises(Refused, match="Overloaded"):
            await chat(request("claude", [Message("user", "hi")]))


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"content": []}', b'{"content": [{"type": "text"}]}', b"[1]"])
async def test_rubbish_is_a_chat_error_on_one_line(body: bytes) -> None:
    async with served(body) as (chat, _, _):
        with pytest.raises(ChatError, match="messages: 200 ") as caught:
            await chat(request("claude", [Message("user", "hi")]))
    assert "\n" not in str(caught.value)


async def test_an_error_never_shows_the_key() -> None:
    async with served({"error": {"type": "authentication_error", "message": f"bad {KEY}"}}, 401) as (chat, _, _):
        with pytest.raises(ChatError, match=r"bad \*\*\*"):
            await chat(request("claude", [Message("user", "hi")]))


async def test_what_is_no_web_address_is_refused() -> None:
    with pytest.raises(InputError, match="not a web address"):
        async with anthropic.connect("ftp://x"):
            pass


async def test_where_one_of_several_calls_fails_the_others_end_with_it() -> None:
    asked: list[bytes] = []
    finished: list[int] = []

    async def handler(request: web.Request) -> web.StreamResponse:
        asked.append(await request.read())
        if len(asked) == 3:
            return web.json_response({"error": {"type": "api_error", "message": "no"}}, status=500)
        await asyncio.sleep(1)
        finished.append(1)
        return web.json_response(text("hi"))

    app = web.Application()
    app.router.add_post("/v1/messages", handler)
    async with (
        TestServer(app, handler_cancellation=True) as server,
        anthropic.connect(str(server.make_url("/v1")), KEY, proxies=False) as chat,
    ):
        with pytest.raises(ChatError, match="500 api_error no"):
            await chat(request("claude", [Message("user", "hi")], n=3))
        await asyncio.sleep(1.2)
    assert len(asked) == 3 and not finished

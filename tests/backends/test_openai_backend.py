"""The OpenAI protocol against a server that misbehaves."""

import asyncio
import json
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from email.utils import formatdate
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from millstream import ledger
from millstream.backends import openai
from millstream.chat import Chat, Limits, Message, Reply, Request, request, stacked
from millstream.errors import ChatError, InputError, Refused
from millstream.models import opened_model
from millstream.slots import Slots

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]
KEY = "sk-secret-123"


@asynccontextmanager
async def served(handler: Handler) -> AsyncIterator[str]:
    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    async with TestServer(app) as server:
        yield str(server.make_url("/v1/"))


@asynccontextmanager
async def connected(handler: Handler) -> AsyncIterator[Chat]:
    async with served(handler) as url, openai.connect(url, KEY, proxies=False) as chat:
        yield chat


def say(text: str = "hello", **more: object) -> Request:
    return request("m", [Message("user", text)], **more)


def answer(*texts: str, **more: object) -> web.Response:
    choices = [{"message": {"role": "assistant", "content": text}} for text in texts]
    usage = {"prompt_tokens": 7, "completion_tokens": 2, "prompt_tokens_details": {"cached_tokens": 5}}
    return web.json_response({"choices": choices, "usage": usage, **more})


def always(response: Callable[[], web.Response]) -> Handler:
    async def handler(asked: web.Request) -> web.Response:
        return response()

    return handler


async def test_an_answer_is_a_reply() -> None:
    seen: list[tuple[str, object]] = []

    async def handler(asked: web.Request) -> web.Response:
        seen.append((asked.headers["Authorization"], await asked.json()))
        return answer("价格", "price")

    async with connected(handler) as chat:
        reply = await chat(say(n=2, temperature=0.5))
    assert reply == Reply(("价格", "price"), 7, 2, 5)
    body = {"model": "m", "messages": [{"role": "user", "content": "hello"}], "n": 2, "temperature": 0.5}
    assert seen == [(f"Bearer {KEY}", body)]


async def test_logprobs_come_along_and_usage_may_be_missing() -> None:
    tokens = [{"token": "A", "logprob": -0.1, "bytes": [65], "top_logprobs": []}]
    whole = {"choices": [{"message": {"content": "A"}, "logprobs": {"content": tokens}}]}
    async with connected(always(lambda: web.json_response(whole))) as chat:
        assert await chat(say()) == Reply(("A",), logprobs=([{"token": "A", "logprob": -0.1}],))


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Bad gateway</html>",
        b'{"choices": [{"message": {"content": "half',
        b"[" * 100_000,
        b"\xff\xfe",
        b"null",
        b'{"choices": []}',
        b'{"choices": [{"message": {"content": null}}]}',
        b'{"choices": [{"message": {"content": "a"}}], "usage": {"prompt_tokens": "many"}}',
        b'{"choices": [{"message": {"content": "a"}}], "usage": {"prompt_tokens": 1e999}}',
        b'{"choices": [{"message": {"content": "a"}}], "usage": {"prompt_tokens": 9999999999999999999}}',
        b'{"choices": [{"message": {"content": "a"}}], "usage": {"completion_tokens": -5}}',
        b'{"choices": [{"message": {"content": "a"}}], "usage": {"prompt_tokens": [1]}}',
        b'{"choices": [{"message": {"content": "a"}}], "usage": [1]}',
        b'{"choices": {"message": 1}}',
        b'{"error": {"code": "overloaded", "message": "come back\\nlater"}}',
    ],
)
async def test_rubbish_is_a_chat_error_on_one_line(body: bytes) -> None:
    async with connected(always(lambda: web.Response(body=body))) as chat:
        with pytest.raises(ChatError, match="chat/completions: 200 ") as caught:
            await chat(say())
    assert caught.value.status == 200
    assert "\n" not in str(caught.value) and len(str(caught.value)) < 500


async def test_an_error_says_what_the_server_says_and_never_the_key() -> None:
    wrong = {"error": {"code": "invalid_api_key", "message": f"Incorrect API key: {KEY}"}}
    async with connected(always(lambda: web.json_response(wrong, status=401))) as chat:
        with pytest.raises(ChatError, match=r"401 invalid_api_key Incorrect API key: \*\*\*") as caught:
            await chat(say())
    assert caught.value.status == 401
    assert KEY not in str(caught.value)


@pytest.mark.parametrize(
    ("header", "least", "most"),
    [
        ("7", 7, 7),
        ("0.25", 0.25, 0.25),
        (lambda: formatdate(time.time() + 30, usegmt=True), 27, 31),
        (lambda: formatdate(time.time() - 30, usegmt=True), 0, 0),
        ("99999", 120, 120),
        ("nan", 1, 1),
        ("soon", 1, 1),
        ("", 1, 1),
    ],
)
@pytest.mark.parametrize("status", [429, 503])
async def test_a_refusal_says_how_long_to_wait(
    header: str | Callable[[], str], least: float, most: float, status: int
) -> None:
    value = header if isinstance(header, str) else header()
    headers = {"Retry-After": value} if value else {}
    async with connected(always(lambda: web.Response(status=status, headers=headers))) as chat:
        with pytest.raises(Refused) as caught:
            await chat(say())
    assert least <= caught.value.pause <= most


async def test_an_empty_account_is_no_refusal() -> None:
    broke = {"error": {"code": "insufficient_quota", "message": "You exceeded your quota"}}
    async with connected(always(lambda: web.json_response(broke, status=429))) as chat:
        with pytest.raises(ChatError, match="insufficient_quota") as caught:
            await chat(say())
    assert not isinstance(caught.value, Refused)


async def test_a_redirect_is_not_followed() -> None:
    elsewhere = {"Location": "http://127.0.0.1:9/"}
    async with connected(always(lambda: web.Response(status=302, headers=elsewhere))) as chat:
        with pytest.raises(ChatError, match=r"302: it sends us to http://127\.0\.0\.1:9/; give that address"):
            await chat(say())


async def test_an_endless_answer_is_cut_off() -> None:
    async def handler(asked: web.Request) -> web.StreamResponse:
        response = web.StreamResponse()
        await response.prepare(asked)
        for _ in range(40):
            await response.write(b" " * 2**20)
        return response

    async with connected(handler) as chat:
        with pytest.raises(ChatError, match="32 MiB"):
            await chat(say())


async def test_a_connection_that_is_dropped_is_a_chat_error() -> None:
    async def handler(asked: web.Request) -> web.StreamResponse:
        assert asked.transport is not None
        asked.transport.close()
        return web.Response()

    async with connected(handler) as chat:
        with pytest.raises(ChatError, match="Disconnected"):
            await chat(say())


async def test_a_server_without_tls_is_a_chat_error() -> None:
    async with (
        served(always(lambda: answer("hello"))) as url,
        openai.connect(url.replace("http:", "https:"), KEY, proxies=False) as chat,
    ):
        with pytest.raises(ChatError, match=r"(?i)https://127.0.0.1.*ssl") as caught:
            await chat(say())
    assert caught.value.status == 0 and "\n" not in str(caught.value)


async def test_a_proxy_is_asked_where_there_is_one(monkeypatch: pytest.MonkeyPatch) -> None:
    seen: list[tuple[str, str]] = []

    async def proxy(asked: web.Request) -> web.StreamResponse:
        seen.append((asked.method, str(asked.url)))
        return answer("through the proxy")

    async with served(proxy) as url:
        monkeypatch.setenv("http_proxy", url.removesuffix("/v1/"))
        for name in ("no_proxy", "NO_PROXY"):
            monkeypatch.delenv(name, raising=False)
        async with openai.connect("http://model.invalid/v1", KEY) as chat:
            assert (await chat(say())).text == "through the proxy"
        monkeypatch.setenv("no_proxy", "model.invalid")
        async with openai.connect("http://model.invalid/v1", KEY) as chat:
            with pytest.raises(ChatError, match=r"model\.invalid"):
                await chat(say())
    assert seen == [("POST", "http://model.invalid/v1/chat/completions")]


async def test_headers_are_told_and_reasoning_and_cost_are_counted() -> None:
    told: list[str] = []
    usage = {"prompt_tokens": 9, "completion_tokens": 5, "cost": 0.25}
    whole = {
        "choices": [{"message": {"content": "a"}}],
        "usage": usage | {"completion_tokens_details": {"reasoning_tokens": 4}},
    }
    limits = {"x-ratelimit-limit-requests": "60"}
    async with (
        served(always(lambda: web.json_response(whole, headers=limits))) as url,
        openai.connect(url, proxies=False, on_headers=lambda each: told.extend(map(each.get, limits))) as chat,
    ):
        reply = await chat(say())
    assert (reply.tokens_reasoning, reply.cost, told) == (4, 0.25, ["60"])


async def test_nobody_there_is_a_chat_error() -> None:
    async with openai.connect("http://127.0.0.1:9/v1", proxies=False) as chat:
        with pytest.raises(ChatError, match=r"127.0.0.1:9"):
            await chat(say())


@pytest.mark.parametrize("url", ["", "localhost:8000/v1", "file:///etc/passwd", "http://"])
async def test_what_is_no_web_address_is_refused(url: str) -> None:
    with pytest.raises(InputError, match="not a web address; give --base-url"):
        async with openai.connect(url):
            pass


async def test_every_trouble_ends_in_an_answer_and_stands_in_the_ledger(tmp_path: Path) -> None:
    asked: dict[str, int] = {}

    async def troubled(question: web.Request) -> web.StreamResponse:
        text = (await question.json())["messages"][0]["content"]
        asked[text] = asked.get(text, 0) + 1
        match asked[text], int(text) % 5:
            case 1, 0:
                return web.Response(status=500, text="oops")
            case 1, 1:
                return web.Response(status=429, headers={"Retry-After": "0"})
            case 1, 2:
                return web.Response(text="{")
            case 1, 3:
                await asyncio.sleep(0.5)
        return answer(json.dumps(text))

    async with connected(troubled) as chat, ledger.opened(tmp_path / "cache") as store:
        stack = stacked(chat, store, Slots(8), Limits(pause=0.001, timeout=0.2))
        replies = await asyncio.gather(*(stack(say(str(n), stage="play")) for n in range(20)))
    assert [json.loads(reply.text) for reply in replies] == [str(n) for n in range(20)]
    tally = ledger.spent(tmp_path / "cache").total
    assert (tally.calls, tally.attempts, tally.failures) == (20, 36, 16)


async def test_a_model_at_an_address(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", KEY)
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    async with served(always(lambda: answer("hello"))) as url, ledger.opened(tmp_path / "cache") as store:
        async with opened_model("big", url, store) as model:
            assert (await model.chat(say())).text == "hello"
        monkeypatch.setenv("OPENAI_BASE_URL", url)
        async with opened_model("big", "", store, slots=2) as model:
            assert (model.name, model.digest, model.live) == ("big", "", 16)
            assert (await model.chat(say("other"))).text == "hello"
        monkeypatch.delenv("OPENAI_BASE_URL")
        with pytest.raises(InputError, match="no address of an OpenAI-compatible server; give --base-url"):
            async with opened_model("big", "", store):
                pass
    assert KEY.encode() not in (tmp_path / "cache").read_bytes()

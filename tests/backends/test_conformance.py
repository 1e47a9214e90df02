"""Answers in the shape each server gives them: one Reply out of all. Written by us after public documentation; that
of llama.cpp is what the embedded server gives, and test_local_backend.py asks the server itself.
"""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from millstream.backends import openai
from millstream.chat import Message, Reply, request
from millstream.errors import ChatError, Refused

Handler = Callable[[web.Request], Awaitable[web.Response]]


def shape(usage: dict[str, Any], message: dict[str, Any] | None = None, **more: Any) -> dict[str, Any]:
    said = {"role": "assistant", "content": "good day", **(message or {})}
    choice = {"index": 0, "message": said, "finish_reason": "stop"}
    whole = {"id": "x", "object": "chat.completion", "created": 1, "model": "m", "choices": [choice], "usage": usage}
    return {**whole, **more}


PLAIN = {"prompt_tokens": 20, "completion_tokens": 3, "total_tokens": 23}
OPENAI = {
    **PLAIN,
    "prompt_tokens_details": {"cached_tokens": 16, "audio_tokens": 0},
    "completion_tokens_details": {"reasoning_tokens": 2, "accepted_prediction_tokens": 0},
}
READ = {**PLAIN, "prompt_tokens_details": {"cached_tokens": 16}}
UNREAD = {**PLAIN, "prompt_tokens_details": None}
THOUGHT = {"reasoning_content": None, "tool_calls": []}
SHAPES = {
    "openai": (shape(OPENAI, {"refusal": None, "annotations": []}, system_fingerprint="fp"), (16, 2, None)),
    "llama.cpp": (shape(READ, timings={"cache_n": 16}), (16, 0, None)),
    "vllm": (shape(UNREAD, THOUGHT, prompt_logprobs=None), (0, 0, None)),
    "sglang": (shape(UNREAD, THOUGHT, metadata={}), (0, 0, None)),
    "ollama": (shape(PLAIN, system_fingerprint="fp_ollama"), (0, 0, None)),
    "lm-studio": (shape(PLAIN, stats={}), (0, 0, None)),
    "openrouter": (shape({**OPENAI, "cost": 0.0021, "is_byok": False}, provider="Somebody"), (16, 2, 0.0021)),
    "deepseek": (shape({**READ, "prompt_cache_hit_tokens": 16}), (16, 0, None)),
    "dashscope": (shape({**PLAIN, "prompt_tokens_details": {"cached_tokens": 0}}), (0, 0, None)),
}


async def answered(body: Any, status: int = 200) -> Reply:
    async def handler(asked: web.Request) -> web.Response:
        return web.json_response(body, status=status)

    app = web.Application()
    app.router.add_post("/v1/chat/completions", handler)
    async with TestServer(app) as server, openai.connect(str(server.make_url("/v1")), proxies=False) as chat:
        return await chat(request("m", [Message("user", "hi")]))


@pytest.mark.parametrize("name", SHAPES)
async def test_every_server_gives_the_same_reply(name: str) -> None:
    body, (cached, reasoning, cost) = SHAPES[name]
    assert await answered(body) == Reply(("good day",), 20, 3, cached, None, reasoning, cost)


ERRORS = {
    "openai": (400, {"error": {"message": "bad key", "type": "invalid_request_error", "param": "n", "code": None}}),
    "vllm": (400, {"object": "error", "message": "bad key", "type": "BadRequestError", "code": 400}),
    "ollama": (400, {"error": {"message": "bad key", "type": "api_error"}}),
    "llama.cpp": (400, {"error": {"code": 400, "message": "bad key", "type": "invalid_request_error"}}),
    "openrouter": (200, {"error": {"code": 502, "message": "bad key", "metadata": {"provider_name": "Somebody"}}}),
    "fastapi": (422, {"detail": [{"loc": ["body", "n"], "msg": "bad key"}]}),
}


@pytest.mark.parametrize("name", ERRORS)
async def test_every_servers_error_is_told_in_its_words(name: str) -> None:
    status, body = ERRORS[name]
    with pytest.raises(ChatError, match="bad key") as caught:
        await answered(body, status)
    assert caught.value.status == status and not isinstance(caught.value, Refused)

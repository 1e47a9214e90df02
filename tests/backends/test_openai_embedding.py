"""Vectors over the protocol: in the order asked, tried again, and one clear line where it fails."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from millstream.backends.openai_embedding import connect
from millstream.errors import ChatError, InputError


@asynccontextmanager
async def serving(*answers: tuple[int, object]) -> AsyncIterator[str]:
    """An endpoint that gives these answers one after another; None: the vectors, last first."""
    left = list(answers)

    async def answer(request: web.Request) -> web.Response:
        asked = (await request.json())["input"]
        status, body = left.pop(0)
        rows = [{"index": n, "embedding": [float(len(text)), 1.0]} for n, text in enumerate(asked)]
        return web.json_response({"data": rows[::-1]} if body is None else body, status=status)

    app = web.Application()
    app.router.add_post("/v1/embeddings", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        yield f"http://127.0.0.1:{runner.addresses[0][1]}/v1"
    finally:
        await runner.cleanup()


async def test_vectors_come_in_the_order_of_the_texts() -> None:
    async with serving((200, None)) as url, connect(url, "small", proxies=False) as embedding:
        assert await embedding.query(["a", "bbb"]) == [[1.0, 1.0], [3.0, 1.0]]


async def test_a_pause_is_waited_for() -> None:
    async with serving((503, {}), (200, None)) as url, connect(url, "small", proxies=False) as embedding:
        assert await embedding.passage(["ab"]) == [[2.0, 1.0]]


@pytest.mark.parametrize(("status", "body"), [(401, {"error": "bad s3cret"}), (200, {"data": []}), (200, {"no": 1})])
async def test_what_is_no_answer_is_one_line_without_the_key(status: int, body: object) -> None:
    async with serving((status, body)) as url, connect(url, "small", "s3cret", proxies=False) as embedding:
        with pytest.raises(ChatError, match="/v1/embeddings") as caught:
            await embedding.query(["a"])
        assert "s3cret" not in str(caught.value)


async def test_a_wrong_address_is_refused() -> None:
    with pytest.raises(InputError, match="not a web address"):
        async with connect("example", "small"):
            pass

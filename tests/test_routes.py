"""Which model answers whom, with which key, and how fast."""

import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from millstream import ledger, routes
from millstream.chat import Limits, Message, request
from millstream.errors import InputError
from millstream.routes import Access, Routes, Way

URL = "http://127.0.0.1:8000/v1"


def test_a_spec_is_read() -> None:
    assert routes.routes("big", URL) == Routes(Way("big", URL))
    plan = routes.routes("big, mine=a/b:7b,judge=other@http://x:1/v1, else=spare", URL)
    assert plan == Routes(
        Way("big", URL), {"mine": Way("a/b:7b", URL), "judge": Way("other", "http://x:1/v1")}, Way("spare", URL)
    )


@pytest.mark.parametrize("spec", ["big, small", "big,", "big, =small", "big, mine=", "big, mine=a, mine=b"])
def test_what_is_no_route_is_refused(spec: str) -> None:
    with pytest.raises(InputError, match="is no route; write it as in"):
        routes.routes(spec, URL)


def test_keys_and_limits_come_from_the_environment() -> None:
    assert routes.access(4, {}) == Access(("",), 4)
    said = {"OPENAI_API_KEY": "k1, k2,", "MILLSTREAM_RPM": "500", "MILLSTREAM_TPM": ""}
    assert routes.access(4, said) == Access(("k1", "k2"), 4, 500.0, None)
    for wrong in ("fast", "0", "-3", "1.5"):
        with pytest.raises(InputError, match=r"MILLSTREAM_TPM: .* is no limit per minute; give a whole number"):
            routes.access(4, {"MILLSTREAM_TPM": wrong})


async def test_each_stage_has_its_model_keys_share_and_the_spare_answers_what_fails(tmp_path: Path) -> None:
    seen: list[tuple[str, str, str]] = []

    async def answer(asked: web.Request) -> web.Response:
        body = await asked.json()
        text = body["messages"][0]["content"]
        seen.append((body["model"], asked.headers["Authorization"].removeprefix("Bearer "), text))
        if text == "hard" and body["model"] != "spare":
            return web.Response(status=500)
        return web.json_response({"choices": [{"message": {"content": body["model"]}}]})

    app = web.Application()
    app.router.add_post("/v1/chat/completions", answer)
    async with TestServer(app) as server, ledger.opened(tmp_path / "cache") as store:
        plan = routes.routes("big, judge=small, else=spare", str(server.make_url("/v1")))
        way_in = Access(("k1", "k2"), 2)
        async with routes.opened(plan, way_in, store, Limits(tries=2, pause=0)) as chat:
            said = [
                (await chat(request("big", [Message("user", text)], stage=stage, item="d"))).text
                for text, stage in (("a", "play"), ("b", "play"), ("a", "judge"), ("hard", "play"), ("hard", "judge"))
            ]
    assert said == ["big", "big", "small", "spare", "spare"]
    assert Counter(model for model, _, _ in seen) == {"big": 4, "small": 3, "spare": 1}, "one spare answer for both"
    assert {key for _, key, _ in seen} == {"k1", "k2"}
    with closing(sqlite3.connect(tmp_path / "cache")) as rows:
        models = rows.execute("select distinct model from attempt order by 1").fetchall()
    assert models == [("big",), ("small",), ("spare",)]

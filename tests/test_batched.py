"""Waves through a batch queue: every request answered once, whatever the queue loses, however often we restart."""

import asyncio
import json
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from millstream import ledger
from millstream.backends import batch_files, openai, openai_batch
from millstream.batched import Batched, Pace
from millstream.chat import Chat, Limits, Message, Request, request, stacked
from millstream.errors import ChatError, InputError
from millstream.models import Batch, opened_model
from millstream.slots import Slots

QUICK = Pace(quiet=0.05, least=3, poll=0.02)
DIALOGUES, TURNS = 12, 3


class Provider:
    """OpenAI's files, batches and chat completions on this machine: slow, forgetful, and it counts what it sells.

    `fails` and `expires`: the numbers of the rows of every batch that get a 500 or no answer; `down`: how many looks
    at a batch end in `says`. It answers a question with the question's words turned round.
    """

    def __init__(
        self, delay: float = 0.05, fails: range = range(0), expires: range = range(0), down: int = 0, says: int = 502
    ) -> None:
        self.delay, self.fails, self.expires, self.down, self.says = delay, fails, expires, down, says
        self.files: dict[str, bytes] = {}
        self.batches: dict[str, dict[str, object]] = {}
        self.sold: Counter[str] = Counter()
        self.live = 0

    def app(self) -> web.Application:
        app = web.Application()
        app.router.add_post("/v1/files", self.upload)
        app.router.add_get("/v1/files/{id}/content", self.content)
        app.router.add_post("/v1/batches", self.create)
        app.router.add_get("/v1/batches", self.every)
        app.router.add_get("/v1/batches/{id}", self.look)
        app.router.add_post("/v1/chat/completions", self.complete)
        return app

    async def upload(self, asked: web.Request) -> web.Response:
        form = await asked.post()
        assert form["purpose"] == "batch"
        file = form["file"]
        assert isinstance(file, web.FileField)
        name = f"file-{len(self.files)}"
        self.files[name] = file.file.read()
        return web.json_response({"id": name, "object": "file"})

    async def create(self, asked: web.Request) -> web.Response:
        body = await asked.json()
        assert body["endpoint"] == "/v1/chat/completions" and body["completion_window"] == "24h"
        name = f"batch-{len(self.batches)}"
        self.batches[name] = {**body, "id": name, "at": time.monotonic()}
        return web.json_response({"id": name, "status": "validating"})

    async def every(self, asked: web.Request) -> web.Response:
        return web.json_response({"data": list(self.batches.values()), "has_more": False})

    async def look(self, asked: web.Request) -> web.Response:
        batch = self.batches[asked.match_info["id"]]
        if self.down:
            self.down -= 1
            return web.Response(status=self.says, text="<html>")
        if time.monotonic() - float(str(batch["at"])) < self.delay:
            return web.json_response({"id": batch["id"], "status": "in_progress"})
        if "output_file_id" not in batch:
            self.work(batch)
        return web.json_response(batch)

    def work(self, batch: dict[str, object]) -> None:
        good, bad = [], []
        for n, line in enumerate(self.files[str(batch["input_file_id"])].splitlines()):
            row = json.loads(line)
            if n in self.expires:
                bad.append({"custom_id": row["custom_id"], "response": None, "error": {"code": "batch_expired"}})
            elif n in self.fails:
                response = {"status_code": 500, "body": {"error": {"message": "oops"}}}
                bad.append({"custom_id": row["custom_id"], "response": response, "error": None})
            else:
                response = {"status_code": 200, "body": self.answer(row["body"])}
                good.append({"custom_id": row["custom_id"], "response": response, "error": None})
        for name, rows in (("output_file_id", good), ("error_file_id", bad)):
            self.files[f"{batch['id']}-{name}"] = b"".join(json.dumps(row).encode() + b"\n" for row in reversed(rows))
            batch[name] = f"{batch['id']}-{name}"
        batch["status"] = "expired" if self.expires else "completed"

    async def content(self, asked: web.Request) -> web.Response:
        return web.Response(body=self.files[asked.match_info["id"]])

    async def complete(self, asked: web.Request) -> web.Response:
        self.live += 1
        return web.json_response(self.answer(await asked.json()))

    def answer(self, body: dict[str, object]) -> dict[str, object]:
        messages = body["messages"]
        assert isinstance(messages, list)
        text = messages[0]["content"]
        self.sold[text] += 1
        usage = {"prompt_tokens": 5, "completion_tokens": 2}
        return {"choices": [{"message": {"content": text[::-1]}}], "usage": usage}


@asynccontextmanager
async def stack(provider: Provider, folder: Path, server: TestServer) -> AsyncIterator[Chat]:
    url = str(server.make_url("/v1"))
    async with (
        ledger.opened(folder / "cache") as store,
        openai_batch.opened(url, "sk-key", proxies=False) as queue,
        openai.connect(url, "sk-key", proxies=False) as live,
    ):
        batched = Batched(queue, live, folder / "batches", QUICK)
        chat = stacked(batched.chat, store, Slots(1000), Limits(pause=0.001))
        batched.resume(chat)
        try:
            yield chat
        finally:
            await batched.close()


def say(text: str, item: str = "") -> Request:
    return request("m", [Message("user", text)], stage="play", item=item)


async def play(chat: Chat, dialogues: int = DIALOGUES) -> list[str]:
    """Dialogues whose every turn needs the one before it."""

    async def one(n: int) -> str:
        text = f"dialogue {n}"
        for turn in range(TURNS):
            text = (await chat(say(f"{turn} {text}", str(n)))).text
        return text

    return list(await asyncio.gather(*map(one, range(dialogues))))


def expected(n: int) -> str:
    text = f"dialogue {n}"
    for turn in range(TURNS):
        text = f"{turn} {text}"[::-1]
    return text


async def test_dialogues_go_in_waves_one_batch_a_turn(tmp_path: Path) -> None:
    provider = Provider()
    async with TestServer(provider.app()) as server, stack(provider, tmp_path, server) as chat:
        assert await play(chat) == [expected(n) for n in range(DIALOGUES)]
    assert len(provider.batches) == TURNS and provider.live == 0
    assert set(provider.sold.values()) == {1} and len(provider.sold) == DIALOGUES * TURNS
    tally = ledger.spent(tmp_path / "cache").total
    assert (tally.calls, tally.attempts, tally.tokens_in) == (36, 36, 180)
    assert not list((tmp_path / "batches").glob("*.json"))


@pytest.mark.parametrize("trouble", [{"fails": range(2, 4)}, {"expires": range(5)}, {"down": 3}])
async def test_what_a_batch_loses_is_asked_live(tmp_path: Path, trouble: dict[str, object]) -> None:
    provider = Provider(**trouble)  # type: ignore[arg-type]
    async with TestServer(provider.app()) as server, stack(provider, tmp_path, server) as chat:
        assert await play(chat) == [expected(n) for n in range(DIALOGUES)]
    lost = bool(provider.fails or provider.expires)
    assert bool(provider.live) == lost and set(provider.sold.values()) == {1}
    tally = ledger.spent(tmp_path / "cache").total
    assert tally.calls == 36 and bool(tally.failures) == lost and tally.failures <= provider.live


async def test_a_batch_that_is_kept_no_longer_is_asked_live(tmp_path: Path) -> None:
    """Whoever comes back after a month finds 404, and would look for ever."""
    provider = Provider(down=1, says=404)
    async with TestServer(provider.app()) as server, stack(provider, tmp_path, server) as chat:
        async with asyncio.timeout(10):
            assert await play(chat) == [expected(n) for n in range(DIALOGUES)]
    assert provider.live == DIALOGUES and not list((tmp_path / "batches").glob("*.json"))


async def test_a_key_that_is_refused_fails_and_the_batch_is_found_by_the_next_run(tmp_path: Path) -> None:
    provider = Provider(down=1, says=401)
    async with TestServer(provider.app()) as server:
        async with stack(provider, tmp_path, server) as chat, asyncio.timeout(10):
            with pytest.raises(ChatError, match="401"):
                await play(chat)
        async with stack(provider, tmp_path, server) as chat:
            assert await play(chat) == [expected(n) for n in range(DIALOGUES)]
    assert set(provider.sold.values()) == {1} and not provider.live


async def test_a_few_are_not_worth_a_batch(tmp_path: Path) -> None:
    provider = Provider()
    async with TestServer(provider.app()) as server, stack(provider, tmp_path, server) as chat:
        assert await play(chat, 2) == [expected(0), expected(1)]
    assert not provider.batches and provider.live == 2 * TURNS


async def test_a_stopped_run_goes_on_with_its_batches_and_sends_none_twice(tmp_path: Path) -> None:
    provider = Provider(delay=0.3)
    async with TestServer(provider.app()) as server:
        for _ in range(8):
            async with stack(provider, tmp_path, server) as chat:
                playing = asyncio.ensure_future(play(chat))
                await asyncio.wait([playing], timeout=0.22)
                if playing.done():
                    break
                playing.cancel()
                await asyncio.gather(playing, return_exceptions=True)
        async with stack(provider, tmp_path, server) as chat:
            assert await play(chat) == [expected(n) for n in range(DIALOGUES)]
    assert set(provider.sold.values()) == {1} and len(provider.sold) == DIALOGUES * TURNS
    assert ledger.spent(tmp_path / "cache").total.calls == DIALOGUES * TURNS
    assert {each.model for each in ledger.billed(tmp_path / "cache")} == {"m"}, "whose price is it?"


async def test_a_batch_that_was_sent_just_before_the_end_is_found_by_its_name(tmp_path: Path) -> None:
    """The process ended between the sending and the note of the id."""
    provider = Provider(delay=0.2)
    async with TestServer(provider.app()) as server:
        async with stack(provider, tmp_path, server) as chat:
            playing = asyncio.ensure_future(play(chat))
            await asyncio.wait([playing], timeout=0.15)
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
        (state,) = (tmp_path / "batches").glob("*.json")
        state.write_text(json.dumps(json.loads(state.read_text()) | {"id": None}))
        async with stack(provider, tmp_path, server) as chat:
            await play(chat)
        assert set(provider.sold.values()) == {1} and len(provider.batches) == TURNS


async def test_one_that_was_never_sent_is_asked_live(tmp_path: Path) -> None:
    provider = Provider(delay=0.2)
    async with TestServer(provider.app()) as server:
        async with stack(provider, tmp_path, server) as chat:
            playing = asyncio.ensure_future(play(chat))
            await asyncio.wait([playing], timeout=0.15)
            playing.cancel()
            await asyncio.gather(playing, return_exceptions=True)
        (state,) = (tmp_path / "batches").glob("*.json")
        state.write_text(json.dumps(json.loads(state.read_text()) | {"id": None}))
        provider.batches.clear()
        async with stack(provider, tmp_path, server) as chat:
            assert await play(chat) == [expected(n) for n in range(DIALOGUES)]
    assert set(provider.sold.values()) == {1}


async def test_a_model_behind_batches(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    provider = Provider()
    async with TestServer(provider.app()) as server, ledger.opened(tmp_path / "cache") as store:
        batch = Batch("openai", tmp_path / "batches", QUICK)
        url = str(server.make_url("/v1"))
        async with opened_model("m", url, store, Limits(pause=0.001), 0, batch) as model:
            assert await play(model.chat) == [expected(n) for n in range(DIALOGUES)]
    assert len(provider.batches) == TURNS


# --- files for a command -----------------------------------------------------------------------------------

TURN = """
import json, sys
rows = [json.loads(line) for line in open(sys.argv[1])]
if "fail" in sys.argv:
    sys.exit("no GPU here")
with open(sys.argv[2], "w") as out:
    for row in rows[:: -1]:
        text = row["body"]["messages"][0]["content"][::-1]
        body = {"choices": [{"message": {"content": text}}], "usage": {}}
        out.write(json.dumps({"custom_id": row["custom_id"], "response": {"status_code": 200, "body": body}}) + chr(10))
"""


@asynccontextmanager
async def files(folder: Path, *more: str) -> AsyncIterator[Chat]:
    script = folder / "turn.py"
    script.write_text(TURN)
    command = f"{sys.executable} {script} {{input}} {{output}} {' '.join(more)}"

    async def nobody(asked: Request) -> object:
        raise ChatError("there is no live model", 404)

    async with ledger.opened(folder / "cache") as store:
        batched = Batched(batch_files.connect(command), nobody, folder / "batches", QUICK)  # type: ignore[arg-type]
        chat = stacked(batched.chat, store, Slots(1000), Limits(pause=0.001))
        batched.resume(chat)
        yield chat
        await batched.close()


async def test_a_command_reads_and_writes_the_files(tmp_path: Path) -> None:
    async with files(tmp_path) as chat:
        assert await play(chat) == [expected(n) for n in range(DIALOGUES)]
    rows = sorted((tmp_path / "batches").glob("*.jsonl"))
    assert len(rows) == TURNS
    first = json.loads(rows[0].read_text().splitlines()[0])
    assert set(first) == {"custom_id", "method", "url", "body"} and first["url"] == "/v1/chat/completions"


async def test_a_command_that_fails_says_why(tmp_path: Path) -> None:
    async with files(tmp_path, "fail") as chat:
        with pytest.raises(ChatError, match=r"404|no GPU here|no live model"):
            await play(chat)


@pytest.mark.parametrize("command", ["vllm run-batch", "vllm {input}", ""])
def test_a_command_without_its_places_is_one_clear_line(command: str) -> None:
    with pytest.raises(InputError, match=r"--batch: .* has no"):
        batch_files.connect(command)


@pytest.mark.parametrize(
    "line",
    [b"", b"{", b"null", b"[]", b'{"custom_id": 3}', b'{"custom_id": "a"}', b'{"custom_id": "a", "response": {}}'],
)
def test_a_torn_line_of_results_answers_nobody(line: bytes) -> None:
    assert not [answer for _, answer in openai_batch.answers(line) if not isinstance(answer, ChatError)]

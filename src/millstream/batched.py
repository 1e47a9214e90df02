"""Requests of all dialogues gathered into batches, for queues that are cheaper and slower. Knows no protocol.

Every dialogue that can go on has a request waiting; when no new one comes for a moment, those that wait form a batch,
and so a run goes wave by wave, turn by turn. A batch stands in a folder before it is sent, under a name that the
queue can find again: a process that is stopped at any moment, for days if need be, goes on with the batches that are
out there and sends none twice. A request that failed or expired in its batch is asked live when it is tried again, and
so are the last few of a run, for which a batch would be a long wait.
"""

import asyncio
import json
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from millstream import table
from millstream.chat import Chat, Reply, Request
from millstream.errors import ChatError

Answers = Mapping[str, "Reply | ChatError"]
"""By the name of the request: its key in hex. One that is missing was not answered."""
_GONE, _SHUT = (404, 410), (401, 403)
"""What a queue says of a batch, or of its answers, that it keeps no longer; and of a key it does not know."""


class Queue(NamedTuple):
    """What takes batches.

    `send(name, file)` gives an id for a file of requests, a line each as OpenAI's Batch API has them · `find(name)` the
    id of what was sent under that name, None if nothing was · `done(id)` the answers, None while it is at work. All
    raise ChatError where the queue cannot be reached; `send` raises Refused where it is full.
    """

    send: Callable[[str, Path], Awaitable[str]]
    find: Callable[[str], Awaitable[str | None]]
    done: Callable[[str], Awaitable[Answers | None]]


@dataclass(frozen=True)
class Pace:
    """`quiet` seconds without a new request close a batch, or `most` requests; fewer than `least` are asked live.
    `poll`: seconds between two looks at a batch."""

    quiet: float = 2.0
    most: int = 50_000
    least: int = 8
    poll: float = 30.0


class Batched:
    """A Chat over a queue; `live` is the same model, asked at once. Used from one event loop.

    `folder` holds NAME.jsonl, what is sent, and NAME.json, what is known of it: who asked each request, and the id.
    """

    def __init__(self, queue: Queue, live: Chat, folder: Path, pace: Pace | None = None) -> None:
        self._queue, self._live, self._folder, self._pace = queue, live, folder, pace or Pace()
        self._waiting: dict[str, Request] = {}
        self._futures: dict[str, asyncio.Future[Reply]] = {}
        self._again: set[str] = set()
        self._timer: asyncio.TimerHandle | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        folder.mkdir(parents=True, exist_ok=True)
        self._count = len(list(folder.glob("*.jsonl")))

    async def chat(self, asked: Request) -> Reply:
        name = asked.key.hex()
        if name in self._again:
            return await self._live(asked)
        if name not in self._futures:
            self._futures[name] = asyncio.get_running_loop().create_future()
            self._waiting[name] = asked
            self._soon()
        return await asyncio.shield(self._futures[name])

    def resume(self, chat: Chat) -> None:
        """Take up the batches that are out there. `chat` is the whole stack around this one: what they answer goes into
        the cache and the ledger like any reply, whether or not a dialogue has asked for it yet."""
        for file in sorted(self._folder.glob("*.json")):
            state = json.loads(file.read_text(encoding="utf-8"))
            asked = [_asked(line, state["who"]) for line in file.with_suffix(".jsonl").open(encoding="utf-8")]
            for each in asked:
                self._futures[each.key.hex()] = asyncio.get_running_loop().create_future()
                self._start(_swallowed(chat(each)))
            self._start(self._follow(file.stem, state["id"], [each.key.hex() for each in asked]))

    async def close(self) -> None:
        """Stop looking and send no more; what is out there stays there."""
        if self._timer:
            self._timer.cancel()
        tasks = list(self._tasks)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _start(self, work: Any) -> None:
        task = asyncio.ensure_future(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def _soon(self) -> None:
        if self._timer:
            self._timer.cancel()
        if len(self._waiting) >= self._pace.most:
            self._cut()
        else:
            self._timer = asyncio.get_running_loop().call_later(self._pace.quiet, self._cut)

    def _cut(self) -> None:
        """What waits becomes a batch, or is asked live if it is too little for one."""
        taken, self._waiting, self._timer = self._waiting, {}, None
        if not taken:
            return
        if len(taken) < self._pace.least:
            for name, asked in taken.items():
                self._start(self._ask_live(name, asked))
            return
        self._count += 1
        # The queue may hold batches of other runs: the name is nobody else's.
        self._start(self._send(f"{self._count:06}-{secrets.token_hex(4)}", list(taken.values())))

    async def _ask_live(self, name: str, asked: Request) -> None:
        try:
            self._settle(name, await self._live(asked))
        except ChatError as error:
            self._settle(name, error)

    async def _send(self, name: str, asked: Sequence[Request]) -> None:
        names = [each.key.hex() for each in asked]
        file = self._folder / f"{name}.jsonl"
        table.write(file, "".join(map(_line, asked)))
        who = {each.key.hex(): [each.stage, each.item] for each in asked}
        self._write(name, who, None)
        try:
            sent = await self._queue.send(name, file)
        except ChatError as error:
            self._forget(name)
            for each in names:
                self._settle(each, error)
            return
        self._write(name, who, sent)
        await self._follow(name, sent, names)

    async def _follow(self, name: str, sent: str | None, names: Sequence[str]) -> None:
        """Look until it is done; then everybody who waits is told."""
        try:
            sent = sent or await self._found(name)
            answers: Answers = {} if sent is None else await self._answers(sent)
        except ChatError as error:
            for each in names:
                self._settle(each, error)
            return  # not forgotten: the next run looks again
        for each in names:
            found = answers.get(each) or ChatError("not answered in its batch; asked live")
            if isinstance(found, ChatError):
                self._again.add(each)
            self._settle(each, found)
        self._forget(name)

    async def _answers(self, sent: str) -> Answers:
        """Those of a batch, however long it takes; none of one that is kept no longer. ChatError where we are not let
        in: to wait would help nobody."""
        while True:
            try:
                answers = await self._queue.done(sent)
            except ChatError as error:
                if error.status in _SHUT:
                    raise
                answers = {} if error.status in _GONE else None  # else out of reach for a while; the batch goes on
            if answers is not None:
                return answers
            await asyncio.sleep(self._pace.poll)

    async def _found(self, name: str) -> str | None:
        """Whether what was about to be sent when the process ended was sent."""
        while True:
            try:
                return await self._queue.find(name)
            except ChatError as error:
                if error.status in _SHUT:
                    raise
                await asyncio.sleep(self._pace.poll)

    def _settle(self, name: str, answer: "Reply | ChatError") -> None:
        future = self._futures.pop(name, None)
        if future is None or future.done():
            return
        if isinstance(answer, ChatError):
            future.set_exception(answer)
            future.exception()  # seen: nobody may be waiting any more
        else:
            future.set_result(answer)

    def _write(self, name: str, who: Mapping[str, Sequence[str]], sent: str | None) -> None:
        table.write(self._folder / f"{name}.json", json.dumps({"id": sent, "who": who}))

    def _forget(self, name: str) -> None:
        """Its requests stay, for whoever wants to see them; it is not looked for any more."""
        (self._folder / f"{name}.json").unlink(missing_ok=True)


async def _swallowed(asking: Awaitable[Reply]) -> None:
    """Whoever asked before the restart asks again by himself, and is told then."""
    try:
        await asking
    except ChatError:
        return


def _line(asked: Request) -> str:
    row = {
        "custom_id": asked.key.hex(),
        "method": "POST",
        "url": "/v1/chat/completions",
        "body": json.loads(asked.body),
    }
    return json.dumps(row, ensure_ascii=False, separators=(",", ":")) + "\n"


def _asked(line: str, who: Mapping[str, Sequence[str]]) -> Request:
    row = json.loads(line)
    stage, item = who[row["custom_id"]]
    body = json.dumps(row["body"], ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace")
    return Request(body, bytes.fromhex(row["custom_id"]), stage, item, row["body"]["model"])

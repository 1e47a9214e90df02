"""A run without a model on several processors of this machine: its items are planned, worded and judged in processes
beside the one that draws them and holds the run folder. Knows no table.

A dialogue comes back as the text of its row, judged already: to take it apart and send it out again would cost about
as much as making it. Scenarios are drawn here and tables are read in their order, so that the number of processes
changes no result.
"""

import asyncio
import gc
import multiprocessing
import os
import pickle
import signal
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import closing, contextmanager
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.shared_memory import SharedMemory
from threading import Thread
from typing import Any, TypeVar

from millstream import rows
from millstream.errors import ItemError
from millstream.hands import Done, Hand, Kit
from millstream.prepare import Ground
from millstream.records import Dialogue, Scenario
from millstream.run import Worker

WORTH = 2000
"""Dialogues from which on other processes are started without being asked for: each takes seconds to begin."""
BATCH = 16
"""Items that go to a process together: the way there and back costs a part of what an item itself does."""
LIVE = 64
"""Items a process has at a time, so that it never waits for the next."""
AHEAD = 2
"""Parts of a table that wait for each process."""
YOUNG = 50_000
"""New objects after which a process looks for garbage: at Python's 700 that is 3 to 4% of its time, or more."""
Found = TypeVar("Found")
_here: list[tuple[asyncio.Runner, Hand]] = []
"""In a process of the pool: its loop, and who works in it."""


@dataclass(frozen=True)
class Row:
    """A dialogue's own part as it stands in its table, the ids of what it shares with others, and what the critics made
    of it where that is not the dialogue itself. Half the way between two processes is saved by what is not sent."""

    id: str
    own: str
    shared: tuple[str, str, str]
    judged: Done | None = None


@dataclass(frozen=True)
class Whole:
    """A dialogue whose text is known already: a record for whoever writes its row."""

    id: str
    text: str
    judged: Done | None

    def model_dump_json(self) -> str:
        return self.text


def _tidy() -> None:
    """What was loaded stays: a process that makes or writes dialogues need not look at it again and again."""
    gc.freeze()
    gc.set_threshold(YOUNG)


class Pool:
    """`count` processes, started with the first item."""

    def __init__(self, kit: Kit, count: int) -> None:
        self.kit, self.count, self.live = kit, count, LIVE
        self.processes: ProcessPoolExecutor | None = None
        self.given: SharedMemory | None = None

    def spread(self, base: Ground) -> tuple[Worker[Scenario, Any], Worker[Any, Any]]:
        """The two workers of the pipeline, working elsewhere."""
        _tidy()
        context = multiprocessing.get_context("spawn")  # a forked process could inherit a lock that nobody gives back
        self.given = _shared(pickle.dumps((self.kit, base)))
        self.processes = ProcessPoolExecutor(self.count, context, _begin, (self.given.name,))
        played, judging = Post(self.processes, _played), Post(self.processes, _judged)
        texts = {each.id: rows.shared(each) for each in (*base.users, *base.agents, *base.blueprints)}

        async def play(scenario: Scenario) -> AsyncIterator[Any]:
            for record in (await played.of(scenario)).records():
                yield _whole(record, texts)

        async def check(dialogue: Dialogue | Whole) -> AsyncIterator[Any]:
            judged = dialogue.judged if isinstance(dialogue, Whole) else await judging.of(dialogue)
            for record in judged.records() if judged else (dialogue,):
                yield _whole(record, texts)

        return play, check

    def map(self, work: Callable[[Any], Found], items: Iterable[Any], /) -> Iterator[Found]:
        """The built-in `map` in the processes. Few items are under way at once: their number costs no memory. ItemError
        where a process is killed."""
        if self.processes is None:  # nothing was to be made
            yield from map(work, items)
            return
        waiting = deque[Future[Found]]()
        try:
            for item in items:
                waiting.append(_submitted(self.processes, work, item))
                if len(waiting) > AHEAD * self.count:
                    yield waiting.popleft().result()
            yield from (each.result() for each in waiting)
        except BrokenProcessPool as error:
            raise ItemError("a process of the run was killed; run it again: what is done is kept") from error


def _shared(data: bytes) -> SharedMemory:
    """Where a new process finds what it works on. Sent to it, that would keep this one waiting until the other has read
    its modules, and the next would start only then."""
    shared = SharedMemory(create=True, size=len(data))
    view: Any = shared.buf  # None once it is closed
    view[: len(data)] = data
    return shared


Work = Callable[[Hand, Any], Awaitable[Done]]
"""What is done with an item in a process."""


class Post:
    """Has items worked on in the processes; what is asked for at one moment goes there together."""

    def __init__(self, processes: ProcessPoolExecutor, work: Work) -> None:
        self.processes, self.work = processes, work
        self.waiting: list[tuple[Any, asyncio.Future[Done]]] = []

    async def of(self, item: Scenario | Dialogue) -> Done:
        loop = asyncio.get_running_loop()
        if not self.waiting:
            loop.call_soon(self.send)
        self.waiting.append((item, loop.create_future()))
        return await self.waiting[-1][1]

    def send(self) -> None:
        for start in range(0, len(self.waiting), BATCH):
            items, answers = zip(*self.waiting[start : start + BATCH], strict=True)
            asyncio.ensure_future(self.sent(items)).add_done_callback(partial(_delivered, answers))
        self.waiting = []

    async def sent(self, items: Sequence[Any]) -> list[Done]:
        """Also where no process can be started: who asked is told."""
        return await asyncio.wrap_future(_submitted(self.processes, _all, self.work, items))


def _submitted(processes: ProcessPoolExecutor, work: Callable[..., Found], *given: Any) -> Future[Found]:
    """A process that is started here never hears Ctrl-C, which is for the one that was started by hand: ended while it
    reads what it is to do, it would leave this one writing to nobody for ever."""
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        return processes.submit(work, *given)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _delivered(answers: Sequence[asyncio.Future[Done]], sent: asyncio.Future[list[Done]]) -> None:
    error = None if sent.cancelled() else sent.exception()
    for n, answer in enumerate(answers):
        if answer.done():
            continue  # nobody waits for it any more
        if sent.cancelled():
            answer.cancel()
        elif error:
            answer.set_exception(error)
        else:
            answer.set_result(sent.result()[n])


def _whole(record: Any, texts: Mapping[str, str]) -> Any:
    if not isinstance(record, Row):
        return record
    return Whole(record.id, rows.joined(record.own, *(texts[each] for each in record.shared)), record.judged)


@contextmanager
def opened(kit: Kit, count: int) -> Iterator[Pool]:
    pool = Pool(kit, count)
    try:
        yield pool
    finally:
        if pool.processes:
            pool.processes.shutdown(cancel_futures=True)
        if pool.given:
            pool.given.close()
            pool.given.unlink()


# --- in a process of the pool ------------------------------------------------------------------------------


def _begin(given: str) -> None:
    Thread(target=_end_with_parent, daemon=True).start()
    with closing(SharedMemory(given)) as shared:
        view: Any = shared.buf
        kit, base = pickle.loads(view)
        del view  # or it could not be closed
    _here.append((asyncio.Runner(), Hand(kit, base, 0)))
    _tidy()


def _end_with_parent() -> None:
    """A killed parent tells nobody."""
    if parent := multiprocessing.parent_process():
        parent.join()
        os._exit(1)


def _all(work: Work, items: Sequence[Any]) -> list[Done]:
    """One turn of the loop for all: each costs as much as a twentieth of a dialogue."""
    ((runner, hand),) = _here
    return runner.run(_each(work, hand, items))


async def _each(work: Work, hand: Hand, items: Sequence[Any]) -> list[Done]:
    return [await work(hand, item) for item in items]


async def _played(hand: Hand, scenario: Scenario) -> Done:
    done = await hand.work("play", scenario)
    return replace(done, made=tuple([await _in_one(hand, each) for each in done.made]))


async def _judged(hand: Hand, dialogue: Dialogue) -> Done:
    done = await hand.work("judge", dialogue)
    return replace(done, made=tuple(map(_row, done.made)))


async def _in_one(hand: Hand, record: Any) -> Any:
    """What was played with what was judged."""
    row = _row(record)
    judged = await _judged(hand, record) if isinstance(row, Row) else None
    return replace(row, judged=judged) if judged and judged.made != (row,) else row


def _row(record: Any) -> Any:
    if not isinstance(record, Dialogue):
        return record
    user, agent = record.personas
    return Row(record.id, rows.own(record), (user.id, agent.id, record.blueprint.id))

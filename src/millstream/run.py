"""The engine: a run is a folder, a step is one JSONL file in it. Knows nothing of models or dialogues.

Two shapes of step are enough. `each` gives every item to a worker, many at a time; `whole` sees everything at
once (clustering, dedup, sampling). Both skip what is already there. Rejects are decisions and final; failures
are accidents, and a rerun tries them again. A row is one write of one line: a killed process loses the items
it had not finished and no other, and at most the last line is torn. A table is read in the order of its
items, never in the order of completion, so that what finished first cannot change a result.
"""

import asyncio
import fcntl
import hashlib
import json
import os
import tempfile
import traceback
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Sized
from contextlib import ExitStack, contextmanager
from itertools import pairwise
from pathlib import Path
from typing import IO, Any, NamedTuple, Protocol, TypeVar

from millstream import rows, table
from millstream.errors import InputError, ItemError, MillError, Spent, boundary
from millstream.records import Failure, Record, Reject
from millstream.table import Table


class Item(Protocol):
    """What a step works on: anything with a name that does not change."""

    @property
    def id(self) -> str: ...


A = TypeVar("A", bound=Item)
B = TypeVar("B", bound=Record)
T = TypeVar("T")

Worker = Callable[[A], AsyncIterator[B | Reject]]


class Stage(NamedTuple):
    """A step's name, what works on its items, and the kind of record it makes."""

    name: str
    worker: Worker[Any, Any]
    kind: type[Record]


OnDone = Callable[[str, int, int | None], None]
"""(step, items done, items in all where that is known)."""

_FEW = 10
"""A share of failures says nothing before so many items."""


class Run:
    """One folder, one fingerprint: a run made another way is another run.

    `live` items are worked on at a time: memory follows it, not the number of items. A step stops when more
    than the share `most_failures` of its items failed. One process at a time may hold a folder; it does so
    until `close` or its end.
    """

    def __init__(
        self,
        folder: Path,
        fingerprint: str = "",
        *,
        live: int = 64,
        most_failures: float = 0.5,
        on_done: OnDone = lambda name, done, total: None,
    ) -> None:
        self.folder, self.live, self.most_failures, self.on_done = folder, live, most_failures, on_done
        with self._writing():
            folder.mkdir(parents=True, exist_ok=True)
            self._lock: int | None = _locked(folder / "lock")
            _check_fingerprint(folder / "fingerprint", fingerprint)
            for log in ("rejects", "failures"):
                table.drop_torn_line(folder / f"{log}.jsonl")
        self._rejected = set(table.lines(folder / "rejects.jsonl"))
        self._digests: dict[str, str] = {}

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """InputError where the folder cannot be written: it is no fault of an item."""
        try:
            yield
        except OSError as error:
            remedy = "make room or name another folder, and run again: what is done is kept"
            raise InputError(f"cannot write the run: {error.strerror}", str(self.folder), remedy) from error

    @property
    def rejects(self) -> list[Reject]:
        """What went no further so far, and why."""
        return [Reject.model_validate_json(line) for line in table.lines(self.folder / "rejects.jsonl")]

    def close(self) -> None:
        """Let another process have the folder."""
        if self._lock is not None:
            os.close(self._lock)
            self._lock = None

    def __enter__(self) -> "Run":
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    async def each(self, name: str, items: Iterable[A], worker: Worker[A, B], kind: type[B]) -> Table[B]:
        """Give `worker` every item that has no row yet. InputError when too many fail, naming the first."""
        return (await self.chain(items, Stage(name, worker, kind)))[0]

    async def chain(self, items: Iterable[Item], *stages: Stage, total: int | None = None) -> list[Table[Any]]:
        """`each` for several steps of which one works on what the last one made, without a barrier between them: what
        an item became goes on while others are still in the first step. The tables are those that one `each` after
        the other makes. `total`: how many items there are, where they are not counted yet."""
        total = len(items) if isinstance(items, Sized) else total
        with self._writing(), ExitStack() as files:
            steps = [self._step(stage, total, files) for stage in stages]
            for step, following in pairwise(steps):
                step.then = following
            try:
                await steps[0].work(items)
            except BaseExceptionGroup as group:
                raise _first(group) from group
        order = steps[0].order
        for step in steps:
            step.order = order
            self._digests[step.stage.name] = _hash(sorted(step.finished.keys() & set(order)))
            order = [made for item in order for made in step.made.get(item, ())]
        return [Table(step.path, step.stage.kind, step.order, step.finished) for step in steps]

    def _step(self, stage: Stage, total: int | None, files: ExitStack) -> "_Step":
        path = self.folder / f"{stage.name}.jsonl"
        table.drop_torn_line(path)
        self._forget_failures(stage.name)
        return _Step(self, stage, path, total, files)

    def whole(self, name: str, make: Callable[[], Iterable[B | Reject | bytes]], kind: type[B]) -> Table[B]:
        """Make a step's records in one go, unless they are there, whole, and the steps before it are as they were. What
        it takes over from another table may be handed in as the row that stands there."""
        path, mark = self.folder / f"{name}.jsonl", self.folder / f"{name}.after"
        before = _hash(f"{step} {digest}" for step, digest in sorted(self._digests.items()))
        digest = table.digest(path)
        if not mark.exists() or mark.read_text() != f"{before} {digest}":
            with self._writing():
                digest = self._make_whole(_attributed(name, make), path)
                table.write(mark, f"{before} {digest}")
        self._digests[name] = digest
        return Table(path, kind)

    def _make_whole(self, made: Iterable[B | Reject | bytes], path: Path) -> str:
        """Its digest, worked out as it is written."""
        part, log, digest = path.with_suffix(".part"), self.folder / "rejects.jsonl", hashlib.sha256()
        with part.open("wb") as file, log.open("ab", buffering=0) as rejects:
            for record in made:
                if isinstance(record, Reject):
                    self.reject(record, rejects)
                else:
                    row = record if isinstance(record, bytes) else rows.encoded(record.id, [record])
                    file.write(row)
                    digest.update(row)
            file.flush()
            table.sync(part)
        part.replace(path)  # last, so that the file's being there means it is whole
        return digest.hexdigest()

    @contextmanager
    def scratch(self) -> Iterator[IO[bytes]]:
        """A file for what a step keeps out of memory, gone when it is done."""
        with self._writing(), tempfile.TemporaryFile(dir=self.folder) as file:
            yield file

    def reject(self, reject: Reject, rejects: IO[bytes]) -> None:
        """Write a reject, unless it was written before the row of its item was torn."""
        line = reject.model_dump_json()
        if line not in self._rejected:
            self._rejected.add(line)
            table.append(rejects, line.encode("utf-8") + b"\n")

    def _forget_failures(self, name: str) -> None:
        """They are tried again now: what stands in the file is what still fails."""
        path = self.folder / "failures.jsonl"
        lines = list(table.lines(path))
        if left := [line for line in lines if json.loads(line)["step"] != name]:
            table.write(path, "\n".join(left) + "\n")
        elif lines:
            path.unlink()


class _Step:
    """One step while it is worked on: its open files and its counts. `then` works on what it makes; for that, `made`
    keeps the ids of what every item became."""

    def __init__(self, run: Run, stage: Stage, path: Path, total: int | None, files: ExitStack) -> None:
        self.run, self.stage, self.path, self.total = run, stage, path, total
        self.then: _Step | None = None
        self.order: list[str] = []
        self.made: dict[str, tuple[str, ...]] = {}
        self.done, self.tried, self.failed = 0, 0, 0
        self.first, self.spent = "", False
        self.finished = table.places(path)
        self.end = path.stat().st_size if path.exists() else 0
        self.rows, self.rejects, self.failures = (
            files.enter_context(each.open("ab", buffering=0))
            for each in (path, run.folder / "rejects.jsonl", run.folder / "failures.jsonl")
        )

    async def work(self, items: Iterable[Item]) -> None:
        room = asyncio.Semaphore(self.run.live)
        seen: set[str] = set()

        async def one(item: Item) -> None:
            try:
                await self.take(item)
            finally:
                room.release()

        async with asyncio.TaskGroup() as group:
            for item in items:
                if item.id in seen:
                    continue
                seen.add(item.id)
                self.order.append(item.id)
                if self.then is None and item.id in self.finished:
                    self.count()
                elif item.id in self.finished or not self.is_spent:
                    await room.acquire()
                    group.create_task(one(item))

    @property
    def is_spent(self) -> bool:
        """Nothing more is made that could not be worked on by the steps after this one."""
        return self.spent or (self.then is not None and self.then.is_spent)

    async def take(self, item: Item) -> None:
        """Make what is not there yet, and hand on what came of it."""
        if item.id in self.finished:
            made = [] if self.then is None else list(table.made(self.path, self.finished[item.id], self.stage.kind))
            self.count()
        elif self.is_spent:
            return
        else:
            made = await self.try_one(item)
        if self.then:
            fresh = [record for record in made if record.id not in self.then.made]
            self.made[item.id] = tuple(record.id for record in fresh)
            self.then.made.update((record.id, ()) for record in fresh)
            for record in fresh:
                await self.then.take(record)

    async def try_one(self, item: Item) -> list[Record]:
        kept: list[Record] = []
        try:
            with boundary(self.stage.name):
                made = [record async for record in self.stage.worker(item)]
        except ItemError as error:
            self.fail(item.id, error)
        else:
            for record in made:
                if isinstance(record, Reject):
                    self.run.reject(record, self.rejects)
            kept = [record for record in made if not isinstance(record, Reject)]
            self.write(item.id, rows.encoded(item.id, kept))
            self.tried += 1
        self.count()
        return kept

    def write(self, item: str, row: bytes) -> None:
        table.append(self.rows, row)
        self.finished[item] = self.end
        self.end += len(row)

    def fail(self, item: str, error: ItemError) -> None:
        """A spent budget is no fault of the items: they wait for the next run."""
        trace = error.trace or "".join(traceback.format_exception(error))
        failure = Failure(step=self.stage.name, item=item, error=_clean(str(error)), trace=_clean(trace))
        table.append(self.failures, failure.model_dump_json().encode("utf-8") + b"\n")
        self.first = self.first or str(error)
        if isinstance(error, Spent):
            self.spent = True
            return
        self.tried, self.failed = self.tried + 1, self.failed + 1
        if self.tried >= _FEW and self.failed > self.run.most_failures * self.tried:
            raise InputError(
                f"{self.failed} of {self.tried} items failed, the first with: {self.first}",
                f"step {self.stage.name}",
                f"see {self.run.folder / 'failures.jsonl'}, mend it and run again: what is done is kept",
            )

    def count(self) -> None:
        self.done += 1
        self.run.on_done(self.stage.name, self.done, self.total)


def _attributed(name: str, make: Callable[[], Iterable[T]]) -> Iterator[T]:
    """What `make` makes; what goes wrong in it is its own fault, not that of who writes it down."""
    with boundary(name):
        yield from make()


def _clean(text: str) -> str:
    """Half a surrogate pair may stand in an error that quotes a reply; a record does not take it."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _first(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """The error to show: one of ours if there is one, for it is one clear line."""
    ours, others = group.split(MillError)
    found: BaseException = ours or others or group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


def _hash(lines: Iterable[str]) -> str:
    digest = hashlib.sha256()
    for line in lines:
        digest.update(line.encode("utf-8", "replace") + b"\n")
    return digest.hexdigest()


# --- who holds the folder ----------------------------------------------------------------------------------


def _check_fingerprint(path: Path, fingerprint: str) -> None:
    if path.exists() and path.read_text(encoding="utf-8") != fingerprint:
        remedy = "name a new folder, or run it as it was made"
        raise InputError("was made with another recipe, model, prompt or input", str(path.parent), remedy)
    if not path.exists():
        table.write(path, fingerprint)


def holder(folder: Path) -> str:
    """The id of the process that is writing a run; "" if none is. Not to be asked by that process itself: whoever
    closes a file gives back all its locks on it."""
    try:
        with (folder / "lock").open() as file:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB)
    except FileNotFoundError:
        return ""
    except OSError:
        return (folder / "lock").read_text(encoding="ascii", errors="replace") or "unknown"
    return ""


def _locked(path: Path) -> int:
    """Hold the folder until the process ends. The kernel keeps the lock: a dead process leaves none behind.

    The lock belongs to the process: a second Run of the same process may open the folder again.
    """
    handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.lockf(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        holder = os.read(handle, 20).decode("ascii", "replace") or "unknown"
        os.close(handle)
        remedy = "wait for it, or name another folder"
        raise InputError(f"process {holder} is writing this run", str(path.parent), remedy) from error
    os.ftruncate(handle, 0)
    os.pwrite(handle, str(os.getpid()).encode(), 0)
    return handle

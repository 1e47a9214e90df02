"""Replies and the ledger in one SQLite file, written in groups. Knows bytes and rows, nothing of models.

Rows are committed to the write-ahead log at once, or within milliseconds where the disk is at work: a process that is
killed from then on loses none of them. For the disk it is waited beside the loop, and one wait costs as much for one
commit as for a hundred: what is committed meanwhile is had on disk by the next. Rows added without an `await` between
them land in one transaction, because groups are cut by the event loop alone; that is how a reply and the ledger row of
the call that bought it stay together.
"""

import asyncio
import os
import sqlite3
from collections.abc import AsyncIterator, Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, closing, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

from millstream import table
from millstream.errors import InputError, StoreError

LEDGER = "cache.sqlite"
"""The file of a run folder."""
_VERSION = 2
_SOON = 0.002
"""Seconds for which rows gather while the disk is at work: as long as a quick one is, which so has no more commits."""
_LOGGED = 2000
"""Rows in the log, each a page or more of it, after which they are put in their place and it begins anew."""
_SCHEMA = """
create table if not exists reply (key blob primary key, value text not null) without rowid;
create table if not exists attempt (stage text, item text, model text, key blob, status int, error text, started real,
    seconds real, tokens_in int, tokens_out int, tokens_cached int, tokens_reasoning int, cost real);
"""
_FROM_1 = """
alter table attempt rename to attempt_1;
{schema}
insert into attempt select stage, item, '', key, status, error, started, seconds, iif(error = '', tokens_in, null),
    iif(error = '', tokens_out, null), iif(error = '', tokens_cached, null), null, null from attempt_1;
drop table attempt_1;
"""
_REPLY = "select value from reply where key = ?"
_INSERT = f"insert into attempt values ({', '.join('?' * 13)})"
_TALLY = """
select stage, count(distinct key), count(*), sum(error <> ''), coalesce(sum(tokens_in), 0),
    coalesce(sum(tokens_out), 0), coalesce(sum(tokens_cached), 0), sum(seconds)
    from attempt group by stage order by min(rowid)
"""
_BILL = _TALLY.replace("select stage,", "select stage, model, sum(cost),").replace("by stage", "by stage, model")


class Attempt(NamedTuple):
    """One row of the ledger: a call that was made, answered or not.

    `status` is the HTTP status, 0 without an answer; `error` is empty for a reply that could be used;
    `started` is seconds since 1970. Tokens are None where no reply says them; `cost` is what the endpoint itself
    says it charged.
    """

    stage: str
    item: str
    model: str
    key: bytes
    status: int
    error: str
    started: float
    seconds: float
    tokens_in: int | None
    tokens_out: int | None
    tokens_cached: int | None
    tokens_reasoning: int | None
    cost: float | None


class _Group:
    """Rows that share a commit, and the event that says that they are on disk."""

    def __init__(self) -> None:
        self.replies: list[tuple[bytes, str]] = []
        self.attempts: list[Attempt] = []
        self.over = asyncio.Event()
        self.error: BaseException | None = None


_PATIENT = 5000
"""Milliseconds to wait for somebody else who writes."""


class Store:
    """The open file. Used from one event loop; see `opened`. What it does not hold, a `lender` may: another file."""

    def __init__(
        self,
        path: Path,
        writer: sqlite3.Connection,
        reader: sqlite3.Connection,
        log: int,
        beside: ThreadPoolExecutor,
        lender: sqlite3.Connection | None = None,
    ) -> None:
        """`log`: the open write-ahead log."""
        self._path, self._writer, self._reader, self._beside = path, writer, reader, beside
        self._log, self._lender = log, lender
        self._filling = _Group()
        self._written: list[_Group] = []  # and not on disk
        self._unsure: dict[bytes, _Group] = {}  # replies that are not on disk
        self._awake = self._syncing = self._full = False
        self._rows = 0
        self._lost: OSError | None = None

    async def get(self, key: bytes) -> str | None:
        """A reply that is on disk. One that is on its way there, bought by somebody who gave up, is waited for;
        StoreError where the disk has failed, for what is in the log may not be on it."""
        while group := self._unsure.get(key):
            await group.over.wait()
        if self._lost:
            raise self._broken("write", self._lost) from self._lost
        try:
            row = self._reader.execute(_REPLY, (key,)).fetchone()
            lent = self._lender.execute(_REPLY, (key,)).fetchone() if self._lender and not row else None
        except sqlite3.Error as error:
            raise self._broken("read", error) from error
        if lent:  # the lender has it until it is on disk here
            self._filling.replies.append((key, lent[0]))
            self._wake()
        found = row or lent
        return str(found[0]) if found else None

    async def put(self, key: bytes, value: str) -> None:
        """Return when the reply is on disk; StoreError if it cannot be."""
        self._filling.replies.append((key, value))
        self._unsure[key] = self._filling
        await self.written()

    def note(self, attempt: Attempt) -> None:
        self._filling.attempts.append(attempt)
        self._wake()

    async def written(self) -> None:
        """Wait until all that was added so far is on disk."""
        group = self._filling
        self._wake()
        await group.over.wait()
        if group.error:
            raise self._broken("write", group.error) from group.error

    def _broken(self, what: str, error: BaseException) -> StoreError:
        remedy = "make room on the disk and run again: what is done is kept"
        if type(error) is sqlite3.DatabaseError:  # a page of it was damaged
            remedy = f"`sqlite3 {self._path} .recover | sqlite3 NEW` saves what can be read; put NEW in its place"
        return StoreError(f"cannot {what} the cache {self._path}: {error}; {remedy}")

    def _wake(self) -> None:
        if not self._awake:
            self._awake, loop = True, asyncio.get_running_loop()
            loop.call_later(_SOON, self._write) if self._syncing else loop.call_soon(self._write)

    def _write(self) -> None:
        if self._full or not self._awake:
            return
        self._awake = False
        group, self._filling = self._filling, _Group()
        try:
            self._writer.execute("begin")
            self._writer.executemany("insert or replace into reply values (?, ?)", group.replies)
            self._writer.executemany(_INSERT, group.attempts)
            self._writer.execute("commit")
        except (sqlite3.Error, ValueError, OverflowError) as error:  # a row that SQLite does not take is one, too
            if self._writer.in_transaction:
                self._writer.execute("rollback")
            group.error = error
        self._rows += len(group.replies) + len(group.attempts)
        self._written.append(group)
        if not self._syncing:
            self._sync()

    def _sync(self) -> None:
        groups, self._written = self._written, []
        self._syncing, self._full = True, self._rows >= _LOGGED
        what = self._put_in_place if self._full else self._had_on_disk
        synced = asyncio.get_running_loop().run_in_executor(self._beside, what)
        synced.add_done_callback(lambda done: self._finish(groups, done.exception()))

    def _had_on_disk(self) -> None:
        os.fdatasync(self._log)

    def _put_in_place(self) -> None:
        """All that is in the log; nothing is written meanwhile. What is written next begins the log anew, for which
        SQLite waits for the disk: so something is written here. Where somebody else reads the file the log goes on, and
        the next rows try again: nothing waits for a reader."""
        self._had_on_disk()
        self._writer.execute("pragma busy_timeout=0")
        self._writer.execute("pragma wal_checkpoint(restart)")
        self._writer.execute(f"pragma busy_timeout={_PATIENT}")
        self._writer.execute(f"pragma user_version={_VERSION}")
        self._rows = 0

    def _finish(self, groups: list[_Group], error: BaseException | None) -> None:
        self._syncing = self._full = False
        if isinstance(error, OSError):  # told once: the next fsync succeeds, though what lies before it is gone
            self._lost = error
        for group in groups:
            group.error = group.error or error or self._lost
            group.over.set()
            for key, _ in group.replies:
                if self._unsure.get(key) is group:
                    del self._unsure[key]
        if self._written or self._awake:
            self._awake = True
            asyncio.get_running_loop().call_soon(self._write)


@asynccontextmanager
async def opened(path: Path, lender: Path | None = None) -> AsyncIterator[Store]:
    """Replies that `lender` holds are taken over as they are asked for; its attempts are not: they were paid there.
    InputError if either is no cache."""
    with (
        _lending(lender) as other,
        _connected(path) as writer,
        _logging(path, writer) as log,
        ThreadPoolExecutor(1) as beside,
        closing(sqlite3.connect(path, isolation_level=None)) as reader,
    ):
        store = Store(path, writer, reader, log, beside, other)
        try:
            yield store
        finally:
            await store.written()


@contextmanager
def _lending(path: Path | None) -> Iterator[sqlite3.Connection | None]:
    if path is None:
        yield None
        return
    try:
        reader = sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)
        reader.execute(_REPLY, (b"",)).fetchone()
    except sqlite3.Error as error:
        remedy = "name a run that asked a model"
        raise InputError(f"no cache to take replies from: {error}", str(path), remedy) from error
    with closing(reader):
        yield reader


@contextmanager
def _logging(path: Path, writer: sqlite3.Connection) -> Iterator[int]:
    """The write-ahead log, which from here on is had on disk, and put in its place, by whoever writes to it."""
    writer.execute("pragma synchronous=normal")
    writer.execute("pragma wal_autocheckpoint=0")
    try:
        log = os.open(f"{path}-wal", os.O_RDONLY)
    except OSError as error:
        raise InputError("no write-ahead log can be kept there", str(path), "name a folder on a local disk") from error
    try:
        yield log
    finally:
        os.close(log)


@contextmanager
def _connected(path: Path) -> Iterator[sqlite3.Connection]:
    try:
        writer = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    except sqlite3.Error as error:
        raise InputError(f"cannot open the cache: {error}", str(path), "is the folder writable?") from error
    with closing(writer):
        try:
            writer.execute("pragma journal_mode=wal")
            writer.execute("pragma synchronous=full")
            version = writer.execute("pragma user_version").fetchone()[0]
            if version == 1:
                writer.executescript(f"begin; {_FROM_1.format(schema=_SCHEMA)} pragma user_version={_VERSION}; commit;")
            elif version not in (0, _VERSION):
                remedy = "move it away, or use the version of millstream that wrote it"
                raise InputError(f"the cache has format {version}, not {_VERSION}", str(path), remedy)
            writer.executescript(f"{_SCHEMA} pragma user_version={_VERSION};")
            table.sync(path.parent)  # or a rollback journal that SQLite unlinked could come back after a power cut
        except sqlite3.Error as error:
            raise InputError(
                f"not a usable cache: {error}", str(path), "move it away and run again"
            ) from error
        yield writer


# --- what was spent ----------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Tally:
    """What a stage spent. `calls` counts different requests, `attempts` every try, `seconds` the time waited
    for the endpoint, added up over calls that ran side by side."""

    calls: int = 0
    attempts: int = 0
    failures: int = 0
    tokens_in: int = 0
    tokens_out: int = 0
    tokens_cached: int = 0
    seconds: float = 0.0

    def __add__(self, other: "Tally") -> "Tally":
        return Tally(*(a + b for a, b in zip(vars(self).values(), vars(other).values(), strict=True)))


@dataclass(frozen=True)
class Spending:
    """What a ledger says, by stage in the order of their first calls."""

    stages: Mapping[str, Tally]

    @property
    def total(self) -> Tally:
        return sum(self.stages.values(), Tally())


def spent(path: Path) -> Spending:
    """Read-only, also while a run is writing; nothing spent where there is no ledger yet."""
    if not path.exists():
        return Spending({})
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as reader:
            return Spending({stage: Tally(*sums) for stage, *sums in reader.execute(_TALLY)})
    except sqlite3.Error as error:
        raise InputError(f"not a ledger: {error}", str(path), "give a run folder of millstream") from error


class Billed(NamedTuple):
    """What one model did for one stage; `cost` is what the endpoint itself said it charged, None where it is silent."""

    stage: str
    model: str
    tally: Tally
    cost: float | None


def billed(path: Path) -> list[Billed]:
    """`spent` by stage and model."""
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as reader:
            return [Billed(stage, model, Tally(*sums), cost) for stage, model, cost, *sums in reader.execute(_BILL)]
    except sqlite3.Error as error:
        raise InputError(f"not a ledger: {error}", str(path), "give a run folder of millstream") from error


def attempted(path: Path, key: bytes) -> str:
    """Why the last attempt at a request failed; "" where none was made, or the last one was answered."""
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as reader:
        row = reader.execute("select error from attempt where key = ? order by rowid desc limit 1", (key,)).fetchone()
    return str(row[0]) if row else ""


def merged(path: Path, other: Path) -> None:
    """Add the replies and the attempts of another cache of this format, each once, also where it was added before."""
    try:
        with _connected(path) as into:
            into.execute("attach ? as other", (str(other),))
            into.execute("begin")
            into.execute("insert or ignore into main.reply select * from other.reply")
            into.execute("insert into main.attempt select * from other.attempt except select * from main.attempt")
            into.execute("commit")
    except sqlite3.Error as error:
        raise StoreError(f"cannot merge {other} into the cache: {error}") from error

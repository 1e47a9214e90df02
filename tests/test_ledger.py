"""The file that holds replies and attempts."""

import asyncio
import sqlite3
import threading
from contextlib import closing
from pathlib import Path

import pytest

from millstream import ledger
from millstream.errors import InputError, StoreError


def attempt(stage: str, key: bytes = b"k", error: str = "") -> ledger.Attempt:
    return ledger.Attempt(stage, "item", "m", key, 200, error, 1.0, 0.5, 10, 2, 1, 0, None)


async def test_what_was_put_is_there_after_reopening(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        await asyncio.gather(*(store.put(bytes([n]), f"回{n}") for n in range(100)))
    async with ledger.opened(tmp_path / "cache") as store:
        assert [await store.get(bytes([n])) for n in (0, 99)] == ["回0", "回99"]
        assert await store.get(b"other") is None


async def test_rows_gather_while_a_commit_is_on_its_way(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        commits: list[str] = []
        store._writer.set_trace_callback(lambda sql: commits.append(sql) if sql == "commit" else None)
        await asyncio.gather(*(store.put(str(n).encode(), "x") for n in range(500)))
    assert len(commits) < 10


async def test_what_waits_for_the_disk_outlives_its_process(tmp_path: Path) -> None:
    disk = threading.Event()
    with closing(sqlite3.connect(tmp_path / "cache")) as other:
        async with ledger.opened(tmp_path / "cache") as store:
            store._beside.submit(disk.wait)
            waiting = []
            for n in range(3):
                waiting.append(asyncio.ensure_future(store.put(bytes([n]), "x")))
                await asyncio.sleep(0.05)
                assert other.execute("select count(*) from reply").fetchone() == (n + 1,)
            assert not any(each.done() for each in waiting)
            disk.set()
            await asyncio.gather(*waiting)


async def test_nobody_is_handed_a_reply_before_it_is_on_disk(tmp_path: Path) -> None:
    """Not by its commit, which others can read already, and not where whoever bought it gave up."""
    disk = threading.Event()
    async with ledger.opened(tmp_path / "cache") as store:
        store._beside.submit(disk.wait)
        buying = asyncio.ensure_future(store.put(b"a", "x"))
        await asyncio.sleep(0.05)
        asking = asyncio.ensure_future(store.get(b"a"))
        await asyncio.sleep(0.05)
        buying.cancel()
        await asyncio.sleep(0.05)
        assert buying.cancelled() and not asking.done()
        disk.set()
        assert await asking == "x"


async def test_the_log_begins_anew(tmp_path: Path) -> None:
    path, sizes = tmp_path / "cache", list[int]()
    async with ledger.opened(path) as store:
        for n in range(6):
            await asyncio.gather(*(store.put(bytes([n, m % 256, m // 256]), "x" * 100) for m in range(1500)))
            sizes.append((tmp_path / "cache-wal").stat().st_size)
    assert sizes[-1] < 3 * sizes[0]
    async with ledger.opened(path) as store:
        assert all([await store.get(bytes([n, m % 256, m // 256])) for n in range(6) for m in range(1500)])


@pytest.mark.parametrize("rounds", range(6))
async def test_waiting_ends_though_nothing_was_added_while_a_commit_was_on_its_way(tmp_path: Path, rounds: int) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        store.note(attempt("mine"))
        for _ in range(rounds):
            await asyncio.sleep(0)
        await asyncio.wait_for(store.written(), 5)


async def test_a_note_alone_is_kept(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        store.note(attempt("mine"))
    assert ledger.spent(tmp_path / "cache").total.attempts == 1


async def test_spending_is_told_by_stage_in_order(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        for each in (attempt("mine"), attempt("play", b"a", "500"), attempt("play", b"a"), attempt("judge")):
            store.note(each)
        await store.written()
        spending = ledger.spent(tmp_path / "cache")  # while it is open
    assert list(spending.stages) == ["mine", "play", "judge"]
    assert spending.stages["play"] == ledger.Tally(1, 2, 1, 20, 4, 2, 1.0)
    assert spending.total == ledger.Tally(3, 4, 1, 40, 8, 4, 2.0)


def test_no_ledger_is_nothing_spent(tmp_path: Path) -> None:
    assert ledger.spent(tmp_path / "none").total == ledger.Tally()
    assert not (tmp_path / "none").exists()


@pytest.mark.parametrize(
    "content", [b"rubbish that is no database, but long enough" * 9, b"SQLite format 3\0" + b"\xff" * 99]
)
async def test_another_file_is_one_clear_line(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "cache"
    path.write_bytes(content)
    with pytest.raises(InputError, match="cache: not a usable cache"):
        async with ledger.opened(path):
            pass
    with pytest.raises(InputError, match="not a ledger"):
        ledger.spent(path)


async def test_a_cache_of_another_version_is_refused(tmp_path: Path) -> None:
    with closing(sqlite3.connect(tmp_path / "cache")) as other:
        other.execute("pragma user_version=99")
    with pytest.raises(InputError, match="has format 99"):
        async with ledger.opened(tmp_path / "cache"):
            pass


async def test_a_folder_that_is_not_there_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="is the folder writable"):
        async with ledger.opened(tmp_path / "none" / "cache"):
            pass


async def test_a_full_disk_is_one_clear_line_and_the_rest_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    async with ledger.opened(path) as store:
        await store.put(b"before", "kept")
        store._writer.execute("pragma max_page_count=1")
        with pytest.raises(StoreError, match=r"cannot write the cache .*cache: .*full; make room on the disk"):
            for n in range(99):
                await store.put(bytes([n]), "x" * 9000)
        store._writer.execute("pragma max_page_count=99999")
        await store.put(b"after", "kept")
    async with ledger.opened(path) as store:
        assert (await store.get(b"before"), await store.get(b"after")) == ("kept", "kept")


async def test_after_a_failed_fsync_nothing_is_said_to_be_on_disk(tmp_path: Path) -> None:
    async with asyncio.timeout(9):
        with pytest.raises(StoreError, match=r"cannot write the cache .*make room"):
            async with ledger.opened(tmp_path / "cache") as store:
                log, store._log = store._log, -1
                with pytest.raises(StoreError, match="Bad file descriptor"):
                    await store.put(b"a", "x")
                store._log = log
                with pytest.raises(StoreError, match="Bad file descriptor"):
                    await store.get(b"a")
                with pytest.raises(StoreError, match="Bad file descriptor"):
                    await store.put(b"b", "x")


async def test_somebody_who_reads_the_file_holds_up_nobody(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    async with asyncio.timeout(4), ledger.opened(path) as store:  # SQLite's own patience is 5 s
        await store.put(b"first", "x")
        with closing(sqlite3.connect(path)) as reader:
            reader.execute("begin")
            reader.execute("select count(*) from reply").fetchone()
            await asyncio.gather(*(store.put(n.to_bytes(4), "x") for n in range(2 * ledger._LOGGED)))
        await store.put(b"last", "y")
        assert await store.get(b"last") == "y"


@pytest.mark.parametrize("odd", [attempt("a\ud83d"), attempt("a")._replace(tokens_in=2**63)])
async def test_a_row_that_sqlite_does_not_take_holds_up_nobody(tmp_path: Path, odd: ledger.Attempt) -> None:
    async with asyncio.timeout(9), ledger.opened(tmp_path / "cache") as store:
        store.note(odd)
        with pytest.raises(StoreError, match="cannot write the cache"):
            await store.put(b"with it", "lost")
        await store.put(b"after", "kept")
        assert (await store.get(b"with it"), await store.get(b"after")) == (None, "kept")


async def test_a_damaged_page_is_one_clear_line(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    async with ledger.opened(path) as store:
        await asyncio.gather(*(store.put(n.to_bytes(4), "x" * 500) for n in range(2000)))
    content = bytearray(path.read_bytes())
    content[8 * 4096 : -8 * 4096] = b"\xff" * (len(content) - 16 * 4096)
    path.write_bytes(content)
    async with ledger.opened(path) as store:
        with pytest.raises(StoreError, match=r"cannot read the cache .*: .*malformed; .*\.recover"):
            for n in range(2000):
                await store.get(n.to_bytes(4))


OLD = """
create table reply (key blob primary key, value text not null) without rowid;
create table attempt (stage text, item text, key blob, status int, error text, started real,
    seconds real, tokens_in int, tokens_out int, tokens_cached int);
insert into reply values (x'aa', '[["hello"], 3, 1, 0, null]');
insert into attempt values ('play', 'a', x'aa', 500, 'broken', 1.0, 0.5, 0, 0, 0);
insert into attempt values ('play', 'a', x'aa', 200, '', 2.0, 0.5, 3, 1, 0);
pragma user_version=1;
"""


async def test_a_cache_of_the_version_before_is_taken_over(tmp_path: Path) -> None:
    path = tmp_path / "cache"
    with closing(sqlite3.connect(path)) as old:
        old.executescript(OLD)
    for _ in range(2):
        async with ledger.opened(path) as store:
            assert await store.get(b"\xaa") == '[["hello"], 3, 1, 0, null]'
        assert ledger.spent(path).total == ledger.Tally(1, 2, 1, 3, 1, 0, 1.0)
    with closing(sqlite3.connect(path)) as new:
        assert new.execute("select tokens_in from attempt order by started").fetchall() == [(None,), (3,)]

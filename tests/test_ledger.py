"""The file that holds replies and attempts."""

import asyncio
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from millstream import ledger
from millstream.errors import InputError


def attempt(stage: str, key: bytes = b"k", error: str = "") -> ledger.Attempt:
    return ledger.Attempt(stage, "item", "m", key, 200, error, 1.0, 0.5, 10, 2, 1, 0, None)


async def test_what_was_put_is_there_after_reopening(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        await asyncio.gather(*(store.put(bytes([n]), f"回{n}") for n in range(100)))
    async with ledger.opened(tmp_path / "cache") as store:
        assert [store.get(bytes([n])) for n in (0, 99)] == ["回0", "回99"]
        assert store.get(b"other") is None


async def test_rows_gather_while_a_commit_is_on_its_way(tmp_path: Path) -> None:
    async with ledger.opened(tmp_path / "cache") as store:
        commits: list[str] = []
        store._writer.set_trace_callback(lambda sql: commits.append(sql) if sql == "commit" else None)
        await asyncio.gather(*(store.put(str(n).encode(), "x") for n in range(500)))
    assert len(commits) < 10


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

"""A run is a folder: what is in it after accidents, kills and reruns."""

import asyncio
import os
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.errors import ChatError, InputError, ItemError, Spent, StoreError
from millstream.records import Failure, Reject, Verdict
from millstream.run import Run, Stage, holder
from millstream.table import Table


def verdict(n: int, name: str = "c") -> Verdict:
    return Verdict(critic=name, passed=True, reason=f"第{n}", turns=(n,))


class Worker:
    """Doubles what it gets, rejects every fifth, and fails where told; the first ones finish last."""

    def __init__(self, failing: frozenset[int] = frozenset(), error: Exception | None = None) -> None:
        self.failing, self.error = failing, error or ValueError("bad luck")
        self.seen: list[int] = []
        self.live = self.most_live = 0

    async def work(self, item: Verdict) -> AsyncIterator[Verdict | Reject]:
        n = item.turns[0]
        self.seen.append(n)
        self.live += 1
        self.most_live = max(self.most_live, self.live)
        await asyncio.sleep(0.0001 * (50 - n if n < 50 else 0))
        self.live -= 1
        if n in self.failing:
            raise self.error
        if n % 5 == 0:
            yield Reject(step="doubled", item=item.id, reason="a fifth")
            return
        yield verdict(n, "twice")
        yield verdict(-n, "twice")


async def made(folder: Path, count: int = 20, worker: Worker | None = None, **how: object) -> Table[Verdict]:
    with Run(folder, "f", **how) as run:
        return await run.each("1_doubled", map(verdict, range(count)), (worker or Worker()).work, Verdict)


def numbers(table: Table[Verdict]) -> list[int]:
    return [each.turns[0] for each in table]


def lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").splitlines() if path.exists() else []


def fifths(count: int) -> list[int]:
    return [m for n in range(count) if n % 5 for m in (n, -n)]


# --- each --------------------------------------------------------------------------------------------------


async def test_a_table_is_in_the_order_of_its_items(tmp_path: Path) -> None:
    table = await made(tmp_path)
    assert numbers(table) == fifths(20), "although the first finished last"
    assert len(table) == 32
    assert [len(records) for _, records in table.items()] == [0, 2, 2, 2, 2] * 4
    assert len(lines(tmp_path / "rejects.jsonl")) == 4


async def test_a_rerun_works_on_nothing_and_added_items_alone(tmp_path: Path) -> None:
    await made(tmp_path)
    again, more, fewer = Worker(), Worker(), Worker()
    assert numbers(await made(tmp_path, 20, again)) == fifths(20)
    assert again.seen == []
    assert numbers(await made(tmp_path, 23, more)) == fifths(23)
    assert more.seen == [20, 21, 22]
    assert numbers(await made(tmp_path, 7, fewer)) == fifths(7), "rows of items that are gone are not read"


async def test_an_item_that_comes_twice_is_done_once(tmp_path: Path) -> None:
    worker = Worker()
    run = Run(tmp_path)
    table = await run.each("1", [verdict(1), verdict(2), verdict(1)], worker.work, Verdict)
    assert sorted(worker.seen) == [1, 2]
    assert numbers(table) == [1, -1, 2, -2]


async def test_memory_follows_live(tmp_path: Path) -> None:
    drawn = 0

    def items() -> Iterator[Verdict]:
        nonlocal drawn
        for n in range(40):
            drawn += 1
            assert drawn <= worker.finished + 4, "drawn before there was room"
            yield verdict(n)

    class Counting(Worker):
        finished = 0

        async def work(self, item: Verdict) -> AsyncIterator[Verdict | Reject]:
            async for each in super().work(item):
                yield each
            self.finished += 1

    worker = Counting()
    await Run(tmp_path, live=3).each("1", items(), worker.work, Verdict)
    assert worker.most_live == 3


async def test_progress_is_told(tmp_path: Path) -> None:
    told: list[tuple[str, int, int | None]] = []
    run = Run(tmp_path, on_done=lambda *each: told.append(each))
    await run.each("1", [verdict(n) for n in range(3)], Worker().work, Verdict)
    await run.each("2", iter([verdict(1)]), Worker().work, Verdict)
    assert told == [("1", 1, 3), ("1", 2, 3), ("1", 3, 3), ("2", 1, None)]


# --- chain -------------------------------------------------------------------------------------------------


async def chained(folder: Path, count: int, first: Worker, second: Worker, **how: object) -> list[Table[Verdict]]:
    with Run(folder, "f", **how) as run:
        stages = Stage("1", first.work, Verdict), Stage("2", second.work, Verdict)
        return await run.chain(map(verdict, range(count)), *stages)


async def one_after_the_other(folder: Path, count: int) -> list[Table[Verdict]]:
    with Run(folder, "f") as run:
        first = await run.each("1", map(verdict, range(count)), Worker().work, Verdict)
        return [first, await run.each("2", tuple(first), Worker().work, Verdict)]


async def test_a_chain_makes_the_tables_of_its_steps_one_after_the_other(tmp_path: Path) -> None:
    second = Worker()
    in_chain = await chained(tmp_path / "a", 20, Worker(), second, live=4)
    apart = await one_after_the_other(tmp_path / "b", 20)
    assert [list(table) for table in in_chain] == [list(table) for table in apart]
    assert numbers(in_chain[0]) == fifths(20) and len(second.seen) == 32


async def test_a_chain_has_no_barrier(tmp_path: Path) -> None:
    told: list[str] = []
    with Run(tmp_path, live=2, on_done=lambda name, done, total: told.append(name)) as run:
        stages = Stage("1", Worker().work, Verdict), Stage("2", Worker().work, Verdict)
        await run.chain(map(verdict, range(1, 5)), *stages)
    assert told.index("2") < 4, "the first is judged while others are played"


async def test_a_chain_goes_on_where_it_stopped(tmp_path: Path) -> None:
    await chained(tmp_path, 20, Worker(), Worker(frozenset({3, -7})))
    first, second = Worker(), Worker()
    tables = await chained(tmp_path, 23, first, second)
    assert sorted(first.seen) == [20, 21, 22]
    assert sorted(second.seen) == [-22, -21, -7, 3, 21, 22]
    assert numbers(tables[0]) == fifths(23)


async def test_a_spent_budget_stops_both_steps_of_a_chain(tmp_path: Path) -> None:
    spent = Spent("the budget is used up")
    await chained(tmp_path, 60, Worker(), Worker(frozenset(range(-60, 60)), spent), live=4)
    assert len(lines(tmp_path / "1.jsonl")) < 20, "nothing more is played that could not be judged"
    tables = await chained(tmp_path, 60, Worker(), Worker())
    assert numbers(tables[0]) == fifths(60)


# --- failures ----------------------------------------------------------------------------------------------


async def test_a_failure_is_recorded_with_its_trace_and_tried_again(tmp_path: Path) -> None:
    table = await made(tmp_path, 20, Worker(frozenset({3, 4})))
    failures = [Failure.model_validate_json(line) for line in lines(tmp_path / "failures.jsonl")]
    assert {each.item for each in failures} == {verdict(3).id, verdict(4).id}
    assert failures[0].error == "1_doubled: ValueError: bad luck"
    assert "Traceback" in failures[0].trace and "test_run.py" in failures[0].trace
    assert 3 not in numbers(table)
    rerun = Worker(frozenset({4}))
    assert numbers(await made(tmp_path, 20, rerun)) == [n for n in fifths(20) if abs(n) != 4]
    assert sorted(rerun.seen) == [3, 4]
    assert len(lines(tmp_path / "failures.jsonl")) == 1, "what stands there is what still fails"
    await made(tmp_path)
    assert lines(tmp_path / "failures.jsonl") == []


async def test_a_chat_error_has_a_trace_too_and_its_text_may_be_broken(tmp_path: Path) -> None:
    await made(tmp_path, 20, Worker(frozenset({1}), ChatError("half a pair \ud800", 500)))
    failure = Failure.model_validate_json(lines(tmp_path / "failures.jsonl")[0])
    assert failure.error == "half a pair ?" and "ChatError" in failure.trace


async def test_too_many_failures_stop_the_step(tmp_path: Path) -> None:
    worker = Worker(frozenset(range(200)), ItemError("no such model"))
    with pytest.raises(InputError, match="step 1_doubled: 10 of 10 items failed, the first with: no such model"):
        await made(tmp_path, 200, worker, live=1)
    assert len(worker.seen) == 10
    assert numbers(await made(tmp_path, 20, Worker(frozenset(range(9))), most_failures=0.6))[:2] == [9, -9]


async def test_a_few_failures_stop_nothing(tmp_path: Path) -> None:
    assert numbers(await made(tmp_path, 9, Worker(frozenset(range(9))))) == []


async def test_a_spent_budget_leaves_the_rest_for_another_day(tmp_path: Path) -> None:
    worker = Worker(frozenset(range(12, 200)), Spent("the budget is used up"))
    table = await made(tmp_path, 200, worker, live=4)
    assert numbers(table) == fifths(12)
    assert len(worker.seen) < 20
    assert numbers(await made(tmp_path, 200)) == fifths(200)


@pytest.mark.parametrize("error", [InputError("wrong", "a.srt line 3"), StoreError("cannot write the cache")])
async def test_what_is_no_accident_of_an_item_stops_the_run(tmp_path: Path, error: Exception) -> None:
    with pytest.raises(type(error), match=str(error)):
        await made(tmp_path, 20, Worker(frozenset({3}), error))


async def test_broken_items_stop_the_run_as_they_are(tmp_path: Path) -> None:
    def items() -> Iterator[Verdict]:
        yield verdict(1)
        raise InputError("torn", "b.srt line 9")

    with pytest.raises(InputError, match=r"b.srt line 9: torn"):
        await Run(tmp_path).each("1", items(), Worker().work, Verdict)


# --- whole -------------------------------------------------------------------------------------------------


async def test_whole_is_made_once_and_again_when_the_steps_before_it_grew(tmp_path: Path) -> None:
    calls = 0

    async def go(count: int) -> list[int]:
        run = Run(tmp_path)
        doubled = await run.each("1", map(verdict, range(count)), Worker().work, Verdict)

        def make() -> Iterator[Verdict | Reject]:
            nonlocal calls
            calls += 1
            yield from (each for each in doubled if each.turns[0] > 0)
            yield Reject(step="2", item="all", reason="negative")

        return numbers(run.whole("2", make, Verdict))

    assert await go(6) == await go(6) == [1, 2, 3, 4]
    assert calls == 1
    assert await go(8) == [1, 2, 3, 4, 6, 7]
    assert calls == 2
    assert sum("negative" in line for line in lines(tmp_path / "rejects.jsonl")) == 1


def test_a_whole_step_that_fails_leaves_no_table(tmp_path: Path) -> None:
    def make() -> Iterator[Verdict]:
        yield verdict(1)
        raise ValueError("bad luck")

    run = Run(tmp_path)
    with pytest.raises(ItemError, match="2: ValueError: bad luck"):
        run.whole("2", make, Verdict)
    assert not (tmp_path / "2.jsonl").exists()
    assert numbers(run.whole("2", lambda: [verdict(1)], Verdict)) == [1]


# --- the folder --------------------------------------------------------------------------------------------


def test_another_fingerprint_is_another_run(tmp_path: Path) -> None:
    Run(tmp_path, "prompt v1").close()
    Run(tmp_path, "prompt v1").close()
    with pytest.raises(InputError, match="another recipe, model, prompt or input; name a new folder"):
        Run(tmp_path, "prompt v2")


def test_a_file_in_the_way_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(InputError, match="cannot write the run"):
        Run(tmp_path / "file")


HOLD = """
import pathlib, sys
from millstream.run import Run, Stage
run = Run(pathlib.Path(sys.argv[1]))
print("held", flush=True)
sys.stdin.read()
"""


def test_two_processes_do_not_write_one_run(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", HOLD, str(tmp_path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    )
    with process:
        assert process.stdout is not None and process.stdout.readline() == b"held\n"
        with pytest.raises(InputError, match=f"process {process.pid} is writing this run"):
            Run(tmp_path)
        assert holder(tmp_path) == str(process.pid)
        process.kill()
    assert holder(tmp_path) == "" == holder(tmp_path / "nothing")
    Run(tmp_path).close()
    assert (tmp_path / "lock").read_text() == str(os.getpid())


# --- torn files --------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("undisturbed")
    asyncio.run(made(folder, 12))
    return folder


@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_table_cut_at_any_byte_gives_the_same_set(
    undisturbed: Path, tmp_path_factory: pytest.TempPathFactory, data: st.DataObject
) -> None:
    folder = tmp_path_factory.mktemp("cut")
    for file in undisturbed.iterdir():
        content = file.read_bytes()
        if file.suffix == ".jsonl":
            content = content[: data.draw(st.integers(0, len(content)), label=file.name)]
        (folder / file.name).write_bytes(content)
    table = asyncio.run(made(folder, 12))
    assert numbers(table) == fifths(12)
    kept = lines(folder / "rejects.jsonl")
    assert len(kept) == len(set(kept)), "a reject whose row was torn is not written twice"
    for line in (folder / "1_doubled.jsonl").read_bytes().splitlines(keepends=True):
        assert line.endswith(b"\n")


async def test_what_a_power_cut_left_as_zeros_is_made_again(tmp_path: Path) -> None:
    await made(tmp_path, 12)
    path = tmp_path / "1_doubled.jsonl"
    whole = path.read_bytes()
    for torn in (whole[:700] + bytes(900), whole[:700] + bytes(200) + whole[900:]):
        path.write_bytes(torn)
        assert numbers(await made(tmp_path, 12)) == fifths(12)


def test_a_folder_that_cannot_be_written_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"/proc/none: cannot write the run: .*; make room or name another folder"):
        Run(Path("/proc/none"))


FULL = """
import asyncio, pathlib, resource, signal, sys
sys.path.insert(0, sys.argv[2])
from test_run import made
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (2000, resource.RLIM_INFINITY))
asyncio.run(made(pathlib.Path(sys.argv[1]), 40))
"""


async def test_a_file_that_cannot_grow_stops_the_run_and_it_can_go_on(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FULL, str(tmp_path), str(Path(__file__).parent)]
    stopped = subprocess.run(command, capture_output=True, text=True, check=False)
    assert "InputError" in stopped.stderr.splitlines()[-1] and "cannot write the run" in stopped.stderr
    assert 0 < (tmp_path / "1_doubled.jsonl").stat().st_size <= 2000
    assert numbers(await made(tmp_path, 40)) == fifths(40)


async def test_a_row_that_is_not_torn_but_wrong_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / "1_doubled.jsonl").write_bytes(b'{"item": "a", "made": []}\n\xff rubbish\n')
    with pytest.raises(InputError, match=r"1_doubled\.jsonl line 2: not a row of a table"):
        await made(tmp_path)

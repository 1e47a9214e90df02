"""Items worked on in other processes make the tables that one process makes, also where a run goes on or one fails."""

import asyncio
import os
import shutil
import signal
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

import pytest
from grounds import SETTINGS, ground, scenarios

from millstream import plugins, pool, prices
from millstream.budget import Ceiling
from millstream.errors import ItemError
from millstream.hands import Kit
from millstream.intake import Intake
from millstream.pipeline import Job, Spread, judge, player
from millstream.prepare import Ground, Start
from millstream.records import Dialogue, Scenario
from millstream.run import Run, Stage
from millstream.table import Table

KEY, COUNT = "restaurant/en", 5
STEPS = ("6_dialogues_1", "7_judged_1")
BASE = ground(KEY)
KIT = Kit(SETTINGS, "stream", {}, "", 0, Ceiling(), prices.read(None), "")
DRAWN: tuple[Scenario, ...] = scenarios(KEY, COUNT)


def here(base: Ground) -> tuple[object, object]:
    start = Start(base.knowledge.domain, base.lang, (), ())
    with_no_run: object = None
    job = Job(SETTINGS, plugins.load("recipes", "stream")(), Intake(), start, with_no_run, None)  # type: ignore[arg-type]
    return player(job, base), judge(job, base)


def tables(folder: Path, spread: Spread, drawn: tuple[Scenario, ...] = DRAWN) -> list[list[bytes]]:
    async def made() -> list[Table[Dialogue]]:
        play, check = spread(BASE)
        return await run.chain(drawn, Stage(STEPS[0], play, Dialogue), Stage(STEPS[1], check, Dialogue))

    with Run(folder) as run:
        return [[line for _, line in table.lines()] for table in asyncio.run(made())]


@pytest.fixture(scope="module")
def alone(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[list[bytes]]]:
    folder = tmp_path_factory.mktemp("alone")
    return folder, tables(folder, here)  # type: ignore[arg-type]


def test_two_processes_make_the_tables_of_one(alone: tuple[Path, list[list[bytes]]], tmp_path: Path) -> None:
    with pool.opened(KIT, 2) as two:
        assert tables(tmp_path, two.spread) == alone[1]
    assert len(alone[1][1]) == COUNT


def test_what_is_mapped_comes_in_order_and_little_of_it_waits() -> None:
    given: list[int] = []
    with pool.opened(KIT, 2) as two:
        assert list(two.map(abs, [-1])) == [1], "also before there is a process"
        two.spread(BASE)
        found = two.map(abs, (given.append(n) or -n for n in range(40)))
        assert next(found) == 0
        assert len(given) == pool.AHEAD * 2 + 1
        assert list(found) == list(range(1, 40))


def test_a_killed_process_is_one_clear_line() -> None:
    with pool.opened(KIT, 1) as one:
        one.spread(BASE)
        with pytest.raises(ItemError, match="was killed; run it again"):
            list(one.map(os._exit, [9]))


def test_a_process_never_hears_ctrl_c_and_the_one_that_starts_it_does() -> None:
    """From its first moment: one that ends while it starts leaves the other writing to nobody."""
    heard = partial(signal.pthread_sigmask, signal.SIG_BLOCK)
    with pool.opened(KIT, 1) as one:
        one.spread(BASE)
        assert [signal.SIGINT in each for each in one.map(heard, [()])] == [True]
    assert signal.SIGINT not in heard(())


async def test_who_asks_is_told_where_no_process_can_be_started() -> None:
    processes = ProcessPoolExecutor(1)
    processes.shutdown()
    with pytest.raises(RuntimeError, match="shutdown"):
        await asyncio.wait_for(pool.Post(processes, pool._played).of(DRAWN[0]), 10)


def test_what_was_played_before_is_judged_and_a_failure_is_one(
    alone: tuple[Path, list[list[bytes]]], tmp_path: Path
) -> None:
    shutil.copy(alone[0] / f"{STEPS[0]}.jsonl", tmp_path)
    unplayable = DRAWN[0].model_copy(update={"user": "nobody"})
    with pool.opened(KIT, 1) as one:
        assert tables(tmp_path, one.spread, (*DRAWN, unplayable)) == alone[1]
    assert "KeyError" in (tmp_path / "failures.jsonl").read_text()

"""A run on a Ray cluster of this machine is the run of one machine, also when a worker is killed in the middle."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream import dataset, ledger
from millstream.chat import Message, Reply, Request, request, stacked
from millstream.records import Dialogue
from millstream.slots import Slots
from millstream.table import Table, lines
from test_resume import KITCHEN, Server, call, served

ray = pytest.importorskip("ray", reason="the extra `ray` is not installed")
from millstream import cluster  # noqa: E402

COUNT = 6
ASK = ("--model", "big", "--count", str(COUNT), "--read", "0", "--set", "wording_tries=1", "--set", "waves=1", "-q")


@given(st.text(), st.integers(1, 64))
def test_an_item_has_one_place(item: str, count: int) -> None:
    assert 0 <= cluster.shard(item, count) < count and cluster.shard(item, count) == cluster.shard(item, count)


def test_items_are_spread_evenly() -> None:
    places = [cluster.shard(f"item {n}", 8) for n in range(8000)]
    assert all(850 < places.count(n) < 1150 for n in range(8))


async def bought(path: Path, *texts: str) -> bytes:
    async def model(asked: Request) -> Reply:
        return Reply(("yes",), 3, 1)

    async with ledger.opened(path) as store:
        chat = stacked(model, store, Slots(4))
        for text in texts:
            await chat(request("m", [Message("user", text)], stage="play", item=text))
    with ledger.closing(ledger.sqlite3.connect(path)) as file:
        file.execute("pragma wal_checkpoint(truncate)")
        return file.serialize()


async def test_caches_are_merged_once_however_often(tmp_path: Path) -> None:
    whole, other = tmp_path / "whole", await bought(tmp_path / "other", "b", "c")
    await bought(whole, "a", "b")
    for _ in range(3):
        cluster.merge(whole, other)
    tally = ledger.spent(whole).total
    assert (tally.calls, tally.attempts, tally.tokens_in) == (3, 4, 12)
    cluster.merge(whole, b"")
    assert ledger.spent(whole).total == tally


def test_nobody_at_the_address_is_one_clear_line(tmp_path: Path) -> None:
    found = call("run", KITCHEN, "--out", tmp_path / "run", "--model", "scripted", "--ray", "nonsense://x")
    assert found.exit_code == 2 and "no Ray cluster answers" in found.stderr


# --- on a cluster ------------------------------------------------------------------------------------------


class Slow(Server):
    """Long enough at each answer that a worker can be killed over it."""

    pause = 0.0

    def answer(self, body: dict[str, object]) -> dict[str, object]:
        time.sleep(self.pause)
        return super().answer(body)


def spread(out: Path, url: str) -> "subprocess.Popen[str]":
    """The command in a process of its own: Ray changes much of the one it is started in."""
    command = [sys.executable, "-m", "millstream", "run", str(KITCHEN), "--out", str(out), *ASK]
    more = ["--base-url", url, "--ray", "auto", "--workers", "2", "--slots", "4"]
    environment = os.environ | {"NO_PROXY": "127.0.0.1", "MILLSTREAM_TEST": str(out), "RAY_DISABLE_MEMORY_MONITOR": "1"}
    environment.pop("RAY_ADDRESS", None)
    return subprocess.Popen([*command, *more], env=environment, stderr=subprocess.PIPE, text=True)


def workers(out: Path) -> Iterator[int]:
    """The actors of this very run: they inherit its environment."""
    for each in Path("/proc").glob("[0-9]*"):
        try:
            title, environment = (each / "cmdline").read_bytes(), (each / "environ").read_bytes()
        except OSError:
            continue
        if title.startswith(b"ray::Hand") and f"MILLSTREAM_TEST={out}".encode() in environment:
            yield int(each.name)


def hash_of(run: Path) -> str:
    return dataset.digest(Table(run / "8_dialogues.jsonl", Dialogue))


@pytest.mark.ray
def test_a_killed_workers_items_are_done_again_and_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    server, alone, many = Slow(), tmp_path / "alone", tmp_path / "many"
    with served(server) as url:
        assert call("run", KITCHEN, "--out", alone, *ASK, "--base-url", url).exit_code == 0
        calls = server.asked.total()
        many.mkdir()
        for name in ("fingerprint", "pseudonyms.key"):  # another key would give viewers other names
            shutil.copy(alone / name, many / name)
        server.pause = 0.1
        process = spread(many, url)
        while server.asked.total() < calls * 1.4 and process.poll() is None:
            time.sleep(0.02)
        victim = next(workers(many))
        os.kill(victim, signal.SIGKILL)
        _, said = process.communicate(timeout=240)
    assert process.returncode == 0, said
    assert hash_of(many) == hash_of(alone) and "dataset: sha256" in said
    rows = [json.loads(line)["item"] for line in lines(many / "6_dialogues_1.jsonl")]
    assert len(rows) == len(set(rows)) == COUNT
    twice = server.asked.total() - 2 * calls
    assert 0 <= twice <= 4, "no more was bought twice than the killed worker had in flight"
    tally = ledger.spent(many / "cache.sqlite").total
    assert tally.calls == calls and not (many / "workers").exists()
    again = call("replay", many, "-q")
    assert again.exit_code == 0, f"the merged cache does not hold all of it: {again.output}"

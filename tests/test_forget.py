"""What is forgotten is in no file any more, byte for byte; a killed forgetting is finished by the next one."""

import json
import os
import random
import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner, Result

from millstream import scrub
from millstream.cli import app
from millstream.mine.door import pseudonym
from millstream.table import lines

HOTEL = Path(__file__).parents[1] / "samples" / "hotel_zh_en"
ROOM = "video1"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args])


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run with an export of every form and a cache in it."""
    folder = tmp_path_factory.mktemp("made")
    (folder / "in").mkdir()
    for file in (*HOTEL.glob("video[12].*"), HOTEL / "rooms.csv", HOTEL / "rights.yaml"):
        shutil.copy(file, folder / "in")
    out = folder / "run"
    assert call("run", folder / "in", "--model", "none", "--count", 2, "--out", out, "-q").exit_code == 0
    assert call("export", out, "--to", out / "data").exit_code == 0
    with closing(sqlite3.connect(out / "cache.sqlite")) as store:
        store.executescript(
            "pragma journal_mode = wal; create table reply (key blob primary key, value text not null) without rowid;"
            "create table attempt (stage text, item text, model text, key blob, status int, error text, started real,"
            "seconds real, tokens_in int, tokens_out int, tokens_cached int, tokens_reasoning int, cost real);"
        )
        for n, item in enumerate(json.loads(line)["item"] for line in lines(out / "6_dialogues_1.jsonl")):
            store.execute("insert into reply values (?, ?)", (bytes([n]), f"a reply of {item}"))
            store.execute("insert into attempt (item, key, error) values (?, ?, '')", (item, bytes([n])))
        store.execute("insert into reply values (x'ff', 'a reply of nobody')")
        store.commit()
    return folder


@pytest.fixture
def run(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))  # what was heard on this machine is not touched
    shutil.copytree(made, tmp_path / "made")
    settings = tmp_path / "made" / "run" / "settings.json"
    settings.write_text(settings.read_text().replace(str(made), str(tmp_path / "made")))
    rights = tmp_path / "made" / "run" / "rights.json"
    rights.write_text(rights.read_text().replace(str(made), str(tmp_path / "made")))
    return tmp_path / "made" / "run"


def talkative(run: Path) -> tuple[str, set[str]]:
    """The author with most mined messages of some length: its pseudonym and those messages."""
    said: dict[str, set[str]] = {}
    for line in lines(run / "1_mined.jsonl"):
        (mined,) = json.loads(line)["made"]
        authors = {(track, n): author for track, n, author in mined["authors"]}
        for each in mined["signals"]:
            for found in each["evidence"]:
                author = authors.get((found["track"], found["at"][0]), "")
                if author.startswith("v") and len(found["quote"]) >= 8:
                    said.setdefault(author, set()).add(found["quote"])
    return max(said.items(), key=lambda pair: (len(pair[1]), pair[0]))


def found(folder: Path, words: set[str]) -> Iterator[str]:
    """Where any of it still stands, as UTF-8 or escaped as JSON does."""
    for path in scrub.walked(folder):
        raw = path.read_bytes()
        yield from (f"{path.name}: {word}" for word in words if word.encode() in raw)
        yield from (f"{path.name}: {word}" for word in words if json.dumps(word)[1:-1].encode() in raw)


def test_an_author_leaves_no_byte(run: Path) -> None:
    who, said = talkative(run)
    assert len(said) > 1 and list(found(run, {who, *said}))
    told = call("forget", run, who)
    assert told.exit_code == 0, told.output
    assert list(found(run, {who, *said})) == []
    again = call("forget", run, who)
    assert again.exit_code == 0 and "forgotten before" in again.output
    assert call("resume", run, "-q").exit_code == 0
    assert list(found(run, {who, *said})) == [] and len(list(lines(run / "8_dialogues.jsonl"))) == 2


def test_an_author_is_taken_out_of_the_source_and_the_run_goes_on(run: Path) -> None:
    key = bytes.fromhex((run / "pseudonyms.key").read_text())
    file = run.parent / "in" / f"{ROOM}.comments.json"
    comments = json.loads(file.read_text(encoding="utf-8"))
    known = {author for line in lines(run / "1_mined.jsonl") for _, _, author in json.loads(line)["made"][0]["authors"]}
    name = min(each["author"] for each in comments if pseudonym(each["author"], key) in known)
    assert call("forget", run, name).exit_code == 0
    assert (run / "unpinned.jsonl").is_file()
    for file_of_cache in run.glob("cache.sqlite*"):  # made up by the fixture: no ledger to count
        file_of_cache.unlink()
    left = [each for each in comments if each["author"] != name]
    file.write_text(json.dumps(left, ensure_ascii=False), encoding="utf-8")
    told = call("resume", run, "-q")
    assert told.exit_code == 0, told.output
    assert list(found(run, {pseudonym(name, key), name})) == [] and len(list(lines(run / "8_dialogues.jsonl"))) == 2
    file.write_text(json.dumps(left[1:], ensure_ascii=False), encoding="utf-8")
    told = call("resume", run, "-q")
    assert told.exit_code == 2 and f"inputs {ROOM}.comments.json" in told.output


def test_a_name_is_as_good_as_its_pseudonym(run: Path) -> None:
    key = bytes.fromhex((run / "pseudonyms.key").read_text())
    comments = json.loads((run.parent / "in" / f"{ROOM}.comments.json").read_text(encoding="utf-8"))
    names = {each["author"] for each in comments}
    known = {author for line in lines(run / "1_mined.jsonl") for _, _, author in json.loads(line)["made"][0]["authors"]}
    name = min(each for each in names if pseudonym(each, key) in known)
    assert call("forget", run, name).exit_code == 0
    assert list(found(run, {pseudonym(name, key), name})) == []


def test_a_recording_leaves_no_byte_and_is_not_read_again(run: Path) -> None:
    said = {row for row in said_in(run, ROOM) if len(row) >= 8}
    told = call("forget", run, f"{ROOM}.srt")
    assert told.exit_code == 0, told.output
    assert said and list(found(run, {f"{ROOM}.", *said})) == []
    refused = call("resume", run, "-q")
    assert refused.exit_code == 2 and "input" in refused.output
    for file in (run.parent / "in").glob(f"{ROOM}*"):
        file.unlink()
    assert call("resume", run, "-q").exit_code == 0
    assert list(found(run, {f"{ROOM}.", *said})) == []


def test_what_a_recording_said_and_lost_by_leaves_the_rejects(run: Path) -> None:
    (lost,) = [each for line in lines(run / "2_lost.jsonl") for each in json.loads(line)["made"]]
    source, value = lost["loser"]["evidence"][0]["source"], lost["loser"]["value"]
    assert f"said {value!r}" in (run / "rejects.jsonl").read_text(encoding="utf-8")
    assert call("forget", run, source).exit_code == 0
    told = (run / "rejects.jsonl").read_text(encoding="utf-8")
    assert value not in told and '"knowledge"' not in told


def said_in(run: Path, key: str) -> set[str]:
    rows = [json.loads(line)["made"][0] for line in lines(run / "1_mined.jsonl")]
    return {
        each["quote"]
        for mined in rows
        if mined["recording"]["key"] == key
        for signal_ in mined["signals"]
        for each in signal_["evidence"]
    }


def test_a_killed_forgetting_is_finished(run: Path) -> None:
    who, said = talkative(run)
    chance = random.Random(3)
    for _ in range(3):
        child = subprocess.Popen([sys.executable, "-m", "millstream", "forget", str(run), who])
        time.sleep(chance.uniform(0.5, 2.0))
        os.kill(child.pid, signal.SIGKILL)
        child.wait()
    assert call("forget", run, who).exit_code == 0
    assert list(found(run, {who, *said})) == []


def test_nobody_is_one_clear_line(run: Path, tmp_path: Path) -> None:
    for wrong in (("forget", run, "nobody"), ("forget", tmp_path, "x"), ("forget", run, "x", "--also", "nowhere")):
        told = call(*wrong)
        assert told.exit_code == 2 and len(told.output.strip().splitlines()) == 1


def test_models_are_flagged_and_what_is_packed_goes(run: Path) -> None:
    np.savez_compressed(run / "tracker.npz", at=np.zeros(1), weights=np.zeros(1), bias=np.zeros(1))
    (run / "index.npy").write_bytes(b"\0")
    who, _ = talkative(run)
    told = json.loads(call("forget", run, who, "--json").stdout)
    assert told["models"] == ["tracker.npz"] and "index.npy" in told["files"]
    assert (run / "tracker.npz").exists() and not (run / "index.npy").exists()


def test_a_cache_gives_its_pages_back(tmp_path: Path) -> None:
    path = tmp_path / "cache.sqlite"
    with closing(sqlite3.connect(path)) as store:
        store.executescript("create table reply (key, value); create table attempt (item, key, error)")
        for n in range(50):
            store.execute("insert into reply values (?, ?)", (n, f"secret {'x' * 500}" if n % 2 else "kept"))
        store.commit()
    assert scrub.cache(path, lambda text: "secret" in text) == 25
    assert b"secret" not in path.read_bytes()
    with closing(sqlite3.connect(path)) as store:
        assert store.execute("select count(*) from reply").fetchone() == (25,)

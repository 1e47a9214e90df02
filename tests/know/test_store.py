"""The knowledge in one file: what is saved is loaded, and named by its content."""

import subprocess
import sys
from pathlib import Path

import pytest

from millstream import domain as domains
from millstream.errors import InputError
from millstream.know.build import LATER, TABLED, build
from millstream.records import Evidence, Fact, Passage, Signal

store = pytest.importorskip("millstream.know.store", reason="the extra `store` is not installed")
duckdb = pytest.importorskip("duckdb")

CARS = domains.read("automotive")
ROW = Evidence(source="list", kind="row", at=(1,), quote="价格: 13.98")
TABLED_FACT = Fact(entity="E5", attribute="price", value="13.98万元", number=139800.0, unit="万元", evidence=(ROW,))


def said(value: str, at: float, entity: str = "E7") -> Signal:
    proof = Evidence(source="room", kind="cues", track="speech", at=(1,), start=at, end=at + 1, quote=value)
    return Signal(kind="fact", text=value, value=value, slot="price", entity=entity, evidence=(proof,))


def built() -> object:
    signals = [said("15万元", 1), said("14万元", 2), said("9万元", 3, "E5")]
    made = build(CARS, [TABLED_FACT], signals)
    passage = Passage(text="七天无理由", title="退换", evidence=(ROW,))
    return store.snapshot(made.knowledge.facts, [passage], made.lost)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    state = built()
    store.save(state, tmp_path)
    assert store.load(tmp_path) == state
    assert {each.rule for each in state.lost} == {LATER, TABLED}
    rows = duckdb.sql(f"select count(*) from '{tmp_path}/facts.parquet'").fetchall()
    assert rows == [(len(state.facts),)] and not list(tmp_path.glob("*.part"))


def test_a_snapshot_is_named_by_its_content_alone() -> None:
    state = built()
    other = store.snapshot(reversed(state.facts), state.passages, state.lost)
    assert other.name == state.name != store.snapshot(state.facts[1:], state.passages, state.lost).name


def test_what_cannot_be_read_is_one_clear_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no knowledge is stored here"):
        store.load(tmp_path)
    path = store.save(built(), tmp_path)
    with duckdb.connect(str(path)) as base:
        base.execute("delete from facts where entity = 'E5'")
    with pytest.raises(InputError, match="it was changed; make it again"):
        store.load(tmp_path)
    with duckdb.connect(str(path)) as base:
        base.execute("update about set version = 0")
    with pytest.raises(InputError, match="of version 0, and this program reads 1"):
        store.load(tmp_path)
    path.write_bytes(b"SRT is no database" * 99)
    with pytest.raises(InputError, match="is no DuckDB file, or torn"):
        store.load(tmp_path)


def test_one_that_another_process_writes_is_left_alone(tmp_path: Path) -> None:
    path = store.save(built(), tmp_path)
    code = f"import duckdb, sys; base = duckdb.connect({str(path)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"open\n"
        with pytest.raises(InputError, match="is in use by another process; wait for it to end"):
            store.load(tmp_path)
        with pytest.raises(InputError, match="is in use"):
            store.save(built(), tmp_path)
        other.communicate()
    assert store.load(tmp_path) == built()


def test_a_file_that_is_being_written_is_left_alone_and_one_that_was_torn_is_made_anew(tmp_path: Path) -> None:
    part = tmp_path / "knowledge.duckdb.part"
    code = f"import duckdb, sys; base = duckdb.connect({str(part)!r}); print('open', flush=True); sys.stdin.read()"
    with subprocess.Popen([sys.executable, "-c", code], stdin=subprocess.PIPE, stdout=subprocess.PIPE) as other:
        assert other.stdout is not None and other.stdout.readline() == b"open\n"
        with pytest.raises(InputError, match="is in use by another process; wait for it to end"):
            store.save(built(), tmp_path)
        other.communicate()
    part.write_bytes(b"torn")
    (tmp_path / "knowledge.duckdb").write_bytes(b"torn")
    store.save(built(), tmp_path)
    assert store.load(tmp_path) == built()
    assert not list(tmp_path.glob("*.part"))

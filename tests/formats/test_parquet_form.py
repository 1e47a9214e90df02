"""Parquet: typed columns, the same dialogues back, and three libraries that read them."""

from pathlib import Path

import pytest

pytest.importorskip("pyarrow", reason="the extra `parquet` is not installed")

import worlds
from millstream.formats import parquet


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("parquet") / "dialogues.parquet"
    parquet.write(path, worlds.talks(20))
    return path


def test_the_same_dialogues_come_back(file: Path) -> None:
    assert list(parquet.read(file)) == worlds.talks(20)


def test_an_empty_list_has_its_type(tmp_path: Path) -> None:
    path = tmp_path / "none.parquet"
    parquet.write(path, [])
    assert list(parquet.read(path)) == [] and parquet.pq.read_schema(path).equals(parquet.SCHEMA)


def test_planted_faults_are_found() -> None:
    row = parquet.row(worlds.talks(1)[0])
    assert parquet.faults(row) == []
    row["turns"][0]["frames"][0]["spans"] = [{"slot": "city", "start": 0, "end": 9999}]
    row["turns"][1]["role"] = "bot"
    assert len(parquet.faults(row)) == 2
    del row["turns"][0]["text"]
    assert parquet.faults({"id": "x"}) and any("text: missing" in fault for fault in parquet.faults(row))


def test_pandas_reads_it(file: Path) -> None:
    pandas = pytest.importorskip("pandas")
    table = pandas.read_parquet(file)
    assert len(table) == 20 and table.loc[0, "turns"][0]["role"] == "user"


def test_duckdb_reads_it(file: Path) -> None:
    duckdb = pytest.importorskip("duckdb")
    found = duckdb.sql(f"select count(*), sum(len(turns)) from '{file}'").fetchall()
    assert found == [(20, sum(len(each.turns) for each in worlds.talks(20)))]


@pytest.mark.filterwarnings("ignore")
def test_datasets_reads_it(file: Path, tmp_path: Path) -> None:
    datasets = pytest.importorskip("datasets")
    made = datasets.Dataset.from_parquet(str(file), cache_dir=str(tmp_path))
    assert made.num_rows == 20 and parquet.parse(made[3]) == worlds.talks(20)[3]

"""`millstream questions`: each question has its passages in the corpus, all name one snapshot; rights are asked."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream.cli import app

pytest.importorskip("bm25s", reason="the extra `retrieval` is not installed")
store = pytest.importorskip("millstream.know.store", reason="the extra `store` is not installed")

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def rows(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("runs") / "kitchen"
    assert call("run", KITCHEN, "--out", out, "--model", "none", "--count", "6", "--quiet").exit_code == 0
    return out


def test_every_question_has_its_passages_and_one_snapshot(run: Path, tmp_path: Path) -> None:
    told = call("questions", run, "--to", tmp_path / "q", "--document", KITCHEN / "policy.md", "--json")
    assert told.exit_code == 0, told.stderr
    corpus = {row["id"]: row for row in rows(tmp_path / "q" / "corpus.jsonl")}
    sets = {name: rows(tmp_path / "q" / f"{name}.jsonl") for name in ("asked", "simulated", "synthetic")}
    every = [row for some in sets.values() for row in some]
    assert all(row["article_ids"] and set(row["article_ids"]) <= corpus.keys() for row in every)  # type: ignore[call-overload]
    assert {row["snapshot"] for row in every} == {store.load(tmp_path / "q").name}
    assert len(sets["synthetic"]) == len(corpus) and {row["licence"] for row in every} == {"CC0-1.0"}
    assert all(row["sources"] for row in sets["asked"]) and not any(row["synthetic"] for row in sets["asked"])
    assert "how much is the lamb" in {row["question"] for row in sets["asked"]}
    assert any("24 hours" in str(row["contents"]) for row in corpus.values()), "the document's passages are there"
    found = {(row["set"], row["retriever"]): row for row in json.loads(told.stdout)}
    assert found["synthetic", "BM25"]["R@5"] > 0.5
    assert found["simulated", "BM25 and names"]["hit@1"] > found["simulated", "BM25"]["hit@1"]


def test_the_same_run_makes_the_same_files(run: Path, tmp_path: Path) -> None:
    for name in ("one", "two"):
        assert call("questions", run, "--to", tmp_path / name).exit_code == 0
    for name in ("corpus", "asked", "simulated", "synthetic"):
        one, two = ((tmp_path / each / f"{name}.jsonl").read_bytes() for each in ("one", "two"))
        assert one == two


def test_a_model_that_says_nothing_leaves_the_wording(run: Path, tmp_path: Path) -> None:
    call("questions", run, "--to", tmp_path / "plain")
    assert call("questions", run, "--to", tmp_path / "asked", "--model", "scripted").exit_code == 0
    one, two = ((tmp_path / each / "synthetic.jsonl").read_bytes() for each in ("plain", "asked"))
    assert one == two


def test_what_is_no_run_and_what_may_not_go_out_are_one_line(run: Path, tmp_path: Path) -> None:
    said = call("questions", tmp_path, "--to", tmp_path / "q")
    assert said.exit_code == 2 and "not a run folder" in said.output
    bare = tmp_path / "house.md"
    bare.write_text("# Dogs\nDogs are welcome.\n", "utf-8")
    said = call("questions", run, "--to", tmp_path / "q", "--document", bare)
    assert said.exit_code == 2 and "unknown" in said.output and not (tmp_path / "q").exists()

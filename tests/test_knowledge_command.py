"""`millstream knowledge`: the facts, passages and losers of a run in one file, under the same name each time."""

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream.cli import app

store = pytest.importorskip("millstream.know.store", reason="the extra `store` is not installed")
KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def test_a_run_writes_what_it_knows(tmp_path: Path) -> None:
    run = tmp_path / "run"
    assert call("run", KITCHEN, "--out", run, "--model", "none", "--count", "2", "--quiet").exit_code == 0
    (row,) = json.loads(call("knowledge", run, "--json").stdout)
    state = store.load(run / "knowledge")
    assert row["snapshot"] == state.name and row["facts"] == len(state.facts) > 60
    assert row["passages"] == len(state.passages) > 5
    assert {each.rule for each in state.lost} == {"a table beats what is said"}
    assert {each.winner for each in state.lost} <= {each.id for each in state.facts}
    assert json.loads(call("knowledge", run, "--json").stdout) == [row], "the same again"


def test_its_help_does_not_need_its_library() -> None:
    commands = "millstream.commands.knowledge, millstream.commands.questions"
    code = f"import sys; import {commands}; print('duckdb' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "False\n"


def test_what_is_no_run_or_knows_nothing_yet_is_one_line(tmp_path: Path) -> None:
    said = call("knowledge", tmp_path)
    assert said.exit_code == 2 and "not a run folder" in said.output
    (tmp_path / "fingerprint").write_text("x")
    said = call("knowledge", tmp_path)
    assert said.exit_code == 2 and "knows nothing" in said.output

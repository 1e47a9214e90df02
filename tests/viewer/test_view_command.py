"""`millstream view`: packages for raters, their agreement, and one line for what is wrong. Starts no server."""

import json
from pathlib import Path

import pytest
from runs import many, run
from typer.testing import CliRunner, Result

from millstream.cli import app


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def messages(path: Path, count: int) -> Path:
    rows = [{"messages": [{"role": "user", "content": f"在吗 {n}"}, {"role": "assistant", "content": "在的"}]}
            for n in range(count)]  # fmt: skip
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path


def test_a_package_of_pairs_and_sheets_with_other_tools_forms(tmp_path: Path) -> None:
    folder = run(tmp_path / "r", many(30))
    others = messages(tmp_path / "m.jsonl", 30)
    told = call("view", folder, "--package", tmp_path / "p", "--against", others, "--items", 40)
    assert told.exit_code == 0, told.stderr
    assert {Path(line).name for line in told.stdout.split()} == {
        "items.jsonl", "key.json", "README.md", "argilla.json", "label_studio_pairs.json", "label_studio_pairs.xml",
        "label_studio_sheets.json", "label_studio_sheets.xml",
    }  # fmt: skip
    items = [json.loads(line) for line in (tmp_path / "p" / "items.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(items) == 40 and sum(each["kind"] == "pair" for each in items) == 20
    leaflet = (tmp_path / "p" / "README.md").read_text(encoding="utf-8")
    assert "20 pairs" in leaflet and "No person has rated these items yet" in leaflet


def test_the_agreement_of_nobody_is_no_number(tmp_path: Path) -> None:
    pytest.importorskip("krippendorff", reason="the extra `eval` is not installed")
    call("view", run(tmp_path / "r", many(12)), "--package", tmp_path / "p", "--items", 10)
    told = call("view", tmp_path / "p", "--agreement")
    assert json.loads(told.stdout) == {"raters": 0, "answers": 0, "alpha": {}}


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    folder = run(tmp_path / "r", many(3))
    for args, what in (
        ((tmp_path / "none",), "not a run folder"),
        ((folder, "--package", tmp_path / "p"), "3 dialogues are too few for 100 items"),
        ((folder, "--agreement"), "no package for raters"),
    ):
        told = call("view", *args)
        assert told.exit_code == 2 and what in told.stderr and told.stderr.count("\n") == 1
    assert not (tmp_path / "p").exists()

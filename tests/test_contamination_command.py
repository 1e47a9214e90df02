"""`millstream contamination`: a table with its floor, the canaries, and one line for what is wrong."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream import weights
from millstream.cli import app


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def messages(path: Path, name: str, count: int) -> Path:
    said = "{name} line {at} of a long talk number {n} here"
    rows = [{"messages": [{"role": ("user", "assistant")[at % 2], "content": said.format(name=name, at=at, n=n)}
                          for at in range(4)]} for n in range(count)]  # fmt: skip
    path.write_text("".join(f"{json.dumps(row)}\n" for row in rows), encoding="utf-8")
    return path


def test_a_copied_test_is_told(tmp_path: Path) -> None:
    test = messages(tmp_path / "test.jsonl", "red", 12)
    other = messages(tmp_path / "a.jsonl", "blue", 12)
    clean = json.loads(call("contamination", other, "--test", test, "--json").stdout)
    assert clean["rows"][0]["word for word"] == 0 and clean["canaries"] == {"found": 12, "planted": 12}
    copied = json.loads(call("contamination", test, "--test", test, "--json").stdout)
    assert copied["rows"][0]["word for word"] == 1 and copied["rows"][0]["nearest"] == 1
    assert "100.0%" in call("contamination", test, "--test", test).stdout


@pytest.mark.model
@pytest.mark.skipif(not weights.have("e5-small"), reason="e5-small is not on this machine")
def test_an_encoder_finds_a_copy_by_what_it_means(tmp_path: Path) -> None:
    pytest.importorskip("sklearn", reason="the extra `eval` is not installed")
    test = messages(tmp_path / "test.jsonl", "red", 8)
    told = json.loads(call("contamination", test, "--test", test, "--encoder", "--canaries", 4, "--json").stdout)
    assert told["rows"][0]["the same in meaning"] == 1 and told["rows"][0]["nearest meaning"] > 0.99
    assert told["rows"][1]["the same in meaning"] == 0.01 and told["canaries"]["found by meaning"] >= 2
    said = call("contamination", test, "--test", test, "--encoder", "--canaries", 4)
    assert "of 4 are found by their meaning" in said.stderr and "the same in meaning" in said.stdout


def test_what_is_wrong_is_one_line(tmp_path: Path) -> None:
    train, test = messages(tmp_path / "a.jsonl", "x", 5), messages(tmp_path / "b.jsonl", "y", 2)
    for words, what in (((train, "--test", test), "too few"), ((train, "--test", tmp_path / "none"), "No such file")):
        told = call("contamination", *words)
        assert told.exit_code == 2 and what in told.stderr and told.stderr.count("\n") == 1

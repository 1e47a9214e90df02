"""`millstream probe`: a table with a floor beside each share, what is missed by stage and by example, JSON."""

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream.cli import app

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    out = tmp_path_factory.mktemp("probe") / "kitchen"
    assert call("run", KITCHEN, "--out", out, "--model", "none", "--count", "20", "--quiet").exit_code == 0
    return out


def test_ours_and_a_corpus_are_damaged(made: Path, tmp_path: Path) -> None:
    said = ("a table please", "for how many", "for four", "what day", "on friday", "booked, four on friday")
    spoken = [
        {"conversation_id": f"dlg-{n}", "utterances": [
            {"speaker": ("USER", "ASSISTANT")[at % 2], "text": f"{text} {n % 7}"} for at, text in enumerate(said)
        ]}
        for n in range(20)
    ]  # fmt: skip
    real = tmp_path / "tm.json"
    real.write_text(json.dumps(spoken), encoding="utf-8")
    page = call("probe", made, "--against", real, "--misses", "1").stdout
    assert "ours en" in page and "taskmaster en" in page and "floor" in page and "stage" in page
    told = json.loads(call("probe", made, "--json").stdout)
    (side,) = told["sides"]
    assert side["dialogues"] == 20
    for row in side["rows"][:3]:
        assert row["noticed"]["of"] == sum(each["kind"] == row["kind"] for each in side["probes"])


def test_what_is_wrong_is_one_line(made: Path, tmp_path: Path) -> None:
    for args, line in (
        ((tmp_path / "none",), "not a run folder"),
        ((made, "--against", tmp_path / "none.json"), "No such file or directory"),
    ):
        found = call("probe", *args)
        assert found.exit_code == 2 and line in found.stderr and "Traceback" not in found.stderr

"""Rights, deny by default: what is not declared does not leave, and the mark goes wherever the rows go."""

import json
import shutil
from datetime import date, timedelta
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream.cli import app

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture
def sources(tmp_path: Path) -> Path:
    """The sample without what it declares: nobody has said what may be done with it."""
    folder = tmp_path / "sources"
    shutil.copytree(KITCHEN, folder, ignore=shutil.ignore_patterns("rights.yaml", "gold.json"))
    return folder


@pytest.fixture
def run(sources: Path, tmp_path: Path) -> Path:
    assert call("run", sources, "--out", tmp_path / "run", "--model", "none", "--count", "2").exit_code == 0
    return tmp_path / "run"


def test_what_nobody_declared_stays_here(run: Path, tmp_path: Path) -> None:
    assert json.loads((run / "rights.json").read_text(encoding="utf-8"))["basis"] == "unknown"
    found = call("export", run, "--to", tmp_path / "data")
    assert found.exit_code == 2 and not (tmp_path / "data").exists() and not found.stdout
    (line,) = found.stderr.splitlines()
    assert all(word in line for word in ("kitchen.chat.json", "kitchen.vtt", "menu.json", "rights.yaml", "--basis"))
    assert "local reading only" in (run / "card.md").read_text(encoding="utf-8")


def test_a_rights_file_written_later_is_enough_and_its_licence_is_on_every_row(
    run: Path, sources: Path, tmp_path: Path
) -> None:
    (sources / "rights.yaml").write_text("basis: licensed\nlicence: CC-BY-NC-4.0\nterms: of the platform\n")
    assert call("export", run, "--to", tmp_path / "data", "--format", "all").exit_code == 0
    for name in ("quadruplets.jsonl", "train.jsonl", "dev.jsonl", "test.jsonl"):
        for row in map(json.loads, (tmp_path / "data" / name).read_text(encoding="utf-8").splitlines()):
            assert row["licence"] == "CC-BY-NC-4.0" and row["synthetic"] is True
    for line in (tmp_path / "data" / "messages.jsonl").read_text(encoding="utf-8").splitlines():
        meta = json.loads(line)["metadata"]
        assert meta["licence"] == "CC-BY-NC-4.0" and meta["synthetic"] is True
    for row in json.loads((tmp_path / "data" / "dialogue_0.json").read_text(encoding="utf-8")):
        assert row["licence"] == "CC-BY-NC-4.0" and row["synthetic"] is True
    readme = (tmp_path / "data" / "README.md").read_text(encoding="utf-8")
    assert "license: cc-by-nc-4.0" in readme and "synthetic: true" in readme and "of the platform" in readme


def test_flags_declare_for_all_sources(run: Path, tmp_path: Path) -> None:
    assert call("export", run, "--to", tmp_path / "data", "--basis", "owned", "--licence", "MIT").exit_code == 0
    row = json.loads((tmp_path / "data" / "quadruplets.jsonl").read_text(encoding="utf-8").splitlines()[0])
    assert row["licence"] == "MIT"


def test_flags_of_the_run_are_kept_and_declaring_them_later_buys_nothing_anew(
    run: Path, sources: Path, tmp_path: Path
) -> None:
    before = (run / "8_dialogues.jsonl").read_bytes()
    again = ("run", sources, "--out", run, "--model", "none", "--count", "2")
    assert call(*again, "--basis", "owned", "--licence", "MIT").exit_code == 0
    assert (run / "8_dialogues.jsonl").read_bytes() == before
    said = json.loads((run / "rights.json").read_text(encoding="utf-8"))
    assert said["declared"] == {"basis": "owned", "licence": "MIT"} and said["basis"] == "owned"
    assert call("export", run, "--to", tmp_path / "data").exit_code == 0


def test_the_strictest_of_several_decides(run: Path, sources: Path, tmp_path: Path) -> None:
    (sources / "rights.yaml").write_text("basis: owned\nlicence: MIT\n")
    (sources / "menu.json.rights.yaml").write_text("basis: unknown\n")
    found = call("export", run, "--to", tmp_path / "data")
    assert found.exit_code == 2 and "menu.json" in found.stderr and "kitchen.vtt" not in found.stderr


@pytest.mark.parametrize(
    ("declared", "said"),
    [
        ("opted_out: true", "opted out"),
        (f"retention: {date.today() - timedelta(days=1)}", "to be gone by"),
    ],
)
def test_what_opted_out_since_or_is_past_its_time_stops_the_export(
    declared: str, said: str, run: Path, sources: Path, tmp_path: Path
) -> None:
    (sources / "rights.yaml").write_text(f"basis: consent\nlicence: MIT\n{declared}\n")
    found = call("export", run, "--to", tmp_path / "data", "--basis", "owned")
    assert found.exit_code == 2 and said in found.stderr and not (tmp_path / "data").exists()


def test_rights_outlive_the_sources(run: Path, sources: Path, tmp_path: Path) -> None:
    shutil.rmtree(sources)
    assert call("export", run, "--to", tmp_path / "data").exit_code == 2
    assert call("export", run, "--to", tmp_path / "data", "--basis", "consent").exit_code == 0


def test_one_format_alone(run: Path, tmp_path: Path) -> None:
    found = call("export", run, "--to", tmp_path / "data", "--basis", "owned", "--format", "messages")
    assert {each.name for each in (tmp_path / "data").iterdir()} == {"messages.jsonl", "README.md"}
    assert found.stdout.splitlines() == [str(tmp_path / "data" / name) for name in ("messages.jsonl", "README.md")]
    assert call("export", run, "--to", tmp_path / "data", "--basis", "owned", "--format", "docx").exit_code == 2


def test_the_page_says_that_it_is_synthetic(run: Path) -> None:
    page = (run / "report.html").read_text(encoding="utf-8")
    assert 'data-synthetic="true"' in page and "Every dialogue on this page was made by a program" in page

"""`millstream diff`: a changed price is one changed fact, and the dialogues that tell it say so."""

import json
import shutil
from pathlib import Path

from typer.testing import CliRunner, Result

from millstream.cli import app

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def made(inputs: Path, out: Path) -> Path:
    assert call("run", inputs, "--out", out, "--model", "none", "--count", "6", "--quiet").exit_code == 0
    return out


def test_a_changed_price_and_what_tells_of_it(tmp_path: Path) -> None:
    shutil.copytree(KITCHEN, tmp_path / "kitchen")
    before = made(tmp_path / "kitchen", tmp_path / "before")
    menu = tmp_path / "kitchen" / "menu.json"
    menu.write_text(menu.read_text(encoding="utf-8").replace('"price (USD)": 32,', '"price (USD)": 33,', 1), "utf-8")
    after = made(tmp_path / "kitchen", tmp_path / "after")
    rows = json.loads(call("diff", before, after, "--json").stdout)
    facts = [row for row in rows if row["what"] == "fact"]
    assert [(row["change"], row["name"]) for row in facts] == [("changed", "Ember Roast Chicken: price")]
    assert facts[0]["how"].startswith("$32 (menu row 1) -> $33")
    told = [row for row in rows if row["what"] == "dialogue" and "Ember Roast Chicken" in row["how"]]
    assert all("price of Ember Roast Chicken" in row["how"] for row in told)
    assert "nothing changed" in call("diff", before, before).output


def test_what_is_no_run_is_one_line(tmp_path: Path) -> None:
    said = call("diff", tmp_path, tmp_path)
    assert said.exit_code == 2 and "not a run folder" in said.output

"""A second day: what still holds is kept and nothing of it is bought again; what changed is retired and made anew."""

import json
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from millstream import ledger
from millstream.cli import app
from millstream.commands import folder as files
from millstream.records import Dialogue

KITCHEN = Path(__file__).parents[1] / "samples" / "restaurant_en"
ASK = ("--model", "scripted", "--count", "8", "--read", "1", "--set", "wording_tries=1")
NEW = """1
00:00:01,000 --> 00:00:05,000
welcome back to the kitchen day two, let's look at the board again

2
00:00:06,000 --> 00:00:12,000
the Ember Roast Chicken is thirty two dollars and it serves two
"""


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The first day's sources and run."""
    folder = tmp_path_factory.mktemp("days")
    shutil.copytree(KITCHEN, folder / "kitchen")
    assert call("run", folder / "kitchen", "--out", folder / "one", *ASK).exit_code == 0
    return folder


def second(first: Path, tmp_path: Path) -> Path:
    shutil.copytree(first / "kitchen", tmp_path / "kitchen")
    return tmp_path / "kitchen"


def run(sources: Path, first: Path, out: Path, *more: object) -> Result:
    return call("run", sources, "--out", out, *ASK, "--after", first / "one", *more)


def told(dialogue: Dialogue, entity: str) -> bool:
    return any(act.entity == entity and act.slot == "price" for turn in dialogue.turns for act in turn.acts)


def by_id(folder: Path) -> dict[str, Dialogue]:
    return {each.id: each for each in files.dialogues(folder)}


def test_where_nothing_changed_all_is_kept_and_nothing_asked(first: Path, tmp_path: Path) -> None:
    assert run(first / "kitchen", first, tmp_path / "two").exit_code == 0
    assert by_id(tmp_path / "two") == by_id(first / "one")
    assert ledger.spent(tmp_path / "two" / "cache.sqlite").total.attempts == 0


def test_a_price_that_changed_retires_who_tells_it_and_no_other(first: Path, tmp_path: Path) -> None:
    before = by_id(first / "one")
    dish = next(act.entity for each in before.values() for turn in each.turns for act in turn.acts
                if act.slot == "price" and act.entity and turn.role == "agent")  # fmt: skip
    sources = second(first, tmp_path)
    menu = json.loads((sources / "menu.json").read_text(encoding="utf-8"))
    next(row for row in menu if row["dish"] == dish)["price (USD)"] += 1.5
    (sources / "menu.json").write_text(json.dumps(menu), encoding="utf-8")
    (sources / "day2.srt").write_text(NEW, encoding="utf-8")
    assert run(sources, first, tmp_path / "two").exit_code == 0
    after = by_id(tmp_path / "two")
    kept = {name for name, each in before.items() if after.get(name) == each}
    assert kept and all(not told(before[name], dish) for name in kept)
    rejects = [json.loads(line) for line in (tmp_path / "two" / "rejects.jsonl").read_text().splitlines()]
    retired = {row["item"]: row["reason"] for row in rejects if row["step"].startswith("kept ")}
    assert retired and retired.keys() | kept == before.keys() and not retired.keys() & kept
    assert all(told(before[name], dish) for name in retired), retired
    asked = {row for row in _items(tmp_path / "two") if row in before}
    assert not asked & kept, "what is kept was bought again"
    assert len(after) == 8


def _items(folder: Path) -> set[str]:
    with ledger.sqlite3.connect(folder / "cache.sqlite") as cache:
        return {row[0] for row in cache.execute("select distinct item from attempt")}


def test_what_rested_on_a_source_that_is_gone_is_retired(first: Path, tmp_path: Path) -> None:
    sources = second(first, tmp_path)
    (sources / "kitchen.chat.json").unlink()
    (sources / "kitchen.vtt").rename(sources / "other.vtt")
    done = run(sources, first, tmp_path / "two")
    assert done.exit_code == 0, done.stderr
    rejects = [json.loads(line) for line in (tmp_path / "two" / "rejects.jsonl").read_text().splitlines()]
    gone = [row for row in rejects if row["step"] == "kept sources"]
    assert gone and all("which is not here" in row["reason"] for row in gone)


def test_it_is_resumed_as_it_was_made_and_wrong_ones_are_one_line(first: Path, tmp_path: Path) -> None:
    assert run(first / "kitchen", first, tmp_path / "two").exit_code == 0
    again = call("resume", tmp_path / "two")
    assert again.exit_code == 0, again.stderr
    assert call("replay", tmp_path / "two").exit_code == 0
    for after in (tmp_path, tmp_path / "none"):
        wrong = call("run", first / "kitchen", "--out", tmp_path / "x", *ASK, "--after", after)
        assert wrong.exit_code == 2 and "not a run folder" in wrong.stderr and not (tmp_path / "x").exists()

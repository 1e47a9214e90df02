"""`millstream domain new`: what a price list and captions show is drafted with where it was seen."""

from pathlib import Path

from typer.testing import CliRunner, Result

from millstream import domain as domains
from millstream.cli import app

PLANS = "plan,monthly fee (USD),sauna,contract (months)\nBasic,29,no,1\nPlus,49,yes,6\nPremium,79,yes,12\n"
TOUR = """1
00:00:01,000 --> 00:00:04,000
the sauna is on the left

2
00:00:05,000 --> 00:00:09,000
the sauna comes with Plus, the monthly fee is 49
"""


def call(*args: object) -> Result:
    return CliRunner().invoke(app, [str(arg) for arg in args], catch_exceptions=False)


def test_a_gym_that_no_domain_covers(tmp_path: Path) -> None:
    (tmp_path / "plans.csv").write_text(PLANS, encoding="utf-8")
    (tmp_path / "tour.srt").write_text(TOUR, encoding="utf-8")
    said = call("domain", "new", tmp_path / "plans.csv", tmp_path / "tour.srt", "--name", "gym")
    drafted = domains.parse(said.stdout, "draft")
    slots = drafted.by_name
    assert said.exit_code == 0 and drafted.name == "gym" and drafted.entity["en"] == "plan"
    assert slots["price"].kind == "money" and slots["sauna"].kind == "flag"
    assert slots["contract"].unit == {"en": "months"}
    assert "# plans, column 'monthly fee (USD)': 29, 49, 79" in said.stdout
    assert "# speech 1: the sauna comes with Plus, the monthly fee is 49" in said.stdout
    assert "# nobody speaks of it" in said.stdout and "sauna: 2 lines" in said.stdout


def test_adverts_addresses_and_laughter_are_no_words_of_a_domain(tmp_path: Path) -> None:
    (tmp_path / "plans.csv").write_text(PLANS, encoding="utf-8")
    chat = [
        "join t.me/pumpcoin pumpcoin now",
        "pumpcoin doubles your money, dm me",
        "lol nice towels",
        "no towels lol",
        "my email is anna.fictional@example.com",
        "write to my email bob.fictional@example.com",
    ]
    lines = "".join(f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\nHost: {said}\n\n" for n, said in enumerate(["hi"]))
    (tmp_path / "tour.srt").write_text(lines, encoding="utf-8")
    rows = "".join(f'<d p="{n}.0,1,25,16777215,1790000012,0,u{n},{n}">{said}</d>' for n, said in enumerate(chat))
    (tmp_path / "tour.danmaku.xml").write_text(f"<i><chatid>1</chatid>{rows}</i>", encoding="utf-8")
    said = call("domain", "new", *(tmp_path / name for name in ("plans.csv", "tour.srt", "tour.danmaku.xml")))
    words = domains.parse(said.stdout, "draft").words["en"]
    assert "towels" in words and not {"pumpcoin", "lol", "email"} & set(words)


def test_what_cannot_be_drafted_from_is_one_line(tmp_path: Path) -> None:
    (tmp_path / "tour.srt").write_text(TOUR, encoding="utf-8")
    said = call("domain", "new", tmp_path / "tour.srt")
    assert said.exit_code == 2 and "no table among the files; add a price list" in said.output
    assert call("domain", "old", tmp_path / "tour.srt").exit_code == 2

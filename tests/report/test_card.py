"""The card says what is in the data, what it may be used for, and where its split leaks."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st
from summaries import summary

from builders import altered, dialogue
from millstream.records import Dialogue
from millstream.report import card, counts
from millstream.report.counts import Heard, Parts, Summary


@dataclass(frozen=True)
class Halves:
    of: dict[str, str]
    held: tuple[str, ...]
    leaks: dict[str, int]


def written(
    made: Summary, kept: list[Dialogue], folder: Path, split: Parts | None = None
) -> tuple[dict[str, Any], str]:
    text = card.write(made, counts.read(kept)[0], folder / "README.md", split).read_text(encoding="utf-8")
    _, front, body = text.split("---\n", 2)
    return yaml.safe_load(front), body


def test_the_front_matter_is_what_hubs_read(tmp_path: Path) -> None:
    front, _ = written(summary(), [dialogue(), dialogue(lang="en", number=1)], tmp_path)
    assert front["license"] == "cc-by-nc-4.0"
    assert front["language"] == ["en", "zh"]
    assert front["size_categories"] == ["n<1K"]
    assert front["synthetic"] is True
    assert {"synthetic", "automotive", "restaurant"} <= set(front["tags"])
    assert front["generator"]["model"].startswith("qwen")
    assert "configs" not in front


def test_the_body_says_how_many_how_made_and_what_was_rejected(tmp_path: Path) -> None:
    _, body = written(summary(), [dialogue(number=n) for n in range(4)], tmp_path)
    assert "Everything here is synthetic" in body
    assert "| dialogues | 4 |" in body
    assert "14 of 20 scenarios drawn (70%)" in body
    assert "| extract | quote is not in the cues | 18 |" in body
    assert "self-declared minors dropped: 1" in body
    assert "**CC-BY-NC-4.0**" in body


def test_the_split_and_its_leaks_are_told(tmp_path: Path) -> None:
    kept = [dialogue(number=n) for n in range(3)]
    parts = dict(zip((each.id for each in kept), ("train", "train", "test"), strict=True))
    front, body = written(
        summary(), kept, tmp_path, Halves(parts, ("blueprint",), {"blueprint": 0, "entity": 2, "recording": 1})
    )
    assert front["configs"][0]["data_files"] == [
        {"split": "train", "path": "train.jsonl"}, {"split": "test", "path": "test.jsonl"},
    ]  # fmt: skip
    assert "| train | 2 |" in body
    assert "no blueprint is in two parts" in body
    assert "**Leak by entity:** 2 in more than one part" in body
    assert "**Leak by recording:** 1 in more than one part" in body
    assert "Leak by blueprint" not in body
    assert "a new entity or a new recording" in body


@pytest.mark.parametrize(
    ("licences", "strict"),
    [
        (["MIT", "CC-BY-NC-4.0", "CC-BY-4.0"], "CC-BY-NC-4.0"),
        (["CC-BY-NC-4.0", "CC-BY-NC-ND-4.0", "CC-BY-SA-4.0"], "CC-BY-NC-ND-4.0"),
        (["CC-BY-SA-4.0", "Apache-2.0"], "CC-BY-SA-4.0"),
        (["CC-BY-ND-4.0", "CC-BY-SA-4.0"], "CC-BY-ND-4.0"),
        (["CC-BY-NC-4.0", "ours alone"], "ours alone"),
        (["CC0-1.0"], "CC0-1.0"),
        (["MIT", ""], "unknown"),
        (["CC-BY-NC-4.0", "unknown"], "unknown"),
        ([], "unknown"),
    ],
)
def test_the_strictest_licence(licences: list[str], strict: str) -> None:
    assert card.strictest(licences) == strict


def test_unknown_rights_are_for_reading_only(tmp_path: Path) -> None:
    front, body = written(summary(), [altered(dialogue(), licence="")], tmp_path)
    assert front["license"] == "unknown"
    assert "for local reading only" in body


def test_a_licence_hubs_do_not_know_is_named_beside_other(tmp_path: Path) -> None:
    front, _ = written(summary(), [altered(dialogue(), licence="Sponsor terms 3")], tmp_path)
    assert (front["license"], front["license_name"]) == ("other", "Sponsor terms 3")


HOSTILE = "x |\n# Heading\n<script>alert(1)</script> [a](http://b.example) www.b.example `c` &amp; ![d](e)"


def test_a_hostile_title_is_one_line_of_plain_words(tmp_path: Path) -> None:
    made = summary(recordings=(Heard("r", HOSTILE, "vtt", 1.0, 1),), left_out=((HOSTILE, HOSTILE),), model=HOSTILE)
    front, body = written(made, [dialogue()], tmp_path)
    assert "\n# Heading" not in body
    assert "<script" not in body.replace("\\<", "")
    row = next(line for line in body.splitlines() if line.startswith("| x "))
    assert row.replace("\\|", "").count("|") == 7
    assert "http://" not in body
    assert front["generator"]["model"] == HOSTILE


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_escaped_text_is_one_line_without_live_markup(text: str) -> None:
    made = card.escaped(text)
    assert len(made.splitlines()) <= 1
    bare = made.replace("\\\\", "")
    assert not any(mark in bare.replace(f"\\{mark}", "") for mark in "<>[]|`*_#")


def test_nothing_has_a_card_too(tmp_path: Path) -> None:
    front, body = written(Summary(), [], tmp_path)
    assert front["language"] == []
    assert "| dialogues | 0 |" in body

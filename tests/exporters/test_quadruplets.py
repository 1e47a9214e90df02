"""quadruplets.jsonl loses no label and no evidence."""

import json
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pytest
from dialogue_strategies import dialogues
from hypothesis import given
from hypothesis import strategies as st

from builders import dialogue
from millstream.exporters import quadruplets
from millstream.records import Dialogue


def exported(kept: list[Dialogue], folder: Path) -> list[dict[str, Any]]:
    (path,) = quadruplets.export(kept, folder)
    return [json.loads(each) for each in path.read_text(encoding="utf-8").splitlines()]


def test_a_row_has_every_label_and_the_seconds_of_its_evidence(tmp_path: Path) -> None:
    kept = dialogue()
    (row,) = exported([kept], tmp_path)
    offer = row["H"][5]
    assert offer["role"] == "agent"
    assert offer["acts"] == [{"act": "offer", "slot": "price", "value": "14.98万", "entity": "云帆E5"}]
    assert offer["state"] == [{"slot": "class", "value": "SUV"}, {"slot": "price", "value": "15万"}]
    assert (offer["stage"], offer["strategy"]) == ("车型推荐", "提供建议")
    (proof,) = offer["evidence"]
    assert (proof["source"], proof["track"], proof["at"]) == (kept.lineage[0], "speech", [5, 6])
    assert (proof["start"], proof["end"], proof["quote"]) == (245.0, 252.5, "云帆E5 14.98万")


def test_a_row_has_both_personas_and_the_blueprint(tmp_path: Path) -> None:
    kept = dialogue()
    (row,) = exported([kept], tmp_path)
    assert row["P_u"]["fields"][3] == {"name": "age", "value": None, "origin": "not_shown", "evidence": []}
    assert row["P_a"]["fields"][0]["value"] == "直播销售顾问"
    assert row["B"]["id"] == kept.scenario.blueprint
    assert [stage["name"] for stage in row["B"]["stages"]] == [stage.name for stage in kept.blueprint.stages]
    assert row["licence"] == "CC-BY-NC-4.0"
    assert "split" not in row


def test_the_split_is_named_where_there_is_one() -> None:
    assert quadruplets.row(dialogue(), "dev")["split"] == "dev"


def test_of_nothing_comes_an_empty_file(tmp_path: Path) -> None:
    assert exported([], tmp_path) == []


def test_when_the_dialogues_break_off_no_file_is_left(tmp_path: Path) -> None:
    def torn() -> Any:
        yield dialogue()
        raise OSError("the disk is gone")

    with pytest.raises(OSError, match="gone"):
        quadruplets.export(torn(), tmp_path)
    assert not list(tmp_path.iterdir())


@given(st.lists(dialogues(), max_size=3))
def test_texts_personas_and_the_mark_survive(kept: list[Dialogue]) -> None:
    with TemporaryDirectory() as folder:
        rows = exported(kept, Path(folder))
    assert [row["id"] for row in rows] == [each.id for each in kept]
    for row, each in zip(rows, kept, strict=True):
        assert row["synthetic"] is True
        assert [(turn["role"], turn["text"]) for turn in row["H"]] == [
            (turn.role, turn.text) for turn in each.turns
        ]
        for key, person in zip(("P_u", "P_a"), each.personas, strict=True):
            assert [(f["name"], f["value"]) for f in row[key]["fields"]] == [
                (f.name, f.value) for f in person.fields
            ]

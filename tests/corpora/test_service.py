"""Readers of service dialogues that come in forms of their own: sides in the words, dialogues in strings."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream import corpora
from millstream.errors import InputError

HR: list[dict[str, Any]] = [
    {
        "dialogue_id": 5,
        "service": ["review"],
        "utterance": ["HR Assistant: No problem, and the dates?", "Employee: The past year.", "(typing)"],
    }
]
SPOKEN = [{"role": "agent", "text": "Hi, which film?"}, {"role": "user", "text": "Sing 2"}]
CALLED = [*SPOKEN, {"role": "agent", "api": {"find": {"name.movie": "Sing 2"}}}]
REWARD = [
    {"conversation_id": "d1", "context": "[]", "generation": json.dumps(SPOKEN[0])},
    {"conversation_id": "d1", "context": json.dumps(CALLED), "generation": '{"role": "agent", "text": "At 4:00 PM."}'},
]


def written(folder: Path, rows: Any) -> Path:
    file = folder / "rows.json"
    file.write_text(json.dumps(rows), encoding="utf-8")
    return file


def test_hr_multiwoz_has_its_sides_in_the_words(tmp_path: Path) -> None:
    (found,) = corpora.conversations(written(tmp_path, HR))
    assert [(turn.role, turn.text) for turn in found.turns] == [
        ("agent", "No problem, and the dates?"), ("user", "The past year."),
    ]  # fmt: skip
    assert found.corpus == "hr_multiwoz" and found.key == "review-5-1"


def test_the_longest_row_of_a_reward_file_is_the_dialogue(tmp_path: Path) -> None:
    (found,) = corpora.conversations(written(tmp_path, REWARD))
    assert [turn.text for turn in found.turns] == ["Hi, which film?", "Sing 2", "At 4:00 PM."]
    assert "Sing 2" in found.values


def test_a_torn_string_is_one_clear_line(tmp_path: Path) -> None:
    rows = [REWARD[1] | {"context": '[{"role": "agent", '}]
    with pytest.raises(InputError, match="row 1"):
        list(corpora.conversations(written(tmp_path, rows)))

"""What people write is appended whole, by any number of writers at once, and read back whatever tore."""

from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import pytest

from millstream.errors import InputError
from millstream.viewer import decisions, journal
from millstream.viewer.decisions import Decision


def _write(path: str, who: int) -> None:
    for n in range(40):
        journal.append(Path(path), {"who": who, "n": n, "text": "字" * 5000})


def test_writers_at_once_lose_nothing(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    with ProcessPoolExecutor(3) as pool:
        list(pool.map(_write, [str(path)] * 3, range(3)))
    found = [(row["who"], row["n"]) for row in journal.rows(path)]
    assert len(found) == 120 and len(set(found)) == 120
    for who in range(3):
        assert [n for each, n in found if each == who] == list(range(40))


def test_a_torn_line_is_skipped_and_what_follows_is_kept(tmp_path: Path) -> None:
    path = tmp_path / "j.jsonl"
    path.write_bytes(b'{"n": 1}\n[3]\n{"n": 2, "te')
    assert journal.append(path, {"n": 3})["at"]
    assert [row["n"] for row in journal.rows(path)] == [1, 3]
    assert list(journal.rows(tmp_path / "none")) == []


def test_a_folder_that_cannot_be_written_is_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="cannot be written"):
        journal.append(tmp_path / "nowhere" / "j.jsonl", {})


def test_the_last_word_stands_and_an_edit_is_none(tmp_path: Path) -> None:
    first, second = {"turn": 1, "text": "so"}, {"turn": 0, "text": "x"}
    for decision, more in (("accept", {}), ("edit", first), ("reject", {}), ("edit", second)):
        decisions.write(tmp_path, Decision(dialogue="d", decision=decision, rater="ann", reason="why", **more))
    decisions.write(tmp_path, Decision(dialogue="e", decision="edit", rater="ann", reason="why", turn=0, text="x"))
    assert decisions.standing(decisions.all_of(tmp_path)) == {"d": "reject", "e": "edit"}
    assert [row["decision"] for row in decisions.all_of(tmp_path)] == ["accept", "edit", "reject", "edit", "edit"]


@pytest.mark.parametrize("body", [
    {"decision": "reject"},
    {"decision": "edit", "reason": "x", "turn": 1},
    {"decision": "accept", "turn": 1, "text": "x"},
    {"decision": "burn", "reason": "x"},
    {"decision": "accept", "rater": ""},
    {"decision": "edit", "reason": "x", "turn": -1, "text": "x"},
])  # fmt: skip
def test_half_a_decision_is_none(body: dict[str, object]) -> None:
    with pytest.raises(ValueError):
        Decision.model_validate({"dialogue": "d", "rater": "ann", **body})

"""The blind sheet of labels: no label in it, and a reading of it scored."""

import json
from pathlib import Path

import pytest

pytest.importorskip("scipy", reason="the extra `eval` is not installed")

import label_sheet

import builders
import worlds
from millstream.errors import InputError
from millstream.services.annotated import Act, Frame, TaskDialogue, Turn

TALKS = worlds.talks(30)
LABELS = {(one.dialogue, one.turn): one for each in TALKS for one in label_sheet.told(each)}


def filled(count: int = 40) -> list[dict[str, str]]:
    """A sheet whose reader reads just what the labels say."""
    rows = label_sheet.draw(TALKS, {"Boats_1": "city: City of the harbour"}, count, 0)
    for row in rows:
        slots = LABELS[row["dialogue"], int(row["turn"])].slots
        row["told"] = "; ".join(f"{slot}={values[-1].upper()}" for slot, values in slots.items()) or "nothing"
    return rows


def test_a_sheet_has_no_label_and_many_dialogues() -> None:
    rows = label_sheet.draw(TALKS, {}, 30, 0)
    assert len({row["dialogue"] for row in rows}) == 30 and all(row["told"] == "" for row in rows)
    assert {*rows[0]} == {*label_sheet.COLUMNS} and label_sheet.draw(TALKS, {}, 30, 0) == rows
    assert label_sheet.draw(TALKS, {}, 30, 1) != rows


def test_a_turn_tells_what_is_new_in_its_state() -> None:
    assert any(one.slots for one in LABELS.values()) and any(not one.slots for one in LABELS.values())


def test_a_slot_may_be_called_as_an_act_names_its_own() -> None:
    found = Act("INFORM_COUNT", "count", ("3",))
    acts = (Act("INFORM_INTENT", "intent", ("FindHome",)), Act("REQUEST", "intent"), found)
    asks = TaskDialogue("home", ("Homes_2",), (Turn("agent", "To buy or to rent?", (Frame("Homes_2", acts),)),))
    assert [one.slots for one in label_sheet.told(asks)] == [{"intent": (label_sheet.ASKED,)}]


def test_a_reading_that_agrees_has_no_error_and_an_interval() -> None:
    *found, last = label_sheet.score(filled(), LABELS, "sheet.csv")
    assert found == [] and last == "0 of 40 turns differ: 0.0% (0.0 to 8.8)"


def test_errors_are_counted_and_listed() -> None:
    rows = filled()
    full = next(row for row in rows if row["told"] != "nothing")
    bare = next(row for row in rows if row["told"] == "nothing")
    full["told"], bare["told"], rows[-1]["told"] = "nothing", "city=Nowhere", ""
    one, two, last, left = label_sheet.score(rows, LABELS, "sheet.csv")
    assert {one.split(":")[0], two.split(":")[0]} == {f"{row['dialogue']} {row['turn']}" for row in (full, bare)}
    assert last.startswith("2 of 39 turns differ: 5.1%") and left.startswith("1 turns")


def test_what_is_no_sheet_or_no_answer(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="holds no answer"):
        list(label_sheet.score(label_sheet.draw(TALKS, {}, 3, 0), LABELS, "sheet.csv"))
    with pytest.raises(InputError, match="line 7: no slot=value: 'city'"):
        label_sheet.answer("city", "sheet.csv: line 7")
    with pytest.raises(InputError, match="no turn 0 of another"):
        list(label_sheet.score([{"dialogue": "another", "turn": "0", "told": "nothing"}], LABELS, "sheet.csv"))
    for text in ("", "dialogue,turn\na\n", "turn\nx\n"):
        (tmp_path / "sheet.csv").write_text(text)
        with pytest.raises(InputError, match="no sheet, or torn"):
            label_sheet.loaded(tmp_path / "sheet.csv")


def test_of_a_run_only_the_turns_that_a_model_worded(tmp_path: Path) -> None:
    made = builders.dialogue(lang="en")
    turns = tuple(builders.altered(t, worded="model" if n in (2, 5) else "kept") for n, t in enumerate(made.turns))
    made = builders.altered(made, turns=turns)
    (tmp_path / "fingerprint").write_text("mark")
    row = {"item": made.id, "made": [made.model_dump(mode="json")]}
    (tmp_path / "8_dialogues.jsonl").write_text(f"{json.dumps(row)}\n")
    dialogues, only = label_sheet.taken(tmp_path, "model")
    rows = label_sheet.draw(dialogues, {}, 300, 0, only)
    assert sorted(row["text"] for row in rows) == sorted(made.turns[n].text for n in (2, 5))
    every, places = label_sheet.taken(tmp_path, "")
    assert places is None and len(label_sheet.draw(every, {}, 300, 0, places)) == len(made.turns)
    with pytest.raises(InputError, match="do not say who worded a turn"):
        label_sheet.taken(tmp_path / "made.jsonl", "model")

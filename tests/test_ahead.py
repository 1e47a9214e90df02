"""Reading ahead: the same lines, notes and errors as without it, and nothing left behind."""

import json
import multiprocessing
from collections import Counter
from pathlib import Path

import pytest

from millstream import ahead, intake
from millstream.errors import InputError, ItemError
from millstream.shapes import Line, Reading


def room(folder: Path, count: int = 3_000) -> intake.Gathered:
    """A chat and danmaku of one room, of which one message has no time."""
    chat = [{"message": f"how much is it {n}", "author": f"a{n}", "time_in_seconds": n / 2} for n in range(count)]
    chat[5].pop("time_in_seconds")
    (folder / "room.chat.json").write_text(json.dumps(chat))
    rows = (f'<d p="{count - n},1,25,0,0,0,u{n},0">弹幕{n}</d>' for n in range(count))
    (folder / "room.danmaku.xml").write_text(f"<i>{''.join(rows)}</i>", encoding="utf-8")
    (gathered,) = intake.take([folder]).readings
    return gathered


def told(gathered: intake.Gathered, read: ahead.Read = intake.lines) -> ahead.Numbered:
    """Read ahead, however short the files are."""
    return ahead.lines(read, gathered.readings, gathered.files, long=1)


def test_the_same_lines_and_notes_come_from_the_other_process(tmp_path: Path) -> None:
    gathered = room(tmp_path)
    here = list(intake.lines(gathered.readings))
    notes = [Counter(each.notes) for each in gathered.readings]
    assert notes[0]["no clock"] == 1
    for each in gathered.readings:
        each.notes.clear()
    assert list(told(gathered)) == here
    assert [Counter(each.notes) for each in gathered.readings] == notes


def test_a_torn_file_is_the_error_that_it_is_without(tmp_path: Path) -> None:
    gathered = room(tmp_path)
    file = tmp_path / "room.chat.json"
    file.write_text(file.read_text()[:-30])
    with pytest.raises(InputError, match="torn"):
        list(told(gathered))


def test_who_stops_early_leaves_no_process(tmp_path: Path) -> None:
    gathered = room(tmp_path)
    lines = told(gathered)
    next(lines)
    lines.close()  # type: ignore[attr-defined]
    assert not multiprocessing.active_children()


def dead(readings: object) -> ahead.Numbered:
    yield 0, Line("a")
    raise SystemExit(3)


def test_a_process_that_dies_is_told(tmp_path: Path) -> None:
    gathered = room(tmp_path, 10)
    with pytest.raises(ItemError, match="ended before"):
        list(told(gathered, dead))


def test_what_cannot_travel_is_read_here(tmp_path: Path) -> None:
    first, *_ = room(tmp_path, 10).readings
    own = Reading(first.recording, (), lambda: iter(()), lambda notes: iter(()))
    begun: list[int] = []

    def read(readings: object) -> ahead.Numbered:
        begun.append(1)
        return iter(())

    assert not list(ahead.lines(read, [own], [str(tmp_path / "room.chat.json")], long=1)) and begun


def test_short_files_are_read_here(tmp_path: Path) -> None:
    gathered = room(tmp_path, 10)
    assert list(ahead.lines(intake.lines, gathered.readings, gathered.files)) == list(intake.lines(gathered.readings))
    assert not multiprocessing.active_children()

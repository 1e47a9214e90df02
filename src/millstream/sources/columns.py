"""Any chat or transcript in rows (CSV, TSV, or JSON objects one a line), by a map of its columns that a person gives:
`columns: {text: msg, author: nick, start: ts}` in the settings. Without a map it reads nothing.

With a `speaker` column it is speech, else chat. Times are seconds, `[h:]mm:ss`, or times of day, of which the first is
the start; in a column whose name ends in `ms`, `msec` or `毫秒` they are milliseconds.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from functools import partial
from pathlib import Path
from typing import Any

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, from_first, reading

TABLES = (".csv", ".tsv")
ROWS = (".jsonl", ".ndjson")
MILLISECONDS = ("ms", "msec", "毫秒")
DAY = 1e8
"""Seconds from which on a time is one since 1970; no recording is three years long."""


def recognises(path: Path, head: str) -> bool:
    return False  # a map says what is in it, not the file


def read(path: Path) -> Iterator[Reading]:
    raise InputError("no map of its columns", str(path), "set columns, see docs/formats.md")


def fits(path: Path, columns: Mapping[str, str]) -> bool:
    """Has the file every column of the map?"""
    ending = text.ending(path)
    if not columns or ending not in TABLES + ROWS:
        return False
    head = text.head(path)
    there = text.columns(head) if ending in TABLES else text.shape(head)[1]
    return set(columns.values()) <= set(there)


def read_by(path: Path, columns: Mapping[str, str]) -> Iterator[Reading]:
    """The one recording of a file that fits. InputError where a row is torn or is no object."""
    parse = partial(_lines, columns=columns)
    yield reading(path, "columns", "speech" if "speaker" in columns else "chat", parse)


def _lines(path: Path, notes: Counter[str], columns: Mapping[str, str]) -> Iterator[Line]:
    lines = _rows(path, notes, columns)
    first = next((line for line in _rows(path, Counter(), columns) if line.start is not None), None)
    of_day = first is not None and first.start is not None and first.start >= DAY
    yield from from_first(lines, notes) if of_day else lines


def _rows(path: Path, notes: Counter[str], columns: Mapping[str, str]) -> Iterator[Line]:
    for row in text.rows(path) if text.ending(path) in TABLES else _objects(path):
        told: dict[str, Any] = {
            name: (_time if name in ("start", "end") else _words)(row.get(column), column)
            for name, column in columns.items()
        }
        if told.get("text"):
            yield Line(**told)
        else:
            notes["messages without text"] += 1


def _words(value: Any, column: str) -> str:
    return text.line(value)


def _time(value: Any, column: str) -> float | None:
    found = text.seconds(value)
    if found is None:
        return text.moment(value)
    if column.casefold().endswith(MILLISECONDS):
        return found / 1000
    return text.moment(value) if found >= DAY else found


def _objects(path: Path) -> Iterator[dict[str, Any]]:
    for number, row in text.lines(path):
        found = text.parse_json(row, f"{path} line {number}")
        if not isinstance(found, dict):
            raise InputError("not an object", f"{path} line {number}", "write one JSON object a line")
        yield found

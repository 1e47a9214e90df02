"""A table read in parts gives what it gives in one piece: its rows, the report, near-duplicates, who is shown."""

from pathlib import Path

import pytest

import builders
from millstream import dedup, rows
from millstream.records import Dialogue
from millstream.report.counts import read
from millstream.summary import Read, read_in_parts
from millstream.table import Table

MADE = tuple(
    builders.altered(
        builders.saying([f"How long is number {n}?", f"It is {n * 7} metres long."]),
        scenario=builders.altered(builders.saying(["x"]).scenario, number=n),
    )
    for n in range(23)
)
NAMES = [each.id for each in MADE]


@pytest.fixture
def whole(tmp_path: Path) -> Table[Dialogue]:
    path = tmp_path / "made.jsonl"
    path.write_bytes(b"".join(rows.encoded(each.id, [each]) for each in MADE))
    return Table(path, Dialogue)


def test_the_parts_are_the_table(whole: Table[Dialogue]) -> None:
    parts = list(whole.parts(5))
    assert [len(part) for part in parts] == [5, 5, 5, 5, 3]
    assert [each for part in parts for each in part] == list(whole) == list(MADE)


def test_parts_keep_the_order_and_leave_out_what_has_no_row(whole: Table[Dialogue]) -> None:
    order = [*NAMES[::-1], "nobody"]
    parts = Table(whole.path, Dialogue, order).parts(5)
    assert [each.id for part in parts for each in part] == NAMES[::-1]
    assert [each.id for each in whole.of([NAMES[7], "nobody", NAMES[2]])] == [NAMES[7], NAMES[2]]


def test_of_two_rows_of_one_item_the_first_counts(whole: Table[Dialogue]) -> None:
    rows_there = whole.path.read_bytes().splitlines(keepends=True)
    again = rows.encoded(NAMES[0], [MADE[22]])
    whole.path.write_bytes(b"".join([*rows_there[:3], again, *rows_there[3:6], again]))
    for size in (2, 5, 50):
        parts = Table(whole.path, Dialogue).parts(size)
        assert [each.id for part in parts for each in part] == NAMES[:6], size


def test_a_report_of_parts_is_that_of_the_whole(whole: Table[Dialogue]) -> None:
    said, wanted = read_in_parts([whole], 4, map, 5), Read(map(rows.written, MADE))
    assert said.tally == wanted.tally and said.tally.dialogues == len(MADE)
    assert said.digest.hex() == wanted.digest.hex()
    assert (said.words, said.realisers) == (wanted.words, wanted.realisers)
    assert said.drawn == read(MADE, 4)[1] and len(said.drawn) == 4


def test_prints_of_a_part_are_those_of_its_dialogues(whole: Table[Dialogue]) -> None:
    found = [each for part in whole.parts(5) for each in dedup.prints(part)]
    assert [each.id for each in found] == NAMES
    wanted = [dedup.printed(dedup.said(each)) for each in MADE]
    for one, other in zip(found, wanted, strict=True):
        assert (one.shingles == other.shingles).all() and (one.sketch == other.sketch).all()

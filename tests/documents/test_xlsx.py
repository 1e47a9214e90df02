"""Workbooks: merged cells, headings of groups, dates and money as shown; what cannot be read is told with its place."""

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest

from millstream import domain as domains
from millstream import intake
from millstream.documents import xlsx
from millstream.errors import InputError
from millstream.know.tables import facts_of, slots_of
from millstream.shapes import Table, Unread

openpyxl = pytest.importorskip("openpyxl", reason="the extra `xlsx` is not installed")


def saved(path: Path, rows: list[list[Any]], *merged: str, more: Callable[[Any], None] = lambda book: None) -> Path:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(row)
    for each in merged:
        book.active.merge_cells(each)
    more(book)
    book.save(path)
    return path


def read(path: Path) -> tuple[list[Table], list[Unread]]:
    parts = list(xlsx.read(path))
    return [each for each in parts if isinstance(each, Table)], [each for each in parts if isinstance(each, Unread)]


def test_a_merged_cell_is_the_value_of_each_cell_it_covers(tmp_path: Path) -> None:
    rows = [["hotel", "room", "price"], ["Harbour", "double", 120], [None, "family", 180], ["Mill", "double", 90]]
    (table,), unread = read(saved(tmp_path / "rooms.xlsx", rows, "A2:A3"))
    assert table == Table("rooms", ("hotel", "room", "price"), (
        ("Harbour", "double", "120"), ("Harbour", "family", "180"), ("Mill", "double", "90"),
    ))  # fmt: skip
    assert not unread


def test_a_title_and_notes_are_told_and_headings_of_groups_stand_before_their_columns(tmp_path: Path) -> None:
    rows = [
        ["Summer list", None, None], ["room", "price", None], [None, "weekday", "weekend"],
        ["double", 120, 150], [], ["subject to change"], ["family", 180, 220],
    ]  # fmt: skip
    (table,), unread = read(saved(tmp_path / "list.xlsx", rows, "A1:C1", "A2:A3", "B2:C2"))
    assert table.headers == ("room", "price weekday", "price weekend")
    assert table.rows == (("double", "120", "150"), ("family", "180", "220"))
    assert [each.where for each in unread] == ["sheet 'Sheet' row 1", "sheet 'Sheet' row 6"]
    assert "Summer list" in unread[0].why and "subject to change" in unread[1].why


def test_numbers_are_said_as_the_sheet_shows_them(tmp_path: Path) -> None:
    day = "yyyy-mm-dd"
    shown = [
        ("$#,##0.00", 12.5, "$12.5"), ("[$¥-804]#,##0", 88, "¥88"), ('0.00"万元"', 13.98, "13.98万元"),
        ("0%", 0.1, "10%"), ("General", 4.0, "4"), ("General", True, "true"), (day, date(2026, 5, 31), "2026-05-31"),
        (day, datetime(2026, 5, 31), "2026-05-31"), (f"{day} hh:mm", datetime(2026, 5, 31, 18), "2026-05-31 18:00"),
    ]  # fmt: skip
    path = tmp_path / "forms.xlsx"

    def formed(book: Any) -> None:
        for column, (form, _, _) in enumerate(shown, 2):
            book.active.cell(2, column).number_format = form

    saved(path, [["name", *map(str, range(len(shown)))], ["x", *(value for _, value, _ in shown)]], more=formed)
    (table,), _ = read(path)
    assert table.rows[0][1:] == tuple(said for _, _, said in shown)


def test_what_cannot_be_read_is_listed_with_its_cell(tmp_path: Path) -> None:
    def spoilt(book: Any) -> None:
        book.active["B3"].value, book.active["B3"].data_type = "#REF!", "e"
        book.active["C2"] = "=B2*2"
        hidden = book.create_sheet("costs")
        hidden.append(["name", "cost"])
        hidden.sheet_state = "hidden"

    rows = [["dish", "price", "twice"], ["Ribs", 9, None], ["Wings", None, 30]]
    path = saved(tmp_path / "menu.xlsx", rows, more=spoilt)
    (table,), unread = read(path)
    assert table.rows == (("Ribs", "9", ""), ("Wings", "", "30"))
    assert {each.where for each in unread} == {"sheet 'costs'", "sheet 'Sheet' C2", "sheet 'Sheet' B3"}
    taken = intake.take([path])
    assert [reason for _, reason in taken.left_out] == [f"{path} {each.where}: {each.why}" for each in unread]


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["dish", "price", "Price"], ["Ribs", 9, 8]], "two columns are headed 'Price', this and B"),
        ([["dish", None, "spice"], ["Ribs", 9, "hot"]], "a column without a name"),
        ([["dish", "price"]], "a table without rows"),
        ([["dish", "price"], ["Ribs", "$9"], ["Wings", "€8"]], "mixes"),
    ],
)
def test_a_header_that_does_not_tell_its_columns_is_one_line(rows: list[list[Any]], said: str, tmp_path: Path) -> None:
    with pytest.raises(InputError, match=said):
        read(saved(tmp_path / "menu.xlsx", rows))


@pytest.mark.parametrize("raw", [b"PK\x03\x04torn", b"PK", b""])
def test_a_torn_one_is_one_line(raw: bytes, tmp_path: Path) -> None:
    path = tmp_path / "menu.xlsx"
    path.write_bytes(raw)
    with pytest.raises(InputError, match=r"no workbook, or torn"):
        read(path)


def test_a_sheet_becomes_facts(tmp_path: Path) -> None:
    rows = [["dish", "price ($)", "valid until"], ["Ribs", 9, date(2026, 5, 31)], ["Wings", 15, "31 May 2026"]]
    path = saved(tmp_path / "menu.xlsx", rows)
    (table,) = intake.take([path]).tables
    known = slots_of(table, domains.read("restaurant"), "en")
    facts = [(each.entity, each.value, each.valid_to) for each in facts_of(table, known, "en")]
    assert facts == [("Ribs", "$9", "2026-05-31"), ("Wings", "$15", "2026-05-31")]

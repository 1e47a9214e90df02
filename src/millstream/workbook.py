"""XLSX workbooks as tables: a sheet is a table, a merged cell is the value of each cell it covers, a date a date.

The header is the first row with two different cells; what is headed "price" over "weekday" and "weekend" is "price
weekday" and "price weekend". What cannot be read is told with its place:
cells of an error or of a formula nobody worked out, hidden sheets, titles above a table, notes of one cell. Knows
nothing of what a table is about. Needs the extra `xlsx`.
"""

import re
import warnings
import zipfile
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time
from pathlib import Path
from typing import Any, NamedTuple

import openpyxl
from openpyxl.utils import get_column_letter
from openpyxl.utils.exceptions import InvalidFileException

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Table, Unread

LARGEST, MOST = 1 << 28, 2_000_000
"""Bytes that a workbook may unpack to, and cells that a sheet may have."""
_BRACKETED = re.compile(r"\[\$([^-\]]+)")
_SIGN = re.compile(r"[$€£¥￥]")
_LITERAL = re.compile(r'"([^"]+)"\s*$')
_FORMULA = "a formula that nobody worked out: open the workbook and save it"


def tables(path: Path) -> Iterator[Table | Unread]:
    """The table of each visible sheet. InputError for what is no workbook, unpacks to too much, or has no header that
    says what its columns are."""
    values, formulas = _opened(path, True), _opened(path, False)
    used = [sheet for sheet in values.worksheets if any(any(row) for row in sheet.iter_rows(values_only=True))]
    shown = [sheet for sheet in used if sheet.sheet_state == "visible"]
    for sheet in used:
        if sheet not in shown:
            yield Unread(f"sheet {sheet.title!r}", "is hidden")
    for sheet in shown:
        key = path.stem if len(shown) == 1 else f"{path.stem} {text.line(sheet.title)}"
        yield from _table(_Sheet(sheet, formulas[sheet.title], path), key)


def _opened(path: Path, worked_out: bool) -> Any:
    try:
        with zipfile.ZipFile(path) as packed:
            if sum(each.file_size for each in packed.infolist()) > LARGEST:
                what = f"unpacks to more than {LARGEST >> 20} MB"
                raise InputError(what, str(path), "save the part that is used as CSV")
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of what a sheet has beside its cells: drawings, checks of what is typed
            book = openpyxl.load_workbook(path, data_only=worked_out)
    except (zipfile.BadZipFile, InvalidFileException, KeyError, ValueError, OSError, SyntaxError) as error:
        raise InputError("no workbook, or torn", str(path), "save it again, or as CSV") from error
    for sheet in book.worksheets:
        if sheet.max_row * sheet.max_column > MOST:
            what = f"a sheet of {sheet.max_row} rows and {sheet.max_column} columns"
            raise InputError(what, str(path), "save the part that is used as CSV")
    return book


class _Sheet(NamedTuple):
    """A sheet with its values, and with its formulas."""

    values: Any
    formulas: Any
    path: Path

    def where(self, row: int, column: int = 0) -> str:
        place = f"{get_column_letter(column)}{row}" if column else f"row {row}"
        return f"sheet {self.values.title!r} {place}"

    def grid(self, unread: list[Unread]) -> list[list[str]]:
        """Its cells as text, merged ones everywhere that they cover."""
        rows = [[self._said(cell, unread) for cell in row] for row in self.values.iter_rows(min_row=1, min_col=1)]
        for merged in self.values.merged_cells.ranges:
            said = rows[merged.min_row - 1][merged.min_col - 1]
            for row, column in merged.cells:
                rows[row - 1][column - 1] = said
        return rows

    def _said(self, cell: Any, unread: list[Unread]) -> str:
        value = cell.value
        if value is None and self.formulas.cell(cell.row, cell.column).data_type == "f":
            unread.append(Unread(self.where(cell.row, cell.column), _FORMULA))
            return ""
        if cell.data_type == "e":
            unread.append(Unread(self.where(cell.row, cell.column), f"holds the error {value}"))
            return ""
        return _written(value, cell.number_format or "")

    def groups(self, row: int) -> bool:
        """Does a heading of this row span several columns, and this row alone?"""
        every = self.values.merged_cells.ranges
        return any(each.min_row == each.max_row == row and each.max_col > each.min_col for each in every)


def _written(value: Any, form: str) -> str:
    """A value as the sheet shows it: with its currency or per cent, a day as YYYY-MM-DD."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float):
        if "%" in form:
            return f"{value * 100:.10g}%"
        sign = found[1] if (found := _BRACKETED.search(form)) else (found[0] if (found := _SIGN.search(form)) else "")
        behind = found[1].strip() if (found := _LITERAL.search(form)) else ""
        return f"{sign}{value:.12g}{behind}"
    if isinstance(value, datetime):
        return value.date().isoformat() if value.time() == time() else value.isoformat(" ", "minutes")
    if isinstance(value, time):
        return value.isoformat("minutes")
    return value.isoformat() if isinstance(value, date) else text.line(value)


def _table(sheet: _Sheet, key: str) -> Iterator[Table | Unread]:
    unread: list[Unread] = []
    rows = sheet.grid(unread)
    top = next((n for n, row in enumerate(rows) if len({cell for cell in row if cell}) > 1), None)
    if top is None:
        yield Unread(sheet.where(1), "has no row of column names")
        return
    yield from (Unread(sheet.where(n + 1), f"stands above the table: {_first(row)!r}") for n, row in _full(rows[:top]))
    below = top + 1
    headers = rows[top]
    if sheet.groups(top + 1) and below < len(rows):
        headers = [" ".join(dict.fromkeys(filter(None, pair))) for pair in zip(headers, rows[below], strict=True)]
        below += 1
    used = [n for n in range(len(headers)) if any(row[n] for row in [headers, *rows[below:]])]
    _refuse_headless([(n, headers[n]) for n in used], sheet, below)
    body = []
    for n, row in _full(rows[below:]):
        cells = [row[at] for at in used]
        if len({cell for cell in cells if cell}) == 1 < len(used):
            unread.append(Unread(sheet.where(below + n + 1), f"one cell alone, taken for a note: {_first(row)!r}"))
        else:
            body.append(tuple(cells))
    yield from unread
    yield Table(key, tuple(headers[n] for n in used), tuple(body))


def _refuse_headless(headers: Sequence[tuple[int, str]], sheet: _Sheet, row: int) -> None:
    """Every column has a name of its own."""
    seen: dict[str, int] = {}
    for column, header in headers:
        where = f"{sheet.path} {sheet.where(row, column + 1)}"
        if not header:
            raise InputError("a column without a name", where, "write one above it")
        if header.casefold() in seen:
            what = f"two columns are headed {header!r}, this and {get_column_letter(seen[header.casefold()] + 1)}"
            raise InputError(what, where, "name them apart")
        seen[header.casefold()] = column


def _full(rows: Sequence[list[str]]) -> Iterator[tuple[int, list[str]]]:
    return ((n, row) for n, row in enumerate(rows) if any(row))


def _first(row: Sequence[str]) -> str:
    return next(cell for cell in row if cell)[:60]

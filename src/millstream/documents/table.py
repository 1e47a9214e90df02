"""Tables of knowledge: CSV with a header row, a JSON list of objects, or a JSON object of equally long lists.

All cells are text. A table without headers is refused: what a number means would have to be guessed.
"""

import csv
import json
import re
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Table

NUMBER = re.compile(r"[-+]?[¥￥$€£]?\s?\d[\d,.]*\s?(?:%|[^\W\d]{1,3})?")
CURRENCY = re.compile(r"\s*([$€£¥￥])\s?\d")
DELIMITERS = ",;\t|"


def recognises(path: Path, head: str) -> bool:
    if path.suffix.lower() in (".csv", ".tsv"):
        return not re.match(r"start[\t,]end[\t,]text", head)  # a speech recogniser's words
    opening, keys = text.shape(head)
    if path.suffix.lower() != ".json" or not keys:
        return False
    return _rows_first(head) if opening.startswith("[{") else _columns_first(head)


def _rows_first(head: str) -> bool:
    """Is the first object of the list flat?"""
    return re.match(r"\s*\[\s*\{[^{}]*\}", head) is not None


def _columns_first(head: str) -> bool:
    """Is the first value of the object a list of plain values?"""
    return re.match(r'\s*\{\s*"[^"]*"\s*:\s*\[[^\[\]{}]*\]', head) is not None


def read(path: Path) -> Iterator[Table]:
    headers, rows = _from_json(path) if path.suffix.lower() == ".json" else _from_csv(path)
    if not rows:
        raise InputError("a table without rows", str(path), "give it at least one row below its headers")
    refuse_mixed(headers, rows, path)
    yield Table(path.stem, tuple(headers), tuple(tuple(row) for row in rows))


def _from_csv(path: Path) -> tuple[list[str], list[list[str]]]:
    said = text.read(path)
    first = said.partition("\n")[0]
    delimiter = max(DELIMITERS, key=first.count)
    rows: list[list[str]] = []
    reader = csv.reader(said.splitlines(keepends=True), delimiter=delimiter, strict=True)
    try:
        for row in reader:
            cells = [text.line(cell) for cell in row]
            if rows and len(cells) > len(rows[0]):
                what = f"{len(cells)} cells under {len(rows[0])} headers"
                raise InputError(what, f"{path} line {reader.line_num}", "quote cells that hold the delimiter")
            if any(cells):
                rows.append(cells + [""] * (len(rows[0]) - len(cells) if rows else 0))
    except csv.Error as error:
        where = f"{path} line {reader.line_num}"
        raise InputError(f"not CSV, or torn: {error}", where, "check its quotes") from error
    headers, body = (rows[0], rows[1:]) if rows else ([], [])
    _refuse_headless(headers, body, path)
    return headers, body


def _refuse_headless(headers: list[str], rows: list[list[str]], path: Path) -> None:
    remedy = "write one line of column names above the data"
    if not all(headers) or len(set(headers)) < len(headers):
        raise InputError("no headers: the first row has empty or repeated cells", f"{path} line 1", remedy)
    for at, header in enumerate(headers):
        if NUMBER.fullmatch(header) and any(NUMBER.fullmatch(row[at]) for row in rows):
            what = f"no headers: {header!r} in the first row is a number like those below it"
            raise InputError(what, f"{path} line 1", remedy)


def refuse_mixed(headers: Sequence[str], rows: Sequence[Sequence[str]], path: Path) -> None:
    """Two currencies in one column are two kinds of numbers, which nothing can compare."""
    for at, header in enumerate(headers):
        first = ""
        for n, row in enumerate(rows, 1):
            sign = found[1] if (found := CURRENCY.match(row[at])) else ""
            first = first or sign
            if sign and sign != first:
                what = f"column {header!r} mixes {first} and {sign}"
                raise InputError(what, f"{path} row {n}", "give each currency a column of its own")


def _from_json(path: Path) -> tuple[list[str], list[list[str]]]:
    whole = text.load_json(path)
    if isinstance(whole, dict):
        columns = list(whole.values())
        if not all(isinstance(column, list) and len(column) == len(columns[0]) for column in columns):
            raise InputError("columns of different lengths", str(path), "give each header a list of the same length")
        return [text.line(key) for key in whole], [list(map(_cell, row)) for row in zip(*columns, strict=True)]
    if not isinstance(whole, list) or not all(isinstance(row, dict) for row in whole):
        raise InputError("not a table", str(path), "write a list of objects, or an object of lists")
    keys = list(dict.fromkeys(key for row in whole for key in row))
    return [text.line(key) for key in keys], [[_cell(row.get(key)) for key in keys] for row in whole]


def _cell(value: Any) -> str:
    """A value as the text of one cell; a list of plain values is joined by commas."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(each, list | dict) for each in value):
        return ", ".join(map(_cell, value))
    return text.line(json.dumps(value, ensure_ascii=False)) if isinstance(value, list | dict) else text.line(value)

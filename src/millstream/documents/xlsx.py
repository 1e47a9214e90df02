"""XLSX: a table for each visible sheet, and what of it could not be read. The reading itself is workbook.py."""

import importlib
from collections.abc import Iterator
from pathlib import Path

from millstream.documents.table import refuse_mixed
from millstream.errors import InputError
from millstream.shapes import Table, Unread


def recognises(path: Path, head: str) -> bool:
    """It is no text."""
    return False


def recognises_bytes(path: Path, head: bytes) -> bool:
    return path.suffix.lower() in (".xlsx", ".xlsm") and head.startswith(b"PK")


def read(path: Path) -> Iterator[Table | Unread]:
    try:
        workbook = importlib.import_module("millstream.workbook")  # its library is an extra: loaded when one is met
    except ModuleNotFoundError as error:
        raise InputError(f"workbooks need {error.name!r}", str(path), "pip install 'millstream[xlsx]'") from error
    for each in workbook.tables(path):
        if isinstance(each, Table):
            if not each.rows:
                raise InputError("a table without rows", f"{path} {each.key}", "give it at least one row")
            refuse_mixed(each.headers, each.rows, path)
        yield each

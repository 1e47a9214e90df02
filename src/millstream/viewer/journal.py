"""What people wrote, one JSON line each, appended and never changed: decisions on dialogues, answers of raters.

A line is written whole under a lock and is on disk before its writer is told, so two browsers, or two servers, at once
lose nothing; a line torn by a power cut is skipped when read. Knows lines; nothing of what they say.
"""

import fcntl
import json
import os
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from millstream.errors import InputError


def append(path: Path, row: Mapping[str, Any]) -> dict[str, Any]:
    """The row as it was written, with the time. InputError where the folder cannot be written."""
    whole = {"at": datetime.now(UTC).isoformat(timespec="milliseconds"), **row}
    line = json.dumps(whole, ensure_ascii=False).encode("utf-8", "replace") + b"\n"
    try:
        handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o644)
    except OSError as error:
        what = f"cannot be written ({error.strerror})"
        raise InputError(what, str(path), "give a folder you may write to") from error
    try:
        fcntl.flock(handle, fcntl.LOCK_EX)
        if torn(path):
            line = b"\n" + line
        while line:
            line = line[os.write(handle, line) :]
        os.fsync(handle)
    finally:
        os.close(handle)
    return whole


def torn(path: Path) -> bool:
    """Whether the last line has no end."""
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        if not size:
            return False
        file.seek(size - 1)
        return file.read(1) != b"\n"


def rows(path: Path) -> Iterator[dict[str, Any]]:
    """Every whole row in the order of writing; nothing where there is no file."""
    if not path.is_file():
        return
    with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
        for line in file:
            try:
                row = json.loads(line)
            except ValueError:
                continue
            if isinstance(row, dict):
                yield row

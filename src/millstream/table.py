"""One step's file: one JSON line an item, {"item": id, "made": [records]}. Knows nothing of who writes it.

A row is one line, so that a killed process tears at most the last one. A table is read in the order of its
items where that order is known, never in the order of completion: what finished first cannot change a result.
"""

import errno
import json
import os
from collections.abc import Iterator, Sequence
from itertools import takewhile
from pathlib import Path
from typing import IO, Any, Generic, TypeVar

from millstream.errors import InputError
from millstream.records import Record

B = TypeVar("B", bound=Record)


class Table(Generic[B]):
    """The records of one step, read lazily from its file, in the order of `order` where it is given."""

    def __init__(self, path: Path, kind: type[B], order: list[str] | None = None) -> None:
        self.path, self.kind, self.order = path, kind, order

    def __iter__(self) -> Iterator[B]:
        for _, made in self.items():
            yield from made

    def __len__(self) -> int:
        return sum(len(row["made"]) for row in self._rows())

    def items(self) -> Iterator[tuple[str, tuple[B, ...]]]:
        """(item, what was made of it) for every finished item, also those that gave nothing."""
        for row in self._rows():
            yield row["item"], tuple(map(self.kind.model_validate, row["made"]))

    def _rows(self) -> Iterator[dict[str, Any]]:
        if self.order is None:
            yield from _rows(self.path)
            return
        starts = places(self.path)
        with self.path.open("rb") as file:
            for item in self.order:
                if item in starts:
                    file.seek(starts[item])
                    yield _parsed(file.readline(), str(self.path))


def made(path: Path, place: int, kind: type[B]) -> list[B]:
    """The records of the row that starts at `place`."""
    with path.open("rb") as file:
        file.seek(place)
        return list(map(kind.model_validate, _parsed(file.readline(), str(path))["made"]))


def encoded(item: str, made: Sequence[Record]) -> bytes:
    row = {"item": item, "made": [record.model_dump(mode="json") for record in made]}
    return json.dumps(row, ensure_ascii=False).encode("utf-8") + b"\n"


def append(file: IO[bytes], line: bytes) -> None:
    """The whole line or an OSError: an unbuffered write to a full disk says nothing and writes a part."""
    if file.write(line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    for n, line in enumerate(lines(path), 1):
        yield _parsed(line, f"{path} line {n}")


def _parsed(line: str | bytes, where: str) -> dict[str, Any]:
    try:
        row: dict[str, Any] = json.loads(line)
        return row
    except ValueError as error:
        raise InputError("not a row of a table", where, "delete the file and run again") from error


def places(path: Path) -> dict[str, int]:
    """Where the row of each item starts, in bytes."""
    starts: dict[str, int] = {}
    if path.exists():
        with path.open("rb") as file:
            at = 0
            for n, line in enumerate(file, 1):
                starts.setdefault(_item(line, f"{path} line {n}"), at)
                at += len(line)
    return starts


def _item(line: bytes, where: str) -> str:
    """The row's first value alone: a dialogue is a long line, and only its name is wanted."""
    try:
        item, _ = json.JSONDecoder().raw_decode(line[9:1000].decode("utf-8", "replace"))
        return str(item)
    except ValueError as error:
        raise InputError("not a row of a table", where, "delete the file and run again") from error


def lines(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for line in file:
                yield line.removesuffix("\n")


def drop_torn_line(path: Path) -> None:
    """A killed run may leave half a line at the end, a power cut lines of zeros: all from there on goes."""
    if path.exists():
        with path.open("r+b") as file:
            file.truncate(sum(map(len, takewhile(_is_whole, file))))


def _is_whole(line: bytes) -> bool:
    return line.endswith(b"\n") and b"\0" not in line


def write(path: Path, text: str, mode: int = 0o644) -> None:
    """All of it or nothing, also after a power cut: the content is on disk before the name is."""
    part = path.with_name(path.name + ".part")
    part.unlink(missing_ok=True)
    with open(part, "w", encoding="utf-8", opener=lambda name, flags: os.open(name, flags, mode)) as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    part.replace(path)
    sync(path.parent)


def sync(path: Path) -> None:
    """Have a file, or the names in a folder, on disk."""
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

"""One step's file: a row an item (rows.py). Knows nothing of who writes it.

A row is one line, so that a killed process tears at most the last one. A table is read in the order of its
items where that order is known, never in the order of completion: what finished first cannot change a result.
"""

import errno
import hashlib
import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import islice, takewhile
from pathlib import Path
from typing import IO, Any, Generic, Protocol, TypeVar

from millstream import rows
from millstream.records import Record

B = TypeVar("B", bound=Record)
Found = TypeVar("Found")
PART = 512
"""Items of a part of a table: so many that its way to another process costs nothing, so few that all are kept busy."""


class Map(Protocol):
    """The built-in `map`, or one that works on items in other processes (pool.py); results are in the items' order."""

    def __call__(self, work: Callable[[Any], Found], items: Iterable[Any], /) -> Iterator[Found]: ...


class Table(Generic[B]):
    """The records of one step, read lazily from its file, in the order of `order` where it is given. `starts`: where
    the row of each item begins, if that is known."""

    def __init__(
        self, path: Path, kind: type[B], order: Sequence[str] | None = None, starts: Mapping[str, int] | None = None
    ) -> None:
        self.path, self.kind, self.order, self._starts = path, kind, order, starts

    def __iter__(self) -> Iterator[B]:
        for _, made in self.items():
            yield from made

    def __len__(self) -> int:
        return sum(len(made) for _, made in self.items())

    def items(self) -> Iterator[tuple[str, tuple[B, ...]]]:
        """(item, what was made of it) for every finished item, also those that gave nothing."""
        for item, where, line in self._rows():
            yield item, rows.records(line, self.kind, where)

    def lines(self) -> Iterator[tuple[str, bytes]]:
        """(item, its row as it stands) for every finished item of which something was made."""
        return ((item, line) for item, _, line in self._rows() if not rows.is_empty(line))

    def parts(self, size: int = PART) -> Iterator["Table[B]"]:
        """The same table in parts, one behind the other: what reads parts can do so side by side (Map)."""
        placed, starts = self._placed(), dict[str, int]()
        while ahead := list(islice(placed, size)):
            part = {item: start for item, start in ahead if starts.setdefault(item, start) == start}  # the first counts
            yield Table(self.path, self.kind, list(part), part)
        self._starts = starts

    def of(self, items: Iterable[str]) -> "Table[B]":
        """The rows of some items alone, in this order."""
        starts = self._places()
        there = [item for item in items if item in starts]
        return Table(self.path, self.kind, there, {item: starts[item] for item in there})

    def _placed(self) -> Iterator[tuple[str, int]]:
        """Each item with a row, and where that starts; the first come before the last is looked for."""
        if self.order is None:
            return _placed(self.path)
        starts = self._places()
        return ((item, starts[item]) for item in self.order if item in starts)

    def _places(self) -> Mapping[str, int]:
        if self._starts is None:
            self._starts = places(self.path)
        return self._starts

    def _rows(self) -> Iterator[tuple[str, str, bytes]]:
        """(item, where its row stands, the row)."""
        if self.order is None:
            yield from ((rows.item(line, where), where, line) for where, line in _rows(self.path))
            return
        starts = self._places()
        with self.path.open("rb") as file:
            at = 0
            for item in self.order:
                if item in starts:
                    if at != starts[item]:
                        at = file.seek(starts[item])
                    line = file.readline()
                    at += len(line)
                    yield item, str(self.path), line


def made(path: Path, place: int, kind: type[B]) -> tuple[B, ...]:
    """The records of the row that starts at `place`."""
    with path.open("rb") as file:
        file.seek(place)
        return rows.records(file.readline(), kind, str(path))


def append(file: IO[bytes], line: bytes) -> None:
    """The whole line or an OSError: an unbuffered write to a full disk says nothing and writes a part."""
    if file.write(line) < len(line):
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))


def _rows(path: Path) -> Iterator[tuple[str, bytes]]:
    if path.exists():
        with path.open("rb") as file:
            for n, line in enumerate(file, 1):
                yield f"{path} line {n}", line


def places(path: Path) -> dict[str, int]:
    """Where the row of each item starts, in bytes."""
    starts: dict[str, int] = {}
    for item, start in _placed(path):
        starts.setdefault(item, start)
    return starts


def _placed(path: Path) -> Iterator[tuple[str, int]]:
    """Each item, and where its row starts."""
    at = 0
    for where, line in _rows(path):
        yield rows.item(line, where), at
        at += len(line)


def lines(path: Path) -> Iterator[str]:
    if path.exists():
        with path.open(encoding="utf-8", errors="replace", newline="\n") as file:
            for line in file:
                yield line.removesuffix("\n")


def digest(path: Path) -> str:
    """The sha256 of the file in hex; of nothing where there is none."""
    if not path.exists():
        return hashlib.sha256().hexdigest()
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


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

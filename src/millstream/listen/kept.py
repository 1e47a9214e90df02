"""What was heard is kept, chunk by chunk, in the cache of this machine: a stop loses no more than the chunk at hand.

A file a recording, named by the hash of its content and of what listened; only its owner may read it, for it holds what
people said, before the door. No voice is in it. While it is being heard it ends in `.part`.
"""

import fcntl
import hashlib
import json
import os
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any, BinaryIO

from millstream import weights
from millstream.errors import InputError
from millstream.shapes import Line

VERSION = 1
"""Counted up whenever the same sound would give other lines."""


def folder() -> Path:
    return weights.cache_folder() / "heard"


def place(path: Path, by: str) -> Path:
    """Where what `by` heard in this file is kept."""
    state = path.stat()
    content = _content(path, state.st_size, state.st_mtime_ns)
    name = hashlib.sha256(f"{VERSION} {by} {content}".encode()).hexdigest()[:32]
    return folder() / f"{name}.jsonl"


@lru_cache(64)
def _content(path: Path, size: int, changed: int) -> str:
    return weights.digest(path)


def lines(file: Path) -> Iterator[Line]:
    """The lines of a recording that was heard to its end."""
    with file.open(encoding="utf-8") as rows:
        next(rows)
        for row in rows:
            text, start, end, speaker, confidence, lang = json.loads(row)
            yield Line(text, start, end, speaker=speaker, confidence=confidence, lang=lang)


@dataclass(frozen=True)
class About:
    """What is kept of a recording beside its lines: the name of its file, for whoever looks for what to delete, how
    long it is, and what was counted on the way."""

    of: str
    seconds: float
    notes: Mapping[str, int]


def about(file: Path) -> About:
    with file.open(encoding="utf-8") as rows:
        return About(**json.loads(rows.readline()))


def removed(name: str) -> list[str]:
    """Deletes what was heard of media files of this name, whatever their ending, and says which. The parts of one that
    was not heard to its end name no file: they stay."""
    theirs = [file for file in sorted(folder().glob("*.jsonl")) if Path(about(file).of).stem == name]
    for file in theirs:
        file.unlink()
    return [f"heard/{file.name}" for file in theirs]


def finish(file: Path, what: About, told: Iterable[Line]) -> None:
    """The whole, in place of its parts."""
    whole = file.with_suffix(".whole")
    with _private(whole, "w") as out:
        out.write(_row(vars(what)))
        for line in told:
            out.write(_row([line.text, line.start, line.end, line.speaker, line.confidence, line.lang]))
        out.flush()
        os.fsync(out.fileno())
    whole.replace(file)
    _part(file).unlink(missing_ok=True)


class Parts:
    """The chunks of a recording that is being heard, by where they begin; `put` is on disk when it returns."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out
        self._rows: dict[str, Any] = {}
        whole = 0
        for row in out:
            if not row.endswith(b"\n"):
                break  # torn by a stop
            found = json.loads(row)
            self._rows[found["at"]] = found["heard"]
            whole += len(row)
        out.seek(whole)
        out.truncate()

    def get(self, at: str) -> Any:
        return self._rows.get(at)

    def put(self, at: str, heard: Any) -> None:
        self._out.write(_row({"at": at, "heard": heard}).encode())
        self._out.flush()
        os.fsync(self._out.fileno())


@contextmanager
def parts(file: Path) -> Iterator[Parts]:
    """One process at a time hears a recording; a second one waits."""
    try:
        file.parent.mkdir(parents=True, exist_ok=True)
        with _private(_part(file), "a+b") as out:
            fcntl.flock(out, fcntl.LOCK_EX)
            out.seek(0)
            yield Parts(out)
    except OSError as error:
        raise InputError(f"cannot be kept: {error.strerror}", str(file.parent), "make room there") from error


def _part(file: Path) -> Path:
    return file.with_suffix(".part")


def _row(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False) + "\n"


def _private(path: Path, mode: str) -> Any:
    return open(path, mode, opener=lambda name, flags: os.open(name, flags, 0o600))

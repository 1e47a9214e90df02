"""The forms task dialogues are kept in, one file each: `parse(row, key)`, `row(dialogue)` and `faults(row)`.

`row(parse(row)) == row` for every row that has no faults: what a form says beyond frames is kept in `extra`. `faults`
names each place where a row is not of its form or contradicts itself. None of them opens a file.
"""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from millstream.services.annotated import Frame, State

SPEAKERS = {"user": "USER", "agent": "SYSTEM"}
ROLES = {"USER": "user", "SYSTEM": "agent"}


def known(row: Mapping[str, Any], *keys: str) -> dict[str, Any]:
    """What a row says beyond these keys."""
    return {key: value for key, value in row.items() if key not in keys}


def wrong(row: Any, shape: Mapping[str, type | tuple[type, ...]], where: str) -> Iterator[str]:
    """A line for each key that is missing or of another type."""
    if not isinstance(row, Mapping):
        yield f"{where}: not an object"
        return
    for key, kind in shape.items():
        if key not in row:
            yield f"{where}.{key}: missing"
        elif not isinstance(row[key], kind):
            yield f"{where}.{key}: a {type(row[key]).__name__}"


def states(frames: Iterable[Frame]) -> dict[str, State]:
    return {frame.service: frame.state for frame in frames if frame.state}


def first(values: tuple[str, ...]) -> str:
    return values[0] if values else ""

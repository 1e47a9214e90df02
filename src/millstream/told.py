"""Signals told while a recording is still being made, and the place they rest on: noted together, so that whatever
stops it, the same call goes on where it was and nothing is lost or told twice. Knows nothing of recordings.
"""

import json
import os
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

from millstream import text
from millstream.errors import InputError
from millstream.records import Signal
from millstream.whole import whole


@dataclass
class Place:
    """How far it is: bytes of the signals that are out, and the key of the pseudonyms."""

    signals: int = 0
    key: str = field(default_factory=lambda: secrets.token_hex(16))


P = TypeVar("P", bound=Place)


def tell(out: Path, signals: Sequence[Signal], place: Place) -> None:
    """One JSON line each, on disk before the place is."""
    with out.open("ab") as rows:
        rows.write(b"".join(signal.model_dump_json().encode() + b"\n" for signal in signals))
        rows.flush()
        os.fsync(rows.fileno())
        place.signals = rows.tell()
    beside = _beside(out)
    with whole(beside) as noted:
        json.dump(vars(place), noted)
    beside.chmod(0o600)  # it holds the key


def resumed(out: Path, kind: type[P]) -> P:
    """The place where it was left, or a new one; what was told and not noted is taken back."""
    beside = _beside(out)
    if not beside.exists():
        out.unlink(missing_ok=True)
        out.parent.mkdir(parents=True, exist_ok=True)
        return kind()
    said: Any = text.load_json(beside)
    try:
        place = kind(**said)
    except TypeError as error:
        raise InputError("no place in a chat", str(beside), "delete it and the signals beside it") from error
    with out.open("ab") as rows:
        rows.truncate(place.signals)
    return place


def _beside(out: Path) -> Path:
    return out.with_name(f"{out.name}.place")

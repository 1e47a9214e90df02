"""What a dataset is, whoever made it and wherever: one hash of its dialogues. Knows no run folder and no format.

Two runs made the same dataset if their hashes are equal: the dialogues are sorted by scenario, and nothing of when,
where, in which order or at what price they were made is in it.
"""

import hashlib
import json
from collections.abc import Iterable
from functools import lru_cache

from millstream.records import Blueprint, Dialogue, Persona
from millstream.rows import Written, written

_MANY = 1 << 10


class Digest:
    """The sha256 in hex over the canonical JSON (sorted keys, UTF-8) of each dialogue, in the order of their ids.
    Holds a hash a dialogue in memory, not the dialogues."""

    def __init__(self) -> None:
        self._lines: list[tuple[str, bytes]] = []

    def add(self, dialogue: Written) -> None:
        self._lines.append((dialogue.id, _line(dialogue)))

    def join(self, more: "Digest") -> None:
        """Take over the dialogues of another."""
        self._lines += more._lines

    def ids(self) -> set[str]:
        return {name for name, _ in self._lines}

    def hex(self) -> str:
        whole = hashlib.sha256()
        for name, line in sorted(self._lines):
            whole.update(name.encode() + b" " + line + b"\n")
        return whole.hexdigest()


def digest(dialogues: Iterable[Dialogue]) -> str:
    made = Digest()
    for each in dialogues:
        made.add(written(each))
    return made.hex()


def _line(dialogue: Written) -> bytes:
    one, other = map(_shared, dialogue.personas)
    parts = {"personas": f"[{one},{other}]", "blueprint": _shared(dialogue.blueprint)}
    parts |= {name: _json(value) for name, value in dialogue.own.items()}
    text = "{" + ",".join(f'"{name}":{parts[name]}' for name in sorted(parts)) + "}"
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()


@lru_cache(_MANY)
def _shared(record: Persona | Blueprint) -> str:
    return _json(record.model_dump(mode="json"))


_json = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode

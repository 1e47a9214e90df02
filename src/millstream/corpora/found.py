"""Dialogues that the recipes `threads` and `conversation` cut out of recordings. Knows nothing of how they were cut."""

from collections.abc import Iterator
from pathlib import Path

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return path.name == "conversations.jsonl" and '"references"' in head


def read(path: Path) -> Iterator[Conversation]:
    """Those of one recording are one group: they share their people."""
    for n, row in enumerate(text.read(path).splitlines(), 1):
        said = text.parse_json(row, f"{path} line {n}")
        turns = corpora.turns((text.dig(t, "role"), text.dig(t, "text")) for t in corpora.listed(said, "turns"))
        for made in corpora.made("found", text.line(text.dig(said, "id")), turns):
            yield made.model_copy(update={"group": text.line(text.dig(said, "recording"))})

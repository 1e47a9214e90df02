"""Taskmaster's reward files (TM-3, TM-4): each row is a dialogue up to one line of the agent, as JSON in a string.

The longest row of a conversation is its dialogue. Calls and responses are no turns; their values are what has to be
kept. Knows nothing of rewards.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return '"conversation_id"' in head and '"context"' in head and '"generation"' in head


def read(path: Path) -> Iterator[Conversation]:
    longest: dict[str, list[Any]] = {}
    for number, each in corpora.entries(path):
        spoken = _lines(each, f"{path}: row {number}")
        key = text.line(text.dig(each, "conversation_id")) or number
        if len(spoken) > len(longest.get(key, ())):
            longest[key] = spoken
    for key, spoken in longest.items():
        said = corpora.turns((text.dig(line, "role"), text.dig(line, "text")) for line in spoken)
        calls = [text.dig(line, part) for line in spoken for part in ("api", "response")]
        yield from corpora.made("taskmaster_reward", key, said, corpora.values(calls))


def _lines(row: Any, where: str) -> list[Any]:
    parts = [text.dig(row, part) for part in ("context", "generation")]
    read = [text.parse_json(part, where) for part in parts if isinstance(part, str) and part.strip()]
    return [line for part in read for line in (part if isinstance(part, list) else [part])]

"""Dialogues as chat messages, one JSON object a line: {"messages": [{"role": "user", "content": "..."}, ...]}.

The form in which most tools write dialogues, ours and others'. System and tool messages are no turns, and what
an assistant's message calls is not read. Knows no labels.
"""

from collections.abc import Iterator
from pathlib import Path

from millstream import corpora, pieces, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    opening = head.lstrip()[:1]
    return path.suffix == ".jsonl" and opening == "{" and '"messages"' in head and '"content"' in head


def read(path: Path) -> Iterator[Conversation]:
    for number, each in enumerate(pieces.values(path), 1):
        spoken = [said for said in corpora.listed(each, "messages") if text.dig(said, "role") != "system"]
        pairs = ((text.dig(said, "role"), text.dig(said, "content")) for said in spoken)
        key = text.line(text.dig(each, "id")) or str(number)
        yield from corpora.made("messages", key, corpora.turns(pairs))

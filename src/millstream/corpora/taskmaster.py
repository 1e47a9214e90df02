"""Taskmaster (Byrne et al. 2019 and the later releases TM-2 to TM-4): English task dialogues, spoken or typed.

Reads the utterances and the segments that are marked in them. Knows nothing of API calls.
"""

from collections.abc import Iterator
from pathlib import Path

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return '"conversation_id"' in head and '"utterances"' in head


def read(path: Path) -> Iterator[Conversation]:
    value = corpora.content(path)
    for each in [value] if isinstance(value, dict) else corpora.listed(value):
        spoken = corpora.listed(each, "utterances")
        said = corpora.turns((text.dig(turn, "speaker"), _bare(text.dig(turn, "text"))) for turn in spoken)
        marked = [text.dig(part, "text") for turn in spoken for part in corpora.listed(turn, "segments")]
        yield from corpora.made(
            "taskmaster", text.line(text.dig(each, "conversation_id")), said, corpora.values(marked)
        )


def _bare(words: object) -> object:
    """TM-4 has the two characters of a line end's escape in its words."""
    return words.replace("\\r", " ").replace("\\n", " ") if isinstance(words, str) else words

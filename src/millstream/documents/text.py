"""Plain text: each paragraph is a passage. A chat log saved as text is no document and is left alone."""

import re
from collections.abc import Iterator
from pathlib import Path

from millstream import text
from millstream.documents import paragraphs
from millstream.records import Passage

CHAT = re.compile(r"^\[-?\d+:\d\d", re.MULTILINE)


def recognises(path: Path, head: str) -> bool:
    rows = head.count("\n") + 1
    return path.suffix.lower() == ".txt" and len(CHAT.findall(head)) < rows / 2


def read(path: Path) -> Iterator[Passage]:
    yield from paragraphs(path.stem, text.read(path))

"""Markdown: each section is a passage titled by its heading. The markup inside a section is left as it is."""

from collections.abc import Iterator
from pathlib import Path

from millstream import text
from millstream.documents import sections
from millstream.records import Passage


def recognises(path: Path, head: str) -> bool:
    return path.suffix.lower() in (".md", ".markdown")


def read(path: Path) -> Iterator[Passage]:
    yield from sections(path.stem, text.read(path))

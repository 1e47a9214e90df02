"""Bilibili's subtitles (JSON): a `body` of {from, to, content} in seconds. Speech; who speaks is not known."""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from millstream import pieces, text
from millstream.shapes import Reading
from millstream.sources import Line, reading


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    return opening.startswith("{") and "body" in keys and '"from"' in head and '"content"' in head


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "bilibili_subtitle", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    for each in pieces.items(path, "body"):
        if said := text.line(text.dig(each, "content")):
            yield Line(said, text.seconds(text.dig(each, "from")), text.seconds(text.dig(each, "to")))
        else:
            notes["segments without text"] += 1

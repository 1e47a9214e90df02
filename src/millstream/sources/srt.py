"""SubRip: numbered captions, each with its two times. Speech; who speaks is not known."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from millstream.shapes import Reading
from millstream.sources import Line, captions, named, plain, reading

FIRST = re.compile(r"\s*\d+\s*\n\d+:\d\d:\d\d[,.]\d+\s*-->")


def recognises(path: Path, head: str) -> bool:
    return named(path, head, ".srt") or bool(FIRST.match(head.replace("\r\n", "\n")))


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "srt", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    for event in captions(path, "srt"):
        if said := plain(event.text):
            yield Line(said, event.start / 1000, event.end / 1000)

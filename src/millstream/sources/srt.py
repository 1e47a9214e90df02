"""SubRip: numbered captions, each with its two times, also rolling ones that were converted. Speech; who speaks is not
known."""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pysubs2

from millstream.shapes import Reading
from millstream.sources import Line, captions, named, plain, reading, rolls, unrolled

FIRST = re.compile(r"\s*\d+\s*\n\d+:\d\d:\d\d[,.]\d+\s*-->")


def recognises(path: Path, head: str) -> bool:
    return named(path, head, ".srt") or bool(FIRST.match(head.replace("\r\n", "\n")))


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "srt", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    shown = [(event, _rows(event)) for event in captions(path, "srt")]
    if rolls(shown):
        yield from unrolled(shown, notes)
        return
    for event, rows in shown:
        if rows:
            yield Line(" ".join(rows), event.start / 1000, event.end / 1000)


def _rows(event: pysubs2.SSAEvent) -> list[str]:
    return [row for each in event.text.split(r"\N") if (row := plain(each))]

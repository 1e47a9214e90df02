"""WebVTT, and the rolling shape that automatic captions give it.

In the rolling shape each line is shown twice, new at the bottom and again at the top, with a repeat of 10 ms
in between; only what was not on the screen just before is new. Speakers come from voice tags (`<v Name>`).
"""

import html
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pysubs2

from millstream.shapes import Reading
from millstream.sources import Line, captions, named, plain, reading, rolls, unrolled

VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")


def recognises(path: Path, head: str) -> bool:
    return named(path, head, ".vtt") or head.lstrip().startswith("WEBVTT")


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "vtt", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    shown = [(event, _rows(event)) for event in captions(path, "vtt")]
    yield from unrolled(shown, notes) if rolls(shown) else (_line(event, rows) for event, rows in shown if rows)


def _rows(event: pysubs2.SSAEvent) -> list[str]:
    """What the cue shows, line by line. It ends at its first blank line: a NOTE or a name follows."""
    shown = event.text.split(r"\N\N")[0].split(r"\N")
    return [row for row in (html.unescape(plain(each)).strip() for each in shown) if row]


def _line(event: pysubs2.SSAEvent, rows: list[str]) -> Line:
    voice = VOICE.search(event.text)
    said = " ".join(rows)
    return Line(said, event.start / 1000, event.end / 1000, speaker=voice[1].strip() if voice else "")

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
from millstream.sources import Line, captions, named, plain, reading

VOICE = re.compile(r"<v(?:\.[^\s<>]*)?\s+([^<>]+)>")
REPEAT = 10
"""Milliseconds a repeat cue lasts."""


def recognises(path: Path, head: str) -> bool:
    return named(path, head, ".vtt") or head.lstrip().startswith("WEBVTT")


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "vtt", "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    events = captions(path, "vtt")
    rolling = any("<t>" in event.text for event in events)
    rolling = rolling or sum(event.duration <= REPEAT for event in events) > len(events) / 3
    yield from _unrolled(events, notes) if rolling else map(_line, filter(_rows, events))


def _rows(event: pysubs2.SSAEvent) -> list[str]:
    """What the cue shows, line by line. It ends at its first blank line: a NOTE or a name follows."""
    shown = event.text.split(r"\N\N")[0].split(r"\N")
    return [row for row in (html.unescape(plain(each)).strip() for each in shown) if row]


def _line(event: pysubs2.SSAEvent) -> Line:
    voice = VOICE.search(event.text)
    said = " ".join(_rows(event))
    return Line(said, event.start / 1000, event.end / 1000, speaker=voice[1].strip() if voice else "")


def _unrolled(events: list[pysubs2.SSAEvent], notes: Counter[str]) -> Iterator[Line]:
    before: list[str] = []
    for event in events:
        rows = _rows(event)
        shared = next(n for n in range(len(rows), -1, -1) if rows[:n] == before[len(before) - n :])
        notes["rolling lines undone"] += shared
        before = rows or before
        if said := " ".join(rows[shared:]):
            yield Line(said, event.start / 1000, event.end / 1000)

"""Advanced SubStation Alpha: captions with styles, or danmaku that a converter made fly (`\\move`).

Comments, drawings and styles are left out. The name column is the speaker.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from millstream import text
from millstream.shapes import Reading
from millstream.sources import Line, captions, named, plain, reading

FLYING = r"\move("


def recognises(path: Path, head: str) -> bool:
    return named(path, head, ".ass", ".ssa") or head.lstrip().startswith("[Script Info]")


def read(path: Path) -> Iterator[Reading]:
    head = text.head(path)
    flying = head.count(FLYING) > head.count("\nDialogue:") / 2
    yield reading(path, "ass", "danmaku" if flying else "speech", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    for event in captions(path, "ass"):
        if event.is_text and (said := plain(event.text)):
            yield Line(said, event.start / 1000, event.end / 1000, speaker=text.line(event.name))

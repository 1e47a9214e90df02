"""What every source shares: a name for the recording, and cues that are in order.

A file in this folder is a source and defines `read(path) -> Iterator[Reading]` and
`recognises(path, head) -> bool`. It turns its format into plain `Line`s; here they become the cues of one
recording, sorted on the media clock. Of the formats it knows only what the three caption formats share.
"""

import heapq
import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import NamedTuple

import pysubs2
from pysubs2.formats.subrip import SubripFormat
from pysubs2.formats.webvtt import WebVTTFormat

from millstream import text
from millstream.errors import InputError
from millstream.records import Cue, Recording, TrackName
from millstream.shapes import Reading

BACKWARDS = "times that ran backwards"
NO_CLOCK = "no clock"
EARLY = "times before the start"
FROM_FIRST = "times of day counted from the first message"
WINDOW = 512
"""Cues that may be out of order and are still sorted in; one that comes later than that is clamped."""

FORMATS = {"live_chat", "chat", "danmaku", "comments", "info", "transcript", "captions", "whisper", "asr", "seg"}
LANGUAGE = re.compile(r"(?:ai-)?([a-z]{2})(?:-[A-Za-z0-9]{2,8})*")


class Line(NamedTuple):
    """One utterance as a format tells it; times are seconds of the media clock. See records.Cue. `track` is given
    where it is not that of the file: what the platform words is no utterance of a viewer."""

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str = ""
    author: str = ""
    kind: str = ""
    confidence: float | None = None
    lang: str = ""
    reply_to: int | None = None
    track: TrackName | None = None


Parse = Callable[[Path, Counter[str]], Iterator[Line]]
"""(file, notes to count what was mended) -> its lines, lazily."""


@dataclass(frozen=True)
class Cues:
    """The cues of one track. Each iteration reads the file anew and counts its notes anew."""

    recording: Recording
    track: TrackName
    lines: Callable[[Counter[str]], Iterator[Line]]
    notes: Counter[str]

    def __iter__(self) -> Iterator[Cue]:
        self.notes.clear()
        for n, line in enumerate(in_order(self.lines(self.notes), self.notes)):
            told = line._replace(track=line.track or self.track)
            yield Cue(recording=self.recording.id, n=n, **told._asdict())


def name_of(path: Path) -> tuple[str, str]:
    """(key, language) of a file: `room1.en.vtt` and `room1.live_chat.json` are both of `room1`."""
    parts = path.name.removesuffix(path.suffix).split(".")
    lang = ""
    if len(parts) > 1 and parts[-1].lower() in FORMATS:
        parts.pop()
    if len(parts) > 1 and (found := LANGUAGE.fullmatch(parts[-1])):
        lang = found[1]
        parts.pop()
    return ".".join(parts), lang


def reading(path: Path, source: str, track: TrackName, parse: Parse) -> Reading:
    """The one recording of a file."""
    key, lang = name_of(path)
    return of(Recording(source=source, key=key, lang=lang), track, partial(parse, path))


def of(recording: Recording, track: TrackName, lines: Callable[[Counter[str]], Iterator[Line]]) -> Reading:
    notes: Counter[str] = Counter()
    return Reading(recording, Cues(recording, track, lines, notes), notes, track)


def from_first(lines: Iterator[Line], notes: Counter[str]) -> Iterator[Line]:
    """Lines whose times are times of day (seconds since 1970), laid on the media clock: the first time of the file is
    its start, for want of a better one. Times before 1973 are none: a clock that was never set."""
    first: float | None = None
    for line in lines:
        if line.start is None or line.start < 1e8:
            yield line._replace(start=None)
            continue
        first = line.start if first is None else first
        notes[FROM_FIRST] += 1
        yield line._replace(start=line.start - first)


def in_order(lines: Iterator[Line], notes: Counter[str]) -> Iterator[Line]:
    """Lines by time, in constant memory. What has no time stays behind the line before it.

    A line far too late (a clock that jumped ahead once) waits in the window until its time comes; one that is
    earlier than what has left the window gets the time of that.
    """
    waiting: list[tuple[float, int, Line]] = []
    at, gone = 0.0, 0.0
    for arrival, raw in enumerate(lines):
        line = _mended(raw, at, notes)
        at = at if line.start is None else line.start
        heapq.heappush(waiting, (at, arrival, line))
        if len(waiting) > WINDOW:
            gone, clamped = _next(waiting, gone)
            yield clamped
    while waiting:
        gone, clamped = _next(waiting, gone)
        yield clamped


def _next(waiting: list[tuple[float, int, Line]], gone: float) -> tuple[float, Line]:
    at, _, line = heapq.heappop(waiting)
    if line.start is None or line.start >= gone:
        return max(at, gone), line
    return gone, line._replace(start=gone, end=max(gone, line.end or gone))


def _mended(line: Line, before: float, notes: Counter[str]) -> Line:
    """No negative time, no end before its start; a point in time ends where it starts."""
    if line.start is None:
        notes[NO_CLOCK] += 1
        return line._replace(end=None)
    start = max(line.start, 0.0)
    end = start if line.end is None else line.end
    if line.start < 0:
        notes[EARLY] += 1
    if start < before or end < line.start:
        notes[BACKWARDS] += 1
    return line._replace(start=start, end=max(start, end))


# --- captions ----------------------------------------------------------------------------------------------

SIGNED = re.compile(r"\s*(?:WEBVTT|\[Script Info\]|<|[\[{]\s*[\"{}\[\]]|\d+\s*\n\d+:\d\d:\d\d[,.]\d+\s*-->)")
"""How WebVTT, ASS, XML, JSON and SubRip begin."""


def named(path: Path, head: str, *endings: str) -> bool:
    """Does the name say what the file is, and its beginning nothing else?"""
    return path.name.lower().endswith(endings) and not SIGNED.match(head.replace("\r\n", "\n"))


def json_named(path: Path, head: str, *endings: str) -> bool:
    """Does the name say what the file is, and its beginning only that it is JSON, torn perhaps?"""
    keyless = path.name.lower().endswith(endings) and not text.shape(head)[1]
    return keyless and re.match(r"\s*[\[{]\s*(?:[\"{}\[\]]|$)", head) is not None


STAMPS = {"srt": SubripFormat.TIMESTAMP, "vtt": WebVTTFormat.TIMESTAMP}
TIMED = re.compile(r"\s*\d.*-->")
CUT = re.compile(r"\d+:\d[\d:.,\s-]*$")
TAGS = re.compile(r"</?[A-Za-z][^<>]*>|\{\\[^{}]*\}")
WORD_TIME = re.compile(r"<\d+:[\d:.]+>")
"""The time of a word in a rolling caption; pysubs2 would take a line with two of them for a time line."""


def captions(path: Path, form: str) -> list[pysubs2.SSAEvent]:
    """The events of a subtitle file with their tags left in; a word's time is the tag `<t>`.

    Raises InputError where a line is torn or no caption is found.
    """
    said = WORD_TIME.sub("<t>", text.read(path))
    _refuse_torn(said, path, form)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of fields that nobody reads
            found = pysubs2.SSAFile.from_string(said, format_=form, keep_html_tags=True)
    except (pysubs2.exceptions.Pysubs2Error, ValueError, KeyError, IndexError) as error:
        raise InputError(f"no {form} captions: {error}", str(path), "check the file") from error
    if not any(event.text.strip() for event in found):
        raise InputError("holds no captions", str(path), f"is it a .{form} file, and complete?")
    return found.events


def _refuse_torn(said: str, path: Path, form: str) -> None:
    rows = said.rstrip().split("\n")
    for number, row in enumerate(rows, 1):
        if form == "ass":
            torn = row.startswith("Dialogue:") and row.count(",") < 9
        else:
            cut = number == len(rows) and CUT.match(row) is not None and rows[number - 2].strip().isdigit()
            torn = (cut or TIMED.match(row) is not None) and len(STAMPS[form].findall(row)) < 2
        if torn:
            raise InputError("torn caption", f"{path} line {number}", "mend or remove it")


def plain(said: str) -> str:
    """Caption text on one line without its tags and override codes."""
    return text.line(TAGS.sub("", said.replace(r"\N", " ").replace(r"\n", " ").replace(r"\h", " ")))

"""What every source shares: a name for the recording, and cues that are in order.

A file in this folder is a source and defines `read(path) -> Iterator[Reading]` and
`recognises(path, head) -> bool`. It turns its format into plain `Line`s; here they become the cues of one
recording, sorted on the media clock. Of the formats it knows only what the three caption formats share.
"""

import re
import warnings
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from pathlib import Path

import pysubs2
from pysubs2.formats.subrip import SubripFormat
from pysubs2.formats.webvtt import WebVTTFormat

from millstream import text
from millstream.clock import Told, by_time, clocked, from_first, in_order
from millstream.errors import InputError
from millstream.records import Cue, Recording, TrackName
from millstream.shapes import Line, Reading

__all__ = ["Line", "captions", "from_first", "json_named", "name_of", "named", "of", "plain", "reading"]

FORMATS = {"live_chat", "chat", "danmaku", "comments", "info", "transcript", "captions", "whisper", "asr", "seg"}
LANGUAGE = re.compile(r"(?:ai-)?([a-z]{2})(?:-[A-Za-z0-9]{2,8})*")


Parse = Callable[[Path, Counter[str]], Iterator[Line]]
"""(file, notes to count what was mended) -> its lines, lazily."""


@dataclass(frozen=True)
class Cues:
    """The cues of one track. Each iteration reads the file anew and counts its notes anew. `shuffled`: the file has its
    lines in no order."""

    recording: Recording
    track: TrackName
    told: Told
    notes: Counter[str]
    shuffled: bool

    def __iter__(self) -> Iterator[Cue]:
        for n, line in enumerate(self.lines()):
            yield Cue(recording=self.recording.id, n=n, **line._asdict())

    def lines(self) -> Iterator[Line]:
        """What the cues are made of, in their order, each with its track."""
        self.notes.clear()
        told = partial(_sorted, self.told) if self.shuffled else self.told
        return in_order(clocked(told, self.notes, self.recording.key), self.track, self.notes)


def _sorted(told: Told, notes: Counter[str]) -> Iterator[Line]:
    return by_time(told(notes))


def name_of(path: Path) -> tuple[str, str]:
    """(key, language) of a file: `room1.en.vtt` and `room1.live_chat.json` are both of `room1`."""
    path = path.with_suffix("") if path.suffix.lower() == ".gz" else path
    parts = path.name.removesuffix(path.suffix).split(".")
    lang = ""
    if len(parts) > 1 and parts[-1].lower() in FORMATS:
        parts.pop()
    if len(parts) > 1 and (found := LANGUAGE.fullmatch(parts[-1])):
        lang = found[1]
        parts.pop()
    return ".".join(parts), lang


def reading(path: Path, source: str, track: TrackName, parse: Parse, shuffled: bool = False) -> Reading:
    """The one recording of a file; `shuffled`: it has its lines in no order."""
    key, lang = name_of(path)
    return of(Recording(source=source, key=key, lang=lang), track, partial(parse, path), shuffled)


def of(recording: Recording, track: TrackName, told: Told, shuffled: bool = False) -> Reading:
    notes: Counter[str] = Counter()
    cues = Cues(recording, track, told, notes, shuffled)
    return Reading(recording, cues, cues.lines, told, notes, track)


# --- captions ----------------------------------------------------------------------------------------------

SIGNED = re.compile(r"\s*(?:WEBVTT|\[Script Info\]|<|[\[{]\s*[\"{}\[\]]|\d+\s*\n\d+:\d\d:\d\d[,.]\d+\s*-->)")
"""How WebVTT, ASS, XML, JSON and SubRip begin."""


def named(path: Path, head: str, *endings: str) -> bool:
    """Does the name say what the file is, and its beginning nothing else?"""
    return text.name(path).endswith(endings) and not SIGNED.match(head.replace("\r\n", "\n"))


def json_named(path: Path, head: str, *endings: str) -> bool:
    """Does the name say what the file is, and its beginning only that it is JSON, torn perhaps?"""
    keyless = text.name(path).endswith(endings) and not text.shape(head)[1]
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


# --- rolling captions --------------------------------------------------------------------------------------

ROLLED = "rolling lines undone"
REPEAT = 10
"""Milliseconds a repeat cue of YouTube's rolling captions lasts."""
_FEW = 2
"""Cues that may look so by chance."""


def rolls(shown: Sequence[tuple[pysubs2.SSAEvent, list[str]]]) -> bool:
    """Does the file show its lines more than once: with word times, or with what was at the bottom
    (or all there was, grown by some words) at the top of the next cue, in more than a third of its cues?"""
    if any("<t>" in event.text for event, _ in shown):
        return True
    pairs = [(before, rows) for (_, before), (_, rows) in pairwise(shown) if before and rows]
    again = [_shared(before, rows) for before, rows in pairs if len(before) + len(rows) > 2 or before != rows]
    return sum(map(any, again)) > max(len(shown) / 3, _FEW)


def unrolled(shown: Iterable[tuple[pysubs2.SSAEvent, list[str]]], notes: Counter[str]) -> Iterator[Line]:
    """Only what was not on the screen just before is new."""
    before: list[str] = []
    for event, rows in shown:
        shared, begun = _shared(before, rows)
        if shared == len(rows) > 1 == len(set(rows)) and event.duration > REPEAT:
            shared -= 1  # the same words once more, not the same cue
        notes[ROLLED] += shared + bool(begun)
        before = rows or before
        if said := " ".join([*(row[begun:].strip() for row in rows[shared : shared + 1]), *rows[shared + 1 :]]).strip():
            yield Line(said, event.start / 1000, event.end / 1000)


def _shared(before: list[str], rows: list[str]) -> tuple[int, int]:
    """How many of the rows were the last ones before, and how many characters of the next one were, if it only grew."""
    shared = next(n for n in range(len(rows), -1, -1) if rows[:n] == before[len(before) - n :])
    for n in range(min(len(before), len(rows)), 0, -1) if not shared else ():
        old, new = before[-1], rows[n - 1]
        grew = new != old and (new.startswith(f"{old} ") or (not old[-1:].isascii() and new.startswith(old)))
        if grew and rows[: n - 1] == before[len(before) - n : -1]:
            return n - 1, len(old)
    return shared, 0

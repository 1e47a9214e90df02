"""What is said in a media file, by whom and when: all of listening put together.

A chunk is heard once and kept before it is used, so that the same call goes on wherever the last one stopped. Sound is
read, and voices are told apart, anew each time: neither is kept. Knows no library: what it listens with is handed in.
"""

from collections import Counter, deque
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream.errors import InputError
from millstream.listen import RATE, Ears, Heard, Phrase, Sound, kept
from millstream.listen.decode import blocks
from millstream.listen.listening_bar import OnHeard
from millstream.listen.voiced import Chunk, chunks
from millstream.listen.voices import Voices
from millstream.shapes import Line

SILENT = "no speech was heard in it"
REPEATED = "passages where the recogniser went round in circles"
_SURE = 0.8
"""Probability from which a chunk is believed to be of another language than the recording so far."""
_VOICED = 1.0
"""Seconds of a phrase by which its voice can be told."""


def transcribed(path: Path, ears: Ears, lang: str, notes: Counter[str], on_heard: OnHeard) -> Iterator[Line]:
    """The lines of a media file. `lang`: its language, where it is known.

    Raises InputError where the file is torn, or nobody speaks in it.
    """
    file = kept.place(path, f"{ears.name} {lang}")
    if not file.is_file():
        with kept.parts(file) as parts:
            if not file.is_file():  # another process may just have heard it
                _hear(path, ears, lang, file, _Listening(ears, lang, parts, on_heard))
    about, heard = kept.about(file), False
    notes.update(about.notes)
    on_heard(about.seconds)
    for line in kept.lines(file):
        heard = True
        yield line
    if not heard:
        raise InputError(SILENT, str(path), "leave it out, or give its captions")


def _hear(path: Path, ears: Ears, lang: str, file: Path, listening: "_Listening") -> None:
    before, counted = path.stat(), listening.notes
    deque(blocks(path, Counter()), maxlen=0)  # a torn file is refused before the first word is heard
    told = list(listening.lines(blocks(path, counted)))
    if (path.stat().st_size, path.stat().st_mtime_ns) != (before.st_size, before.st_mtime_ns):
        raise InputError("changed while it was listened to", str(path), "wait until it is written")
    kept.finish(file, kept.About(path.name, round(listening.at / RATE, 3), dict(counted)), listening.named(told))


class _Listening:
    """One recording being heard, from its beginning."""

    def __init__(self, ears: Ears, lang: str, parts: kept.Parts, on_heard: OnHeard) -> None:
        self.ears, self.lang, self.parts, self.on_heard = ears, lang, parts, on_heard
        self.notes: Counter[str] = Counter()
        self.voices = Voices()
        self.spoken: Counter[str] = Counter()
        self.at = 0

    def lines(self, sound: Iterator[Sound]) -> Iterator[Line]:
        """The speaker of a line is a number for now, or "" where it is too short to tell."""
        for chunk in chunks(self._passed(sound), self.ears.detector()):
            heard = self._heard(chunk)
            self.notes.update({REPEATED: heard.repeats} if heard.repeats else {})
            for phrase in heard.phrases:
                start, end = chunk.at(phrase.start), chunk.at(phrase.end)
                who = self._who(chunk.sound[round(phrase.start * RATE) : round(phrase.end * RATE)])
                yield Line(phrase.text, round(start, 2), round(max(start, end), 2), who, confidence=phrase.confidence,
                           lang=heard.lang)  # fmt: skip
        self.on_heard(self.at / RATE)

    def named(self, told: list[Line]) -> Iterator[Line]:
        """The lines with the speakers as they are in the end; none where there is only one. What is too short to tell
        is of who spoke before."""
        settled = self.voices.settled()
        before = next((line.speaker for line in told if line.speaker), "")
        for line in told:
            before = line.speaker or before
            name = f"SPEAKER_{settled[int(before)]:02}" if len(set(settled)) > 1 else ""
            yield line._replace(speaker=name)

    def _passed(self, sound: Iterator[Sound]) -> Iterator[Sound]:
        for block in sound:
            self.at += len(block)
            self.on_heard(self.at / RATE)
            yield block

    def _who(self, sound: Sound) -> str:
        seconds = len(sound) / RATE
        return str(self.voices.add(self.ears.voice(sound), seconds)) if seconds >= _VOICED else ""

    def _heard(self, chunk: Chunk) -> Heard:
        at = f"{chunk.start:.3f}+{len(chunk.sound)}"
        if (row := self.parts.get(at)) is None:
            heard = self._recognised(chunk)
            self.parts.put(at, _row(heard))
        else:
            heard = _unrow(row)
        self.spoken[heard.lang] += len(chunk.sound)
        return heard

    def _recognised(self, chunk: Chunk) -> Heard:
        """A chunk whose language is not plain is heard again in that of the recording so far."""
        heard = self.ears.recognise(chunk.sound, self.lang)
        usual = next((lang for lang, _ in self.spoken.most_common(1)), "")
        if not self.lang and usual and heard.lang != usual and heard.sure < _SURE:
            heard = self.ears.recognise(chunk.sound, usual)
        return heard


def _row(heard: Heard) -> list[Any]:
    phrases = [[each.text, each.start, each.end, each.confidence] for each in heard.phrases]
    return [heard.lang, heard.sure, phrases, heard.repeats]


def _unrow(row: Any) -> Heard:
    lang, sure, phrases, repeats = row
    return Heard(lang, sure, tuple(Phrase(*each) for each in phrases), repeats)

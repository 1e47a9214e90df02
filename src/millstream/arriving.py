"""A recording that is saved in segments while it is still going on: what the host says, soon after each is there.

A segment is taken up when the next one has begun, or when nothing was added to it for some seconds. What was told and
the segments it rests on are noted together (told.py); words are heard once and kept (listen/kept.py). Knows no library
of sound: what hears is handed in.
"""

import time
from collections import Counter, deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from millstream import intake, text, told
from millstream.errors import InputError
from millstream.mine import door
from millstream.mine.rules import Rules
from millstream.mine.sounds.sounds import put_right
from millstream.mine.topics import Topics
from millstream.prepare import Start
from millstream.records import Cue, Recording, Signal
from millstream.shapes import Line
from millstream.sources import media

Hear = Callable[[Path, Counter[str], Callable[[float], None]], Iterator[Line]]
"""(segment, notes to count in, what is told the seconds gone through) -> what is said in it."""

SETTLED = 5.0
"""Seconds without a change after which the last segment is taken for whole."""
REMEMBERED = 40
"""Cues before a segment that what is said in it may rest on: a price that is taken back."""


@dataclass
class Place(told.Place):
    """The segments that are done, and the cues and seconds in them."""

    done: list[str] = field(default_factory=list)
    cues: int = 0
    seconds: float = 0.0


class Segments:
    """Follows a folder; the signals go to `out`, one JSON line each, the place beside it."""

    def __init__(self, folder: Path, start: Start, out: Path, hear: Hear) -> None:
        self.folder, self.start, self.out, self.hear = folder, start, out, hear
        rights = intake.rights_of(folder / "segment", folder)
        intake.refuse(folder, rights)
        self.recording = Recording(source="media", key=folder.resolve().name, rights=rights)
        self.rules = Rules(self.recording.id, Topics(start.domain, start.names), start.lang, start.sheet)
        self.notes: Counter[str] = Counter()
        self.left_out: list[str] = []
        self.place = told.resumed(out, Place)
        self.before: deque[Cue] = deque(maxlen=REMEMBERED)
        self._remember()

    def step(self) -> int:
        """Take up the next segment that is whole, if there is one. Returns the number of segments taken up: 0 or 1."""
        path = next(self._whole(), None)
        if path is None:
            return 0
        lines, seconds = self._heard(path)
        cues = self._cues(lines, self.place.cues, self.place.seconds)
        signals = list(self._signals(cues))
        self.place.done.append(path.name)
        self.place.cues += len(cues)
        self.place.seconds += seconds
        told.tell(self.out, signals, self.place)
        self.before.extend(cues)
        return 1

    def _whole(self) -> Iterator[Path]:
        """The segments that are not done and are written to their end, in the order of their names."""
        there = sorted(path for path in self.folder.iterdir() if path.is_file() and not path.name.startswith("."))
        films = [path for path in there if _is_film(path)]
        for path in films:
            settled = path != films[-1] or time.time() - path.stat().st_mtime >= SETTLED
            if settled and path.name not in self.place.done:
                yield path

    def _heard(self, path: Path) -> tuple[list[Line], float]:
        """Its lines, and how long it is. One that cannot be heard is left out with its reason, and the clock goes on
        by as much as was read of it."""
        at = 0.0

        def heard(seconds: float) -> None:
            nonlocal at
            at = seconds

        try:
            return list(self.hear(path, self.notes, heard)), at
        except InputError as error:
            self.left_out.append(str(error))
            return [], at

    def _cues(self, lines: list[Line], first: int, since: float) -> list[Cue]:
        """Speakers are told apart within a segment only, so that they say nothing here."""
        moved = (
            line._replace(start=(line.start or 0.0) + since, end=(line.end or 0.0) + since, speaker="", track="speech")
            for line in lines
        )
        return [Cue(recording=self.recording.id, n=n, **line._asdict()) for n, line in enumerate(moved, first)]

    def _signals(self, cues: list[Cue]) -> Iterator[Signal]:
        """What rests on a new cue; those before are only what it may refer to."""
        new = {cue.n for cue in cues}
        key = bytes.fromhex(self.place.key)
        admitted = list(door.admit([*self.before, *cues], key, self.notes, self.start.names))
        for signal in self.rules.host(put_right(self.start.ears, admitted, self.notes)):
            if any(n in new for evidence in signal.evidence for n in evidence.at):
                yield signal

    def _remember(self) -> None:
        """The cues before the next segment, from what is kept of those that are done."""
        first, since = self.place.cues, self.place.seconds
        for name in reversed(self.place.done):
            path = self.folder / name
            if len(self.before) >= REMEMBERED or not path.is_file():
                break
            lines, seconds = self._heard(path)
            first, since = first - len(lines), since - seconds
            self.before.extendleft(reversed(self._cues(lines, first, since)))
        self.left_out.clear()


def _is_film(path: Path) -> bool:
    try:
        return media.recognises_bytes(path, text.head_bytes(path))
    except InputError:
        return False  # it changes while it is looked at: not yet

"""A chat file that is still being written: its questions as signals, a moment after they are asked.

What was written is taken up line by line, from where it was left. The rows that are out and the place in the chat are
noted together, so that whatever stops it, the same call goes on where it was: nothing is lost and nothing told twice. A
message that is deleted later has been told; a run of the whole file would not use it. Knows no format: each part is
read by the source that knows the file, behind the lines the file begins with.
"""

import os
import tempfile
from collections import Counter, deque
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from millstream import intake, text, told
from millstream.errors import InputError
from millstream.intake import Gathered, Intake
from millstream.mine import door
from millstream.mine.clean import Judge, Said
from millstream.mine.merge import Merging
from millstream.mine.rules import Rules
from millstream.mine.topics import Topics
from millstream.plugins import module
from millstream.prepare import Start
from millstream.records import Cue, Signal, TrackName
from millstream.shapes import Line

PART, BEGINNING, REMEMBERED = 1 << 22, 100, 2_000
"""Bytes taken up at once; lines in which the first message has to come; cues whose authors are known when a name is
said in the next."""


@dataclass
class Place(told.Place):
    """How far it is in the chat, in bytes, and its cues by track."""

    chat: int = 0
    cues: dict[str, int] = field(default_factory=dict)


class Follower:
    """Follows the file of a recording; the signals go to `out`, one JSON line each, the place beside it."""

    def __init__(self, path: Path, gathered: Gathered, start: Start, out: Path) -> None:
        self.path, self.gathered, self.start, self.out = path, gathered, start, out
        self.source = gathered.recording.source
        self.notes: Counter[str] = Counter()
        self.judge, self.merging = Judge(), Merging()
        self.rules = Rules(gathered.recording.id, Topics(start.domain, start.names), start.lang, start.sheet)
        self.before: deque[Cue] = deque(maxlen=REMEMBERED)
        self.beginning, self.begun = b"", 0
        self.place = self._resumed()

    def step(self) -> int:
        """Take up what is new, as far as its lines are whole. Returns the number of signals told.

        Raises InputError where the file became shorter, or a line is torn.
        """
        new = self._new(self.place.chat)
        if not new:
            return 0
        signals = list(self._signals(self._lines(new, self.place.chat)))
        self.place.chat += len(new)
        told.tell(self.out, signals, self.place)
        return len(signals)

    # --- the file ----------------------------------------------------------------------------------------------

    def _new(self, since: int) -> bytes:
        """Whole lines from there on, at most about `PART` bytes."""
        with self.path.open("rb") as file:
            if os.fstat(file.fileno()).st_size < since:
                raise InputError("became shorter while it was followed", str(self.path), "follow the new one anew")
            file.seek(since)
            part = file.read(PART)
            end = part.rfind(b"\n") + 1
            if not end and len(part) == PART:
                raise InputError(f"longer than {PART} bytes", str(self.path), "a file of lines has shorter ones")
            return part[:end]

    def _lines(self, new: bytes, at: int) -> list[Line]:
        """The messages in a part that begins at byte `at`."""
        if not self.begun:
            self._begin(new if at == 0 else self._new(0))
        if at == 0:
            return self._read(new) if self.begun else []
        return self._read(self.beginning + new)[self.begun :]

    def _begin(self, first: bytes) -> None:
        """The lines up to the first message: they say what the columns are, and when the clock starts."""
        rows = first.splitlines(keepends=True)
        for count in range(1, min(len(rows), BEGINNING) + 1):
            self.beginning = b"".join(rows[:count])
            if found := self._read(self.beginning):
                self.begun = len(found)
                return

    def _read(self, part: bytes) -> list[Line]:
        with tempfile.TemporaryDirectory() as folder:
            file = Path(folder) / self.path.name
            file.write_bytes(part)
            try:
                return [line for each in module("sources", self.source).read(file) for line in each.told(Counter())]
            except InputError as error:
                raise InputError(error.what, str(self.path), error.remedy) from error

    # --- what it says ------------------------------------------------------------------------------------------

    def _signals(self, lines: list[Line]) -> Iterator[Signal]:
        cues = [self._cue(line) for line in lines]
        context = [*self.before, *cues]
        self.before.extend(cues)
        mine = {(cue.track, cue.n) for cue in cues}
        for cue in door.admit(context, bytes.fromhex(self.place.key), self.notes, self.start.names):
            if (cue.track, cue.n) in mine:
                yield from self._asked(cue)

    def _cue(self, line: Line) -> Cue:
        track: TrackName = line.track or "chat"
        n = self.place.cues.get(track, 0)
        self.place.cues[track] = n + 1
        return Cue(recording=self.gathered.recording.id, n=n, **line._replace(track=track)._asdict())

    def _asked(self, cue: Cue) -> Iterator[Signal]:
        """The signal of one line; its demand is how many have asked it so far."""
        reason, said = self.judge(cue)
        if reason:
            self.notes[f"dropped {reason}"] += 1
        elif self.rules.topics.wants(cue.text):
            line = Line(cue.text, cue.start, author=cue.author)
            self.merging.add(cue.n, line, said)
            tally = self.merging.tally(said)
            for signal in self.rules.asked([Said(cue, (cue,))]):
                yield signal.model_copy(update={"demand": tally.demand if tally else 1})

    # --- going on ----------------------------------------------------------------------------------------------

    def _resumed(self) -> Place:
        """Where it was left; what was told and not noted is taken back, and what was read is gone through in silence,
        for who asks again is no news."""
        place = told.resumed(self.out, Place)
        self.place, at = Place(key=place.key), 0
        while at < place.chat and (part := self._new(at)[: place.chat - at]):
            deque(self._signals(self._lines(part, at)), maxlen=0)
            at += len(part)
        self.notes.clear()
        return place


@contextmanager
def begun(path: Path, others: list[Path]) -> Iterator[Intake]:
    """What is taken in of a chat that is being written, as far as its first lines are whole, with other inputs; to be
    used before the context ends. InputError where it cannot be followed or may not be read."""
    intake.refuse(path, intake.rights_of(path, path.parent))
    with text.opened(path) as file, tempfile.TemporaryDirectory() as folder:
        first = file.read(PART)
        copy = Path(folder) / path.name
        copy.write_bytes(first[: first.rfind(b"\n") + 1])
        rows = copy.read_bytes()[: text.HEAD].splitlines()
        of_lines = rows and (rows[0].rstrip().endswith(b"}") or text.ending(path) in (".csv", ".tsv"))
        if not of_lines or path.suffix.lower() == ".gz":
            raise InputError("cannot be followed", str(path), "it takes a chat of JSON or CSV lines, one of them whole")
        yield intake.take([copy, *others])
        file.seek(0)  # it may have grown meanwhile, as it should

"""What a recording holds, seen without a model and in one pass: before anything is spent on it.

A chat may have millions of lines: of those only the questions are kept, those that say the same as one (mine/merge.py);
speech and comments are short and are kept whole. What is left goes through the same door and the same rules as in a
run, so what is counted is what a run would mine. Knows no command and prints nothing.
"""

import functools
import secrets
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from millstream import ahead, intake
from millstream.errors import InputError
from millstream.intake import Gathered, LeftOut
from millstream.language import detect
from millstream.mine import abstain, door, minors, offset
from millstream.mine.clean import Judge
from millstream.mine.merge import Merging, Tally
from millstream.mine.recording import by_rule
from millstream.mine.segments.segments import Segment, segmented
from millstream.mine.sounds.sounds import put_right
from millstream.mine.topics import Topics, asks
from millstream.prepare import Start
from millstream.records import Cue, Signal
from millstream.shapes import Line, Reading

LOOKED_UP, SAMPLED, EVERY = 2_000, 2_000, 50
"""Questions that an answer is looked for, those most asked; kept lines whose language is detected, from then on every
50th, which counts for 50."""
_CHAT, _CACHED = ("chat", "danmaku"), 1 << 15


@dataclass(frozen=True)
class Question:
    """What viewers asked: how many of them, when first and last (seconds), about what, and what was answered.
    `answered` None: nobody looked."""

    text: str
    demand: int
    first: float | None
    last: float | None
    slot: str = ""
    entity: str = ""
    answered: bool | None = None
    answer: str = ""


@dataclass
class Survey:
    """One recording. `cues` by track, `kept` lines of viewers and those `dropped` by reason, `langs` of the kept ones
    (an estimate where there are many), `signals` by kind, `notes` what was mended or masked; `abstained` why a run
    would take nothing from it; `segments` the topics of its speech."""

    gathered: Gathered
    cues: Counter[str] = field(default_factory=Counter)
    seconds: float | None = None
    kept: int = 0
    dropped: Counter[str] = field(default_factory=Counter)
    langs: Counter[str] = field(default_factory=Counter)
    questions: list[Question] = field(default_factory=list)
    signals: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    abstained: str = ""
    segments: tuple[Segment, ...] = ()


def survey(gathered: Gathered, start: Start | None, left_out: LeftOut) -> Survey:
    """Reads each file once; one that is torn is named in `left_out` and the others are read again without it. Without a
    `start` (no domain fits) questions are those that are worded as such, and no answer is looked for."""
    readings = list(gathered.readings)
    while True:
        try:
            pass_ = _Pass(gathered, start)
            for n, line in ahead.lines(intake.lines, readings, gathered.files):
                pass_.add(n, line)
            for each in readings:
                pass_.told.notes.update(each.notes)
            return pass_.closed()
        except InputError:
            sound = list(_sound(gathered, readings, left_out))
            if len(sound) == len(readings):
                raise
            readings = sound


def _sound(gathered: Gathered, readings: Sequence[Reading], left_out: LeftOut) -> Iterator[Reading]:
    for reading in readings:
        try:
            deque(reading.lines(), maxlen=0)
            yield reading
        except InputError as error:
            file = next(f for each, f in zip(gathered.readings, gathered.files, strict=True) if each is reading)
            left_out.append((file, str(error)))


class _Pass:
    """One pass over the lines of a recording. Whoever says anywhere to be a minor (`young`) is not heard; what else is
    personal is looked for in what is kept, which is what is shown."""

    def __init__(self, gathered: Gathered, start: Start | None) -> None:
        self.start, self.told = start, Survey(gathered)
        self.judge = Judge()
        self.merging = {track: Merging() for track in _CHAT}
        self.whole: list[Cue] = []
        self.asked: list[tuple[str, Tally]] = []
        self.wants = _wants(start)
        self.lines: Counter[str] = Counter()
        self.young: set[str] = set()

    def add(self, n: int, line: Line) -> None:
        told, track = self.told, line.track or ""
        told.cues[track] += 1
        if line.end is not None and line.end > (told.seconds or 0.0):
            told.seconds = line.end
        if track in ("speech", "comment"):
            self.whole.append(self._cue(n, line))
        if track == "speech":
            return
        self.lines[line.author or ""] += 1
        if _is_young(line.text):
            if not line.author:
                told.notes["minor"] += 1
                return
            self.young.add(line.author)
        reason, text = self.judge(line)
        if reason:
            told.dropped[reason] += 1
            return
        told.kept += 1
        if told.kept <= SAMPLED or told.kept % EVERY == 0:
            told.langs[line.lang or detect(line.text).lang] += 1 if told.kept <= SAMPLED else EVERY
        if track in _CHAT and self.wants(line.text):
            self._close(self.merging[track].add(n, line, text))

    def _close(self, tallies: Iterable[Tally]) -> None:
        self.asked += ((each.first.track or "", each) for each in tallies)

    def _cue(self, n: int, line: Line) -> Cue:
        return Cue(recording=self.told.gathered.recording.id, n=n, **line._asdict())

    def closed(self) -> Survey:
        for each in self.merging.values():
            self._close(each.rest())
        asked = [each for each in self.asked if each[1].first.author not in self.young]
        most = nlargest(LOOKED_UP, asked, key=lambda each: (each[1].demand, -each[1].numbers[0]))
        cues = [*self.whole, *(cue for _, tally in most for cue in self._ends(tally))]
        cues = [cue for cue in cues if cue.track == "speech" or cue.author not in self.young]
        if self.young:
            self.told.notes["minor"] += sum(self.lines[author] for author in self.young)
        cues.sort(key=lambda cue: (cue.start is None, cue.start or 0.0, cue.n))
        keep = self.start.names if self.start else ()
        title = self.told.gathered.recording.title
        admitted = list(door.admit(cues, secrets.token_bytes(16), self.told.notes, keep, title))
        tallies = {(track, tally.numbers[0]): tally for track, tally in most}
        if self.start:
            self._mined(admitted, tallies, self.start)
        else:
            told = ((cue, tallies.get((cue.track, cue.n))) for cue in admitted)
            self.told.questions = [_plain(cue, tally) for cue, tally in told if tally]
        self.told.questions.sort(key=lambda each: -each.demand)
        return self.told

    def _ends(self, tally: Tally) -> Iterator[Cue]:
        yield self._cue(tally.numbers[0], tally.first)
        if tally.latest is not tally.first:
            yield self._cue(tally.numbers[-1], tally.latest)

    def _mined(self, cues: Sequence[Cue], tallies: dict[tuple[str, int], Tally], start: Start) -> None:
        told, recording = self.told, self.told.gathered.recording
        late = offset.needed(cues)
        cues = put_right(start.ears, offset.moved(cues, late, told.notes), told.notes)
        _, people, signals = by_rule(recording, cues, start.domain, start.sheet, Counter())
        lines = told.kept + len(people.speech)
        told.abstained = abstain.reason(signals, lines, start.domain)
        told.segments = () if told.abstained else segmented(cues, start.domain, start.lang)
        told.signals = Counter(signal.kind for signal in signals)
        answers = {signal.text: signal.answer for signal in signals if signal.kind == "exchange"}
        asked = (each for each in signals if each.kind == "user_question")
        told.questions = [_question(each, tallies, answers, late) for each in asked]


@functools.lru_cache(_CACHED)
def _is_young(text: str) -> bool:
    return minors.is_young(text)


def _wants(start: Start | None) -> Callable[[str], bool]:
    """Does a line ask, want or object? The same text is looked at once."""
    if start is None:
        return functools.lru_cache(_CACHED)(asks)
    return functools.lru_cache(_CACHED)(Topics(start.domain, start.names).wants)


def _plain(cue: Cue, tally: Tally) -> Question:
    return Question(cue.text, tally.demand, tally.first.start, tally.latest.start)


def _question(signal: Signal, tallies: dict[tuple[str, int], Tally], answers: dict[str, str], late: int) -> Question:
    """The viewers of all lines that the rules put together, `late` seconds after their chat's clock; comments stand for
    themselves."""
    places = [(each.track, n) for each in signal.evidence for n in each.at]
    found = [tally for place in places if (tally := tallies.get(place))]
    starts = [each.start for each in signal.evidence if each.start is not None]
    starts += [at + late for tally in found for at in (tally.first.start, tally.latest.start) if at is not None]
    return Question(
        text=signal.text,
        demand=sum(tally.demand for tally in found) or signal.demand,
        first=min(starts, default=None),
        last=max(starts, default=None),
        slot=signal.slot,
        entity=signal.entity,
        answered=signal.text in answers,
        answer=answers.get(signal.text, ""),
    )

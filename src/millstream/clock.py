"""The media clock: lines brought into its order, and clocks that are wrong mended by evidence or told of.

Knows lines and seconds; nothing of formats or of what is said.
"""

import heapq
import marshal
import math
import statistics
from bisect import insort
from collections import Counter, deque
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack
from itertools import chain, islice, pairwise
from tempfile import TemporaryFile
from typing import BinaryIO

from millstream.errors import InputError
from millstream.records import TrackName
from millstream.shapes import Line

BACKWARDS = "times that ran backwards"
NO_CLOCK = "no clock"
EARLY = "times before the start"
FROM_FIRST = "times of day counted from the first message"
MILLISECONDS = "times in milliseconds where seconds were meant"
APART = "lines so far apart that their times may be milliseconds"
WINDOW = 512
"""Lines that may be out of order and are still sorted in; one that comes later than that is clamped."""
FAR, LEAST, LONGEST = 20.0, 20, 7 * 86_400.0
"""Seconds between two lines, at the median of at least so many, from which on a clock is doubted; and the seconds no
recording lasts."""

RUN, BLOCK = 50_000, 500
"""Lines that are sorted at a time, and those of a sorted run that are held while runs are merged."""

Told = Callable[[Counter[str]], Iterator[Line]]
"""Notes to count in -> the lines of a file as it has them, from its start."""


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


def clocked(told: Told, notes: Counter[str], where: str) -> Iterator[Line]:
    """The lines with their times in seconds. Where those at the beginning lie suspiciously far apart, the file is gone
    through once: whole numbers that would make it last longer than `LONGEST` are milliseconds.

    Raises InputError where they would and are no whole numbers: then nobody knows what they are.
    """
    lines = told(notes)
    begun = list(islice(lines, WINDOW))
    if not _doubtful([line.start for line in begun if line.start is not None]):
        yield from chain(begun, lines)
        return
    times = [line.start for line in told(Counter()) if line.start is not None]
    if max(times) < LONGEST:
        notes[APART] += len(times)
        yield from chain(begun, lines)
    elif all(time == int(time) for time in times):
        notes[MILLISECONDS] += len(times)
        yield from map(_in_seconds, chain(begun, lines))
    else:
        raise InputError(f"lasts {max(times) / 86_400:.0f} days by its clock", where, "write its times in seconds")


def _doubtful(times: Sequence[float]) -> bool:
    gaps = [after - before for before, after in pairwise(sorted(times))]
    return len(gaps) >= LEAST and statistics.median(gaps) >= FAR


def _in_seconds(line: Line) -> Line:
    start, end = (None if time is None else time / 1000 for time in (line.start, line.end))
    return line._replace(start=start, end=end)


def by_time(lines: Iterator[Line]) -> Iterator[Line]:
    """Lines that come in no order, sorted, those without a time at the end. More than `RUN` of them wait in temporary
    files, so that memory does not grow with their number."""
    with ExitStack() as files:
        runs = []
        while len(run := sorted(islice(lines, RUN), key=_time)) == RUN:
            runs.append(_kept(run, files.enter_context(TemporaryFile())))
        yield from heapq.merge(*runs, run, key=_time)


def _time(line: Line) -> float:
    return math.inf if line.start is None else line.start


def _kept(run: list[Line], file: BinaryIO) -> Iterator[Line]:
    """The run, from the file. Marshal: nobody else can have written it."""
    for at in range(0, len(run), BLOCK):
        marshal.dump([tuple(line) for line in run[at : at + BLOCK]], file)
    file.seek(0)
    return (Line._make(each) for _ in range(0, len(run), BLOCK) for each in marshal.load(file))


def in_order(lines: Iterator[Line], track: TrackName, notes: Counter[str]) -> Iterator[Line]:
    """Lines by time, in constant memory; `track` where they say none. What has no time stays behind the line before it.

    A line far too late (a clock that jumped ahead once) waits in the window until its time comes; one that is
    earlier than what has left the window gets the time of that.
    """
    waiting: deque[tuple[float, int, Line]] = deque()  # sorted: nearly every line belongs at its end
    at, gone = 0.0, 0.0
    for arrival, raw in enumerate(lines):
        line = _mended(raw, track, at, notes)
        at = at if line.start is None else line.start
        if waiting and at < waiting[-1][0]:
            insort(waiting, (at, arrival, line))
        else:
            waiting.append((at, arrival, line))
        if arrival < WINDOW:
            continue
        then, _, line = waiting.popleft()
        if then >= gone:
            gone = then
        elif line.start is not None:
            line = _not_before(gone, line)
        yield line
    for then, _, line in waiting:
        yield _not_before(gone, line) if then < gone and line.start is not None else line


def _not_before(gone: float, line: Line) -> Line:
    return line._replace(start=gone, end=max(gone, line.end or gone))


def _mended(line: Line, track: TrackName, before: float, notes: Counter[str]) -> Line:
    """No negative time, no end before its start; a point in time ends where it starts."""
    text, start, end, *others, own = line
    if start is None:
        notes[NO_CLOCK] += 1
        return Line._make((text, None, None, *others, own or track))
    end = start if end is None else end
    if start < 0:
        notes[EARLY] += 1
    if end < start or max(start, 0.0) < before:
        notes[BACKWARDS] += 1
    if start < 0 or end < start:
        start = max(start, 0.0)
        end = max(start, end)
    return Line._make((text, start, end, *others, own or track))

"""What a slow model should read: the lines in which the host names something known, a few at a time, best first.

Measured with a model of 1.5 billion weights: of what it finds in other lines, or in whole stretches of talk,
next to nothing is true. This file knows no model.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from millstream import numbers
from millstream.mine.cast import Cast
from millstream.mine.topics import Topics, asks
from millstream.mine.words import content, nameless
from millstream.records import Cue, Signal

_LINES, _TEXT = 6, 600
_FOUND = {"fact": 1.0, "correction": 1.0}


@dataclass(frozen=True)
class Window:
    """Lines of the host to be read together, in their order; `worth` ranks the window."""

    cues: tuple[Cue, ...]
    worth: float


def best(people: Cast, signals: Iterable[Signal], topics: Topics, budget: int) -> list[Window]:
    """At most `budget` windows, those first that say most of what no rule has found; ties in order."""
    found: dict[tuple[str, int], float] = {}
    for signal in signals:
        for n in signal.evidence[0].at:
            key = signal.evidence[0].track, n
            found[key] = found.get(key, 0.0) + _FOUND.get(signal.kind, 0.0)
    naming = [cue for cue in people.host if topics.about(cue.text).entities and not asks(cue.text)]
    windows = [
        Window(part, sum(_worth(cue, topics) - found.get((cue.track, cue.n), 0.0) for cue in part) / _LINES)
        for part in _parts(naming)
    ]
    ranked = sorted(enumerate(windows), key=lambda pair: (-pair[1].worth, pair[0]))
    return [window for _, window in ranked[:budget]]


def _worth(cue: Cue, topics: Topics) -> float:
    """How much a line says beside the name: its other words, those of the domain twice, and a number."""
    words = len(content(nameless(cue.text)))
    return min(8, words) / 2 + len(topics.words(cue.text)) + bool(numbers.mentions(nameless(cue.text)))


def _parts(cues: Sequence[Cue]) -> Iterator[tuple[Cue, ...]]:
    part: list[Cue] = []
    for cue in cues:
        if part and (len(part) == _LINES or sum(len(each.text) for each in part) + len(cue.text) > _TEXT):
            yield tuple(part)
            part = []
        part.append(cue)
    if part:
        yield tuple(part)

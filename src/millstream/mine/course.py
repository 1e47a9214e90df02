"""Which thing each line of a host is about, by what the tables say of it, where the host does not name it.

Names are said by parts, misheard or left out; prices, beds and gifts stand in the table. Each line speaks for the
things whose cells it says, the more so the fewer things have them; the likeliest way through all lines that seldom goes
from one thing to another (Viterbi 1967; as topics are followed in a talk by a hidden Markov model) is the course.
Knows no slots of claims and settles nothing: it says what is in mind.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np

from millstream.mine.arrays import Doubles
from millstream.mine.find import Phrases
from millstream.mine.measures import Said, measured
from millstream.mine.sheet import Cell, Sheet
from millstream.mine.words import content

_NAMED, _TURNS, _LARGE = 8.0, 0.5, 100
"""What a name speaks for its thing, what more than a cell that only one has it takes to go to another
thing, and from which number on one without a unit speaks for a cell."""


class Course:
    """Made once for the tables of a recording."""

    def __init__(self, sheet: Sheet) -> None:
        self._sheet = sheet

    @cached_property
    def parts(self) -> Phrases[tuple[Cell, ...]]:
        """The cells by each of their parts that holds no number."""
        found: dict[str, list[Cell]] = defaultdict(list)
        for cell in self._sheet.cells:
            for part in cell.parts:
                if not measured(part):
                    found[part].append(cell)
        return Phrases({part: tuple(cells) for part, cells in found.items()})

    @cached_property
    def _names(self) -> Phrases[str]:
        """Pieces of names that only one thing has, and that alone do not name it: a word, two Chinese characters."""
        pieces = {thing: set(_pieces(thing)) for thing in self._sheet.entities}
        uses = Counter(piece for own in pieces.values() for piece in own)
        return Phrases({piece: thing for thing, own in pieces.items() for piece in own if uses[piece] == 1})

    def of(self, lines: Sequence[tuple[str, Sequence[str]]]) -> list[str]:
        """The thing of each line, "" where nothing is known; a line is its words and the things it names,
        the one that stays in mind last."""
        things = self._sheet.entities
        if not 1 < len(things) <= _MOST:
            return [""] * len(lines)
        spoken, cost = [self._spoken(*line) for line in lines], _TURNS + math.log(len(things))
        _hold(spoken, [names[-1] if names else "" for _, names in lines])
        score, turned = dict.fromkeys(things, 0.0), list[tuple[str, frozenset[str]]]()
        for weights in spoken:
            best = max(score, key=lambda thing: score[thing])
            other = score[best] - cost
            turned.append((best, frozenset(thing for thing in things if score[thing] <= other)))
            score = {thing: max(score[thing], other) + weights.get(thing, 0.0) for thing in things}
        return _back(max(score, key=lambda thing: score[thing]), turned, spoken)

    def belief(self, lines: Sequence[tuple[str, Sequence[str]]]) -> tuple[Doubles, Doubles]:
        """How likely each line is about each thing, (lines, things), by all lines and by those up to it: the same
        weights, summed over all ways (forward-backward) where `of` takes the best. Nothing of too many things."""
        things, shape = self._sheet.entities, (len(lines), len(self._sheet.entities))
        if not (lines and 1 < len(things) <= _MOST):
            return np.zeros(shape), np.zeros(shape)
        spoken, cost = [self._spoken(*line) for line in lines], _TURNS + 2 * math.log(len(things))
        _hold(spoken, [names[-1] if names else "" for _, names in lines])
        weight = np.array([[weights.get(thing, 0.0) for thing in things] for weights in spoken])
        ahead, behind = np.zeros(shape), np.zeros(shape)
        score = np.zeros(len(things))
        for at, own in enumerate(weight):
            score = np.logaddexp(score, np.logaddexp.reduce(score) - cost) + own
            ahead[at] = score
        for at in range(len(lines) - 2, -1, -1):
            score = behind[at + 1] + weight[at + 1]
            behind[at] = np.logaddexp(score, np.logaddexp.reduce(score) - cost)
        return _shares(ahead + behind), _shares(ahead)

    def _spoken(self, text: str, names: Sequence[str]) -> dict[str, float]:
        """How much a line speaks for each thing."""
        found: dict[str, float] = defaultdict(float, dict.fromkeys(names, _NAMED / 2))
        found.update(dict.fromkeys(names[-1:], _NAMED))
        for name in self._names.found(text):
            found[name.value] += math.log(len(self._sheet.entities))
        for number in measured(text):
            self._add(found, [*self._counted(number)])
        for hit in self.parts.found(text):
            self._add(found, hit.value, 2.0 if hit.end - hit.start > _SHORT * (1 + text[hit.start].isascii()) else 1.0)
        return found

    def _counted(self, number: Said) -> Iterator[Cell]:
        for cell in self._sheet.counting(number):
            same = any(each.kind == number.kind != "" for each in cell.numbers)
            if same or number.value >= _LARGE or number.value % 1:
                yield cell

    def _add(self, found: dict[str, float], cells: Sequence[Cell], weight: float = 1.0) -> None:
        things = {cell.entity for cell in cells}
        for thing in things:
            found[thing] += weight * math.log(len(self._sheet.entities) / len(things))


def _shares(score: Doubles) -> Doubles:
    return np.asarray(np.exp(score - np.logaddexp.reduce(score, axis=1, keepdims=True)))


_MOST, _SHORT, _HELD, _HOLDS = 400, 3, 8, 0.6
"""Things of a table that are followed at most; characters of a part of a cell that says little; for how many lines
and how strongly what was named holds."""


def _pieces(name: str) -> Iterator[str]:
    for run in re.findall("[\u3400-\u9fff]{4,}", name):
        yield from (run[at : at + 2] for at in range(len(run) - 1))
    yield from (word for word in re.findall("[a-z]{4,}", name.lower()) if content(word))


def _hold(spoken: Sequence[dict[str, float]], named: Sequence[str]) -> None:
    """What was named is talked of for a while, though little is said of it by the tables."""
    last, since = "", _HELD
    for weights, name in zip(spoken, named, strict=True):
        last, since = (name, 0) if name else (last, since + 1)
        if last and 0 < since < _HELD:
            weights[last] = weights.get(last, 0.0) + _HOLDS * (1 - since / _HELD)


def _back(last: str, turned: Sequence[tuple[str, frozenset[str]]], spoken: Sequence[Mapping[str, float]]) -> list[str]:
    """The way to the thing of the last line; nothing before anything was spoken for."""
    course: list[str] = []
    for best, from_best in reversed(turned):
        course.append(last)
        if last in from_best:
            last = best
    course.reverse()
    first = next((at for at, weights in enumerate(spoken) if any(weights.values())), len(spoken))
    return [""] * first + course[first:]

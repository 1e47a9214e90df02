"""Behaviour examples: how people of this stream talk, for the side, the act and the stage that are to be said.

Retrieval on both sides, as STREAM does it: how its viewers put such a need, how its host meets such a doubt. The index
is by side and act; of what is about the same thing the same stage comes first, then what shares rare words with the
draft (inverse document frequency over the lines of a side). Knows nothing of how a line was labelled (behaviours.py).
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from math import fsum, log
from typing import NamedTuple

from millstream import heard
from millstream.behaviours import SLOTTED, Behaviour
from millstream.records import Act, Move, Role, Step
from millstream.turns import COURTESIES

LONGEST = 40
"""Characters of an example: a longer one would be copied, costs prompt, and cut short is no sentence."""


class _Line(NamedTuple):
    """A behaviour with what its text is compared by, and its place in the stream."""

    shown: Behaviour
    pieces: frozenset[str]
    place: int


@dataclass(frozen=True)
class Examples:
    """The mined lines of both sides. `names` are the words of the things there are, `moves` the moves of the stages
    that blueprints name."""

    lines: tuple[Behaviour, ...] = ()
    names: frozenset[str] = frozenset()
    moves: Mapping[str, Move] = field(default_factory=dict)

    def like(self, step: Step, most: int = 2) -> list[str]:
        """The lines that do what a step does, the best first. Ties keep the stream's order.

        None names a thing or a number that the draft does not: a small model takes over what it is shown.
        """
        drafted, move = heard.pieces(step.draft), self.moves.get(step.stage)
        found = {
            line.place: line
            for act in step.acts
            for line in self._index.get((step.role, act.act), ())
            if _fits(line.shown, act, move)
            and not (line.pieces & self.names) - drafted
            and not heard.strange_numbers(line.shown.text, [step.draft])
        }
        slots = {act.slot for act in step.acts if act.slot}

        def worth(line: _Line) -> tuple[bool, bool, float, int]:
            shared = fsum(self._rare[step.role].get(word, 0.0) for word in line.pieces & drafted)
            return move in line.shown.moves, line.shown.slot in slots, shared, -line.place

        best = sorted(found.values(), key=worth, reverse=True)
        return [line.shown.text for line in best[:most]]

    @cached_property
    def _index(self) -> Mapping[tuple[Role, str], Sequence[_Line]]:
        """Lines by side and act."""
        index: dict[tuple[Role, str], list[_Line]] = defaultdict(list)
        for place, each in enumerate(self.lines):
            for act in each.acts:
                index[each.role, act].append(_Line(each, heard.pieces(each.text), place))
        return index

    @cached_property
    def _rare(self) -> Mapping[Role, Mapping[str, float]]:
        """How much a word tells, by side."""
        return {"user": _told(self.lines, "user"), "agent": _told(self.lines, "agent")}


def examples(
    found: Iterable[Behaviour], names: Iterable[str] = (), moves: Mapping[str, Move] | None = None
) -> Examples:
    """Of what was mined: short lines only, each once with all that it does."""
    lines: dict[tuple[Role, str, str], Behaviour] = {}
    for each in found:
        text = " ".join(each.text.split())
        if 0 < len(text) <= LONGEST:
            same = lines.setdefault((each.role, text, each.slot), each._replace(text=text))
            lines[each.role, text, each.slot] = same._replace(
                acts=same.acts | each.acts, moves=same.moves | each.moves
            )
    return Examples(tuple(lines.values()), heard.pieces(" ".join(names)), moves or {})


def _fits(line: Behaviour, act: Act, move: Move | None) -> bool:
    """Does a line do what an act does? What tells or asks has to be of the same slot; a courtesy is one anywhere; any
    other act is what its stage makes of it: what is offered is a thing, or a gift."""
    if act.act in SLOTTED:
        return line.slot == act.slot
    return act.act in COURTESIES or move is None or move in line.moves


def _told(lines: Sequence[Behaviour], role: Role) -> Mapping[str, float]:
    texts = [heard.pieces(each.text) for each in lines if each.role == role]
    held = Counter(word for text in texts for word in text)
    return {word: log(1 + len(texts) / many) for word, many in held.items()}

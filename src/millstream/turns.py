"""Whole turns of talks of two, with their things and values left open, for both sides; and how such talks go.

A turn is a frame (frames.py) whose `act` and `slot` list its acts in the order of its open values: "request request"
and "price,address". One without a text tells what was said together, and lends nothing. It is mined (mine/turns.py)
and lent to a turn of the same acts (plan/lending.py). Knows no cues and no outline.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from millstream import frames
from millstream.frames import CROWD, RUN, Frame
from millstream.records import Role

OF: dict[Role, str] = {"user": "user turn", "agent": "agent turn"}
"""The family of a turn, by who says it."""
COURTESIES = frozenset(["greet", "acknowledge", "thank", "bye"])
"""Acts that a turn may have or not, whatever else it does."""
OTHER = "?"
"""A slot that was asked for and of which nothing is known."""
HAS, HAS_NOT = "+", "-"
"""Before the slot of what a thing has, or has not: `$slot` is open for any of them."""
NEAR = 4
"""Units by which two turns are about as long as each other."""
Key = tuple[tuple[str, str], ...]
"""The acts of a turn with their slots, sorted, without courtesies; of a turn of courtesies alone its last one. Of what
a thing has or has not only the sign is kept."""


def key(acts: Iterable[tuple[str, str]]) -> Key:
    every = [(act, slot[0] if slot.startswith((HAS, HAS_NOT)) else slot) for act, slot in acts]
    more = tuple(sorted(pair for pair in every if pair[0] not in COURTESIES))
    return more or tuple((act, "") for act, _ in every[-1:])


def acts_of(frame: Frame) -> list[tuple[str, str]]:
    """(act, slot) in the order in which they are said."""
    return list(zip(frame.act.split(), frame.slot.split(","), strict=True))


def common(found: Sequence[tuple[str, Frame]]) -> Iterator[tuple[str, Frame]]:
    """These; without their words where a run of those belongs to one author: RUN units between two open places, said by
    fewer than CROWD."""
    authors: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for author, frame in found:
        for run in _runs(frame):
            authors[run].add(author)
    for author, frame in found:
        own = any(len(authors[run]) < CROWD for run in _runs(frame))
        yield author, frame.model_copy(update={"text": ""}) if own else frame


def _runs(frame: Frame) -> Iterator[tuple[str, ...]]:
    size = RUN[frame.lang]
    for piece in frames.PLACE.split(frame.text.casefold()):
        words = frames.UNIT.findall(piece)
        yield from (tuple(words[n : n + size]) for n in range(len(words) - size + 1))


@dataclass(frozen=True)
class Turns:
    """All turns of a run, and how its talks go; empty where no source is a talk of two, or the bank is off."""

    frames: tuple[Frame, ...] = ()
    seed: int = 0

    def __bool__(self) -> bool:
        return bool(self.frames)

    @cached_property
    def _pools(self) -> Mapping[tuple[str, Key], Sequence[Frame]]:
        pools: dict[tuple[str, Key], list[Frame]] = defaultdict(list)
        for frame in sorted((each for each in self.frames if each.text), key=lambda each: each.id):
            pools[frame.family, key(acts_of(frame))] += [frame] * frame.demand
        for name, pool in pools.items():
            Random(f"{self.seed}/{name}").shuffle(pool)
        return pools

    def lends(self, role: Role, acts: Key, number: int) -> Sequence[Frame]:
        """What turn `number` may be lent for these acts: of the length that is due, the next first, each as often as
        authors said it."""
        pool = self._pools.get((OF[role], acts), ())
        start = number % max(len(pool), 1)
        there = dict.fromkeys([*pool[start:], *pool[:start]])
        sizes = self._sizes.get((OF[role], acts), (0,))
        wanted = sizes[number % len(sizes)]
        return sorted(there, key=lambda each: abs(_size(each) - wanted) // NEAR)

    @cached_property
    def _sizes(self) -> Mapping[tuple[str, Key], Sequence[int]]:
        """How long turns of these acts are, those that cannot be lent among them: what many authors say is short."""
        found: dict[tuple[str, Key], list[int]] = defaultdict(list)
        for frame in sorted(self.frames, key=lambda each: each.id):
            found[frame.family, key(acts_of(frame))] += [_size(frame, n) for n in range(frame.demand)]
        for name, sizes in found.items():
            Random(f"{self.seed}/{name}/sizes").shuffle(sizes)
        return found

    @cached_property
    def together(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The slots named in one turn, by what is done with them: `request` and `inform` of users, `offer` (what is
        told with an offer), as often as they were mined."""
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for frame in sorted(self.frames, key=lambda each: each.id):
            acts = acts_of(frame)
            names = {act for act, _ in acts} - COURTESIES - {"inform_intent"}
            kind = "offer" if "offer" in names else next(iter(names), "") if len(names) == 1 else ""
            if kind == "offer" or (kind and frame.family == OF["user"]):
                told = "inform" if kind == "offer" else kind
                found[kind] += [tuple(slot.lstrip(HAS) for act, slot in acts if act == told and slot)] * frame.demand
        return found


def _size(frame: Frame, n: int = 0) -> int:
    """Units of the turn as its n-th author said it."""
    return frames.units(frame.evidence[min(n, len(frame.evidence) - 1)].quote)


def echoes(text: str, frame: Frame) -> bool:
    """Whether the filled turn has again a run of RUN units of what one author said, the value among them."""
    if frame.demand >= CROWD:
        return False
    size = RUN[frame.lang]
    said, quote = (frames.UNIT.findall(each.casefold()) for each in (text, frame.evidence[0].quote))
    own = {tuple(quote[n : n + size]) for n in range(len(quote) - size + 1)}
    literal = set(_runs(frame))
    return any(tuple(said[n : n + size]) in own - literal for n in range(len(said) - size + 1))

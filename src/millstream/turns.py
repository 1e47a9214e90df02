"""Whole turns of talks of two, with their things and values left open, for both sides; and how such talks go.

A turn is a frame (frames.py) whose `act` and `slot` list its acts in the order of its open values: "request request"
and "price,address"; its `stage` is what the turn before it did (`answered`). One without a text tells what was said
together, and lends nothing. It is mined (mine/turns.py) and lent to a turn of the same acts (plan/lending.py). Knows no
cues and no outline.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random
from zlib import crc32

from millstream import frames
from millstream.frames import CROWD, RUN, Frame
from millstream.records import Lang, Role

OF: dict[Role, str] = {"user": "user turn", "agent": "agent turn"}
"""The family of a turn, by who says it."""
PIECES: dict[Role, tuple[str, str, str]] = {
    "user": ("user lead", "user core", "user tail"), "agent": ("agent lead", "agent core", "agent tail"),
}  # fmt: skip
"""The families of what a turn is made of: what it does (its core), and what is said before and behind it."""
FAMILIES = frozenset([*OF.values(), *(name for names in PIECES.values() for name in names)])
COURTESIES = frozenset(["greet", "acknowledge", "thank", "bye", "request_more"])
"""Acts that a turn may have or not, whatever else it does."""
OTHER = "?"
"""A slot that was asked for and of which nothing is known."""
HAS, HAS_NOT = "+", "-"
"""Before the slot of what a thing has, or has not: `$slot` is open for any of them."""
QUOTED = 2
"""Lines that a turn of fewer than CROWD authors is made of."""
STRIDE = 97
"""Turns that a scenario is ahead of the one before it: more than a dialogue has, so that a turn's number tells both."""
SPREAD = 30
"""Scenarios of which a line of one author's is lent to one, where there are so many lines of its kind."""
NEAR = 4
"""Units by which two turns are about as long as each other."""
Key = tuple[tuple[str, str], ...]
"""The acts of a turn with their slots, sorted, without courtesies; of a turn of courtesies alone its last one. Of what
a thing has or has not only the sign is kept."""


def answered(acts: Iterable[tuple[str, str]]) -> str:
    """What an agent's turn does, as far as the next turn takes it up: "offer", "no" (it is not there, or not known),
    "told", or "" for anything else."""
    every = list(acts)
    names, slots = {act for act, _ in every}, [slot for _, slot in every]
    if "offer" in names:
        return "offer"
    if "notify_unknown" in names or any(slot.startswith(HAS_NOT) for slot in slots):
        return "no"
    return "told" if "inform" in names else ""


def key(acts: Iterable[tuple[str, str]]) -> Key:
    every = [(act, slot[0] if slot.startswith((HAS, HAS_NOT)) else slot) for act, slot in acts]
    more = tuple(sorted(pair for pair in every if pair[0] not in COURTESIES))
    return more or tuple((act, "") for act, _ in every[-1:])


def acts_of(frame: Frame) -> list[tuple[str, str]]:
    """(act, slot) in the order in which they are said; of a piece that does nothing, none."""
    return list(zip(frame.act.split(), frame.slot.split(","), strict=True)) if frame.act else []


def said_by(found: Iterable[tuple[str, Frame]]) -> Mapping[tuple[str, ...], set[str]]:
    """Who said it, of whatever has to be said by many: each run of RUN units between two open places, and each word
    that nobody's wordings have."""
    authors: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for author, frame in found:
        for run in _said(frame):
            authors[run].add(author)
    return authors


def common(found: Sequence[tuple[str, Frame]]) -> Iterator[tuple[str, Frame]]:
    """These; without their words where those are fewer than CROWD authors'."""
    authors = said_by(found)
    for author, frame in found:
        own = any(len(authors[run]) < CROWD for run in _said(frame))
        yield author, frame.model_copy(update={"text": "" if own else frame.text, "own": ()})


def _order(frame: Frame) -> tuple[object, ...]:
    """The order in which frames are drawn: of no pseudonym, as an id would be."""
    return frames.said_at(frame), frame.family, frame.text, frame.act, frame.slot


def _said(frame: Frame) -> Iterator[tuple[str, ...]]:
    """What of a frame has to be said by many."""
    yield from runs(frame.text, frame.lang)
    yield from ((word,) for word in frame.own)


def runs(text: str, lang: Lang) -> Iterator[tuple[str, ...]]:
    """The runs of RUN units between the open places of a text."""
    size = RUN[lang]
    for piece in frames.PLACE.split(text.casefold()):
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
        """Whole turns and cores by their acts, the other pieces by their family alone."""
        whole = {core: OF[role] for role, (_, core, _) in PIECES.items()}
        pools: dict[tuple[str, Key], list[Frame]] = defaultdict(list)
        for frame in sorted((each for each in self.frames if each.text), key=_order):
            family = whole.get(frame.family, frame.family)
            acts = key(acts_of(frame)) if family in OF.values() else ()
            pools[family, acts] += [frame] * frame.demand
        for name, pool in pools.items():
            Random(f"{self.seed}/{name}").shuffle(pool)
        return pools

    def lends(self, role: Role, acts: Key, number: int) -> Sequence[Frame]:
        """What turn `number` may be lent for these acts: of the length that is due, the next first, each as often as
        authors said it; those that it is not the turn of come last."""
        wanted, there = self.due(role, acts, number), list(self._from((OF[role], acts), number))
        return sorted(there, key=lambda each: (_is_others(each, len(there), number), abs(_size(each) - wanted) // NEAR))

    def piece(self, role: Role, place: int, room: int, number: int) -> Sequence[Frame]:
        """What may be said before (0) or behind (2) a turn that is so many units too short, the nearest first."""
        there = list(self._from((PIECES[role][place], ()), number))
        return sorted(there, key=lambda each: (_is_others(each, len(there), number), abs(_size(each) - room) // NEAR))

    def rate(self, role: Role, place: int) -> float:
        """How often a turn has something before (0) or behind (2) what it does."""
        return self._shares.get(PIECES[role][place], 0.0)

    @cached_property
    def _shares(self) -> Mapping[str, float]:
        many = Counter[str]()
        for frame in self.frames:
            many[frame.family] += frame.demand
        return {name: many[name] / many[OF[role]] for role, names in PIECES.items() for name in names if many[OF[role]]}

    def due(self, role: Role, acts: Key, number: int) -> int:
        """The units that turn `number` of these acts should have."""
        sizes = self._sizes.get((OF[role], acts), (0,))
        return sizes[number % len(sizes)]

    def _from(self, name: tuple[str, Key], number: int) -> Iterable[Frame]:
        pool = self._pools.get(name, ())
        start = number % max(len(pool), 1)
        return dict.fromkeys([*pool[start:], *pool[:start]])

    @cached_property
    def _whole(self) -> Sequence[Frame]:
        return [frame for frame in self.frames if frame.family in OF.values()]

    @cached_property
    def _sizes(self) -> Mapping[tuple[str, Key], Sequence[int]]:
        """How long turns of these acts are, those that cannot be lent among them: what many authors say is short."""
        found: dict[tuple[str, Key], list[int]] = defaultdict(list)
        for frame in sorted(self._whole, key=_order):
            found[frame.family, key(acts_of(frame))] += [_size(frame, n) for n in range(frame.demand)]
        for name, sizes in found.items():
            Random(f"{self.seed}/{name}/sizes").shuffle(sizes)
        return found

    @cached_property
    def together(self) -> Mapping[str, Sequence[tuple[str, ...]]]:
        """The slots named in one turn, by what is done with them: `request` and `inform` of users, `offer` (what is
        told with an offer), as often as they were mined."""
        found: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for frame in sorted(self._whole, key=_order):
            acts = acts_of(frame)
            names = {act for act, _ in acts} - COURTESIES - {"inform_intent"}
            kind = "offer" if "offer" in names else next(iter(names), "") if len(names) == 1 else ""
            if kind == "offer" or (kind and frame.family == OF["user"]):
                told = "inform" if kind == "offer" else kind
                found[kind] += [tuple(slot.lstrip(HAS) for act, slot in acts if act == told and slot)] * frame.demand
        return found


    @cached_property
    def spoken(self) -> str:
        """All that users said."""
        quotes = [each.quote for frame in self.frames if frame.family == OF["user"] for each in frame.evidence]
        return "\n".join(dict.fromkeys(quotes))

    def says(self, role: Role, acts: Key) -> bool:
        """Whether any turn does just this."""
        return (OF[role], acts) in self._pools

    @cached_property
    def denied(self) -> Mapping[str, float]:
        """Of what share of a slot's answers agents said that nothing is known, where they ever did."""
        answers = Counter[tuple[str, str]]()
        for frame in self._whole:
            answers.update({pair: frame.demand for pair in acts_of(frame) if frame.family == OF["agent"]})
        return {
            slot: many / (many + answers["inform", slot])
            for (act, slot), many in answers.items()
            if act == "notify_unknown"
        }

    @cached_property
    def noted(self) -> float:
        """The share of users' questions before which the answer to the last is taken note of."""
        acts = [({act for act, _ in acts_of(frame)}, frame.demand) for frame in self._whole]
        asked = sum(many for each, many in acts if "request" in each)
        return sum(many for each, many in acts if {"request", "acknowledge"} <= each) / max(asked, 1)

    @cached_property
    def missed(self) -> float:
        """The share of offers that are the nearest there is to what was wished for."""
        acts = [({act for act, _ in acts_of(frame)}, frame.demand) for frame in self._whole]
        offers = sum(many for each, many in acts if "offer" in each)
        return sum(many for each, many in acts if "notify_failure" in each) / max(offers, 1)


def _is_others(frame: Frame, many: int, number: int) -> bool:
    """Whether it is not the turn of this line, one of `many` of its kind, to be lent to turn `number`'s scenario."""
    every = max(1, min(many, SPREAD) // frame.demand)
    return (number // STRIDE + crc32(frame.text.encode())) % every > 0


def _size(frame: Frame, n: int = 0) -> int:
    """Units of the turn as its n-th author said it, or of a piece."""
    if frame.family not in OF.values():
        return frames.units(frame.text)
    return frames.units(frame.evidence[min(n, len(frame.evidence) - 1)].quote)


def echoes(text: str, frame: Frame) -> bool:
    """Whether the filled turn has again a run of RUN units of what one author said, the value among them."""
    if frame.demand >= CROWD:
        return False
    own = {run for each in frame.evidence[:QUOTED] for run in runs(each.quote, frame.lang)}
    return bool(set(runs(text, frame.lang)) & (own - set(runs(frame.text, frame.lang))))

"""Frames: what viewers said, with the things and values they named left open, and which of them a dialogue may borrow.

A frame is mined (mine/frames.py), kept in a table of the run, and lent to a turn of the same act (plan/script.py).
Knows no cues and no outline. What may be lent to scenario n depends on the seed and on n alone.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property
from random import Random
from typing import Any

from pydantic import Field

from millstream import resources
from millstream.manner import MANNERS, alike
from millstream.records import Evidence, Lang, Persona, Record, Signal

SHARE = 3
"""A frame is lent to at most one dialogue of so many: the general wordings have three or four forms each."""
RUN: dict[Lang, int] = {"zh": 12, "en": 8}
"""Characters of Chinese, or words, from which on what one author said is theirs and is not said again."""
CROWD = 3
"""Authors who have to have said a longer run before it is nobody's own."""

PLACE = re.compile(r"\$[a-z]+")
"""Where something is left open."""
UNIT = re.compile(r"[\u3400-\u9fff]|[^\W_\u3400-\u9fff]+(?:['’][a-z]+)*")
_MARK = re.compile(r"[?？!！。.…~～]$")


class Frame(Record):
    """An utterance with its entity, value and other entity open ("$entity多久能提车").

    `family` says what it may stand for (frames.yaml) · `slot` the slot it asks for or gives a value of · `manners` the
    clusters of the authors who said it · `delivery` how it is said: "short", "mark", "particle", "emoji", "lower" ·
    `demand` how many authors said it (of what was made of two turns, 1) · `called` (entity, word): what the author
    called the entity, for short · `own` words of it that are nobody's wordings, and lend it only where enough authors
    say them (turns.py).
    """

    text: str
    lang: Lang
    family: str
    act: str
    slot: str
    stage: str
    delivery: tuple[str, ...]
    manners: tuple[str, ...]
    demand: int
    called: tuple[tuple[str, str], ...] = ()
    own: tuple[str, ...] = ()
    evidence: tuple[Evidence, ...] = Field(min_length=1)


def families() -> Mapping[str, Mapping[str, Any]]:
    loaded: dict[str, dict[str, Any]] = resources.data("frames.yaml")
    return loaded


@cache
def _standing_for(key: str, outcome: str) -> tuple[str, ...]:
    """The families that may be said in place of the wordings `key`, on the way to this outcome."""
    return tuple(
        name
        for name, family in families().items()
        if key in family["keys"] and (not outcome or outcome in family.get("outcomes", (outcome,)))
    )


def units(text: str) -> int:
    """Characters of Chinese and words of other scripts."""
    return len(UNIT.findall(text))


def is_own(said: str, lang: Lang, authors: int) -> bool:
    """Whether a piece of one line is so long that it belongs to who said it: RUN units, by fewer than CROWD."""
    return authors < CROWD and units(said) >= RUN[lang]


def delivery(text: str) -> tuple[str, ...]:
    """How a line is said, as plain features."""
    marks = {
        "short": units(text) <= 4,
        "mark": bool(_MARK.search(text)),
        "particle": bool(re.search(r"[啊呀呢吧吗哈啦呗哦嘛]", text)),
        "emoji": bool(re.search(r"[\U0001f300-\U0001faff♥❤]", text)),
        "lower": text.isascii() and text == text.lower(),
    }
    return tuple(name for name, there in marks.items() if there)


def manner_of(persona: Persona, number: int) -> str:
    """A mined viewer speaks in its own manner; one that shows none in each of them in turn."""
    return persona.get("manner") or MANNERS[number % len(MANNERS)]


def pooled(found: Iterable[tuple[str, Frame]]) -> Iterator[Frame]:
    """(author, frame) pairs with the same words put together. Those that are one author's own are left out; of whole
    turns that is asked for run by run (turns.py)."""
    groups: dict[tuple[str, str, str], list[tuple[str, Frame]]] = defaultdict(list)
    for author, frame in found:
        groups[frame.family, frame.act + frame.slot + frame.stage, frame.text].append((author, frame))
    for same in groups.values():
        first, authors = same[0][1], len({author for author, _ in same})
        if first.family in families() and is_own(first.evidence[0].quote, first.lang, authors):
            continue
        manners = tuple(sorted({name for _, each in same for name in each.manners}))
        evidence = tuple(dict.fromkeys(each for _, frame in same for each in frame.evidence))
        called = tuple(dict.fromkeys(pair for _, frame in same for pair in frame.called))
        yield first.model_copy(
            update={"manners": manners, "evidence": evidence, "demand": authors, "called": called}
        )


def said_at(frame: Frame) -> tuple[str, str, tuple[int, ...]]:
    """Where it was said first: the same in every run, which a frame's id, with a pseudonym in its quote, is not."""
    first = frame.evidence[0]
    return first.source, first.track, first.at


@dataclass(frozen=True)
class Bank:
    """All frames of a run; empty where the bank is off."""

    frames: tuple[Frame, ...] = ()
    seed: int = 0
    _open: dict[tuple[str, str, int], Sequence[Frame]] = field(default_factory=dict)

    @cached_property
    def _pools(self) -> Mapping[tuple[str, str], Sequence[Frame]]:
        """Frames by family and slot in a drawn order, those of one manner side by side, so that any SHARE of
        scenarios in a row are lent different ones of every manner."""
        pools: dict[tuple[str, str], list[Frame]] = defaultdict(list)
        for frame in sorted(self.frames, key=said_at):
            pools[frame.family, frame.slot].append(frame)
        for key, pool in pools.items():
            Random(f"{self.seed}/{key}").shuffle(pool)
            pool.sort(key=lambda each: each.manners)
        return pools

    @cached_property
    def called(self) -> Mapping[str, Sequence[str]]:
        """What viewers call each entity, for short; an entity nobody named is not in it."""
        words: dict[str, dict[str, None]] = defaultdict(dict)
        for entity, word in (pair for frame in self.frames for pair in frame.called):
            words[entity].setdefault(word)
        return {entity: tuple(each) for entity, each in words.items()}

    def open(self, family: str, slot: str, number: int) -> Sequence[Frame]:
        """What scenario `number` may borrow of a family: each frame once in SHARE scenarios."""
        key = family, slot, number % SHARE
        if key not in self._open:
            pool = self._pools.get((family, slot), ())
            first = Random(f"{self.seed}/{family}/{slot}/first").randrange(SHARE)
            self._open[key] = [frame for n, frame in enumerate(pool) if (number + first + n) % SHARE == 0]
        return self._open[key]


@dataclass(frozen=True)
class Voice:
    """How the user of one scenario speaks: frames of the nearest manner first, none that its outcome belies.

    `asked` are the mined questions by slot.
    """

    bank: Bank = field(default_factory=Bank)
    manner: str = ""
    number: int = 0
    outcome: str = ""
    asked: Mapping[str, Signal] = field(default_factory=dict)
    _lent: dict[tuple[tuple[str, ...], tuple[str, ...]], Sequence[Frame]] = field(default_factory=dict)

    def calls(self, entity: str) -> str:
        """The word this user has for an entity that was just named: the same through a dialogue."""
        words = self.bank.called.get(entity, (entity,))
        return words[self.number % len(words)]

    def lends(self, key: str, slots: tuple[str, ...]) -> Sequence[Frame]:
        """What may be said for `key`, the best first: of the first of `slots`, of the nearest manner, in turn."""
        if not (names := _standing_for(key, self.outcome)) or not self.bank.frames:
            return ()
        if (found := self._lent.get((names, slots))) is None:
            found = self._lent[names, slots] = [frame for slot in slots for frame in self._of(names, slot)]
        return found

    def _of(self, names: Sequence[str], slot: str) -> list[Frame]:
        there = [frame for name in names for frame in self.bank.open(name, slot, self.number)]
        if not there:
            return []
        start = self.number // SHARE % len(there)
        turned = [*there[start:], *there[:start]]
        return sorted(turned, key=lambda each: -alike(self.manner, each.manners))

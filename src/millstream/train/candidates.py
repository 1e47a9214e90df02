"""Values that a turn may speak of: those the schema and the rows know, and what looks like a time, a date, money, a
number or a name. Knows no slots' meaning beyond their listed values; nothing is learnt here.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from random import Random
from typing import NamedTuple

from millstream.services.annotated import Turn
from millstream.services.forms import FALSE, NUMBERS, TRUE, clocked, forms, parts
from millstream.services.knowledge import Knowledge, common, pool
from millstream.services.schema import DONTCARE, ServiceSchema, SlotSchema

_MONTH = (
    r"(?:jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sep(?:tember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?)"
)
_DAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_DAYTIME = r"(?:in the (?:morning|afternoon|evening)|at night)"
_NTH = r"(?:\d{1,2}(?:st|nd|rd|th)?|first|second|third|fourth|fifth|sixth|seventh|eighth|ninth|tenth)"
PATTERNS = {
    "time": re.compile(
        rf"\b(?:(?:half|quarter) (?:past|to) \d{{1,2}}(?: {_DAYTIME}| o'clock)?"
        rf"|\d{{1,2}}(?::\d\d)? ?(?:am|pm|a\.m\.|p\.m\.)|\d{{1,2}}:\d\d(?: {_DAYTIME})?"
        rf"|\d{{1,2}} o'clock(?: {_DAYTIME})?|(?:morning|afternoon|evening) \d{{1,2}}(?::\d\d)?"
        rf"|\d{{1,2}} {_DAYTIME}|noon)",
        re.I,
    ),
    "date": re.compile(
        rf"\b(?:(?:the )?day after tomorrow|today|tomorrow|{_NTH} of (?:{_MONTH}|this month|next month)|{_MONTH} {_NTH}"
        rf"|(?:next|this|coming) (?:{_DAY})|{_DAY} (?:next|this) week|the \d{{1,2}}(?:st|nd|rd|th)(?! of)|{_DAY}"
        r"|later today)\b",
        re.I,
    ),
    "money": re.compile(r"(?:\$ ?\d[\d,]*(?:\.\d+)?|\b\d[\d,]* (?:dollars|bucks))", re.I),
    "number": re.compile(rf"\b(?:\d+|{'|'.join(NUMBERS)})\b", re.I),
    "name": re.compile(
        r"(?:[A-Z][\w'&-]*)(?: (?:of|the|and|de|&|[A-Z][\w'&-]*))* ?(?<= )?[A-Z][\w'&-]*|\b[A-Z][\w'&-]+"
    ),
}
_CLOCK = re.compile(r"(\d{1,2})(?::(\d\d))? ?([ap])?\.?m?", re.I)
_OPENERS = frozenset(
    re.findall(
        r"\S+",
        "i i'm i'd i'll i've yes no ok okay can could please what where when which who how is are do does will would "
        "my the a an it it's its that that's this there great thanks thank sure hi hello find book search for in on "
        "at to from and any also actually let let's make me you your show get perfect sounds not just what's how's",
    )
)
_LONGEST = 7
"""Words of a listed value that are looked for."""


class Words(NamedTuple):
    """What a tracker hears at a user turn: the user, the agent just before, and what the agent said before that."""

    user: str
    agent: str = ""
    earlier: str = ""

    def of(self, side: str) -> str:
        return self.user if side == "user" else self.agent if side == "agent" else self.earlier


@dataclass(frozen=True)
class Candidate:
    """A value and where it was found. `slots` know it as a listed value and say how they hold it; `kind` is what it
    looks like, `side` who said it ("user", "agent", "earlier") or "state", that of another service."""

    text: str
    kind: str
    side: str
    start: int = -1
    end: int = -1
    slots: Mapping[str, str] = field(default_factory=dict)


class Lexicon:
    """The listed values of one service: how they are said, and which slot holds them how.

    `hidden` is the share of an open slot's values that is left out, so that training also meets values nobody listed.
    Invented names, and what is known by its shape, are never listed. `closed` are the slots whose values are known:
    they are held as they are listed, others as they are said."""

    def __init__(self, service: ServiceSchema, knowledge: Knowledge, hidden: float = 0.0) -> None:
        self.service, self.lang = service, service.lang
        self.said: dict[str, dict[str, str]] = {}
        self.closed: set[str] = set()
        inputs = {name for intent in service.intents for name in intent.inputs} | {service.key}
        for slot in service.slots:
            if slot.name not in inputs or set(slot.values) & {*TRUE, *FALSE}:
                continue
            rows = {row[slot.name] for row in knowledge.rows.get(service.name, ()) if slot.name in row}
            rows |= knowledge.more.get(service.name, {}).get(slot.name, frozenset())
            told = {part for each in rows - set(pool(slot)) for part in parts(slot, each)}
            if slot.categorical or slot.values or told:
                self.closed.add(slot.name)
            listed = {*slot.values} if slot.categorical else {*slot.values, *_names(slot, told, hidden)}
            for value in sorted(listed):
                for form in {value, *forms(service.lang, slot, value)}:
                    self.said.setdefault(form.casefold(), {}).setdefault(slot.name, value)
        self.firsts = {form.split(" ")[0] if service.lang == "en" else form[:1] for form in self.said}

    def found(self, text: str, side: str) -> Iterator[Candidate]:
        """The longest listed values, from left to right."""
        folded = text.casefold()
        starts = [m.start() for m in re.finditer(r"(?<!\w)\w", folded)] if self.lang == "en" else range(len(folded))
        ends = [m.end() for m in re.finditer(r"\w(?!\w)", folded)] if self.lang == "en" else None
        over = 0
        for start in starts:
            if start < over or not self._may(folded, start):
                continue
            for end in self._ends(folded, start, ends):
                slots = self.said.get(folded[start:end])
                if slots:
                    yield Candidate(text[start:end], "listed", side, start, end, slots)
                    over = end
                    break

    def _may(self, folded: str, start: int) -> bool:
        if self.lang == "zh":
            return folded[start] in self.firsts
        return re.split(r"[ .,?!;]", folded[start : start + 40], maxsplit=1)[0] in self.firsts or True

    def _ends(self, folded: str, start: int, ends: list[int] | None) -> Iterable[int]:
        if ends is None:
            return range(min(len(folded), start + 30), start, -1)
        return list(reversed([end for end in ends if end > start][:_LONGEST]))


def _names(slot: SlotSchema, rows: set[str], hidden: float) -> set[str]:
    """The values of an open slot that are listed."""
    shaped = [pattern for kind, pattern in PATTERNS.items() if kind in ("time", "date", "money", "number")]
    values = {*common(slot), *rows} if not slot.values else rows
    rng = Random(slot.name)
    kept = {value for value in sorted(values) if rng.random() >= hidden or slot.values}
    return {value for value in kept if not any(pattern.fullmatch(value) for pattern in shaped)}


def candidates(lexicon: Lexicon, said: Words, others: Mapping[str, Mapping[str, str]]) -> list[Candidate]:
    """Everything that may be a value, listed ones first; then what stands in the states of other services."""
    found = []
    for side in ("user", "agent"):
        text = said.of(side)
        listed = list(lexicon.found(text, side))
        shaped = list(_shaped(text, side)) if lexicon.lang == "en" else []
        found += [each for each in listed if not any(_within(each, other) for other in shaped if other.kind != "name")]
        found += [each for each in shaped if not _covered(each, listed)]
    found += [each for each in _named(lexicon, said.earlier) if each.text not in said.agent]
    for name, state in others.items():
        found += [Candidate(value, f"{name}.{slot}", "state") for slot, value in state.items() if value != DONTCARE]
    return found


def _named(lexicon: Lexicon, text: str) -> Iterator[Candidate]:
    """What was offered before: only what may name a row."""
    key = lexicon.service.key
    listed = list(lexicon.found(text, "earlier")) if text and key else []
    yield from (each for each in listed if key in each.slots)
    if key and lexicon.lang == "en" and not lexicon.service.by_name[key].values:
        yield from (each for each in _shaped(text, "earlier") if each.kind == "name" and not _covered(each, listed))


def _within(one: Candidate, other: Candidate) -> bool:
    """Is it only a part of the other, as the 6 of 6:45?"""
    return other.start <= one.start and one.end <= other.end and one.end - one.start < other.end - other.start


def _covered(one: Candidate, listed: list[Candidate]) -> bool:
    """A shape within a listed value is that value; one that is longer stays beside it."""
    return any(each.start <= one.start and one.end <= each.end for each in listed)


def _shaped(text: str, side: str) -> Iterator[Candidate]:
    taken: list[tuple[int, int]] = []
    for kind, pattern in PATTERNS.items():
        for found in pattern.finditer(text):
            start, end = found.span()
            if kind == "name":
                start = _without_opener(text, start, end)
            if start < end and not any(a < end and start < b for a, b in taken):
                taken.append((start, end))
                yield Candidate(text[start:end], kind, side, start, end)


def _without_opener(text: str, start: int, end: int) -> int:
    """Where a name begins behind the words that only begin a sentence."""
    while start < end:
        word = re.match(r"[\w'&-]+ ?", text[start:end])
        if word is None or word[0].strip().casefold() not in _OPENERS:
            return start
        start += len(word[0])
    return start


def held(candidate: Candidate, slot: str, lexicon: "Lexicon") -> str | None:
    """How the slot holds the value, or None where it cannot: a slot with known values holds only those."""
    schema = lexicon.service.by_name[slot]
    if candidate.side == "earlier" and slot != lexicon.service.key:
        return None
    if slot in candidate.slots:
        return candidate.slots[slot] if slot in lexicon.closed else candidate.text
    if clocked(schema):
        return clock(candidate.text) if candidate.kind == "time" else None
    if candidate.side == "state":
        known = not schema.categorical or candidate.text in schema.values
        return candidate.text if known else None
    return None if slot in lexicon.closed or lexicon.lang == "zh" else candidate.text


def clock(text: str) -> str | None:
    """A time as hours and minutes of a day: "5:15 pm" is "17:15"."""
    found = _CLOCK.match(text)
    if found is None:
        return "12:00" if text.casefold() == "noon" else None
    hour, minute = int(found[1]), found[2] or "00"
    if (found[3] or "").lower() == "p" and hour < 12:
        hour += 12
    return f"{hour:02}:{minute}" if hour < 24 else None


def heard(turns: tuple[Turn, ...], n: int) -> Words:
    """What is heard at user turn `n`."""
    said = [turn.text for turn in turns[max(0, n - 5) : n] if turn.role == "agent"]
    last = said.pop() if n and turns[n - 1].role == "agent" else ""
    return Words(turns[n].text, last, " ".join(said))

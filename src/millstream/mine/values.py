"""Is a value that a model read really said of the thing, and does it read as a value?

Everything is decided on the words of the window: where the value stands, what stands before it, and what is left
of it when fillers are taken off. Knows no model and no prompt; its words are in describe.yaml.
"""

import re
from bisect import bisect_right
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from millstream import numbers, resources
from millstream.domain import Domain, SlotSpec
from millstream.mine.facts import denied
from millstream.mine.words import content
from millstream.records import Cue

DATA = resources.data("mine/describe.yaml")
_FILLERS, _TAILS, _ENDS, _SPLITS, _UNSURE, _DENIES, _PERSON, _VERB, _PRAISE, _ANOTHER, _PRICED, _WHOLE = (
    re.compile(DATA[key], re.IGNORECASE)
    for key in (
        "fillers", "tails", "ends", "splits", "unsure", "denies", "person", "verb", "praise", "another", "priced",
        "whole",
    )
)  # fmt: skip
_SAME = set(DATA["same"])
_SENTENCE = re.compile(r"[.?!…。！？]+(?=\s|$)|[。！？]")
_SUBJECT = re.compile(r"\s(?:is|are|was|were|has|have|gives?|makes?)\b")
_ADDED = re.compile(r",? and (?:the|this|that)\b[^,]*$")
_LONGEST = {"en": 60, "zh": 24}
_WORD = re.compile(r"[\u3400-\u9fff]|[$€£¥₩]|[^\W\u3400-\u9fff]+(?:['’-][^\W\u3400-\u9fff]+)*")
_HAN = re.compile("[\u3400-\u9fff]")
_BEFORE, _AFTER, _MORE, _LINE, _MOST = 160, 120, 3, 40, 6


@dataclass(frozen=True)
class Aspect:
    """A slot that is asked about: what its value must hold, what must stand before it, what it must
    not hold, and whether it names things."""

    slot: SlotSpec
    holds: re.Pattern[str] | None = None
    after: re.Pattern[str] | None = None
    lacks: re.Pattern[str] | None = None
    things: bool = False


@dataclass(frozen=True)
class Told:
    """What a host says from where a thing is shown, as one text; places in it lead back to the cues."""

    cues: tuple[Cue, ...]

    @cached_property
    def text(self) -> str:
        return " ".join(cue.text.replace("\n", " ") for cue in self.cues)

    def between(self, start: int, end: int) -> tuple[Cue, ...]:
        """The cues that hold this part of the text."""
        starts = [0]
        for cue in self.cues[:-1]:
            starts.append(starts[-1] + len(cue.text) + 1)
        return self.cues[bisect_right(starts, start) - 1 : bisect_right(starts, max(start, end - 1))]


@dataclass(frozen=True)
class Value:
    """A value as it stands in the text, from `start` to `end`."""

    text: str
    start: int
    end: int


def aspects(domain: Domain) -> list[Aspect]:
    """At most five slots of the domain that fit a described thing; for a domain of its own words, its first ones."""
    able = [slot for slot in domain.using("request") if slot.kind in ("text", "category", "money")]
    found: dict[str, Aspect] = {}
    for each in DATA["aspects"]:
        named = [slot for slot in able if _goes_by(slot, each["words"]) and slot.name not in found]
        for slot in named[:1]:
            signs = {key: re.compile(each[key], re.I) for key in ("holds", "after", "lacks") if key in each}
            found[slot.name] = Aspect(slot, things="things" in each, **signs)
    for slot in able if len(found) < 2 else []:
        found.setdefault(slot.name, Aspect(slot))
    return list(found.values())[: DATA["most"]]


def _goes_by(slot: SlotSpec, words: Collection[str]) -> bool:
    return any(name.casefold() in words for names in slot.names.values() for name in (*names, slot.name))


def found(words: str, text: str) -> list[tuple[int, int]]:
    """Where these words stand in a text one behind the other, whatever their case and the marks between."""
    tokens = _WORD.findall(words)
    if not tokens:
        return []
    form = r"[\W_]{0,3}".join(map(re.escape, tokens))
    matches = re.finditer(rf"(?<![a-z0-9]){form}(?![a-z0-9])", text, re.IGNORECASE)
    return [match.span() for match in matches]


def options(aspect: Aspect, told: Told, name: str, names: Collection[str]) -> list[str]:
    """The pieces of the window's clauses that could be a value of this slot, those that say most first, at most six."""
    text = told.text
    ends = {place for form in (_ENDS, _SENTENCE) for match in form.finditer(text) for place in match.span()}
    marks = sorted({0, len(text)} | ends | {match.end() for match in _SPLITS.finditer(text)})
    pieces = (_judged(start, end, aspect, told, name, names) for start, end in pairwise(marks))
    fit = dict.fromkeys(piece.text for piece in pieces if isinstance(piece, Value))
    return sorted(fit, key=lambda each: -len(each))[:_MOST]


def verified(raw: str, aspect: Aspect, told: Told, name: str, names: Collection[str]) -> Value | str:
    """The value as it may be told of `name`, or why it may not. `names` are all the things the host shows."""
    places = found(raw, told.text)
    if not places:
        return f"its words stand nowhere in the window: {raw!r}"
    judged = [_judged(*place, aspect, told, name, names) for place in places]
    return next((each for each in judged if isinstance(each, Value)), judged[0])


def _judged(start: int, end: int, aspect: Aspect, told: Told, name: str, names: Collection[str]) -> Value | str:
    value = _trimmed(told.text, start, end)
    for check in (_form, _said, _fits):
        if why := check(value, aspect, told.text, name, names):
            return f"{aspect.slot.name} {value.text or told.text[start:end]!r} of {name}: {why}"
    return value


def _trimmed(text: str, start: int, end: int) -> Value:
    """Cut at the end of its clause, without fillers before and behind, and drawn out to the end of its phrase."""
    start += _led(text[start:end])
    start = min(end, start + len(text[start:end]) - len(text[start:end].lstrip()))
    if match := _ENDS.search(text, start, end):
        end = match.start()
    if _SUBJECT.match(text, end):
        end = start + (last.start() if (last := _ADDED.search(text[start:end])) else end - start)
    for _ in range(_MORE if text[start:end].strip() else 0):
        more = re.compile(r" ([a-z][\w'’-]*)", re.I).match(text, end)
        if not more or not content(more[1]) or _ends_at(text, end) or _TAILS.search(" " + more[1]):
            break
        end = more.end()
    while end > start and (tail := _TAILS.search(text[start:end])) and tail.start() < end - start:
        end = start + tail.start()
    return Value(text[start:end], start, end)


def _led(words: str) -> int:
    """The length of the fillers it begins with."""
    led = _FILLERS.match(words)
    return led.end() if led else 0


def _ends_at(text: str, at: int) -> bool:
    """Does a clause end here?"""
    match = _ENDS.match(text, at)
    return bool(match)


def _form(value: Value, aspect: Aspect, text: str, name: str, names: Collection[str]) -> str:
    """Is it short, and words of a value: no name, no sentence, no person's doings?"""
    said, low = value.text, value.text.casefold()
    if len(said) < 2 or not (content(said) or _HAN.search(said) or numbers.mentions(said)):
        return "nothing is left of it"
    if len(said) > _LONGEST["zh" if said[0] > "\u3000" else "en"]:
        return "too long"
    if name.casefold() in low or low in name.casefold() or (low in names and not aspect.things):
        return "it is a name"
    if _PERSON.search(said) or _VERB.search(said):
        return "a sentence and no value"
    if _DENIES.search(said):
        return "a denial"
    return ""


def _said(value: Value, aspect: Aspect, text: str, name: str, names: Collection[str]) -> str:
    """Does the host state it, and of this thing?"""
    before, behind = _sentence(text, value)
    if behind.lstrip().startswith(("?", "？")) or re.search(r"[?？]\s*$", behind):
        return "asked and not said"
    clause = re.split(r"[,;，；]|\bbut\b", before)[-1]
    if denied(value.text, clause + value.text) or _DENIES.search(clause[-_LINE:]):
        return "denied"
    if _UNSURE.search(before + value.text):
        return "the host is not sure"
    nearest = before[-_LINE * 2 :]
    for match in _ANOTHER.finditer(nearest):
        if not _of_it(match[1].split(), name):
            return f"said of {match[1].strip()!r}"
    others = [other for other in names if _apart(other, name) and found(other, nearest) and not found(name, nearest)]
    return f"said of {others[0]!r}" if others and not aspect.things else ""


def shows_another(text: str, name: str) -> bool:
    """Does a line speak of something else that the next lines may be of ("That chicken is superb")?"""
    shown = [match for match in _ANOTHER.finditer(text) if match[0][:4].casefold() in ("that", "this")]
    return any(not _of_it(match[1].split(), name) for match in shown)


def _of_it(words: Sequence[str], name: str) -> bool:
    own = content(name)
    return all(word.casefold() in _SAME or content(word) <= own for word in words)


def _apart(other: str, name: str) -> bool:
    return other not in name.casefold() and name.casefold() not in other


def _fits(value: Value, aspect: Aspect, text: str, name: str, names: Collection[str]) -> str:
    """Does it fit its slot?"""
    before, behind = _sentence(text, value)
    if aspect.slot.kind == "money":
        if numbers.first(value.text) is None:
            return "no number"
        if not _PRICED.search(f"{before[-_LINE:]} {value.text} {behind[:12]}"):
            return "no currency and no word of a price"
        return "the price of more than this" if _WHOLE.search(before + value.text + behind) else ""
    left = _PRAISE.sub(" ", value.text)
    if not (content(left) or _HAN.search(left)):
        return "praise, and nothing said"
    if aspect.holds and not aspect.holds.search(value.text):
        return "no word of this"
    if aspect.lacks and aspect.lacks.search(value.text):
        return "words of something else"
    if aspect.after and not aspect.after.search(before[-_LINE * 2 :]):
        return "nothing says that it is this"
    return ""


def _sentence(text: str, value: Value) -> tuple[str, str]:
    """What stands before and behind a value in its sentence."""
    ends = [match.end() for match in _SENTENCE.finditer(text, 0, value.start)]
    end = _SENTENCE.search(text, value.end)
    before = text[max([0, value.start - _BEFORE, *ends]) : value.start]
    return before, text[value.end : min(end.end() if end else len(text), value.end + _AFTER)]

"""What the tables say, as the miner needs it: is this number, or are these words, in this cell?

A host reads a price list out in words of its own, so a cell is looked at by its numbers (a quarter is ninety days, who
says "sixteen five" leaves the thousands to the hearer) and by its parts ("mats, boot liner and dog guard"). Knows
nothing of cues, and settles nothing: what a host says stays claimed until know/ compares it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache

from millstream.mine.measures import DATA, Said, measured, same_kind
from millstream.mine.words import content, pairs, spoken
from millstream.records import Fact

_SPLIT = re.compile(r"\s*[、，,;；/+]\s*|\s+(?:and|or)\s+|(?<=[\u4e00-\u9fff])[加或和](?=[\u4e00-\u9fff\d])")
_NOTES = re.compile(r"(?:notes?|remarks?|comments?|备注|说明)\b", re.IGNORECASE)
"""Columns that hold anything at all: what is said of it belongs to no slot."""
HAN = re.compile("[\u3400-\u9fff]")
_KIND = re.compile("[\u3400-\u9fff]{2,}[车房锅款型味式制床票卡]")
"""A kind of thing, which may be said without what it is a kind of ("冷藏的")."""
_COUNTED = re.compile("(?:[一二两三四五双][\u3400-\u9fff]{1,3}){2,3}")
_COUNTERS = "张个间份位只条床"
"""Counts of several things, and what stands between a count and its thing."""
_PHRASE = re.compile("[\u3400-\u9fff]{4,9}")
_HYPHEN = re.compile(r"[-–_’']")
_SHARE, _WIDE, _NEAR, _STEM = 0.6, 2.5, 1.34, 6
"""The share of a part's words that have to be said, in a stretch so many times its length; how far off a slip is;
the letters that words of one stem share."""


@dataclass(frozen=True)
class Cell:
    """What a table has for a slot of an entity."""

    entity: str
    slot: str
    value: str

    @cached_property
    def numbers(self) -> list[Said]:
        return measured(spoken(self.value))

    @cached_property
    def parts(self) -> tuple[str, ...]:
        return tuple(part for part in _SPLIT.split(self.value) if part)

    def counts(self, said: Said) -> bool:
        """Is this number one of the cell's?"""
        return any(_alike(each, said) for each in self.numbers)

    def whole(self, parts: Iterable[str]) -> str:
        """Some of its parts, in its order and as it has them."""
        wanted = [part for part in self.parts if part in parts]
        if len(wanted) == len(self.parts):
            return self.value
        return ("、" if HAN.search(self.value) else ", ").join(wanted)

    def near(self, said: Said) -> bool:
        """May this number have been said for the cell's by a slip, or rounded?"""
        own = [each for each in self.numbers if each.kind == said.kind or "" in (each.kind, said.kind)]
        return any(_slip(each.value, value) for each in own[:1] for value in (said.value, said.value * 10_000))

    def heard(self, text: str) -> Iterator[tuple[int, str]]:
        """(place, part) of the cell's parts that a text says."""
        for part in self.parts:
            ways = (stands(way, text) for way in (part, *DATA["also"].get(part.lower(), ())))
            if (at := next((place for place in ways if place >= 0), -1)) >= 0:
                yield at, part


class Sheet:
    """The cells of the tables of a run, and what its things are called. One without facts forbids nothing."""

    def __init__(self, facts: Iterable[Fact] = (), names: Iterable[str] = ()) -> None:
        facts = tuple(facts)
        self.names = tuple(dict.fromkeys([*names, *(fact.entity for fact in facts)]))
        self._cells: dict[tuple[str, str], Cell] = {}
        self._columns: dict[str, dict[str, None]] = defaultdict(dict)
        for fact in facts:
            if _NOTES.match(fact.evidence[0].quote):
                continue
            self._cells.setdefault((fact.entity, fact.attribute), Cell(fact.entity, fact.attribute, fact.value))
            self._columns[fact.attribute][fact.value] = None
        self._rows: dict[str, list[Cell]] = defaultdict(list)
        for (entity, _), cell in self._cells.items():
            self._rows[entity].append(cell)

    def __bool__(self) -> bool:
        return bool(self._cells)

    @property
    def cells(self) -> Iterable[Cell]:
        return self._cells.values()

    @property
    def entities(self) -> Sequence[str]:
        """The things of which there are cells."""
        return tuple(self._rows)

    def cell(self, entity: str, slot: str) -> Cell | None:
        return self._cells.get((entity, slot))

    def row(self, entity: str) -> Sequence[Cell]:
        return self._rows.get(entity, ())

    def has(self, slot: str) -> bool:
        """Is there a column for it?"""
        return slot in self._columns

    def column(self, slot: str) -> Sequence[str]:
        """All its values, each once."""
        return tuple(self._columns.get(slot, ()))

    def shared(self, entity: str, slot: str) -> bool:
        """Where things are rooms of houses: have all of its house the same words here?"""
        if 2 * len(self._houses) > len(self._rows):
            return False
        here = [self.cell(name, slot) for name in self._houses[entity.split()[0]]]
        alone = len(self._houses) == 1 and any(cell and cell.numbers for cell in here)
        return not alone and len({cell.value if cell else "" for cell in here}) == 1

    @cached_property
    def groups(self) -> dict[str, list[str]]:
        """Things by what they share in their names and are called together by: a house ("山房"), a kind ("bowls")."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._rows:
            first, last = name.split()[0], name.split()[-1]
            for form in dict.fromkeys((first, first[:2], first[-2:]) if HAN.search(first) else (first.lower(),)):
                found[form].append(name)
            if last.isascii() and " " in name:
                found[f"{last.lower().removesuffix('s')}s"].append(name)
        return {form: names for form, names in found.items() if 1 < len(names) < len(self._rows)}

    @cached_property
    def _houses(self) -> dict[str, list[str]]:
        """What things are called, by the first word of their names."""
        found: dict[str, list[str]] = defaultdict(list)
        for name in self._rows:
            found[name.split()[0]].append(name)
        return found

    @cached_property
    def _counted(self) -> dict[float, list[Cell]]:
        """The cells by each of their numbers."""
        found: dict[float, list[Cell]] = defaultdict(list)
        for cell in self._cells.values():
            for value in dict.fromkeys(each.value for each in cell.numbers):
                found[value].append(cell)
        return found

    def of(self, slot: str, value: str) -> list[str]:
        """The things that have this value."""
        return [entity for (entity, name), cell in self._cells.items() if name == slot and cell.value == value]

    @cached_property
    def _once(self) -> set[str]:
        """Pairs of Chinese characters that stand in one name or cell of all."""
        texts = {*self._rows, *(cell.value for cell in self._cells.values())}
        found = Counter(pair for text in texts for pair in {text[at : at + 2] for at in range(len(text) - 1)})
        return {pair for pair, count in found.items() if count == 1}

    def hinted(self, cell: Cell, text: str) -> Iterator[tuple[int, str]]:
        """(place, part) of parts that are said by their first or last word, which no other cell has ("茶室" of
        "独立茶室")."""
        for part in cell.parts:
            for pair in dict.fromkeys((part[:2], part[-2:])) if _PHRASE.fullmatch(part) else ():
                if pair in self._once and (at := text.find(pair)) >= 0:
                    yield at, part

    def counting(self, number: Said) -> list[Cell]:
        """The cells of all that this number can be of."""
        values = number.value, number.value * 10_000, number.value / 100
        return [cell for value in values for cell in self._counted.get(value, ()) if cell.counts(number)]

    def only(self, number: Said) -> Cell | None:
        """The one cell of all that this number can be of."""
        found = self.counting(number)
        return found[0] if len(found) == 1 else None


def _alike(listed: Said, said: Said) -> bool:
    if "" not in (listed.kind, said.kind) and not same_kind(listed.kind, said.kind):
        return False
    one, other = listed.plain, said.plain
    if listed.kind == said.kind == "time":
        return abs(one - other) <= 0.02 * one
    return one in (other, other * 10_000) or (listed.kind == "money" and one % 1 > 0 and round(one * 100) == other)


def _slip(listed: float, said: float) -> bool:
    """One digit off, or not far off."""
    one, other = f"{listed:g}", f"{said:g}"
    digit = len(one) == len(other) and sum(a != b for a, b in zip(one, other, strict=True)) == 1
    return (digit and len(one) > 1) or (listed > 0 and 1 / _NEAR < said / listed < _NEAR)


def stands(part: str, text: str, least: int = 2) -> int:
    """Where a text says a part of a cell, word for word or most of its words (not less than so many) close together; -1
    where it does not."""
    wanted, said = _plain(part), _plain(text)
    if _COUNTED.fullmatch(wanted):
        return _bare_at(wanted, said)
    exact = re.search(rf"(?<![a-z0-9]){re.escape(wanted)}(?:e?s)?(?![a-z0-9])", said) if wanted else None
    if not exact and _KIND.fullmatch(wanted):
        exact = re.search(re.escape(wanted[:-1]), said)
    if exact or len(wanted) < 4:
        return exact.start() if exact else -1
    tokens = _tokens(wanted)
    found = sorted(at for at in (_found(token, said) for token in tokens) if at >= 0)
    close = bool(found) and found[-1] - found[0] <= _WIDE * len(wanted)
    counts = [each.plain for each in measured(said)]
    numbers = all(each.plain in counts for each in measured(wanted) if each.kind or not wanted.isascii())
    least = 3 if len(tokens) > 3 and HAN.search(wanted) else least
    return found[0] if close and numbers and len(found) >= max(least, _SHARE * len(tokens)) else -1


def heads(part: str, text: str) -> bool:
    """May `stands` find it? Quick, and never wrong where the answer is no."""
    keys = _keys(part)
    return not keys or any(key in text for key in keys)


@lru_cache(1 << 15)
def _keys(part: str) -> tuple[str, ...]:
    """What any text has one of that says a part; nothing where that cannot be told."""
    wanted = _plain(part)
    if len(wanted) < 4 or _COUNTED.fullmatch(wanted) or _KIND.fullmatch(wanted):
        return ()
    return tuple(token[:_STEM] if token.isascii() else token for token in _tokens(wanted))


def _bare_at(wanted: str, text: str) -> int:
    """Where a text says counts of things ("一大两小"), with whatever is counted ("一张大床两张小床")."""
    kept = [at for at, char in enumerate(text) if char not in _COUNTERS]
    at = "".join(text[each] for each in kept).find("".join(char for char in wanted if char not in _COUNTERS))
    return kept[at] if at >= 0 else -1


def _found(token: str, text: str) -> int:
    """A word is found by its beginning ("cancel" for "cancellation"), two characters of Chinese as they are."""
    if not token.isascii():
        return text.find(token)
    begins = re.search(rf"(?<![a-z0-9]){re.escape(token[:_STEM])}", text)
    return begins.start() if begins else -1


def _plain(text: str) -> str:
    return _HYPHEN.sub(lambda mark: " " if mark[0] in "-–_" else mark[0], spoken(text))


def _tokens(text: str) -> set[str]:
    return {word for word in (pairs(text) if HAN.search(text) else content(text)) if not word.isdigit()}

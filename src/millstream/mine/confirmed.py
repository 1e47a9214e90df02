"""What a host says that the tables have: (entity, slot, value), where the cell of the thing talked of holds it.

A number or words that stand in a cell of what is being talked of are hardly there by chance, so its slot need not be
named; a small number has to have the cell's unit, or the slot's name beside it. What contradicts a table is
not found here (facts.py), nor is anything of slots and things that no table has.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple, Protocol

from millstream.domain import NO, YES, SlotSpec
from millstream.mine.find import Hit, Phrases
from millstream.mine.focus import Focus, Near, compared, together
from millstream.mine.measures import DATA, Said, kind_of, measured, same_kind
from millstream.mine.sheet import Cell, Sheet, stands
from millstream.mine.topics import About, Topics
from millstream.mine.words import content, stop

LACKS, LACKING, NONE, ALL, _BARE, _GIVES, AFFIRMED, TWO, FAMILY, THESE = (
    re.compile(DATA[key], re.I)
    for key in ("lacks", "lacking", "none", "all", "bare", "gives", "affirmed", "two", "family", "these")
)
_LEAD = re.compile(r"([$a-z']+) ([a-z]+) \$value")
_LENGTHS = ("time", "distance", "volume", "weight")
_MEASURED = (*_LENGTHS, "people", "seats", "stars", "rate", "meals")
_OF_WORDS = ("", "meals", "portions")
_ALONE, _SHORT, _FRESH, _BEFORE, _AFTER, _NEAR = 20, 3, 6, 14, 4, 16
"""From which number on one tells its slot by itself; how short a value needs its thing named or just spoken of; for how
many cues a number or words may be of what was spoken of; how far a slot's name may stand before and behind, and a word
that gives from it."""


class Line(NamedTuple):
    """A line of the host: its text, the same with names blanked, what it names, its place among the lines,
    and the slot that the line before left open."""

    text: str
    bare: str
    about: About
    at: int
    asked: SlotSpec | None = None


class Found(NamedTuple):
    entity: str
    slot: str
    value: str
    start: int
    sure: float


@dataclass(frozen=True)
class Confirmed:
    topics: Topics
    sheet: Sheet
    focus: Focus

    @cached_property
    def _leads(self) -> dict[str, str]:
        """What leads to a value in the domain's own wordings, by slot: "feeds", "enough for"."""
        found: dict[str, set[str]] = defaultdict(set)
        for slot in self.topics.domain.slots:
            for said in (*slot.tell.get("en", ()), *slot.assure.get("en", ()), *slot.grant.get("en", ())):
                for first, last in _LEAD.findall(said):
                    found[last if content(last) else f"{first} {last}"].add(slot.name)
        return {
            f" {lead}": min(slots)
            for lead, slots in found.items()
            if len(slots) == 1 and content(lead) and lead[0] != "$"
        }

    def number(self, number: Said, line: Line) -> tuple[Near, SlotSpec] | None:
        """The thing and the slot whose cell this number is, of what is named in the line or in mind; the likeliest
        thing first, and a slot that is named."""
        near = [*self._near(number.start, line), *(Near(entity, True) for entity in self._kind(line))]
        return self._first(number, line, [each for each in near if each.named or self.focus.holds(each.entity)])

    def _near(self, start: int, line: Line) -> list[Near]:
        """What a value at this place may belong to; what a line calls together is named by it."""
        called = [] if line.about.entities else self._called(line)
        near = self.focus.near(start, line.about.entities, line.at)
        return [
            *(Near(each, True) for each in called),
            *(each for each in near if not of_another(each.entity, start, line)),
        ]

    def elsewhere(self, number: Said, line: Line) -> tuple[Near, SlotSpec] | None:
        """The same of what was talked of before, or of the one thing in all the tables that has this price."""
        before = self._first(number, line, self.focus.near(number.start, line.about.entities, line.at))
        only = self.sheet.only(number) if not before and _is_price(number) else None
        slot = self.topics.domain.by_name.get(only.slot) if only else None
        return (Near(only.entity, False), slot) if only and slot and slot.kind == "money" else before

    def _first(self, number: Said, line: Line, near: Sequence[Near]) -> tuple[Near, SlotSpec] | None:
        named = [hit.value.name for hit in beside(number, line)]
        named += [slot for lead, slot in self._leads.items() if f" {line.bare[: number.start].rstrip()}".endswith(lead)]
        named += [line.asked.name] if line.asked and not line.about.slots else []
        for each in near:
            cells = [cell for cell in self.sheet.row(each.entity) if cell.counts(number)]
            cells = [
                cell for cell in cells if self._tells(cell, number, each, named) and self._own(each, cell.slot, line)
            ]
            if cells:
                best = min(cells, key=lambda cell: cell.slot not in named)
                return each, self.topics.domain.by_name[best.slot]
        return None

    def _tells(self, cell: Cell, number: Said, near: Near, named: Sequence[str]) -> bool:
        """Is the number there because of this cell?"""
        slot = self.topics.domain.by_name.get(cell.slot)
        if slot is None or slot.kind == "flag":
            return False
        same = any(_measures(each, number) for each in cell.numbers) or _counts(slot, number)
        if slot.kind == "category" and not (same and (cell.slot in named or number.kind in _LENGTHS)):
            return False
        if slot.kind == "text" and not same and not (cell.slot in named and number.value >= _ALONE):
            return False
        here = near.named or self.focus.holds(near.entity)
        same |= near.named and number.kind == slot.kind == "money"
        if here and (cell.slot in named or same) and near.age <= (2 * _FRESH if cell.slot in named else _FRESH):
            return True
        least = _ALONE / 2 if slot.kind == "money" and near.age <= 1 else _ALONE
        large = number.value >= least or number.value % 1 > 0
        return large and (number.value >= 5 * _ALONE or here)

    def words(self, line: Line) -> Iterator[Found]:
        """Words of cells, each of the thing it most likely belongs to."""
        things = dict.fromkeys(near.entity for near in self._near(0, line))
        heard: dict[tuple[int, str, str], list[str]] = {}
        for entity in things:
            for cell in self.sheet.row(entity):
                for start, part in self._parts(cell, entity, line):
                    heard.setdefault((start, cell.slot, part), []).append(entity)
        for (start, slot, part), entities in heard.items():
            order = self._near(start, line)
            best = next((near for near in order if near.entity in entities), None)
            if (
                not best
                or not self._fresh(best, part, slot in line.about.slot_names)
                or not self._own(best, slot, line)
            ):
                continue
            for entity in (best.entity, *self._company(best.entity, line)):
                same = self.sheet.cell(entity, slot)
                if same and part in same.parts:
                    yield Found(entity, slot, part, start, 0.9 if best.named else 0.7)

    def _parts(self, cell: Cell, entity: str, line: Line) -> Iterator[tuple[int, str]]:
        slot = self.topics.domain.by_name.get(cell.slot)
        if slot is None or slot.kind not in ("category", "text") or cell.value in entity or "request" not in slot.use:
            return
        hinted = self.sheet.hinted(cell, line.bare) if slot.kind == "text" else ()
        heard = ((said_at(part, slot, line) if _is_article(part) else at, part) for at, part in cell.heard(line.bare))
        for start, part in ((at, part) for at, part in (*heard, *hinted) if at >= 0):
            bare = _BARE.fullmatch(part) and cell.slot not in line.about.slot_names
            if (
                not (counted(part) or bare)
                and not LACKS.search(line.bare[:start])
                and not self._longer(cell.slot, cell.value, part, line.bare)
            ):
                yield start, part

    def _longer(self, slot: str, own: str, part: str, text: str) -> bool:
        """Is it a piece of another value of the column ("hybrid" of "plug-in hybrid")?"""
        plain = text.replace("-", " ")
        return any(
            other not in (part, own) and part in other and other.replace("-", " ").lower() in plain
            for other in self.sheet.column(slot)
        )

    def _fresh(self, near: Near, part: str, asked: bool) -> bool:
        if near.named:
            return True
        if asked:
            return self.focus.holds(near.entity)
        least = _SHORT if part[0] > "\u3000" else 2 * _SHORT
        return self.focus.holds(near.entity) and near.age <= (_FRESH if len(part) > least else _FRESH // 2)

    def _own(self, near: Near, slot: str, line: Line) -> bool:
        """Not of the whole house, as what all its rooms share is when it is said of none of them by name."""
        called = near.entity.split()[0].lower() in line.text
        house = not line.about.entities and (called or near.entity in self._called(line))
        if near.named or not near.age:
            return not (house and self.sheet.shared(near.entity, slot))
        return not self.sheet.shared(near.entity, slot)

    def flags(self, line: Line) -> Iterator[Found]:
        """Yes and no: the slot's name, with or without a word that denies it, where the cell says the same; and what a
        cell denies, denied ("no refunds" of "non-refundable")."""
        for hit in line.about.slots:
            order = self._near(hit.start, line)
            for near in [*order[:1], *(each for each in order[1:] if each.named)]:
                cell = self.sheet.cell(near.entity, hit.value.name)
                fresh = near.named or near.age <= _FRESH // 2
                if cell and fresh and self._agrees(hit, cell, line) and self._own(near, cell.slot, line):
                    break
            else:
                continue
            if cell:
                for entity in (near.entity, *self._company(near.entity, line)):
                    if (same := self.sheet.cell(entity, cell.slot)) and same.value == cell.value:
                        yield Found(entity, cell.slot, cell.value, hit.start, 0.8)
        yield from self._denials(line)

    def _agrees(self, hit: Hit[SlotSpec], cell: Cell, line: Line) -> bool:
        """Does a line say of this slot the yes or no that the cell has, a yes of words by a word that gives?"""
        no = lacks(hit, line.bare)
        before, behind = line.bare[: hit.start], line.bare[hit.end :]
        given = no or hit.value.kind == "flag" or _GIVES.search(f"{before[-_NEAR:]}\0{behind[:_NEAR]}")
        return bool(given) and agrees(hit.value, cell, no)

    def _denials(self, line: Line) -> Iterator[Found]:
        for near in self.focus.near(0, line.about.entities, line.at):
            for cell in self.sheet.row(near.entity) if near.named or near.age <= _FRESH // 2 else ():
                told = NONE.match(cell.value)
                place = stands(cell.value[told.end() :].lstrip(" -的"), line.bare, 1) if told else -1
                if place > 0 and LACKS.search(line.bare[:place]) and self._own(near, cell.slot, line):
                    yield Found(near.entity, cell.slot, cell.value, place, 0.7)

    def others(self, entity: str, slot: str, number: Said, line: Line) -> list[str]:
        """Who else has the same there."""
        cells = (self.sheet.cell(each, slot) for each in self._company(entity, line) if each != entity)
        return [cell.entity for cell in cells if cell and cell.counts(number)]

    def _company(self, entity: str, line: Line) -> list[str]:
        """Who a line may speak of with this one: named with it ("the Lark and the Kite"), all of a kind ("all
        electrics"), the two last talked of ("these two"), all lately talked of ("these"), its versions ("the whole
        Lark family")."""
        groups = together(line.about.entities, line.text)
        many = [*next((group for group in groups if entity in group), []), *self._kind(line)]
        if TWO.search(line.bare):
            many += self.focus.lately(line.at)[:2]
        elif THESE.search(line.bare):
            many += self.focus.lately(line.at)
        if FAMILY.search(line.bare):
            many += [each for each in self.sheet.entities if each.startswith(entity)]
        return [each for each in dict.fromkeys(many) if each != entity]

    def _kind(self, line: Line) -> list[str]:
        """The things of a kind of all of which the line speaks, by their value or by what their names share."""
        slots = self.topics.domain.slots if ALL.search(line.bare) else ()
        kinds = [slot for slot in slots if slot.kind == "category" and self.sheet.has(slot.name)]
        by_value = [
            entity
            for slot in kinds
            for value in self.sheet.column(slot.name)
            if stands(value, line.bare) >= 0 and not self._longer(slot.name, value, value, line.bare)
            for entity in self.sheet.of(slot.name, value)
            if len(self.sheet.of(slot.name, value)) < len(self.sheet.entities)
        ]
        return by_value + self._called(line)

    def _called(self, line: Line) -> list[str]:
        """The things that a line calls together ("bowls"), and does not name one of ("the cheaper bowl, the Poke")."""
        found = [hit.value for hit in self._groups.found(line.bare)]
        return [entity for things in found if line.about.names.isdisjoint(things) for entity in things]

    @cached_property
    def _groups(self) -> Phrases[list[str]]:
        return Phrases(self.sheet.groups)


def lacks(hit: Hit[SlotSpec], bare: str) -> bool:
    """Does a line say that a thing has not what the slot names?"""
    return bool(LACKS.search(bare[: hit.start]) or LACKING.match(bare[hit.end :]) or bare[hit.start] in "不没无")


def agrees(slot: SlotSpec, cell: Cell, no: bool) -> bool:
    """Is what the cell has a yes or a no, as a line says?"""
    if slot.kind == "flag":
        return cell.value in (NO if no else YES).values()
    return slot.kind in ("category", "text") and bool(NONE.match(cell.value) if no else AFFIRMED.fullmatch(cell.value))


class _Heard(Protocol):
    @property
    def text(self) -> str: ...
    @property
    def bare(self) -> str: ...
    @property
    def about(self) -> About: ...


def of_another(entity: str, start: int, line: _Heard) -> bool:
    """Is what stands here said of a thing that the line names before it, and not of this one, unnamed?"""
    hits = line.about.entities
    if any(hit.value == entity for hit in hits) or any(form.search(line.bare) for form in (ALL, TWO, THESE, FAMILY)):
        return False
    return any(not compared(line.text, hit) for hit in hits)


def said_at(part: str, slot: SlotSpec, line: _Heard) -> int:
    """Where a line says a part of a cell, -1 where it does not; a letter that is also an article ("grade A") only right
    behind its slot's name."""
    if not _is_article(part):
        return stands(part, line.bare)
    behind = re.compile(rf"[\s:-]*(?:is )?({part.lower()})(?![a-z0-9])")
    found = (behind.match(line.bare, hit.end) for hit in line.about.slots if hit.value.name == slot.name)
    return next((match.start(1) for match in found if match), -1)


def _is_article(part: str) -> bool:
    return len(part) == 1 and part.lower() in stop("en")


def counted(part: str) -> bool:
    """Is a part of a cell a number with its unit, and no words?"""
    return any(each.kind not in _OF_WORDS and each.end - each.start >= len(part) - 2 for each in measured(part))


def _measures(listed: Said, said: Said) -> bool:
    """Do both count the same? Of sizes there are too many to go by their kind."""
    heads = listed.kind != said.kind and same_kind(listed.kind, said.kind)
    known = said.kind in _MEASURED or (said.kind == "money" and said.value >= _ALONE)
    sizes = said.kind == "size" and listed.unit.lstrip("个")[:1] == said.unit.lstrip("个")[:1]
    return heads or (listed.kind == said.kind and (known or sizes))


def _counts(slot: SlotSpec, said: Said) -> bool:
    """Is it in the unit of the slot, whatever the language, where the table writes none?"""
    return slot.kind == "number" and said.kind in _MEASURED and said.kind in map(kind_of, slot.unit.values())


def _is_price(number: Said) -> bool:
    """May it be told from all the prices of a table by itself?"""
    digits = f"{number.value:g}".replace(".", "").rstrip("0")
    return number.kind in ("", "money") and len(digits) >= (3 if number.kind or number.value % 1 else 4)


def beside(number: Said, line: Line) -> list[Hit[SlotSpec]]:
    """The slots named near a number: the last before it first, then what follows closely. Names of things between
    them count for nothing ("monthly on the Corvane Wren is 239")."""

    def between(start: int, end: int) -> int:
        return len(line.bare[start:end].replace("\0", ""))

    slots = line.about.slots
    reach = _BEFORE * (2 if len({hit.value.name for hit in slots}) == 1 else 1)
    before = [hit for hit in slots if hit.end <= number.start and between(hit.end, number.start) <= reach]
    after = [hit for hit in slots if hit.start >= number.end and between(number.end, hit.start) <= _AFTER]
    return [*reversed(before), *after]

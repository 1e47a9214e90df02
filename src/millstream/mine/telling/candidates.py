"""What a line of a host may tell: every cell of the tables that one of its numbers or words could be of.

Generous on purpose: of ten candidates one is told, and which is weighed by marks.py and weights.py. A number that no
table has may be another value of what is in mind, where the column holds such numbers. Knows no weights.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, NamedTuple

import numpy as np

from millstream.domain import Domain, SlotSpec
from millstream.mine.arrays import Doubles
from millstream.mine.confirmed import agrees, counted, lacks, said_at
from millstream.mine.corrections import DENIED, TOLD
from millstream.mine.facts import APART, clause, inquires
from millstream.mine.measures import DATA, Said, counts_nothing, divided, measured, same_kind, thousands
from millstream.mine.sheet import Cell, Sheet, heads
from millstream.mine.topics import About

Kind = Literal["number", "other", "words", "hint", "flag"]
_IN_MIND, _COUNTED = 2, 0.5
"""Things of which a number that no table has may be; the share of a column's cells that must hold numbers for that."""


class Spoken(NamedTuple):
    """A line: its words, the same with names blanked, what it names, its place, and what a viewer asks about where it
    begins to answer."""

    text: str
    bare: str
    about: About
    at: int
    asked: About | None = None


@dataclass(frozen=True)
class Candidate:
    """`slot` of `entity` may be told by what stands from `start` to `end` of a line. `cell`: what the table has there;
    `said`: the number; else `part`, the words of the cell. `split`: the number is read into a longer one."""

    kind: Kind
    entity: str
    slot: SlotSpec
    cell: Cell | None
    start: int
    end: int
    said: Said | None = None
    part: str = ""
    split: bool = False

    @property
    def place(self) -> tuple[int, str, bool]:
        """Who shares it are rivals: at most one of them is told, if nothing is said of several together."""
        return self.start, self.slot.name, self.kind == "other"


@dataclass(frozen=True)
class Tables:
    """The cells of a run, as candidates need them: made once for a recording."""

    sheet: Sheet
    domain: Domain

    @cached_property
    def things(self) -> dict[str, int]:
        return {thing: n for n, thing in enumerate(self.sheet.entities)}

    @cached_property
    def _parts(self) -> list[tuple[SlotSpec, str, tuple[str, ...], tuple[Cell, ...]]]:
        """The parts of cells that are words, how each may be said, and the cells that have it."""
        found: dict[tuple[str, str], list[Cell]] = defaultdict(list)
        for cell in self.sheet.cells:
            slot = self.domain.by_name.get(cell.slot)
            for part in cell.parts if slot and slot.kind in ("category", "text") else ():
                if not counted(part):
                    found[cell.slot, part].append(cell)
        return [
            (self.domain.by_name[slot], part, (part, *DATA["also"].get(part.lower(), ())), tuple(cells))
            for (slot, part), cells in found.items()
        ]

    @cached_property
    def counted(self) -> dict[str, list[Said]]:
        """The first number of each cell, by slot, of columns that hold mostly numbers."""
        found: dict[str, list[Said]] = defaultdict(list)
        for cell in self.sheet.cells:
            found[cell.slot] += cell.numbers[:1]
        return {slot: numbers for slot, numbers in found.items() if len(numbers) >= _COUNTED * self.sizes[slot]}

    @cached_property
    def sizes(self) -> Counter[str]:
        """Cells by slot."""
        return Counter(cell.slot for cell in self.sheet.cells)

    def of(self, line: Spoken, belief: Doubles) -> list[Candidate]:
        """All that a line may tell; `belief` is how likely each thing is talked of there. What it asks, says of another
        shop or denies is nobody's, however it looks."""
        if inquires(line.text):
            return []
        every = (*self._numbers(line, belief), *self._words(line), *self._flags(line))
        return [each for each in every if not _barred(each, line.bare)]

    def _numbers(self, line: Spoken, belief: Doubles) -> Iterator[Candidate]:
        for number in measured(line.bare):
            if counts_nothing(line.bare, number):
                continue
            ways = (*thousands(line.bare, number), *divided(line.bare, number))
            for said, split in [(number, False), *((said, True) for way in ways for said in way)]:
                listed = {(cell.entity, cell.slot): cell for cell in self.sheet.counting(said)}
                for (entity, name), cell in listed.items():
                    slot = self.domain.by_name.get(name)
                    if slot and slot.kind != "flag":
                        yield Candidate("number", entity, slot, cell, said.start, said.end, said, split=split)
                if not split:
                    yield from self._others(said, line, belief, listed.keys())

    def _others(
        self, said: Said, line: Spoken, belief: Doubles, listed: Collection[tuple[str, str]]
    ) -> Iterator[Candidate]:
        """Values that no table has, of what is named, asked about or most in mind."""
        names = list(self.things)
        mind = {names[n] for n in np.argsort(-belief)[:_IN_MIND]} | line.about.names
        for entity in sorted(mind | (line.asked.names if line.asked else frozenset())):
            for name, column in self.counted.items() if entity in self.things else ():
                slot = self.domain.by_name.get(name)
                if slot and slot.kind != "flag" and (entity, name) not in listed and _fits(said, slot, column):
                    cell = self.sheet.cell(entity, name)
                    yield Candidate("other", entity, slot, cell, said.start, said.end, said)

    def _words(self, line: Spoken) -> Iterator[Candidate]:
        for slot, part, ways, cells in self._parts:
            at = next((at for at in (said_at(way, slot, line) for way in ways if heads(way, line.bare)) if at >= 0), -1)
            kind: Kind = "words"
            end = at + len(part)
            if at < 0 and slot.kind == "text":
                hinted = ((place, each) for place, each in self.sheet.hinted(cells[0], line.bare) if each == part)
                at, kind = next(hinted, (-1, ""))[0], "hint"
                end = at + 2
            for cell in cells if at >= 0 else ():
                yield Candidate(kind, cell.entity, slot, cell, at, end, part=part)

    def _flags(self, line: Spoken) -> Iterator[Candidate]:
        for hit in line.about.slots:
            no = lacks(hit, line.bare)
            for entity in self.things:
                cell = self.sheet.cell(entity, hit.value.name)
                if cell and agrees(hit.value, cell, no):
                    yield Candidate("flag", entity, hit.value, cell, hit.start, hit.end, part=cell.value)


def _barred(each: Candidate, bare: str) -> bool:
    before = bare[: each.start]
    denied = each.said and (DENIED.search(before) or TOLD.search(before))
    return bool(denied or APART.search(clause(bare, each.start, each.end)))


def _fits(said: Said, slot: SlotSpec, column: Sequence[Said]) -> bool:
    """Could a column with such numbers hold this one?"""
    if slot.kind == "money" and said.kind not in ("", "money"):
        return False
    kinds = {each.kind for each in column}
    bare = "" in kinds and (slot.kind == "money") == (said.kind == "money")
    return not said.kind or bare or any(same_kind(kind, said.kind) for kind in kinds)

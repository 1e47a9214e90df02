"""A claim: what a host says of a slot of a thing. Knows no rules by which it is found."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import cached_property

from millstream import numbers
from millstream.mine.sheet import Sheet


@dataclass(frozen=True)
class Claim:
    """The host says that `slot` of `entity` is `value`; `at` is the place of the cue among those read. `listed`: a
    table has it so; `part`: in words, of which the value is some."""

    entity: str
    slot: str
    value: str
    at: int
    sure: float
    listed: bool = False
    part: bool = False

    @property
    def key(self) -> tuple[str, str]:
        return self.entity, self.slot

    @cached_property
    def number(self) -> float | None:
        return numbers.first(self.value)

    def counts(self, value: float) -> bool:
        """Is this its number, also where one of them leaves the ten thousands to the hearer?"""
        if self.number is None:
            return False
        small, large = sorted((abs(self.number), abs(value)))
        return small == large or small * 10_000 == large

    def agrees(self, other: "Claim") -> bool:
        if self.number is None or other.number is None:
            return self.value.casefold() == other.value.casefold()
        return self.counts(other.number)


def joined(claims: Iterable[Claim], sheet: Sheet) -> list[list[Claim]]:
    """Claims that say the same, and what is said in parts of one cell ("mats" and later "a dog guard"), put together:
    the first of each has the whole value."""
    found: dict[tuple[str, ...], list[Claim]] = {}
    for claim in claims:
        found.setdefault((*claim.key, "" if claim.part else claim.value), []).append(claim)
    for same in found.values():
        cell = sheet.cell(*same[0].key) if same[0].part else None
        if cell:
            same[0] = replace(same[0], value=cell.whole([claim.value for claim in same]))
    return list(found.values())


def settled(claims: Iterable[Claim], text: str) -> list[Claim]:
    """Of a line that says the same thing twice, what the table has ("four fifty a night, four fifty-eight"); and
    numbers of one cell as one value ("eight years or a hundred thousand miles")."""
    found = list(claims)
    kept: dict[tuple[str, str], Claim] = {}
    for claim in found:
        before = kept.get(claim.key)
        if before and before.listed and claim.listed and before.value != claim.value:
            start, end = text.find(before.value), text.rfind(claim.value) + len(claim.value)
            kept[claim.key] = replace(before, value=text[start:end])
        elif not before or claim.listed > before.listed:
            kept[claim.key] = claim
    plain = [claim for claim in found if not claim.listed and not kept[claim.key].listed]
    return plain + [claim for claim in kept.values() if claim.listed]

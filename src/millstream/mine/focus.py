"""Which things are talked of: named in this line, a moment ago, or still in mind. Knows no slots and no tables."""

import re
from collections.abc import Collection, Sequence
from typing import NamedTuple

from millstream.mine.find import Hit
from millstream.mine.measures import DATA

_COMPARED = re.compile(DATA["compared"], re.I)
_BESIDE = re.compile(r"[\s,，、]*(?:(?:the|and|or|both|plus|then|和|跟|还有|与|以及|都)[\s,，、]*)*", re.I)
REMEMBERED, RECENT = 12, 8
"""Cues for which a thing stays in mind while no other is named, and for which it may be come back to."""


class Near(NamedTuple):
    """A thing that something may be said of: is it named in the line, and how many cues ago was it?"""

    entity: str
    named: bool
    age: int = 0


class Focus:
    """Reads line by line."""

    def __init__(self) -> None:
        self.entity, self.asked, self.at = "", "", -REMEMBERED
        self._last: dict[str, int] = {}

    def holds(self, entity: str) -> bool:
        """Is it what is in mind, or what a viewer asked about whom the line answers?"""
        return entity in (self.entity, self.asked)

    def age(self, at: int) -> int:
        return at - self.at

    def lately(self, at: int) -> list[str]:
        """What was talked of, the last first."""
        return [entity for entity, last in reversed(self._last.items()) if at - last <= 2 * RECENT]

    def take(self, entities: Sequence[Hit[str]], text: str, at: int) -> None:
        """The last thing named stays in mind, unless something was only compared with it."""
        for hit in entities:
            self._last.pop(hit.value, None)
            self._last[hit.value] = at
        plain = [hit for hit in entities if not compared(text, hit)]
        if plain:
            self.entity, self.at = plain[-1].value, at

    def follow(self, entity: str, named: Collection[str], at: int) -> None:
        """Of a line that names nothing, what the tables say that it is about."""
        if entity and not named and entity != self.entity:
            self.turn(entity, at)

    def lose(self) -> None:
        """Something that no table has is spoken of."""
        self.entity = ""

    def turn(self, entity: str, at: int) -> None:
        """Something is said of it, without its name."""
        self.entity, self.at = entity, at
        self._last.pop(entity, None)
        self._last[entity] = at

    def near(self, start: int, entities: Sequence[Hit[str]], at: int) -> list[Near]:
        """What a value at this place may belong to, the likeliest first: named before it, named behind it where nothing
        is before, in mind, talked of a while ago."""
        before = [hit.value for hit in reversed(entities) if hit.start <= start]
        behind = [hit.value for hit in entities if hit.start > start]
        here = dict.fromkeys([*before, *behind])
        found = [Near(entity, True) for entity in here]
        if self.entity and self.entity not in here and self.age(at) <= REMEMBERED:
            found.insert(len(found) if before else 0, Near(self.entity, False, self.age(at)))
        if self.asked and self.asked not in (*here, self.entity):
            found.append(Near(self.asked, False))
        past = [(entity, at - last) for entity, last in reversed(self._last.items()) if at - last <= RECENT]
        return found + [
            Near(entity, False, age) for entity, age in past if entity not in here and not self.holds(entity)
        ]


def compared(text: str, hit: Hit[str]) -> bool:
    """Is it only named for comparison ("cheaper than the Kite")?"""
    return bool(_COMPARED.search(text[: hit.start]))


def together(entities: Sequence[Hit[str]], text: str) -> list[list[str]]:
    """Things named one beside the other ("the lark the kite and the osprey")."""
    groups: list[list[str]] = []
    end = -1
    for hit in entities:
        if groups and _BESIDE.fullmatch(text[end : hit.start]):
            groups[-1].append(hit.value)
        else:
            groups.append([hit.value])
        end = hit.end
    return groups

"""What mix of dialogues is asked for, and which value is due next.

A whole number is a count, drawn first until it is reached; a fraction is a share of all. What is not named shares
what is left, the least used first. Scenario n depends on the scenarios before it alone, never on what was accepted.
Knows no scenario: only dimensions, values and how often each was drawn.
"""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from typing import get_args

from millstream.errors import InputError
from millstream.plan.personas import TYPES
from millstream.records import Difficulty, Move, Outcome

Asked = Mapping[str, Mapping[str, int | float]]
"""Dimension -> value -> count or share."""

PATHS: tuple[Move, ...] = ("recover", "conflict", "compare", "objection", "negotiate", "invite")
"""The moves a path may have or not: a path has several, so that their shares do not add up."""
KNOWN: dict[str, tuple[str, ...]] = {
    "outcome": tuple(each for each in get_args(Outcome) if each != "resolved"),
    "path": PATHS,
    "persona": TYPES,
    "difficulty": get_args(Difficulty),
    "entity": (),
}
"""The dimensions and their values; the entities are those of the run's knowledge."""


def checked(asked: Asked, entities: Collection[str] = ()) -> Asked:
    """`asked` as it is. InputError names the key and the values there are; entities are checked where known."""
    for dimension, values in asked.items():
        if dimension not in KNOWN:
            raise InputError(f"mix.{dimension}: no such dimension", "settings", f"there are {', '.join(KNOWN)}")
        known = entities if dimension == "entity" else KNOWN[dimension]
        for value, wanted in values.items():
            key = f"mix.{dimension}.{value}"
            if known and value not in known:
                raise InputError(f"{key}: no such value", "settings", f"there are {', '.join(sorted(known))}")
            if wanted < 0 or (isinstance(wanted, float) and wanted > 1):
                raise InputError(f"{key}: {wanted}", "settings", "give a share (0.3) or a count (12)")
        shares = sum(wanted for wanted in values.values() if isinstance(wanted, float))
        if dimension != "path" and shares > 1 + 1e-9:
            raise InputError(f"mix.{dimension}: its shares add up to {shares:g}", "settings", "give at most 1 in all")
    return asked


@dataclass
class Steering:
    """What was drawn of each value, and what is due."""

    asked: Asked = field(default_factory=dict)
    drawn: Counter[tuple[str, str]] = field(default_factory=Counter)
    total: int = 0

    def add(self, values: Mapping[str, Iterable[str]]) -> None:
        """One scenario more, with its values of each dimension."""
        self.total += 1
        self.drawn.update((dimension, value) for dimension, found in values.items() for value in found)

    def due(self, dimension: str, choices: Collection[str]) -> Collection[str]:
        """Of `choices`, the value farthest below what was asked of it; those nobody named where none of the named ones
        is; all where nothing is asked."""
        asked = self.asked.get(dimension, {})
        named = [value for value in choices if value in asked]
        others = [value for value in choices if value not in asked]
        lacking = {value: self._lacking(dimension, value) for value in named}
        if lacking and (max(lacking.values()) > self._rest(dimension) or not others):
            most = max(lacking.values())
            return [value for value in named if lacking[value] == most]
        return others or choices

    def wanted(self, dimension: str, value: str) -> bool | None:
        """For a dimension whose values do not exclude each other: is this one due now? None: nobody asked."""
        return self._lacking(dimension, value) > 0 if value in self.asked.get(dimension, {}) else None

    def _lacking(self, dimension: str, value: str) -> float:
        """How many more there should be once the next one is drawn; a count is wanted before any share."""
        wanted, drawn = self.asked[dimension][value], self.drawn[dimension, value]
        if isinstance(wanted, int):
            return float("inf") if drawn < wanted else float("-inf")
        return wanted * (self.total + 1) - drawn

    def _rest(self, dimension: str) -> float:
        """The same of all values without a share, together: counts come out of what the shares leave."""
        shares = {v: wanted for v, wanted in self.asked.get(dimension, {}).items() if isinstance(wanted, float)}
        left = 1 - sum(shares.values())
        named = sum(self.drawn[dimension, value] for value in shares)
        return left * (self.total + 1) - (self.total - named)

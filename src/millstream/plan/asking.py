"""What users of talks of two ask for: as often as those of the sources did, and as often in vain. Knows no personas."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from functools import cached_property
from random import Random

from millstream.know.base import Knowledge
from millstream.turns import Turns

UNASKED = 0.2
"""For how many questions one counts that nobody in the talks of the sources asked."""
MOST_UNKNOWN = 2
"""Things that nobody knows which a user asks for, at most."""


@dataclass(frozen=True)
class Asking:
    """The questions of one run's talks."""

    knowledge: Knowledge
    turns: Turns

    def due(self, rng: Random, slots: Sequence[str]) -> dict[str, float]:
        """An order in which a question is as frequent as it was (Efraimidis and Spirakis 2006), none everybody's."""
        return {slot: -(rng.random() ** (1 / (UNASKED + self._asked[slot]))) for slot in slots}

    def kept(self, rng: Random, slots: Sequence[str], unknown: Collection[str], most: int) -> tuple[str, ...]:
        """Of these, at most so many: of what a thing may have (a pool, a lift) and of what is not known of it no more
        than users asked for."""
        lacked = [slot for slot in slots if slot in unknown and rng.random() < self._lacked(slot)][:MOST_UNKNOWN]
        there = [slot for slot in slots if slot not in unknown or slot in lacked]
        had = [slot for slot in there if self._is_had(slot)]
        many = sum(rng.random() < self._had for _ in range(most))
        return tuple(slot for slot in there if slot not in had[many:])[:most]

    @cached_property
    def _asked(self) -> Counter[str]:
        """How often users asked for a slot."""
        return Counter(slot for slots in self.turns.together.get("request", ()) for slot in slots)

    @cached_property
    def _had(self) -> float:
        """The share of questions that ask whether a thing has something."""
        return sum(many for slot, many in self._asked.items() if self._is_had(slot)) / max(self._asked.total(), 1)

    def _is_had(self, slot: str) -> bool:
        spec = self.knowledge.domain.by_name.get(slot)
        return spec is not None and spec.is_had

    def _lacked(self, slot: str) -> float:
        """How often what is not known of a thing is asked for, so that it is not known as often as agents say so; never
        where none says it in words that can be lent."""
        if not self.turns.says("agent", (("notify_unknown", slot),)):
            return 0.0
        known = sum(self.knowledge.fact(entity, slot) is not None for entity in self.knowledge.entities)
        denied, unknown = self.turns.denied.get(slot, 0.0), len(self.knowledge.entities) - known
        return min(1.0, denied / (1 - denied) * known / unknown) if denied < 1 and unknown else 1.0

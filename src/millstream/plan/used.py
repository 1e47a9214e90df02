"""How often everything was drawn, and the least used of some choices. Knows no scenario."""

from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from random import Random
from typing import TypeVar

T = TypeVar("T")
Use = tuple[str, str]
"""(kind of choice, what was chosen)."""


@dataclass
class Used:
    """`counts` by the kind of choice."""

    counts: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))

    def add(self, uses: list[Use]) -> None:
        for kind, key in uses:
            self.counts[kind][key] += 1

    def least(self, rng: Random, kind: str, choices: Mapping[str, T], uses: list[Use]) -> T:
        """The least used choice, ties by the seed; its use is noted in `uses`. They are drawn in the order they are
        given in: ids are no order, for the pseudonyms behind them are other ones in every run."""
        count = self.counts[kind].get
        used = [count(key, 0) for key in choices]
        fewest = min(used)
        key = rng.choice([key for key, times in zip(choices, used, strict=True) if times == fewest])
        uses.append((kind, key))
        return choices[key]

"""What came of the mix that was asked for: how many were drawn and accepted of each value, and why not more.

Knows scenarios by their values alone; who drew and who rejected them is told to it.
"""

from collections import Counter
from collections.abc import Collection, Iterator, Mapping
from typing import NamedTuple

from millstream.plan.mix import Asked

Values = Mapping[str, Collection[str]]
"""A scenario's values by dimension."""


class Balance(NamedTuple):
    """One value: what was asked ("30%" or "12"), how many scenarios had it, how many of these were accepted."""

    dimension: str
    value: str
    asked: str
    drawn: int
    accepted: int
    why_not: str


def balance(
    asked: Asked, drawn: Mapping[str, Values], lost: Mapping[str, str], there: Mapping[str, Collection[str]]
) -> Iterator[Balance]:
    """A row for each value asked for. `drawn` are the scenarios by id, `lost` the step that each rejected one was
    rejected at, `there` the values that can be had of what was mined."""
    for dimension, values in asked.items():
        for value, wanted in values.items():
            having = [each for each, found in drawn.items() if value in found[dimension]]
            kept = [each for each in having if each not in lost]
            reasons = []
            if value not in there[dimension]:
                reasons.append("the sources give none")
            elif len(having) < _due(wanted, len(drawn)) - 1:
                reasons.append("too few go with the rest of what is asked for")
            steps = Counter(lost[each] for each in having if each in lost)
            reasons += [f"{count} rejected by {step}" for step, count in steps.most_common()]
            asked_for = f"{wanted:.0%}" if isinstance(wanted, float) else str(wanted)
            yield Balance(dimension, value, asked_for, len(having), len(kept), "; ".join(reasons))


def _due(wanted: float, total: int) -> float:
    return wanted * total if isinstance(wanted, float) else min(wanted, total)

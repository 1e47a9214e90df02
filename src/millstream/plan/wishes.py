"""Wishes a user might state: round figures near what there is."""

import math
from functools import lru_cache
from random import Random

from millstream import numbers
from millstream.domain import NO, NONE, SlotSpec
from millstream.know.base import Knowledge, constraint_on
from millstream.records import Constraint, Fact, Lang

MANY, LONG = 8, 16
"""Values of a slot from which on, and characters of a value above which, nobody names them as a choice."""


def near(fact: Fact, spec: SlotSpec, knowledge: Knowledge, lang: Lang, slack: int = 0) -> Constraint:
    """A wish that `fact` meets: its value, or a round ceiling above it (floor below it).

    `slack` widens (positive) or tightens (negative) the wish by so many round steps; a tightened wish is one that
    `fact` does not meet.
    """
    if fact.number is None or not spec.better:
        return constraint_on(knowledge.domain, spec.name, fact.value)
    step = round_step(fact.number)
    if spec.better == "low":
        bound = math.ceil(fact.number / step) * step + slack * step
    else:
        bound = math.floor(fact.number / step) * step - slack * step
    return constraint_on(knowledge.domain, spec.name, surface(max(bound, step), fact, lang))


def surface(number: float, like: Fact, lang: Lang) -> str:
    """A number written the way the value of `like` is: its unit stays, its digits change."""
    said = next(iter(numbers.mentions(like.value)), None)
    digits = like.value[said.start : said.end].rstrip() if said else ""  # a space before the unit stays
    head, tail = (like.value[: said.start], like.value[said.start + len(digits) :]) if said else ("", "")
    if lang == "zh" and number >= 10_000:
        return f"{head}{number / 10_000:g}万"
    text = f"{number:,.0f}" if number >= 1000 else f"{number:g}"
    return f"{head}{text}{tail}".strip()


def options_on(wish: Constraint, knowledge: Knowledge, rng: Random) -> tuple[str, ...]:
    """Up to three of the values there are, the wished one among them; () where they are not a few short words."""
    others = beside(wish, knowledge)
    chosen = [wish.value, *rng.sample(others, min(len(others), 2))] if others else []
    rng.shuffle(chosen)
    return tuple(chosen)


@lru_cache(1 << 12)
def beside(wish: Constraint, knowledge: Knowledge) -> tuple[str, ...]:
    """The other values there are, where they and the wished one are a few short words; () where not."""
    others = sorted({fact.value for fact in knowledge.having(wish.slot)} - {wish.value, *NONE.values(), *NO.values()})
    worded = all(len(value) <= LONG and not any(map(str.isdigit, value)) for value in (wish.value, *others))
    return tuple(others) if worded and len(others) < MANY else ()


def round_step(number: float) -> float:
    """The round step people count in at this size: a half of what has fractions and 1 under 10, 5 under 100, 50 under
    1000, 10,000 above 50,000."""
    if number < 10 and number % 1:
        return 0.5
    for limit, step in ((10, 1), (100, 5), (1000, 50), (5000, 500), (50_000, 5000)):
        if number < limit:
            return step
    return 10_000 if number < 500_000 else 50_000

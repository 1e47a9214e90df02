"""Haggling worked out by program: a hidden range on each side, and what every round of it gives.

The user has a reservation price, the most the thing is worth to it with nothing added, and priorities: what each
point is worth to it on top. The agent has a floor and a schedule of points, of which one is put on the table a
round; what is granted stays granted. The ranges meet where the reservation, with all that the schedule holds,
reaches what is asked (the zone of possible agreement: Raiffa 1982, The Art and Science of Negotiation, chapter 4);
concessions are monotone (Rosenschein and Zlotkin 1994, Rules of Encounter, chapter 3). The worths and shares are
assumptions. Outcomes are drawn before (plan/sampling.py), so the reservation is drawn where the outcome holds.

Nothing of this is in a record: no step, view, turn or text can hold it. This file knows no wordings.
"""

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from random import Random
from typing import Literal

from millstream import numbers
from millstream.records import Fact, Outcome, Scenario

LEAST_ROUNDS, MOST_ROUNDS = 2, 3
"""Rounds of a negotiation: nobody takes the first word, nobody asks four times."""
GRANT, ARGUMENT = 0.06, 0.03
"""The most that something granted, and that an argument, is worth to a user: shares of the price."""
IDLE = 0.35
"""Share of points that a user does not care for: an argument that fails, a gift of no use."""
ABOVE, BELOW = 1.04, 0.88
"""How far a reservation lies above the price at most, below what is asked at least, where no budget is known."""
BIDS = 0.5
"""Share of users who name a figure of their own when they haggle."""
LEAST_BID = 100.0
"""Price from which on a figure is worth naming, in the currency of the knowledge."""
FAR_BID = 0.8
"""Share of the price below which nobody names a figure."""

LOST: frozenset[Outcome] = frozenset({"lost_price", "lost_competitor"})
"""Outcomes for which the ranges do not meet."""

_OFF = re.compile(
    r"(?:立减|直减|减|抵扣?|优惠|便宜|返)\s*(?P<zh>\d[\d,.]*\s*[万千]?)\s*[元块]"
    r"|(?P<fold>\d(?:\.\d)?)\s*折"
    r"|[$€£]?\s*(?P<en>\d[\d,.]*)\s*(?P<percent>%)?\s*(?:\w+\s+)?off\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Point:
    """Something the agent can put on the table. It rests on one fact.

    A `grant` is given (a gift, an instalment, a free cancellation, what is taken `off` the price), an `argument` is
    said for the thing, an `alternative` is another thing, which costs less.
    """

    fact: Fact
    kind: Literal["grant", "argument", "alternative"]
    off: float = 0.0


@dataclass(frozen=True)
class Round:
    """One round as the two see it. `point` None: the agent just holds. `moves`: the user cares for it. `bid` is the
    figure the user opened the round with, None for none. `last`: nobody asks again."""

    point: Point | None
    moves: bool
    bid: float | None
    last: bool


@dataclass(frozen=True)
class Bargain:
    """The hidden ranges, in the currency of the price. `worth` is what each point of the schedule is worth to the
    user, `bids` the figures it may name, neither of which ever falls."""

    listed: float
    reservation: float
    schedule: tuple[Point | None, ...]
    worth: tuple[float, ...]
    bids: tuple[float | None, ...]

    @property
    def floor(self) -> float:
        """The least the agent may ask: the listed price, less what facts take off it."""
        return self.asked(len(self.schedule))

    @property
    def agreed(self) -> bool:
        """Whether the ranges meet at the end of the schedule."""
        return self.meets(len(self.schedule))

    def asked(self, rounds: int) -> float:
        """What is asked for the thing after so many rounds."""
        return self.listed - sum(point.off for point in self.schedule[:rounds] if point)

    def meets(self, rounds: int) -> bool:
        """Whether the user would take what is on the table after so many rounds."""
        return self.reservation + sum(self.worth[:rounds]) >= self.asked(rounds)

    def rounds(self) -> Iterator[Round]:
        """The rounds until the ranges meet, at least LEAST_ROUNDS, or until the schedule is at its end."""
        for n, (point, worth, bid) in enumerate(zip(self.schedule, self.worth, self.bids, strict=True), 1):
            last = n == len(self.schedule) or (n >= LEAST_ROUNDS and self.meets(n))
            yield Round(point, bool(point and (worth or point.off)), bid, last)
            if last:
                return


def drawn(scenario: Scenario, price: float, points: Sequence[Point], budget: float | None, most: int) -> Bargain:
    """The bargain of a scenario over what is listed at `price`, with what the agent may put on the table.

    `budget` is what the user has said it would spend at most, None if it has not said; `most` the rounds there is
    room for.
    """
    rng = Random(f"{scenario.seed}/{scenario.number}/bargain")
    lost = scenario.outcome in LOST
    schedule = _schedule(rng, points, scenario.outcome, most)
    short = price - budget if lost and budget and budget < price else None
    worth = _worths(rng, price, schedule, short)
    gained = sum(worth) + sum(point.off for point in schedule if point)
    draw = _under if lost else _within
    reservation = draw(rng, price, gained, budget)
    bids = _bids(rng, min(reservation, price - gained), price, len(schedule))
    return Bargain(price, reservation, schedule, worth, bids)


def off(fact: Fact, price: float) -> float:
    """What an offer takes off the price, as its value says ("立减500元", "9折", "10% off"); 0.0 where it takes
    nothing off, or more than half, which is no price of this one thing."""
    found = _OFF.search(fact.value)
    if not found:
        return 0.0
    if found["fold"]:
        taken = price * (1 - float(found["fold"]) / 10)
    else:
        amount = numbers.first(found["zh"] or found["en"]) or 0.0
        taken = price * amount / 100 if found["percent"] else amount
    return taken if 0 < taken <= price / 2 else 0.0


def _schedule(rng: Random, points: Sequence[Point], outcome: Outcome, most: int) -> tuple[Point | None, ...]:
    """One point a round, grants in any order, an argument among the first; an alternative only at the end of what
    is lost. Where there is too little to give, the agent holds first."""
    rounds = LEAST_ROUNDS if outcome == "success" else rng.randint(LEAST_ROUNDS, most)
    grants = [point for point in points if point.kind == "grant"]
    rng.shuffle(grants)
    arguments = [point for point in points if point.kind == "argument"][:1]
    others = [point for point in points if point.kind == "alternative"][:1] if outcome in LOST else []
    said = [*arguments, *grants] if rng.random() < 0.5 or len(grants) < rounds else grants
    kept = said[: rounds - len(others)] + others
    rounds = min(rounds, max(LEAST_ROUNDS, len(kept) + 1))
    return (*(None for _ in range(rounds - len(kept))), *kept)


def _worths(rng: Random, price: float, schedule: Sequence[Point | None], short: float | None) -> tuple[float, ...]:
    """What each point is worth to this user. `short` is what the user's budget falls short by where it will not do:
    all points together are worth at most half of it."""
    most = {"grant": GRANT, "argument": ARGUMENT, "alternative": 0.0}
    worth = [
        0.0 if point is None or point.off or rng.random() < IDLE else price * most[point.kind] * rng.uniform(0.3, 1)
        for point in schedule
    ]
    scale = 1.0 if short is None else min(1.0, short / 2 / (sum(worth) or 1.0))
    return tuple(each * scale for each in worth)


def _within(rng: Random, price: float, gained: float, budget: float | None) -> float:
    """A reservation that what is granted reaches, at most the budget where the price is within it."""
    most = budget if budget and budget >= price else price * ABOVE
    return rng.uniform(price - gained * 0.98, min(most, price * ABOVE))


def _under(rng: Random, price: float, gained: float, budget: float | None) -> float:
    """A reservation that nothing granted reaches; at least the budget, where one was stated."""
    asked = price - gained
    if budget and budget < asked:
        return rng.uniform(budget, budget + (asked - budget) * 0.8)
    return asked * rng.uniform(BELOW, 0.99)


def _bids(rng: Random, most: float, price: float, rounds: int) -> tuple[float | None, ...]:
    """Round figures below `most`, each above the last; None where none is named."""
    if price < LEAST_BID or rng.random() >= BIDS:
        return (None,) * rounds
    step = 10.0 ** (int(math.log10(price)) - 1)
    bids: list[float | None] = []
    last = price * FAR_BID
    for n in range(rounds):
        share = 1 - 0.04 * (rounds - n)
        bid = math.floor(most * share / step) * step
        bids.append(bid if last < bid < most else None)
        last = max(last, bid)
    return tuple(bids)

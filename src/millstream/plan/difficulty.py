"""How hard a scenario is, by program: what an agent has to keep in mind and settle. Ours; no source has a scale.

A point each for a third wish, a comparison, an objection, a recovery, a second round of questions and a question
nobody can answer; two for a conflict of wishes and for haggling. Up to one point is easy, from four on hard. Knows
the plan alone: the same words can be hard or easy to understand.
"""

from collections.abc import Collection, Mapping, Sequence
from functools import partial
from typing import TypeVar

from millstream.records import Difficulty, Move

POINTS: dict[Move, int] = {"conflict": 2, "negotiate": 2, "compare": 1, "objection": 1, "recover": 1}
T = TypeVar("T")
EASY, HARD = 1, 4
"""Points up to which a scenario is easy, and from which on it is hard."""


def points(moves: Sequence[Move]) -> int:
    """Of a route alone."""
    return sum(POINTS.get(move, 0) for move in moves) + (moves.count("inform") > 1)


def difficulty(moves: Sequence[Move], wishes: int, unknown: int) -> Difficulty:
    """Of a route with so many wishes and so many questions that the knowledge cannot answer."""
    total = points(moves) + max(0, wishes - 2) + unknown
    return "easy" if total <= EASY else "hard" if total >= HARD else "medium"


def reaching(routes: Mapping[tuple[Move, ...], T], wanted: Collection[str]) -> Mapping[tuple[Move, ...], T]:
    """Of some routes those that can be made as hard as one of these levels; all where none can."""
    return {route: there for route, there in routes.items() if any(map(partial(reachable, route), wanted))} or routes


def reachable(moves: Sequence[Move], wanted: str) -> bool:
    """Can a route be made as hard as that, by a wish and an unknown more or less?"""
    least = points(moves)
    return least <= EASY if wanted == "easy" else least >= HARD - 2 if wanted == "hard" else least < HARD

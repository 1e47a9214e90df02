"""Which misunderstanding a path has, and where on it: the kinds of the move `recover`, spread evenly over the paths.

Which kinds there are and what fits them is ours (an assumption, see docs/recovery.md); that a source shows repairs at
all is its own evidence (blueprints.py). How each is played out stands in recovery.py.
"""

from collections.abc import Sequence
from random import Random
from typing import get_args

from millstream.records import Lang, Move, Outcome, Recovery, Scenario

NAMES: dict[Lang, dict[Recovery, str]] = {
    "zh": {
        "misheard": "听错更正",
        "wrong_item": "说串更正",
        "unavailable": "没有改选",
        "booking_failed": "提交失败",
        "off_question": "答偏更正",
        "complaint": "投诉安抚",
    },
    "en": {
        "misheard": "misheard wish",
        "wrong_item": "wrong item",
        "unavailable": "unavailable choice",
        "booking_failed": "failed booking",
        "off_question": "wrong question answered",
        "complaint": "complaint",
    },
}
"""How a path's name calls its kind."""

KINDS: tuple[Recovery, ...] = get_args(Recovery)
_OF_OUTCOME: dict[Outcome, tuple[Recovery, ...]] = {"success": KINDS, "handover": ("complaint", "booking_failed")}
_ELSE: tuple[Recovery, ...] = ("misheard", "wrong_item", "unavailable", "off_question", "complaint")
"""Only who books can fail to, and nobody is handed over for a slip that was mended."""
_NOT_BESIDE: dict[Move, tuple[Recovery, ...]] = {
    "conflict": ("unavailable",),
    "negotiate": ("complaint", "off_question", "unavailable", "wrong_item"),
}
"""Not twice in one dialogue that something is not there; and haggling is long by itself."""
_BEFORE: dict[Recovery, tuple[Move, ...]] = {
    "unavailable": ("needs",),
    "misheard": ("conflict", "recommend"),
    "wrong_item": ("inform",),
    "off_question": ("inform",),
    "complaint": ("compare", "negotiate", "invite", "close"),
    "booking_failed": ("close",),
}
"""The moves before the first of which a kind has its place."""
_BEHIND: dict[Move, tuple[Recovery, ...]] = {
    "recommend": ("misheard", "unavailable"),
    "inform": ("wrong_item", "off_question"),
    "close": ("complaint", "booking_failed"),
}
"""What goes wrong where this is still to come; the first that fits decides."""


def fitting(route: Sequence[Move], outcome: Outcome, turn: int) -> Recovery | None:
    """The kind of a route's `recover`, None where it has none: what can go wrong where it stands, by turns where that
    is more than one thing."""
    if "recover" not in route:
        return None
    allowed, rest = _allowed(route, outcome), route[route.index("recover") :]
    likely = next(kinds for move, kinds in _BEHIND.items() if move in rest)
    kinds = [kind for kind in likely if kind in allowed] or allowed
    return kinds[turn % len(kinds)]


def placed(route: Sequence[Move], kind: Recovery | None) -> list[Move]:
    """The route with its `recover` where this kind can happen."""
    rest: list[Move] = [move for move in route if move != "recover"]
    if kind is None:
        return rest
    at = min(rest.index(move) for move in _BEFORE[kind] if move in rest)
    return [*rest[:at], "recover", *rest[at:]]


def order(scenario: Scenario) -> list[Recovery]:
    """The kinds in the order in which a scenario tries them where its path names none (a released plan): each comes
    first once in as many scenarios as there are kinds. Depends on the seed and the scenario's number alone."""
    deck = list(KINDS)
    Random(f"{scenario.seed}/{scenario.number // len(deck)}/recovery").shuffle(deck)
    first = scenario.number % len(deck)
    return deck[first:] + deck[:first]


def _allowed(moves: Sequence[Move], outcome: Outcome) -> tuple[Recovery, ...]:
    """Where there is a booking, it is what fails."""
    kinds: tuple[Recovery, ...] = ("booking_failed",) if "invite" in moves else _OF_OUTCOME.get(outcome, _ELSE)
    never = {kind for move in moves for kind in _NOT_BESIDE.get(move, ())}
    return tuple(kind for kind in kinds if kind not in never)

"""The paths of the blueprints by what they come to, and which of them is due.

The outcome that is due comes first, then the least used length, route and blueprint. Knows no user's goal.
"""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import NamedTuple

from millstream.know.base import Knowledge
from millstream.plan.difficulty import reaching
from millstream.plan.mix import PATHS, Steering
from millstream.plan.personas import plays, type_of
from millstream.plan.used import Use, Used
from millstream.records import Blueprint, Move, Outcome, Path, Persona

ROUTES = 4
"""Routes of one length up to which each of them makes the length due once more."""

Route = tuple[Move, ...]
Plan = tuple[Blueprint, Path]


class Offered(NamedTuple):
    """What can be chosen of some routes, one choice after the other, each by the names its uses are counted by: whether
    something is booked, the lengths then, and the routes of a length with their plans."""

    books: Mapping[str, bool]
    lengths: Mapping[bool, Mapping[str, int]]
    routes: Mapping[tuple[bool, int], Mapping[str, list[Plan]]]

    @staticmethod
    def of(choices: Mapping[Route, list[Plan]]) -> "Offered":
        lengths: dict[bool, list[int]] = defaultdict(list)
        routes: dict[tuple[bool, int], dict[str, list[Plan]]] = defaultdict(dict)
        for route, plans in choices.items():
            booked, long = "invite" in route, len(route)
            lengths[booked].append(long)
            routes[booked, long]["+".join(route)] = plans
        several = {each: {f"{long}/{n % ROUTES}": long for n, long in enumerate(lengths[each])} for each in lengths}
        return Offered({str(each): each for each in sorted(lengths)}, several, routes)


@dataclass
class Paths:
    """The paths there are, who can play them, and what was drawn of them (`used`)."""

    knowledge: Knowledge
    users: Sequence[Persona]
    blueprints: Sequence[Blueprint]
    steering: Steering
    used: Used
    _offered: dict[tuple[object, ...], Offered] = field(default_factory=dict)

    @cached_property
    def players(self) -> Mapping[str, Sequence[Persona]]:
        """Who can play what is made for a type; anybody where nobody can."""
        types = {plan.made_for for plan in self.blueprints}
        return {each: [user for user in self.users if plays(user, each)] or self.users for each in types}

    @cached_property
    def asked_for(self) -> Mapping[tuple[str, str], tuple[Move, ...]]:
        """Those of a blueprint's path that a mix can ask for."""
        found = {}
        for plan in reversed(self.blueprints):
            for path in plan.paths:
                route = set(map(plan.moves.__getitem__, path.stages))
                found[plan.id, path.name] = tuple(move for move in PATHS if move in route)
        return found

    def due(self, rng: Random, types: Collection[str], hard: Collection[str], uses: list[Use]) -> Plan:
        """The outcome that is due, its least used length and route of the kind that is due, and that route's least used
        blueprint: by length first, because there are many more long routes than short ones, but a length of few routes
        (at most ROUTES count) is due less often."""
        due = self.steering.due("outcome", [*self.by_outcome])
        outcome = self.used.least(rng, "outcome", {each: each for each in self.by_outcome if each in due}, uses)
        offered = self._choices(outcome, tuple(types), tuple(hard))
        booked = self.used.least(rng, f"invite/{outcome}", offered.books, uses)  # half of those who buy
        long = self.used.least(rng, f"length/{outcome}", offered.lengths[booked], uses)
        plans = self.used.least(rng, f"route/{outcome}", offered.routes[booked, long], uses)
        return self.used.least(rng, "blueprint", {plan[0].id: plan for plan in plans}, uses)

    def _choices(self, outcome: Outcome, types: tuple[str, ...], hard: tuple[str, ...]) -> Offered:
        """The routes to an outcome that are due, and of their plans those that somebody of the wanted types can play;
        most draws have the choice of one before."""
        due = tuple((move, self.steering.wanted("path", move)) for move in PATHS)
        key = outcome, types, hard, due
        if key not in self._offered:
            routes = _asked(self.by_outcome[outcome], due, hard)
            typed = [user for user in self.users if type_of(user) in types]
            able = {each for each in self.players if any(plays(user, each) for user in typed)}
            played = {route: [each for each in plans if each[0].made_for in able] for route, plans in routes.items()}
            self._offered[key] = Offered.of({route: plans for route, plans in played.items() if plans} or routes)
        return self._offered[key]

    @cached_property
    def by_outcome(self) -> dict[Outcome, dict[Route, list[Plan]]]:
        """Every path by outcome and moves. Where no price is known, none is argued over."""
        found: dict[Outcome, dict[Route, list[Plan]]] = defaultdict(lambda: defaultdict(list))
        for blueprint in self.blueprints:
            for path in blueprint.paths:
                route = tuple(map(blueprint.moves.__getitem__, path.stages))
                found[path.outcome][route].append((blueprint, path))
        if len(found) > 1 and not self.knowledge.having("price"):
            found.pop("lost_price", None)
            for plans in found.values():
                for route in [each for each in plans if "negotiate" in each and len(plans) > 1]:
                    del plans[route]
        return {outcome: dict(plans) for outcome, plans in found.items() if plans}


def _asked(
    routes: Mapping[Route, list[Plan]], due: Sequence[tuple[Move, bool | None]], hard: Collection[str]
) -> Mapping[Route, list[Plan]]:
    """The routes with the moves that are due and without those of which there were enough, as far as there are."""
    for move, wanted in due:
        if wanted is not None:
            routes = {route: plans for route, plans in routes.items() if (move in route) == wanted} or routes
    return reaching(routes, hard)

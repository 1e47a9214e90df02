"""Draws scenarios so that no path, outcome, persona or entity dominates, or in the mix that is asked for.

Scenario n depends on the seed and the scenarios drawn before it, never on what finished first: each draw takes
the outcome that is due, then the least used route, blueprint, persona and entity, ties by the seed. StreamDial has
276 plans for 87,498 dialogues; here the use of everything is counted as it is drawn.
"""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import inf
from random import Random
from typing import NamedTuple, TypeVar, get_args

from millstream import numbers
from millstream.domain import Need
from millstream.know.base import Knowledge, constraint_on
from millstream.plan.asking import Asking
from millstream.plan.difficulty import difficulty, reaching
from millstream.plan.mix import PATHS, Steering
from millstream.plan.personas import is_strange, most_asked, plays, type_of, wants
from millstream.plan.rhythms import room
from millstream.plan.wanted import Wanted, denials
from millstream.records import Blueprint, Constraint, Difficulty, Fact, Lang, Move, Outcome, Path, Persona, Scenario
from millstream.turns import Turns

T = TypeVar("T")
LEAST_FACTS = 3
"""Facts an entity needs to be worth a dialogue."""
MOST_REQUESTS, MOST_WISHES = 6, 3
"""Questions and wishes of a user, where the path leaves room for so many."""
REACH = 1.6
"""Times by which a figure that was wished for is missed at most, where there is a choice: who wants to spend $15 is not
offered what costs $46."""
WORN = 2
"""Times the mean from which on a thing is drawn too often to be taken for its nearness alone."""
LIKELY = 0.6
"""Share of a budget from which on a thing is what such a budget is for."""
ROUTES = 4
"""Routes of one length up to which each of them makes the length due once more."""
DIFFICULT = 12
"""Tries to make a scenario as hard as is due."""
UNKNOWN_SHARE = 0.2
"""Share of scenarios whose user asks for something the knowledge does not hold of this entity."""

Route = tuple[Move, ...]
Use = tuple[str, str]
"""(kind of choice, what was chosen)."""
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
class Sampler:
    """Everything a scenario is drawn from, and what has been used how often. `steering` says what mix is asked for,
    `turns` how the talks of the sources go."""

    knowledge: Knowledge
    lang: Lang
    users: Sequence[Persona]
    agents: Sequence[Persona]
    blueprints: Sequence[Blueprint]
    demand: Mapping[str, int]
    seed: int
    steering: Steering = field(default_factory=Steering)
    turns: Turns = field(default_factory=Turns)
    used: dict[str, Counter[str]] = field(default_factory=lambda: defaultdict(Counter))
    _offered: dict[tuple[object, ...], Offered] = field(default_factory=dict)
    _fit: dict[tuple[str, bool], Sequence[str]] = field(default_factory=dict)

    @property
    def drawn(self) -> int:
        return self.steering.total

    def draw(self, count: int) -> Iterator[Scenario]:
        for _ in range(count):
            scenario = self._next()
            self.steering.add(self.values(scenario))
            yield scenario

    def _next(self) -> Scenario:
        """The first of some tries that is as hard as is due; the last one where none is."""
        due = self.steering.due("difficulty", get_args(Difficulty))
        tries = DIFFICULT if "difficulty" in self.steering.asked else 1
        for n in range(tries):
            rng = Random(f"{self.seed}/{self.knowledge.entities[0]}/{self.drawn}/scenario" + (f"/{n}" if n else ""))
            uses: list[Use] = []
            scenario = self._tried(rng, due, uses)
            if scenario.difficulty in due:
                break
        for kind, key in uses:
            self.used[kind][key] += 1
        return scenario

    def values(self, scenario: Scenario) -> dict[str, tuple[str, ...]]:
        """The values of a scenario that a mix can ask for, by dimension."""
        return {
            "outcome": (scenario.outcome,),
            "path": self._moves[scenario.blueprint, scenario.path],
            "persona": (self._types[scenario.user],),
            "difficulty": (scenario.difficulty,),
            "entity": (scenario.aim,),
        }

    @cached_property
    def _types(self) -> Mapping[str, str]:
        return {user.id: type_of(user) for user in reversed(self.users)}

    @cached_property
    def _players(self) -> Mapping[str, Sequence[Persona]]:
        """Who can play what is made for a type; anybody where nobody can."""
        types = {plan.made_for for plan in self.blueprints}
        return {each: [user for user in self.users if plays(user, each)] or self.users for each in types}

    @cached_property
    def _moves(self) -> Mapping[tuple[str, str], tuple[Move, ...]]:
        """Those of a blueprint's path that a mix can ask for."""
        found = {}
        for plan in reversed(self.blueprints):
            for path in plan.paths:
                route = set(map(plan.moves.__getitem__, path.stages))
                found[plan.id, path.name] = tuple(move for move in PATHS if move in route)
        return found

    def there(self) -> dict[str, Collection[str]]:
        """The values that can be had of what was mined, by dimension."""
        return {
            "outcome": set(self._routes),
            "path": {move for routes in self._routes.values() for route in routes for move in route},
            "persona": set(self._types.values()),
            "difficulty": get_args(Difficulty),
            "entity": self.knowledge.entities,
        }

    def _tried(self, rng: Random, hard: Collection[str], uses: list[Use]) -> Scenario:
        types = self.steering.due("persona", sorted({*self._types.values()}))
        blueprint, path = self._plan(rng, types, hard, uses)
        fitting = self._players[blueprint.made_for]
        typed = [each for each in fitting if self._types[each.id] in types] or fitting
        user = self._least(rng, "user", {each.id: each for each in typed}, uses)
        agent = self._least(rng, "agent", {each.id: each for each in self.agents}, uses)
        scenario = Scenario(
            domain=self.knowledge.domain.name,
            lang=self.lang,
            user=user.id,
            agent=agent.id,
            blueprint=blueprint.id,
            path=path.name,
            outcome=path.outcome,
            aim="",
            constraints=(),
            requests=(),
            seed=self.seed,
            number=self.drawn,
        )
        route = tuple(map(blueprint.moves.__getitem__, path.stages))
        return self._wishing(rng, scenario, route, user, uses)

    def _wishing(self, rng: Random, scenario: Scenario, route: Route, user: Persona, uses: list[Use]) -> Scenario:
        """The scenario with the thing its wishes are drawn around, what its user wants, and what it asks."""
        argued = "negotiate" in route or scenario.outcome == "lost_price"
        aims = self.steering.due("entity", self._worth(argued, user))
        aim, constraints = self._wishes(rng, scenario.outcome == "lost_price", route, user, aims)
        uses.append(("entity", aim))
        requests = self._requests(rng, aim, user, [wish.slot for wish in constraints])
        requests = requests[: most_asked(user, route, MOST_REQUESTS)]
        unknown = sum(self.knowledge.fact(aim, slot) is None for slot in requests)
        return scenario.model_copy(update={
            "aim": aim,
            "constraints": constraints,
            "requests": requests,
            "difficulty": difficulty(route, len(constraints), unknown),
            "manner": user.get("manner") or "",
        })

    def _wishes(
        self, rng: Random, lost: bool, route: Route, user: Persona, aims: Collection[str]
    ) -> tuple[str, tuple[Constraint, ...]]:
        """A thing, and wishes that it meets, or just misses where the route or the talks of the sources have that."""
        if "conflict" in route or lost:
            return self._conflict(rng, aims, ("price",) if lost else self._open(user))
        missed = self.turns and rng.random() < self.turns.missed
        if missed and (nearest := self._missing(rng, aims, self._open(user), (REACH,))):
            return nearest
        limit = self._budget(user, aims)
        aim = self._least(rng, "entity", {each: each for each in limit or aims}, [])
        most = min(max(1, self._room(route) - 1), rng.choice((1, 2, 2, 3)))
        plain = self._wanted.of(rng, aim)
        if not user.get("budget") and user.get("manner"):  # a viewer who named no limit speaks of money last
            plain = dict(sorted(plain.items(), key=lambda pair: pair[0] == "price"))
        if aim in limit:
            plain = {"price": limit[aim], **{slot: wish for slot, wish in plain.items() if slot != "price"}}
        mined = [slots for slots in self._together if {*slots} <= plain.keys()]
        return aim, tuple(plain[slot] for slot in (rng.choice(mined) if mined else tuple(plain)[:most]))

    def _room(self, route: Route) -> int:
        """For how many wishes a route leaves room: each takes two turns, and one is reckoned with."""
        booked = len([slot for slot in self.knowledge.domain.using("book") if slot.values.get(self.lang)])
        return 1 + room(route[2:-1], booked) // 2

    def _plan(self, rng: Random, types: Collection[str], hard: Collection[str], uses: list[Use]) -> Plan:
        """The outcome that is due, its least used length and route of the kind that is due, and that route's least used
        blueprint: by length first, because there are many more long routes than short ones, but a length of few routes
        (at most ROUTES count) is due less often."""
        due = self.steering.due("outcome", [*self._routes])
        outcome = self._least(rng, "outcome", {each: each for each in self._routes if each in due}, uses)
        offered = self._choices(outcome, tuple(types), tuple(hard))
        booked = self._least(rng, f"invite/{outcome}", offered.books, uses)  # half of those who buy
        long = self._least(rng, f"length/{outcome}", offered.lengths[booked], uses)
        plans = self._least(rng, f"route/{outcome}", offered.routes[booked, long], uses)
        return self._least(rng, "blueprint", {plan[0].id: plan for plan in plans}, uses)

    def _choices(self, outcome: Outcome, types: tuple[str, ...], hard: tuple[str, ...]) -> Offered:
        """The routes to an outcome that are due, and of their plans those that somebody of the wanted types can play;
        most draws have the choice of one before."""
        due = tuple((move, self.steering.wanted("path", move)) for move in PATHS)
        key = outcome, types, hard, due
        if key not in self._offered:
            routes = _due(self._routes[outcome], due, hard)
            typed = [user for user in self.users if type_of(user) in types]
            able = {each for each in self._players if any(plays(user, each) for user in typed)}
            played = {route: [each for each in plans if each[0].made_for in able] for route, plans in routes.items()}
            self._offered[key] = Offered.of({route: plans for route, plans in played.items() if plans} or routes)
        return self._offered[key]

    @cached_property
    def _routes(self) -> dict[Outcome, dict[Route, list[Plan]]]:
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

    def _least(self, rng: Random, kind: str, choices: Mapping[str, T], uses: list[Use]) -> T:
        """The least used choice, ties by the seed; its use is noted in `uses`. They are drawn in the order they are
        given in: ids are no order, for the pseudonyms behind them are other ones in every run."""
        count = self.used[kind].get
        used = [count(key, 0) for key in choices]
        fewest = min(used)
        key = rng.choice([key for key, times in zip(choices, used, strict=True) if times == fewest])
        uses.append((kind, key))
        return choices[key]

    def _worth(self, argued: bool, user: Persona) -> Sequence[str]:
        """Entities that serve the user's need and that enough is known of to talk about; where money is argued over,
        those with a price."""
        need = self._need(user)
        key = need.id if need else "", argued
        if key not in self._fit:
            serving = self.knowledge.serving(need) if need else ()
            known = [entity for entity in self._known if entity in serving] or self._known
            priced = [[each for each in some if self.knowledge.fact(each, "price")] for some in (known, self._known)]
            self._fit[key] = next(filter(None, priced), known) if argued else known
        return self._fit[key]

    @cached_property
    def _known(self) -> list[str]:
        told = {entity: len(self.knowledge.of(entity)) for entity in self.knowledge.entities}
        return [entity for entity in told if told[entity] >= min(LEAST_FACTS, max(told.values()))]

    def _need(self, user: Persona) -> Need | None:
        needs = self.knowledge.domain.needs.get(self.lang, ())
        return next((need for need in needs if need.words == user.get("need")), None)

    def _open(self, user: Persona) -> list[str]:
        """The slots of wishes that could be missed: whoever comes for two does not want a table for three."""
        need = self._need(user)
        settled = {*need.fits, *need.most} - {"price"} if need else set()
        return [slot.name for slot in self.knowledge.domain.using("constrain") if slot.name not in settled]

    def _conflict(
        self, rng: Random, aims: Collection[str], tight: Collection[str]
    ) -> tuple[str, tuple[Constraint, ...]]:
        """What is just missed, by as much as must be; the least used with what it meets where nothing is."""
        if found := self._missing(rng, aims, tight, (REACH, inf)):
            return found
        aim = min(aims, key=lambda aim: (self.used["entity"][aim], rng.random()))
        return aim, tuple(self._wanted.of(rng, aim, tight).values())[:2]

    def _missing(
        self, rng: Random, aims: Collection[str], tight: Collection[str], reaches: Sequence[float]
    ) -> tuple[str, tuple[Constraint, ...]] | None:
        """The least used thing that just misses one (of the slots `tight`) of wishes that nothing meets, in as few
        wishes as can be, and these; by no more than the first of `reaches` where that is possible."""
        ranked = sorted(aims, key=lambda aim: (self.used["entity"][aim], rng.random()))
        plain = {aim: self._wanted.of(rng, aim, tight) for aim in ranked}
        worn = self._worn()
        for reach, size in product(reaches, range(2, MOST_WISHES + 1)):
            for aim, wishes in plain.items():
                if reach < inf and self.used["entity"][aim] > worn:
                    continue
                if unmet := self._wanted.unmet(aim, wishes, tight, min(size, len(wishes)), reach):
                    return aim, unmet
        return None

    @property
    def _together(self) -> Sequence[tuple[str, ...]]:
        return self.turns.together.get("inform", ())

    @cached_property
    def _asking(self) -> Asking:
        return Asking(self.knowledge, self.turns)

    @cached_property
    def _wanted(self) -> Wanted:
        slots = sorted({slot for slots in self._together for slot in slots})
        return Wanted(self.knowledge, self.lang, slots, self.turns.spoken)

    def _worn(self) -> float:
        """Times a thing is drawn from which on a figure missed by more is the lesser fault."""
        entities = self.knowledge.entities
        return WORN * sum(self.used["entity"][each] for each in entities) / max(len(entities), 1) + 1

    def _idle(self, fact: Fact) -> bool:
        """Nobody asks for a level ("how spicy?") of what has none."""
        return fact.value in denials(self.lang) and self.knowledge.domain.by_name[fact.attribute].kind == "category"

    def _requests(self, rng: Random, aim: str, user: Persona, wished: Sequence[str]) -> tuple[str, ...]:
        """What the user will ask: what its viewer asked, then what most viewers asked, then the rest; at most one
        thing nobody knows of this entity, so that "I do not know" is heard too, or as many as come of asking as users
        of talks of two do."""
        requested = [slot.name for slot in self.knowledge.domain.using("request") if slot.name not in wished]
        open_slots = [slot for slot in requested if self.knowledge.is_asked(aim, slot, self.lang)]
        rng.shuffle(open_slots)
        own, specs = wants(user), self.knowledge.domain.by_name
        due: Mapping[str, float] = {slot: -self.demand.get(slot, 0) for slot in open_slots}
        if self.turns:
            due = self._asking.due(rng, open_slots)
        open_slots.sort(key=lambda slot: (slot not in own, is_strange(user, specs[slot]), due[slot]))
        known = [slot for slot in open_slots if (fact := self.knowledge.fact(aim, slot)) and not self._idle(fact)]
        unknown = [slot for slot in open_slots if not self.knowledge.fact(aim, slot) and self.knowledge.having(slot)]
        if self.turns:  # who asks does not know what is known
            there = [slot for slot in open_slots if slot in known or slot in unknown]
            return self._asking.kept(rng, there, unknown, MOST_REQUESTS)
        head = known[:MOST_REQUESTS]
        if unknown and rng.random() < UNKNOWN_SHARE:
            head.insert(min(1, len(head)), unknown[0])
        return tuple(head)

    def _budget(self, user: Persona, aims: Collection[str]) -> dict[str, Constraint]:
        """The things that the figure a viewer named is a likely limit for, with the wish it makes."""
        limit = numbers.first(user.get("budget") or "")
        found = dict[str, Constraint]()
        for aim in aims if limit else ():
            price = self.knowledge.fact(aim, "price")
            if limit and price and price.number and LIKELY * limit <= price.number <= limit:
                found[aim] = constraint_on(self.knowledge.domain, "price", user.get("budget") or "")
        return found


def _due(
    routes: Mapping[Route, list[Plan]], due: Sequence[tuple[Move, bool | None]], hard: Collection[str]
) -> Mapping[Route, list[Plan]]:
    """The routes with the moves that are due and without those of which there were enough, as far as there are."""
    for move, wanted in due:
        if wanted is not None:
            routes = {route: plans for route, plans in routes.items() if (move in route) == wanted} or routes
    return reaching(routes, hard)

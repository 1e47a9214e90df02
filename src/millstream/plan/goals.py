"""The goal of a scenario's user: the thing it is drawn around, what the user wants, and what it will ask.

The wishes are near what the thing has, or just miss it where the path has a conflict. Knows no blueprint: a
route is its moves.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import product
from math import inf
from random import Random

from millstream import numbers
from millstream.domain import Need
from millstream.know.base import Knowledge, constraint_on
from millstream.plan.asking import Asking
from millstream.plan.difficulty import difficulty
from millstream.plan.feasible import Course, Feasible, Goal
from millstream.plan.mix import Steering
from millstream.plan.paths import Route
from millstream.plan.personas import asked_last, most_asked, wants
from millstream.plan.rhythms import room
from millstream.plan.used import Used
from millstream.plan.wanted import Wanted, denials
from millstream.records import Constraint, Fact, Lang, Persona, Scenario
from millstream.turns import Turns

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
AIMS = 20
"""Things looked at for one with which every move of a path can be made."""
UNKNOWN_SHARE = 0.2
"""Share of scenarios whose user asks for something the knowledge does not hold of this entity."""


@dataclass
class Goals:
    """What goals are drawn from: what is known, how often each slot was asked for (`demand`), and how the talks of the
    sources go (`turns`)."""

    knowledge: Knowledge
    lang: Lang
    demand: Mapping[str, int]
    steering: Steering
    turns: Turns
    used: Used
    feasible: Feasible
    _fit: dict[tuple[str, bool], Sequence[str]] = field(default_factory=dict)

    def asking(self, rng: Random, scenario: Scenario, course: Course, user: Persona, goal: Goal) -> Scenario:
        """The scenario with the goal of its user, and what it asks."""
        aim, wishes = goal
        requests = self._requests(rng, aim, user, [wish.slot for wish in wishes])
        requests = requests[: most_asked(user, course.moves, MOST_REQUESTS)]
        unknown = sum(self.knowledge.fact(aim, slot) is None for slot in requests)
        return scenario.model_copy(update={
            "aim": aim,
            "constraints": wishes,
            "requests": requests,
            "difficulty": difficulty(course.moves, len(wishes), unknown),
            "manner": user.get("manner") or "",
        })

    def goal(self, rng: Random, course: Course, user: Persona) -> Goal:
        """A thing, and wishes that it meets, or just misses where the route or the talks of the sources have that: the
        least used thing with which every move can be made, else the least used one."""
        lost = course.outcome == "lost_price"
        aims = self.steering.due("entity", self._worth("negotiate" in course.moves or lost, user))
        if "conflict" in course.moves or lost:
            return self._conflict(rng, aims, ("price",) if lost else self._open(user))
        missed = self.turns and rng.random() < self.turns.missed
        if missed and (nearest := self._missing(rng, aims, self._open(user), (REACH,))):
            return nearest
        limit = self._budget(user, aims)
        aim = self.used.least(rng, "entity", {each: each for each in limit or aims}, [])
        first = self._around(rng, aim, course, user, limit)
        if self.feasible(course, first):
            return first
        worn = self._worn()
        others = [each for each in self._ranked(rng, limit or aims)[:AIMS] if self.used.counts["entity"][each] <= worn]
        goals = (self._around(rng, each, course, user, limit) for each in others)
        return next((goal for goal in goals if self.feasible(course, goal)), first)

    def _around(self, rng: Random, aim: str, course: Course, user: Persona, limit: Mapping[str, Constraint]) -> Goal:
        """Wishes that a thing meets, as many as the path leaves room for; its price within what was named."""
        most = min(max(1, self._room(course.moves) - 1), rng.choice((1, 2, 2, 3)))
        plain = self._wanted.of(rng, aim)
        if not user.get("budget") and user.get("manner"):  # a viewer who named no limit speaks of money last
            plain = dict(sorted(plain.items(), key=lambda pair: pair[0] == "price"))
        if aim in limit:
            plain = {"price": limit[aim], **{slot: wish for slot, wish in plain.items() if slot != "price"}}
        mined = [slots for slots in self._together if {*slots} <= plain.keys()]
        return Goal(aim, tuple(plain[slot] for slot in (rng.choice(mined) if mined else tuple(plain)[:most])))

    def _ranked(self, rng: Random, aims: Collection[str]) -> list[str]:
        return sorted(aims, key=lambda aim: (self.used.counts["entity"][aim], rng.random()))

    def _room(self, route: Route) -> int:
        """For how many wishes a route leaves room: each takes two turns, and one is reckoned with."""
        booked = len([slot for slot in self.knowledge.domain.using("book") if slot.values.get(self.lang)])
        return 1 + room(route[2:-1], booked) // 2

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
        return self.knowledge.domain.need(self.lang, user.get("need") or "")

    def _open(self, user: Persona) -> list[str]:
        """The slots of wishes that could be missed: whoever comes for two does not want a table for three, and three
        people do not become two."""
        need, domain = self._need(user), self.knowledge.domain
        settled = {*need.fits, *need.most} - {"price"} if need else set[str]()
        return [each.name for each in domain.using("constrain") if each.name not in settled | domain.counted]

    def _conflict(self, rng: Random, aims: Collection[str], tight: Collection[str]) -> Goal:
        """What is just missed, by as much as must be; the least used with what it meets where nothing is."""
        if found := self._missing(rng, aims, tight, (REACH, inf)):
            return found
        aim = min(aims, key=lambda aim: (self.used.counts["entity"][aim], rng.random()))
        return Goal(aim, tuple(self._wanted.of(rng, aim, tight).values())[:2])

    def _missing(
        self, rng: Random, aims: Collection[str], tight: Collection[str], reaches: Sequence[float]
    ) -> Goal | None:
        """The least used thing that just misses one (of the slots `tight`) of wishes that nothing meets, in as few
        wishes as can be, and these; by no more than the first of `reaches` where that is possible."""
        ranked = self._ranked(rng, aims)
        plain = {aim: self._wanted.of(rng, aim, tight) for aim in ranked}
        worn = self._worn()
        for reach, size in product(reaches, range(2, MOST_WISHES + 1)):
            for aim, wishes in plain.items():
                if reach < inf and self.used.counts["entity"][aim] > worn:
                    continue
                if unmet := self._wanted.unmet(aim, wishes, tight, min(size, len(wishes)), reach):
                    return Goal(aim, unmet)
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
        return WORN * sum(self.used.counts["entity"][each] for each in entities) / max(len(entities), 1) + 1

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
        own, last, specs = wants(user), asked_last(user), self.knowledge.domain.by_name
        due: Mapping[str, float] = {slot: -self.demand.get(slot, 0) for slot in open_slots}
        if self.turns:
            due = self._asking.due(rng, open_slots)
        open_slots.sort(key=lambda slot: (slot not in own, specs[slot].kind in last, due[slot]))
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

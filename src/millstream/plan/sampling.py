"""Draws scenarios so that no path, outcome, persona or entity dominates, or in the mix that is asked for.

Scenario n depends on the seed and the scenarios drawn before it, never on what finished first: each draw takes
the outcome that is due, then the least used route, blueprint, persona and entity, ties by the seed. StreamDial has
276 plans for 87,498 dialogues; here the use of everything is counted as it is drawn.
"""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from random import Random
from typing import get_args

from millstream.know.base import Knowledge
from millstream.plan.feasible import Course, Feasible
from millstream.plan.goals import Goals
from millstream.plan.mix import Steering
from millstream.plan.paths import Paths, Plan
from millstream.plan.personas import type_of
from millstream.plan.used import Use, Used
from millstream.records import Blueprint, Difficulty, Lang, Persona, Scenario
from millstream.turns import Turns

PATHS, PEOPLE = 8, 4
"""Paths, and users of each, tried for a scenario in which every move can be made."""
DIFFICULT = 12
"""Tries to make a scenario as hard as is due."""


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
    used: Used = field(default_factory=Used)

    @property
    def drawn(self) -> int:
        return self.steering.total

    def draw(self, count: int) -> Iterator[Scenario]:
        for _ in range(count):
            scenario = self._next()
            self.steering.add(self.values(scenario))
            yield scenario

    def values(self, scenario: Scenario) -> dict[str, tuple[str, ...]]:
        """The values of a scenario that a mix can ask for, by dimension."""
        return {
            "outcome": (scenario.outcome,),
            "path": self._paths.asked_for[scenario.blueprint, scenario.path],
            "persona": (self._types[scenario.user],),
            "difficulty": (scenario.difficulty,),
            "entity": (scenario.aim,),
        }

    def there(self) -> dict[str, Collection[str]]:
        """The values that can be had of what was mined, by dimension."""
        return {
            "outcome": set(self._paths.by_outcome),
            "path": {move for routes in self._paths.by_outcome.values() for route in routes for move in route},
            "persona": set(self._types.values()),
            "difficulty": get_args(Difficulty),
            "entity": self.knowledge.entities,
        }

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
        self.used.add(uses)
        return scenario

    def _tried(self, rng: Random, hard: Collection[str], uses: list[Use]) -> Scenario:
        """On the path that is due; where one of its moves cannot be made for anybody, that counts as its turn, and the
        next path is due, PATHS times. Where none can be made, it is the last one."""
        types = self.steering.due("persona", sorted({*self._types.values()}))
        for _ in range(PATHS):
            chosen: list[Use] = []
            plan = self._paths.due(rng, types, hard, chosen)
            scenario, people, whole = self._wanting(rng, plan, types)
            if whole:
                break
            self.used.add([use for use in chosen if use[0] != "outcome"])
        uses += [*chosen, *people]
        return scenario

    def _wanting(self, rng: Random, plan: Plan, types: Collection[str]) -> tuple[Scenario, list[Use], bool]:
        """The least used who can play a plan and with whose goal every move of it can be made, of the first PEOPLE;
        else the last of these, and False."""
        blueprint, path = plan
        course = Course.of(blueprint, path)
        fitting = self._paths.players[blueprint.made_for]
        typed = [each for each in fitting if self._types[each.id] in types] or fitting
        left = {each.id: each for each in typed}
        for _ in range(min(PEOPLE, len(left))):
            uses: list[Use] = []
            user = self.used.least(rng, "user", left, uses)
            agent = self.used.least(rng, "agent", {each.id: each for each in self.agents}, uses)
            goal = self._goals.goal(rng, course, user)
            if whole := self._feasible(course, goal):
                break
            del left[user.id]
        scenario = self._goals.asking(rng, self._empty(user, agent, plan), course, user, goal)
        return scenario, [*uses, ("entity", goal.aim)], whole

    def _empty(self, user: Persona, agent: Persona, plan: Plan) -> Scenario:
        """A scenario whose user has no goal yet."""
        blueprint, path = plan
        return Scenario(
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

    @cached_property
    def _feasible(self) -> Feasible:
        return Feasible(self.knowledge, self.lang, bool(self.turns))

    @cached_property
    def _paths(self) -> Paths:
        return Paths(self.knowledge, self.users, self.blueprints, self.steering, self.used)

    @cached_property
    def _goals(self) -> Goals:
        return Goals(self.knowledge, self.lang, self.demand, self.steering, self.turns, self.used, self._feasible)

    @cached_property
    def _types(self) -> Mapping[str, str]:
        return {user.id: type_of(user) for user in reversed(self.users)}

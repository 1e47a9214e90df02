"""Draws scenarios so that no path, outcome, persona or entity dominates.

Scenario n depends on the seed and the scenarios drawn before it, never on what finished first: each draw takes
the least used outcome, then the least used path, persona and entity, ties by the seed. StreamDial has 276 plans
for 87,498 dialogues; here the use of everything is counted as it is drawn.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from random import Random
from typing import TypeVar

from millstream.domain import NO, NONE
from millstream.know.base import Knowledge, constraint_on, satisfies
from millstream.plan.outline import moves_of
from millstream.plan.personas import wants
from millstream.plan.wishes import near
from millstream.records import Blueprint, Constraint, Fact, Lang, Outcome, Path, Persona, Scenario, Signal

T = TypeVar("T")

LEAST_FACTS = 3
"""Facts an entity needs to be worth a dialogue."""
MOST_REQUESTS = 6
LONG_PATH = 7
"""Stages from which on a path leaves room for two wishes only."""
MOST_TRIES = 20
"""Sets of wishes looked at for one that nothing meets: each goes through all entities."""
UNKNOWN_SHARE = 0.2
"""Share of scenarios whose user asks for something the knowledge does not hold of this entity."""


@dataclass
class Sampler:
    """Everything a scenario is drawn from, and what has been used how often."""

    knowledge: Knowledge
    lang: Lang
    users: Sequence[Persona]
    agents: Sequence[Persona]
    blueprints: Sequence[Blueprint]
    demand: Mapping[str, int]
    seed: int
    used: Counter[str] = field(default_factory=Counter)
    drawn: int = 0

    def draw(self, count: int) -> Iterator[Scenario]:
        for _ in range(count):
            scenario = self._next()
            self.drawn += 1
            yield scenario

    def _next(self) -> Scenario:
        rng = Random(f"{self.seed}/{self.drawn}/scenario")
        blueprint, path = self._route(rng)
        user = self._least(rng, "user", {each.id: each for each in self.users})
        agent = self._least(rng, "agent", {each.id: each for each in self.agents})
        aim = self._least(rng, "entity", {each: each for each in self._worth(path.outcome, user)})
        scenario = Scenario(
            domain=self.knowledge.domain.name,
            lang=self.lang,
            user=user.id,
            agent=agent.id,
            blueprint=blueprint.id,
            path=path.name,
            outcome=path.outcome,
            aim=aim,
            constraints=(),
            requests=(),
            seed=self.seed,
            number=self.drawn,
        )
        moves = [move for _, move in moves_of(scenario, blueprint)]
        conflicting = "conflict" in moves or path.outcome == "lost_price"
        most = 2 if len(moves) >= LONG_PATH else rng.choice((2, 3, 3))
        most = 1 if {"negotiate", "invite"} <= set(moves) else most  # both take their time
        constraints = self._wishes(rng, aim, "price" if path.outcome == "lost_price" else "", conflicting, most)
        requests = self._requests(rng, aim, user, [wish.slot for wish in constraints])
        return scenario.model_copy(update={"constraints": constraints, "requests": requests})

    def _route(self, rng: Random) -> tuple[Blueprint, Path]:
        every = [(blueprint, path) for blueprint in self.blueprints for path in blueprint.paths]
        priced = bool(self.knowledge.having("price"))
        routes = [route for route in every if priced or route[1].outcome != "lost_price"] or every
        outcome: Outcome = self._least(rng, "outcome", {path.outcome: path.outcome for _, path in routes})
        fitting = {
            f"{blueprint.id}/{path.name}": (blueprint, path) for blueprint, path in routes if path.outcome == outcome
        }
        return self._least(rng, "path", fitting)

    def _least(self, rng: Random, kind: str, choices: Mapping[str, T]) -> T:
        fewest = min(self.used[f"{kind}/{key}"] for key in choices)
        key = rng.choice(sorted(key for key in choices if self.used[f"{kind}/{key}"] == fewest))
        self.used[f"{kind}/{key}"] += 1
        return choices[key]

    def _worth(self, outcome: Outcome, user: Persona) -> list[str]:
        """Entities that serve the user's need and that enough is known of to talk about; where money is argued over,
        those with a price."""
        known = [entity for entity in self.knowledge.entities if len(self.knowledge.of(entity)) >= LEAST_FACTS]
        said, needs = user.get("need"), self.knowledge.domain.needs.get(self.lang, ())
        serving = {entity for need in needs if need.words == said for entity in self.knowledge.serving(need)}
        known = [entity for entity in known if entity in serving] or known
        priced = [entity for entity in known if self.knowledge.fact(entity, "price")]
        return (priced if outcome == "lost_price" and priced else known) or list(self.knowledge.entities)

    def _wishes(self, rng: Random, aim: str, tight: str, conflicting: bool, most: int) -> tuple[Constraint, ...]:
        """At most `most` wishes that `aim` meets; for a conflict, one of them (`tight` where given) just missed."""
        wanted = [slot.name for slot in self.knowledge.domain.using("constrain") if self.knowledge.fact(aim, slot.name)]
        telling = [slot for slot in wanted if slot == tight or self._tells_apart(slot, aim)]
        rng.shuffle(telling)
        telling.sort(key=lambda slot: slot != "price")
        plain = {slot: self._near(aim, slot) for slot in telling}
        sizes = (min(most, len(telling)), min(3, len(telling))) if conflicting else ()
        unmet = (wishes for size in sizes if (wishes := self._unmet(aim, plain, tight, size)))
        return next(unmet, tuple(plain[slot] for slot in telling[:most]))

    def _unmet(self, aim: str, plain: Mapping[str, Constraint], tight: str, most: int) -> tuple[Constraint, ...]:
        """Wishes that nothing meets, for `aim` just misses one of them; the one it misses least, in the least
        unusual company. () if there is no such set."""
        tries = [
            (rank, [missed if slot == tightened else plain[slot] for slot in chosen])
            for chosen in islice(combinations(plain, most), MOST_TRIES)
            for tightened in chosen
            if tightened == tight or not tight
            for rank, missed in enumerate(self._missed(aim, tightened))
        ]
        tries.sort(key=lambda each: each[0])
        return next((tuple(wishes) for _, wishes in tries if not self.knowledge.matching(wishes)), ())

    def _missed(self, aim: str, slot: str) -> Iterator[Constraint]:
        """Wishes on a slot that `aim` does not meet, the nearest first."""
        fact, domain = self.knowledge.fact(aim, slot), self.knowledge.domain
        if fact and fact.number is not None and domain.by_name[slot].better:
            tightened = [self._near(aim, slot, slack) for slack in range(-1, -8, -1)]
            yield from (wish for wish in dict.fromkeys(tightened) if not satisfies(fact, wish))
        elif fact:
            for value in sorted({each.value for each in self.knowledge.having(slot)} - {fact.value, *self._denials}):
                yield constraint_on(domain, slot, value)

    def _near(self, aim: str, slot: str, slack: int = 0) -> Constraint:
        fact, spec = self.knowledge.fact(aim, slot), self.knowledge.domain.by_name[slot]
        if fact is None:
            raise ValueError(f"nothing is known of {slot} of {aim}")
        return near(fact, spec, self.knowledge, self.lang, slack)

    def _tells_apart(self, slot: str, aim: str) -> bool:
        """A wish near what `aim` has would leave something out, and is one that people have: nobody wants "none"."""
        wish, fact = self._near(aim, slot), self.knowledge.fact(aim, slot)
        if wish.value.casefold() in self._denials or (wish.op == "eq" and fact and fact.claimed):
            return False  # what a host happened to say ("very flavorful curry") is no wish
        return any(not satisfies(other, wish) for other in self.knowledge.having(slot))

    def _idle(self, fact: Fact) -> bool:
        """Nobody asks for a level ("how spicy?") of what has none."""
        return fact.value in self._denials and self.knowledge.domain.by_name[fact.attribute].kind == "category"

    @property
    def _denials(self) -> tuple[str, str]:
        return NO[self.lang], NONE[self.lang]

    def _requests(self, rng: Random, aim: str, user: Persona, wished: Sequence[str]) -> tuple[str, ...]:
        """What the user will ask: what its viewer asked, then what most viewers asked, then the rest; at most one
        thing nobody knows of this entity, so that "I do not know" is heard too."""
        open_slots = [slot.name for slot in self.knowledge.domain.using("request") if slot.name not in wished]
        rng.shuffle(open_slots)
        own = wants(user)
        open_slots.sort(key=lambda slot: (slot not in own, -self.demand.get(slot, 0)))
        known = [slot for slot in open_slots if (fact := self.knowledge.fact(aim, slot)) and not self._idle(fact)]
        unknown = [slot for slot in open_slots if not self.knowledge.fact(aim, slot) and self.knowledge.having(slot)]
        head = known[:MOST_REQUESTS]
        if unknown and rng.random() < UNKNOWN_SHARE:
            head.insert(min(1, len(head)), unknown[0])
        return tuple(head)


def demand_of(signals: Sequence[Signal]) -> Counter[str]:
    """How many viewers asked about each slot."""
    counts: Counter[str] = Counter()
    for signal in signals:
        if signal.slot and signal.kind in ("user_question", "exchange"):
            counts[signal.slot] += signal.demand
    return counts

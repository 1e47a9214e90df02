"""What a user wants, drawn from schema and rows: which services, which values, what will change on the way.

A goal is drawn around a row, so that it can be met, and never changes while it is played. Knows no acts and no words.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from random import Random

from millstream.services.knowledge import Knowledge, Row
from millstream.services.schema import DONTCARE, IntentSchema, ServiceSchema
from millstream.simulate.policy import Policy

MOST = 3
"""Services in one dialogue."""


@dataclass
class Goal:
    """One service of a dialogue. `wishes` of the search and of the transaction; `changes` are wishes that will replace
    others after an offer; `requests` what the user will ask about; `carried` slots whose values come from before."""

    service: ServiceSchema
    search: IntentSchema | None
    booking: IntentSchema | None
    wishes: dict[str, str] = field(default_factory=dict)
    changes: dict[str, str] = field(default_factory=dict)
    requests: tuple[str, ...] = ()
    carried: frozenset[str] = frozenset()


@dataclass(frozen=True)
class World:
    """All that can be talked about."""

    services: tuple[ServiceSchema, ...]
    knowledge: Knowledge
    asides: Mapping[str, float] = field(default_factory=dict)
    """Of each service, how often an offer is named in an aside."""

    def __post_init__(self) -> None:
        meanings = {
            service.name: {slot.name: _meaning(slot.name) for slot in service.slots} for service in self.services
        }
        object.__setattr__(self, "meanings", meanings)

    meanings: Mapping[str, Mapping[str, str]] = field(init=False, default_factory=dict)


_ALIKE = {
    "location": "city", "where_to": "city", "destination": "city", "destination_city": "city", "area": "area",
    "check_in_date": "date", "appointment_date": "date", "event_date": "date", "pickup_date": "date",
    "departure_date": "date", "number_of_seats": "people", "passengers": "people", "party_size": "people",
    "number_of_riders": "people", "bookpeople": "people", "bookday": "day",
}  # fmt: skip


def _meaning(slot: str) -> str:
    """Slots of different services that can take over each other's values have one meaning."""
    return _ALIKE.get(slot, slot)


def drawn(world: World, policy: Policy, rng: Random, first: ServiceSchema | None = None) -> list[Goal]:
    """One to three services, no two of one domain; the first may be given."""
    goals: list[Goal] = []
    shared: dict[str, str] = {}
    while True:
        free = [each for each in world.services if each.domain not in {goal.service.domain for goal in goals}]
        if not free:
            return goals
        service = first if first and not goals else rng.choice(free)
        goal = _goal(service, world, policy, shared, rng)
        goals.append(goal)
        meanings = world.meanings[goal.service.name]
        shared |= {meanings[name]: value for name, value in goal.wishes.items() if value != DONTCARE}
        if len(goals) >= MOST or rng.random() >= policy.more:
            return goals


def _goal(service: ServiceSchema, world: World, policy: Policy, shared: dict[str, str], rng: Random) -> Goal:
    searches = [intent for intent in service.intents if not intent.transactional]
    bookings = [intent for intent in service.intents if intent.transactional]
    search = rng.choice(searches) if searches and (not bookings or rng.random() < 0.75) else None
    booking = rng.choice(bookings) if bookings and (search is None or rng.random() < policy.book) else None
    goal = Goal(service, search, booking)
    rows = world.knowledge.rows[service.name]
    aim = _aim(goal, rows, world, policy, shared, rng)
    for intent in (each for each in (search, booking) if each):
        goal.wishes |= {name: aim[name] for name in intent.required if name in aim and name not in goal.wishes}
        for name, _ in intent.optional:
            if name in aim and name not in goal.wishes and rng.random() < policy.optional:
                goal.wishes[name] = DONTCARE if rng.random() < policy.dontcare else aim[name]
    _loosen(goal, rows, policy, rng)
    wanted = [name for name in (search or booking or service.intents[0]).results if name not in goal.wishes]
    goal.requests = tuple(rng.sample(wanted, min(len(wanted), rng.choice((1, 1, 2)))))
    return goal


def _aim(
    goal: Goal, rows: Sequence[Row], world: World, policy: Policy, shared: dict[str, str], rng: Random
) -> dict[str, str]:
    """A row that the goal is drawn around; where a value is carried over, one that has it if there is one."""
    aim = dict(rng.choice(rows))
    if not shared or rng.random() >= policy.carry:
        return aim
    intents = [each for each in (goal.search, goal.booking) if each]
    meanings = world.meanings[goal.service.name]
    both = {
        name: shared[meanings[name]]
        for intent in intents
        for name in intent.inputs
        if name != goal.service.key and meanings.get(name) in shared
    }
    both = {n: v for n, v in both.items() if not goal.service.by_name[n].values or v in goal.service.by_name[n].values}
    fitting = [row for row in rows if all(row.get(name, value) == value for name, value in both.items())]
    if fitting:
        aim = dict(rng.choice(fitting)) | both
        goal.carried = frozenset(both)
    return aim


def _loosen(goal: Goal, rows: Sequence[Row], policy: Policy, rng: Random) -> None:
    """Either of two values for a wish, and what the user will want instead after the first offer."""
    intent = goal.search
    if intent is None:
        return
    free = [name for name in intent.inputs if goal.wishes.get(name, DONTCARE) != DONTCARE and name not in goal.carried]
    other = rng.choice(rows)
    if free and rng.random() < policy.several * len(free):
        name = rng.choice(free)
        if other.get(name, goal.wishes[name]) != goal.wishes[name]:
            goal.wishes[name] = f"{goal.wishes[name]}|{other[name]}"
    if free and rng.random() < policy.change:
        name = rng.choice(free)
        if other.get(name) and other[name] not in goal.wishes[name].split("|"):
            goal.changes[name] = other[name]

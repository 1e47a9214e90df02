"""One small form for what can be asked of the knowledge: filter, rank, count, compare, on a day.

A query is data, so that whoever plans, plays and checks asks the same. An empty answer is an answer: it says which
wish alone is in the way and what there would be without it. What is not known never matches, and what is not valid on
the day is not known on that day. Knows nothing of words.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from millstream import numbers
from millstream.domain import NO
from millstream.errors import ItemError
from millstream.know.base import Knowledge, satisfies
from millstream.records import Constraint, Fact, Record


class Query(Record):
    """`where`: wishes that all must be met. `among`: the entities to look at, () for all. `by`: the slot whose number
    ranks, the least first, or the `largest`. `first`: so many, 0 for all. `day`: an ISO date; facts that do not hold on
    it are left out. `free`: a flag slot that must not be "no" on that day (a table, a room)."""

    where: tuple[Constraint, ...] = ()
    among: tuple[str, ...] = ()
    by: str = ""
    largest: bool = False
    first: int = 0
    day: str = ""
    free: str = ""


@dataclass(frozen=True)
class Relaxed:
    """What there would be without one wish."""

    without: Constraint
    entities: tuple[str, ...]


@dataclass(frozen=True)
class Answer:
    """The entities in order and the facts they were chosen by; where there are none, each wish whose loss alone
    helps."""

    entities: tuple[str, ...]
    facts: tuple[Fact, ...]
    relaxed: tuple[Relaxed, ...] = ()

    @property
    def count(self) -> int:
        return len(self.entities)


@dataclass(frozen=True)
class Compared:
    """How far one number is from another: `by` = first minus second; the facts are in that order."""

    by: float
    facts: tuple[Fact, Fact]


def ask(knowledge: Knowledge, query: Query) -> Answer:
    """The entities that meet every wish, ranked."""
    there = _on(knowledge, query.day)
    found = _matching(there, query, query.where)
    if not found:
        return Answer((), (), tuple(_relaxed(there, query)))
    slots = dict.fromkeys([wish.slot for wish in query.where] + [query.by] * bool(query.by))
    facts = tuple(fact for entity in found for slot in slots if (fact := there.fact(entity, slot)))
    return Answer(found, facts)


def compare(knowledge: Knowledge, first: str, second: str, slot: str, day: str = "") -> Compared | None:
    """None where one of the two is not known as a number. ItemError where they count different things."""
    there = _on(knowledge, day)
    one, two = there.fact(first, slot), there.fact(second, slot)
    if one is None or two is None or one.number is None or two.number is None:
        return None
    if one.unit != two.unit:
        raise ItemError(f"{slot} of {first} is in {one.unit or 'no unit'}, of {second} in {two.unit or 'no unit'}")
    return Compared(one.number - two.number, (one, two))


def valid(fact: Fact, day: str) -> bool:
    """Whether a fact holds on an ISO date; one without dates always holds."""
    return (not fact.valid_from or fact.valid_from <= day) and (not fact.valid_to or day <= fact.valid_to)


def _on(knowledge: Knowledge, day: str) -> Knowledge:
    if not day:
        return knowledge
    return Knowledge(knowledge.domain, tuple(fact for fact in knowledge.facts if valid(fact, day)))


def _matching(there: Knowledge, query: Query, where: tuple[Constraint, ...]) -> tuple[str, ...]:
    found = [
        entity
        for entity in there.entities
        if (not query.among or entity in query.among)
        and (not query.free or _is_free(there, entity, query.free))
        and all((fact := there.fact(entity, wish.slot)) and satisfies(fact, wish) for wish in where)
    ]
    if query.by:
        ranked = [(number, entity) for entity in found if (number := _number(there, entity, query.by)) is not None]
        found = [entity for _, entity in sorted(ranked, key=lambda pair: -pair[0] if query.largest else pair[0])]
    return tuple(found[: query.first] if query.first else found)


def _is_free(there: Knowledge, entity: str, slot: str) -> bool:
    fact = there.fact(entity, slot)
    return fact is not None and fact.value.casefold() not in NO.values()


def _number(there: Knowledge, entity: str, slot: str) -> float | None:
    fact = there.fact(entity, slot)
    return None if fact is None else fact.number


def _relaxed(there: Knowledge, query: Query) -> Iterator[Relaxed]:
    """Each wish whose loss alone leaves something; the loss that costs least is the first: a bound that is missed by
    the smallest share, then the others."""
    ways = []
    for wish in query.where:
        rest = tuple(other for other in query.where if other != wish)
        if found := _matching(there, query, rest):
            ways.append((min(_missed(there.fact(entity, wish.slot), wish) for entity in found), Relaxed(wish, found)))
    yield from (relaxed for _, relaxed in sorted(ways, key=lambda way: way[0]))


def _missed(fact: Fact | None, wish: Constraint) -> float:
    """By which share of itself a bound is missed; 1 where nothing can be measured."""
    limit = numbers.first(wish.value)
    if wish.op == "eq" or fact is None or fact.number is None or not limit:
        return 1.0
    return abs(fact.number - limit) / abs(limit)

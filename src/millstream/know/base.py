"""The knowledge of one run: facts by entity and slot, and the questions that can be put to it.

The outline asks it, the critics check against it. What it does not hold is "not known" and is never guessed.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from millstream import numbers
from millstream.domain import Domain, Need, SlotSpec
from millstream.know.documents import Topic
from millstream.records import Constraint, Fact, Lang, Passage, Signal


@dataclass(frozen=True, eq=False)
class Knowledge:
    """`offers` are what the host granted (gifts, subsidies), each a signal with its evidence; `topics` what the
    passages answer. A run has one, so that what was worked out of it may be kept by it (`lru_cache`)."""

    domain: Domain
    facts: tuple[Fact, ...]
    offers: tuple[Signal, ...] = ()
    passages: tuple[Passage, ...] = ()
    topics: tuple[Topic, ...] = ()

    @cached_property
    def entities(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(fact.entity for fact in self.facts))

    @cached_property
    def words(self) -> frozenset[str]:
        """The values that are no figures."""
        return frozenset(fact.value for fact in self.facts if fact.number is None)

    @cached_property
    def _by_entity(self) -> dict[str, dict[str, Fact]]:
        table: dict[str, dict[str, Fact]] = defaultdict(dict)
        for fact in self.facts:
            table[fact.entity].setdefault(fact.attribute, fact)
        return dict(table)

    @cached_property
    def _by_slot(self) -> dict[str, list[Fact]]:
        table: dict[str, list[Fact]] = defaultdict(list)
        for slots in self._by_entity.values():
            for slot, fact in slots.items():
                table[slot].append(fact)
        return dict(table)

    @cached_property
    def _meeting(self) -> dict[tuple[str, str, str], frozenset[str]]:
        """The entities that meet a wish, as far as it was asked about: a run asks for the same again and again."""
        return {}

    @cached_property
    def _serving(self) -> dict[str, tuple[str, ...]]:
        return {}

    def fact(self, entity: str, slot: str) -> Fact | None:
        return self._by_entity.get(entity, {}).get(slot)

    def of(self, entity: str) -> tuple[Fact, ...]:
        return tuple(self._by_entity.get(entity, {}).values())

    def having(self, slot: str) -> tuple[Fact, ...]:
        """Every fact of one slot, one an entity."""
        return tuple(self._by_slot.get(slot, ()))

    def matching(self, constraints: Sequence[Constraint]) -> tuple[str, ...]:
        """The entities that are known to meet every constraint. What is not known does not match."""
        found = frozenset(self.entities).intersection(*map(self._that_meet, constraints))
        return tuple(filter(found.__contains__, self.entities)) if found else ()

    def meets(self, entity: str, constraint: Constraint) -> bool:
        return entity in self._that_meet(constraint)

    def _that_meet(self, constraint: Constraint) -> frozenset[str]:
        key = constraint.slot, constraint.op, constraint.value
        if (found := self._meeting.get(key)) is None:
            facts = self.having(constraint.slot)
            found = self._meeting[key] = frozenset(fact.entity for fact in facts if satisfies(fact, constraint))
        return found

    def serving(self, need: Need) -> tuple[str, ...]:
        """The entities that fit the need in something it asks for (where it asks for anything), while nothing that is
        known of them speaks against it."""
        if need.id not in self._serving:
            self._serving[need.id] = tuple(entity for entity in self.entities if self._serves(entity, need))
        return self._serving[need.id]

    def _serves(self, entity: str, need: Need) -> bool:
        if need.is_for_others(entity):
            return False
        over = [Constraint(slot=slot, op="max", value=value) for slot, value in need.most.items()]
        if any((fact := self.fact(entity, wish.slot)) and not satisfies(fact, wish) for wish in over):
            return False
        known = [slot for slot in need.fits if self.fact(entity, slot)]
        return (not need.fits or bool(known)) and all(
            any(self.meets(entity, constraint_on(self.domain, slot, value)) for value in need.fits[slot])
            for slot in known
        )

    def is_asked(self, entity: str, slot: str, lang: Lang) -> bool:
        """Whether anybody asks this of such a thing: how hot is a dessert, is lamb vegetarian? (`unless` and
        `unless_named` of a domain's slots)."""
        if (found := self._asked.get((entity, slot, lang))) is None:
            found = self._asked[entity, slot, lang] = not self._makes_no_sense(entity, self.domain.by_name[slot], lang)
        return found

    def _makes_no_sense(self, entity: str, asked: SlotSpec, lang: Lang) -> bool:
        if any(word.casefold() in entity.casefold() for word in asked.unless_named.get(lang, ())):
            return True
        facts = ((self.fact(entity, other), words.get(lang, ())) for other, words in asked.unless.items())
        return any(word.casefold() in fact.value.casefold() for fact, words in facts if fact for word in words)

    @cached_property
    def _asked(self) -> dict[tuple[str, str, Lang], bool]:
        return {}

    def documented(self, entity: str, lang: Lang) -> tuple[Topic, ...]:
        """What the documents answer of a thing, and none of its slots does."""
        if (entity, lang) not in self._documented:
            about = [each for each in self.topics if each.is_about(entity)]
            known = (self.domain.by_name.get(fact.attribute) for fact in self.of(entity))
            named = {name.casefold() for spec in known if spec for name in spec.names.get(lang, ())}
            self._documented[entity, lang] = tuple(each for each in about if each.title.casefold() not in named)
        return self._documented[entity, lang]

    @cached_property
    def _documented(self) -> dict[tuple[str, Lang], tuple[Topic, ...]]:
        return {}

    def relaxations(self, constraints: Sequence[Constraint]) -> Iterator[tuple[Constraint, tuple[str, ...]]]:
        """Each constraint whose loss alone makes the rest satisfiable, with what then matches."""
        for dropped in constraints:
            rest = [c for c in constraints if c != dropped]
            if found := self.matching(rest):
                yield dropped, found


def satisfies(fact: Fact, constraint: Constraint) -> bool:
    if constraint.op == "eq":
        said, wanted = fact.value.casefold(), constraint.value.casefold()
        return said == wanted or wanted in said
    limit = numbers.first(constraint.value)
    if fact.number is None or limit is None:
        return False
    return fact.number <= limit if constraint.op == "max" else fact.number >= limit


def constraint_on(domain: Domain, slot: str, value: str) -> Constraint:
    """A wish for `value`, compared the way this slot is."""
    spec = domain.by_name[slot]
    numeric = spec.kind in ("money", "number") and spec.better
    return Constraint(slot=slot, op=("max" if spec.better == "low" else "min") if numeric else "eq", value=value)

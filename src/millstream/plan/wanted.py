"""The wishes people could have of the things of one run: those that a thing meets, and those that it just misses.

Each is made once, for a run asks for the same again and again.
"""

import re
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from random import Random

from millstream import numbers
from millstream.domain import NO, NONE, SlotSpec
from millstream.know import listed
from millstream.know.base import Knowledge, constraint_on, satisfies
from millstream.plan.wishes import near
from millstream.records import Constraint, Fact, Lang

_DENIAL = re.compile(r"不|(?:not|non|no)[ -]")
MOST_TRIES = 20
"""Sets of wishes looked at for one that nothing meets: each goes through all entities."""
STEPS = 7
"""Round steps by which a figure is tightened at most."""


@dataclass
class Wanted:
    """`open_slots` are what users of talks of two wish for, where there are any; else it is all that can be wished for
    but lists, list prices and figures of which none is better. `spoken` is all that those users said."""

    knowledge: Knowledge
    lang: Lang
    open_slots: Sequence[str] = ()
    spoken: str = ""
    _wishes: dict[tuple[str, str, int], Constraint] = field(default_factory=dict)
    _slots: dict[tuple[str, tuple[str, ...]], tuple[str, ...]] = field(default_factory=dict)
    _telling: dict[tuple[str, str], bool] = field(default_factory=dict)
    _misses: dict[tuple[str, str], Sequence[tuple[Constraint, float]]] = field(default_factory=dict)

    def of(self, rng: Random, aim: str, tight: Collection[str] = ()) -> dict[str, Constraint]:
        """Wishes that `aim` meets by slot, the price first; of the slots `tight`, where it is one, in any case."""
        only = tuple(tight) if len(tight) == 1 else ()
        if (aim, only) not in self._slots:
            self._slots[aim, only] = tuple(self._wished(aim, only))
        telling = list(self._slots[aim, only])
        rng.shuffle(telling)
        telling.sort(key=lambda slot: slot != "price")
        return {slot: self._near(aim, slot) for slot in telling}

    def _wished(self, aim: str, only: Collection[str]) -> Iterator[str]:
        """The slots of which `aim` has something to wish for."""
        slots = self.knowledge.domain.using("constrain")
        for slot in self.open_slots or [slot.name for slot in slots if _is_wished(slot) and not self._is_listed(slot)]:
            if self.knowledge.fact(aim, slot) and (slot in only or self._tells_apart(slot, aim)):
                yield slot

    def _is_listed(self, slot: SlotSpec) -> bool:
        """Whether it is a price beside the price that is nowhere below it: what a thing costs without the offer
        ("门市价", "was $40") is nobody's budget."""
        if slot.kind != "money" or slot.name == "price":
            return False
        paid = [(fact.number, self.knowledge.fact(fact.entity, "price")) for fact in self.knowledge.having(slot.name)]
        pairs = [(listed, price.number) for listed, price in paid if listed and price and price.number]
        return bool(pairs) and all(listed >= price for listed, price in pairs)

    def unmet(
        self, aim: str, plain: Mapping[str, Constraint], tight: Collection[str], most: int, reach: float
    ) -> tuple[Constraint, ...]:
        """Wishes that nothing meets, for `aim` just misses one of them, a figure by at most so many times (`reach`);
        the one it misses least, in the least unusual company. () if there is no such set."""
        tries = [
            (rank, [missed if slot == tightened else plain[slot] for slot in chosen])
            for chosen in islice(combinations(plain, most), MOST_TRIES)
            for tightened in chosen
            if tightened in tight
            for rank, (missed, times) in enumerate(self._missed(aim, tightened))
            if times <= reach
        ]
        tries.sort(key=lambda each: each[0])
        return next((tuple(wishes) for _, wishes in tries if not self.knowledge.matching(wishes)), ())

    def _missed(self, aim: str, slot: str) -> Sequence[tuple[Constraint, float]]:
        """Wishes on a slot that `aim` does not meet, and by how many times it misses each."""
        if (aim, slot) not in self._misses:
            self._misses[aim, slot] = [(wish, self._times(aim, wish)) for wish in self._not_met(aim, slot)]
        return self._misses[aim, slot]

    def _not_met(self, aim: str, slot: str) -> Iterator[Constraint]:
        """The nearest first; no figure that nothing at all comes up to."""
        fact, domain = self.knowledge.fact(aim, slot), self.knowledge.domain
        if fact and fact.number is not None and domain.by_name[slot].better:
            tightened = (self._near(aim, slot, slack) for slack in range(-1, -1 - STEPS, -1))
            unmet = (wish for wish in dict.fromkeys(tightened) if not satisfies(fact, wish))
            yield from (wish for wish in unmet if wish.op == "max" or self.knowledge.matching([wish]))
        elif fact and domain.by_name[slot].kind != "list":
            values = {each.value for each in self.knowledge.having(slot)} - {fact.value, *denials(self.lang)}
            for value in sorted(values, key=lambda value: (_apart(value, fact.value), value)):
                yield constraint_on(domain, slot, value)

    def _times(self, aim: str, wish: Constraint) -> float:
        """By how many times `aim` misses a wish for a figure, or one of figures ("50-100"); 1 for another wish."""
        fact, wanted = self.knowledge.fact(aim, wish.slot), numbers.first(wish.value)
        told = numbers.first(fact.value) if fact else None
        return max(wanted / told, told / wanted) if wanted and told else 1.0

    def _near(self, aim: str, slot: str, slack: int = 0) -> Constraint:
        key = aim, slot, slack
        if key not in self._wishes:
            fact, spec = self.knowledge.fact(aim, slot), self.knowledge.domain.by_name[slot]
            if fact is None:
                raise ValueError(f"nothing is known of {slot} of {aim}")
            self._wishes[key] = (
                constraint_on(self.knowledge.domain, slot, self._one_of(fact))
                if spec.kind == "list"
                else near(fact, spec, self.knowledge, self.lang, slack)
            )
        return self._wishes[key]

    def _one_of(self, fact: Fact) -> str:
        """An item of a list: one that users of talks of two spoke of, where they spoke of any."""
        items = listed.listed(fact.value)
        spoken = [item for item in items if item in self.spoken]
        return Random(f"{fact.entity}/{fact.attribute}").choice(spoken or items)

    def _tells_apart(self, slot: str, aim: str) -> bool:
        """A wish near what `aim` has would leave something out, and is one that people have: nobody wants "none"."""
        if (slot, aim) not in self._telling:
            self._telling[slot, aim] = self._leaves_out(slot, aim)
        return self._telling[slot, aim]

    def _denies_another(self, wish: Constraint) -> bool:
        """Whether it says no to another value there is, which is a yes."""
        plain = _undenied(wish.value)
        return bool(plain) and any(fact.value.casefold() == plain for fact in self.knowledge.having(wish.slot))

    def _leaves_out(self, slot: str, aim: str) -> bool:
        wish, fact = self._near(aim, slot), self.knowledge.fact(aim, slot)
        if wish.value.casefold() in denials(self.lang) or (wish.op == "eq" and fact and fact.claimed):
            return False  # what a host happened to say ("very flavorful curry") is no wish
        if wish.op == "eq" and self._denies_another(wish):
            return False  # nobody wants pets "not allowed"
        if self.lang == "en" and wish.op == "eq" and wish.value.endswith("s"):
            return False  # nobody wants "a kids"
        return any(not satisfies(other, wish) for other in self.knowledge.having(slot))


def _undenied(value: str) -> str:
    """What a value denies ("不可以", "not allowed"); "" where it denies nothing."""
    found = _DENIAL.match(value.casefold())
    return value.casefold()[found.end() :] if found else ""


def _is_wished(slot: SlotSpec) -> bool:
    """Nobody wants all that is in a dish, nor a figure as the price list happens to have it ("22 kg"): without a way
    that is better it is no bound."""
    return slot.kind != "list" and not (slot.kind == "number" and not slot.better)


def denials(lang: Lang) -> tuple[str, str]:
    """The values that say there is nothing."""
    return NO[lang], NONE[lang]


def _apart(one: str, other: str) -> float:
    """How far the figures of two values are apart, where both begin with one ("50-100", "100-150")."""
    first, second = numbers.first(one), numbers.first(other)
    return 0.0 if first is None or second is None else abs(first - second)

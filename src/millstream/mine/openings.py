"""What stands open in a turn of a talk of two: the things it names, what things have or have not, values of slots.

What an agent tells is told as a table has it; where it is not known of which thing, of any. What a user wishes is a
word of a slot, or a number with its unit and its bound. The patterns are in mine/turns.yaml.
"""

import re
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, cached_property

from millstream import numbers, resources
from millstream.domain import NO, YES, SlotSpec
from millstream.know.listed import listed
from millstream.mine.clauses import Place
from millstream.mine.find import Hit, Phrases
from millstream.mine.topics import Topics
from millstream.records import Fact, Lang, Role

DATA = resources.data("mine/turns.yaml")
SEVERAL = 2
"""Things of a list that make what is told of it a list."""
THING, VALUE, HAD = "\1", "\0", "\2"
"""What stands for an open place while the words around it are looked at."""
_OPEN = ("entity", "slot")
"""Places that are open for something other than a value."""
_NARROW = str.maketrans("（）", "()")
_NEXT = 5
"""Characters behind the name of a slot in which its value begins."""


@cache
def everyday(lang: Lang) -> frozenset[str]:
    """The words, characters of Chinese, that may stand besides what anybody says."""
    more = DATA["everyday"][lang]
    return frozenset(more if lang == "zh" else more.split())


def is_everyday(said: str, lang: Lang) -> bool:
    """Whether nothing is said but such words."""
    return {*said} <= everyday(lang) if lang == "zh" else {*said.casefold().split()} <= everyday(lang)


@dataclass(frozen=True)
class Openings:
    """Finds what can be left open. `facts` are those of the tables."""

    topics: Topics
    lang: Lang
    facts: Mapping[str, Sequence[Fact]]

    def opened(self, said: str, role: Role, about: str) -> tuple[str, tuple[Place, ...]]:
        """The text with its places open, and what stood there in order."""
        hits: list[Hit[Place]] = [
            Hit(each.start, each.end, ("entity", each.value))
            for each in self.topics.about(said).entities
            if not is_everyday(said[each.start : each.end], self.lang)  # "the hotel" names none
        ]
        hits += self._features.found(said)
        values = list(self._told(about, said) if role == "agent" else self._wished(said))
        told_lists = [hit for hit in values if "、" in hit.value[1]]
        hits = [hit for hit in hits if not any(each.start <= hit.start and hit.end <= each.end for each in told_lists)]
        for hit in sorted(values, key=lambda each: each.start - each.end):
            if not any(hit.start < other.end and other.start < hit.end for other in hits):
                hits.append(hit)
        glued = re.compile("[a-z]", re.IGNORECASE)  # "4star": no place could be told from a word
        hits = sorted((hit for hit in hits if not glued.match(said, hit.end)), key=lambda each: each.start)
        out, done = [], 0
        for hit in hits:
            out += [said[done : hit.start], f"${hit.value[0]}" if hit.value[0] in _OPEN else "$value"]
            done = hit.end
        return "".join([*out, said[done:]]), tuple(hit.value for hit in hits)

    def slots(self, bare: str) -> list[SlotSpec]:
        """The slots spoken of, in order, of which something is known and whose value does not follow."""
        hits = [hit for hit in self.topics.about(bare).slots if VALUE not in bare[hit.end : hit.end + _NEXT]]
        found = {hit.value.name: hit.value for hit in hits}
        return [slot for name, slot in found.items() if name in self.known]

    @cached_property
    def known(self) -> frozenset[str]:
        """The slots that anything is known of."""
        return frozenset(fact.attribute for facts in self.facts.values() for fact in facts)

    def _told(self, about: str, said: str) -> Iterator[Hit[Place]]:
        """Where the facts of the thing spoken of are told: as they are written, or as a number with its unit."""
        for mask in re.finditer(r"\[(\w+)\]", said):  # what the door has masked ("[address]")
            if mask[1] in self.known:
                yield Hit(*mask.span(), (mask[1], mask[0]))
        for fact in self.facts.get(about, ()) or self._anyones(said):
            start, end = _place(said, fact.value)
            if fact.value in (YES[self.lang], NO[self.lang]):
                continue
            if start >= 0 and len(fact.value) > 1 and self.topics.domain.by_name[fact.attribute].kind != "flag":
                yield Hit(start, end, (fact.attribute, fact.value))
            elif fact.number is not None:
                yield from self._numbered(said, fact)

    def _anyones(self, said: str) -> list[Fact]:
        """A fact for each slot that is spoken of, of whatever thing, where it is not known of which one: its value is
        as it is told, and no other's is longer."""
        found = list[Fact]()
        for slot in self.slots(said.lower()):
            told = [each for each in self._values.get(slot.name, ()) if _place(said, each.value)[0] >= 0]
            found += sorted(told, key=lambda each: -len(each.value))[:1]
        return found

    @cached_property
    def _values(self) -> Mapping[str, Sequence[Fact]]:
        """One fact for each value of a slot."""
        found: dict[str, dict[str, Fact]] = defaultdict(dict)
        for fact in (each for facts in self.facts.values() for each in facts):
            found[fact.attribute].setdefault(fact.value, fact)
        return {slot: tuple(values.values()) for slot, values in found.items()}

    def _numbered(self, said: str, fact: Fact) -> Iterator[Hit[Place]]:
        rest = [each for each in numbers.mentions(said) if each.value == fact.number]
        if len(rest) == 1 and self.lang == "en":
            yield Hit(rest[0].start, rest[0].end, (fact.attribute, fact.value))

    def _wished(self, said: str) -> Iterator[Hit[Place]]:
        """The values of a wish: the words of a slot, and a number with the unit and the bound that its slot has."""
        yield from self._words.found(said)
        for number in numbers.mentions(said):
            for counted, behind in self._counted.items():
                if behind.match(said, number.end):
                    told = said[number.start : number.end].rstrip()
                    yield Hit(number.start, number.start + len(told), (counted, told))
            for slot in self.topics.domain.using("constrain"):
                unit = slot.unit.get(self.lang, "")
                bound = DATA["bounds"][self.lang].get(slot.better)
                if unit and bound and said[number.end :].startswith(unit):
                    near = said[max(0, number.start - 6) : number.start] + "\0" + said[number.end + len(unit) :][:3]
                    if re.search(bound, near) and not re.search(r"\d\s*[-~—到至]\s*$", said[: number.start]):
                        yield Hit(number.start, number.end + len(unit), (slot.name, said[number.start : number.end]))

    @cached_property
    def _counted(self) -> Mapping[str, re.Pattern[str]]:
        """The names of slots whose number stands before them ("a 4 star place")."""
        plain = [slot for slot in self.topics.domain.using("constrain") if slot.kind == "number"]
        known = [slot for slot in plain if slot.name in self.known and not slot.unit.get(self.lang)]
        names = {slot.name: slot.names.get(self.lang, ()) for slot in known}
        forms = {slot: "|".join(map(re.escape, every)) for slot, every in names.items() if every}
        return {slot: re.compile(rf"[\s-]*(?:{form})\b", re.IGNORECASE) for slot, form in forms.items()}

    @cached_property
    def _features(self) -> Phrases[Place]:
        """The words for what things have or have not."""
        had = [slot for slot in self.topics.domain.slots if slot.is_had and slot.name in self.known]
        return Phrases({name: ("slot", slot.name) for slot in had for name in slot.names.get(self.lang, ())})

    @cached_property
    def _words(self) -> Phrases[Place]:
        kinds = {slot.name: slot.kind for slot in self.topics.domain.using("constrain")}
        words: dict[str, Place] = {}
        for fact in (each for facts in self.facts.values() for each in facts):
            if fact.value.casefold() == self.topics.domain.entity[self.lang]:
                continue  # what all of them are called is nobody's wish
            if kinds.get(fact.attribute) == "category":
                words[fact.value] = (fact.attribute, fact.value)
            elif kinds.get(fact.attribute) == "list":
                words |= {item: (fact.attribute, item) for item in listed(fact.value) if len(item) > 1}
        return Phrases(words)


def _place(said: str, value: str) -> tuple[int, int]:
    """Where a value is told: as it is written, or, of a list, where some of it is listed with others; (-1, -1) where
    it is not."""
    said, value = said.casefold().translate(_NARROW), value.casefold().translate(_NARROW)
    if (start := said.find(value)) >= 0:
        return start, start + len(value)
    starts = [at for item in value.split("、") if "、" in value and (at := said.find(item)) >= 0]
    if len(starts) < SEVERAL:
        return -1, -1
    before = re.split(r"[有是：:]", said[: min(starts)])[-1]
    end = re.search(r"等|[。！!？?；;]|$", said[max(starts) :])
    return min(starts) - len(before), max(starts) + (end.start() if end else 0)

"""Is what a text says of things so? Claims found in words and checked against the knowledge.

A claim is what a text says of one thing: a group of cells (cells.py), which stand together in the knowledge or do not;
a comparison ("cheaper than the E7", "the cheapest"), worked out from the numbers; or a denial ("there is no ..."). A
group without a name is said of the thing named last, here or in the lines before. Verdicts: supported (one thing has
all of it), expired (one had it, until a day that has passed), contradicted (what it is said of has something else),
unknown (the knowledge is silent). Knows nothing of acts or plans, and needs no labels.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from millstream.know.cells import NAME, Group, Item, Reader, Said
from millstream.records import Fact

Verdict = Literal["supported", "contradicted", "expired", "unknown"]


@dataclass(frozen=True)
class Claim:
    """What is said of one thing, and whether it is so; `facts` are what it was checked against."""

    kind: Literal["told", "compared", "denied"]
    text: str
    verdict: Verdict
    name: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """A word of comparison: the attribute whose numbers decide, and whether less is meant ("cheaper")."""

    slot: str
    less: bool


_DENIED = re.compile(
    r"\b(?:no|not|can ?not|can'?t|don'?t|do not|isn'?t|aren'?t|without|haven'?t|doesn'?t|didn'?t)\b|没有|没|无|不(?!错|过)",
    re.I,
)
_REACH = 40
"""Characters behind a denial within which what it denies is named."""
_THAN = re.compile(r"\bthan\b|比")
_ASKED = re.compile(r"\b(?:which|what)\b[^,.!]*?\b(?:would|do|did|should|can|are you)\b(?: you\b)?[^.,!]*|[^，。！？,.!?]*[?？]", re.I)
"""A question claims nothing."""


@dataclass(frozen=True)
class Checker:
    """The check of one knowledge. `comparisons`: word -> what it compares; `day`: the ISO date on which things are said,
    "" where nothing expires."""

    reader: Reader
    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    day: str = ""

    def claims(self, text: str, before: Sequence[str] = ()) -> list[Claim]:
        """Every claim of a text; `before` is what was said so far, oldest first, which may name what it is about."""
        if not self.reader.items:
            return []
        text = _ASKED.sub(" ", text)
        named = self._named_before(before)
        found: list[Claim] = []
        for group in self.reader.groups(text):
            own = next((each for each in group.said if self._names(each)), None)
            found.append(self._told(group, own or named, own is None))
            named = own or named
        return [*found, *self._denied(text, before), *self._compared(text)]

    def _names(self, said: Said) -> bool:
        return NAME in said.slots

    def _named_before(self, before: Sequence[str]) -> Said | None:
        for line in reversed(before):
            for each in reversed(self.reader.said(line)):
                if self._names(each):
                    return each
        return None

    def _told(self, group: Group, name: Said | None, inherited: bool) -> Claim:
        words = " ".join(each.key for each in group.said)
        beside = [name] if name is not None and inherited else []
        of = [item for item in self.reader.items if name is not None and item.cells[NAME] == name.key]
        fitting = [item for item in self.reader.items if group.holds(item, beside)]
        if not fitting and beside and (not of or len(group.said) > 1):
            fitting = [item for item in self.reader.items if group.holds(item)]
        if fitting:
            facts = tuple(fact for item in fitting[:1] for fact in _facts(item, group))
            late = bool(self.day) and any(fact.valid_to and fact.valid_to < self.day for fact in facts)
            return Claim("told", words, "expired" if late else "supported", fitting[0].name, facts)
        return self._unsupported(group, of, words)

    def _unsupported(self, group: Group, of: list[Item], words: str) -> Claim:
        """Contradicted where what it is said of, or anything, has another value there; unknown where nothing has one."""
        among = of or list(self.reader.items)
        nearest = min(among, key=lambda item: len(group.missing(item)))
        wrong = {slot for each in group.missing(nearest) for slot in each.slots}
        held = tuple(fact for item in among[:1] for slot, fact in item.facts.items() if slot in wrong)
        known = any(slot in item.cells for item in among for slot in wrong)
        return Claim("told", words, "contradicted" if known else "unknown", nearest.name, held)

    def _denied(self, text: str, before: Sequence[str]) -> Iterator[Claim]:
        """That there is none of something, where there is."""
        for denial in _DENIED.finditer(text):
            reach = text[denial.end() : denial.end() + _REACH]
            for each in self.reader.said(reach)[:1]:
                having = [item for item in self.reader.items if any(item.cells.get(s) == each.key for s in each.slots)]
                if having and _is_absence(text[denial.start() : denial.end() + each.start]):
                    yield Claim("denied", each.key, "contradicted", having[0].name)

    def _compared(self, text: str) -> Iterator[Claim]:
        low = text.casefold()
        for word, meant in self.comparisons.items():
            for found in re.finditer(_alone(word), low):
                names = [each for each in self.reader.said(text) if NAME in each.slots]
                first = [each for each in names if each.start < found.start()][-1:]
                other = [each for each in names if each.start > found.start()][:1]
                if "比" in low[: found.start()] and len(names) > 1:
                    first, other = names[:1], names[1:2]
                if first and other and _THAN.search(low):
                    yield self._compares(word, meant, first[0], other[0])

    def _compares(self, word: str, meant: Comparison, first: Said, other: Said) -> Claim:
        facts = tuple(
            fact
            for said in (first, other)
            for item in self.reader.items
            if item.cells[NAME] == said.key and (fact := item.facts.get(meant.slot)) and fact.number is not None
        )[:2]
        if len(facts) < 2:
            return Claim("compared", word, "unknown", first.key, facts)
        one, two = facts[0].number or 0.0, facts[1].number or 0.0
        right = one < two if meant.less else one > two
        return Claim("compared", word, "supported" if right else "contradicted", first.key, facts)


_EXISTS = re.compile(
    r"^(?:no|not|can ?not|can'?t|don'?t|do not|isn'?t|haven'?t|没有|没)\s*(?:have|see|find|found|get|got|any|a|an|listing|listed|"
    r"list|of|for|on|your|the|in|seem|to|other|one|available|nearby|\s)*$",
    re.I,
)


def _is_absence(words: str) -> bool:
    """Nothing but words of being there stands between the denial and what it denies."""
    return _EXISTS.match(words) is not None


def _facts(item: Item, group: Group) -> Iterator[Fact]:
    for slot, fact in item.facts.items():
        if any(slot in said.slots and item.cells[slot] == said.key for said in group.said):
            yield fact


def _alone(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)

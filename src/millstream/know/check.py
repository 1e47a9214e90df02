"""Is what a text says of things so? Claims found in words and checked against the knowledge.

A claim is what a text says of one thing: a group of cells (cells.py), which stand together in the knowledge or do not;
a denial ("there is no ..."); or something worked out (worked_out.py): a comparison, a total, that a thing is to be had.
A group without a name is said of the thing named last, here or in the lines before. Verdicts: supported (one thing has
all of it), expired (one had it, until a day that has passed), contradicted (what it is said of has something else),
unknown (the knowledge is silent). Knows nothing of acts or plans, and needs no labels.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from millstream import units
from millstream.know.amounts import MONEY
from millstream.know.cells import ALSO, NAME, Group, Item, Reader, Said
from millstream.know.worked_out import Claim, Terms, compared, supported, to_be_had, totals, without_totals
from millstream.records import Fact

_DENIED = re.compile(
    r"\b(?:no|not|can ?not|can'?t|don'?t|isn'?t|aren'?t|without|haven'?t|doesn'?t|didn'?t)\b|没有|没|无|不(?!错|过)",
    re.I,
)
_EXISTS = re.compile(
    r"^(?:no|not|can ?not|can'?t|don'?t|isn'?t|haven'?t|没有|没)\s*"
    r"(?:have|see|find|found|get|got|any|a|an|listing|listed|list|of|for|on|your|the|in|seem|to|other|one|available|"
    r"nearby|\s)*$",
    re.I,
)
"""A denial, and nothing but words of being there."""
_REACH = 40
"""Characters behind a denial within which what it denies is named."""
_ASKED = re.compile(
    r"\b(?:which|what)\b[^,.!]*?\b(?:would|do|did|should|can|are you)\b(?: you\b)?[^.,!]*|[^，。！？,.!?]*[?？]", re.I
)

_ASKING = re.compile(
    r"[^。！？.!?]*(?:"
    r"(?:[,，] ?|\bis )(?:(?:is|was|did|have|had) [^,，]{0,24}|that was you, )?"
    r"(?:right|correct|you|yours|your line)[?？]|"
    r"(?:对吗|对吧|是吧|对不对|没错吧|是您吗|看对了吗|是您发的吧|是您的?吧)[?？]|"
    r"(?:\b(?:which|what)\b|哪)[^。！？.!?]*[?？]|还是[^。！？.!?]*[?？])",
    re.I,
)
"""Sentences that ask whether something was heard right, or which of several it shall be."""
_MEANT = re.compile(r"(?:right|correct|you|yours|your line|对吗|对不对|是您吗|看对了吗|吧)[?？]$", re.I)


def without_questions(text: str) -> str:
    """A question claims nothing, but for the price it names ("would you go up to $44?")."""
    return _ASKED.sub(lambda found: found[0] if _names_money(found[0]) else " ", text)


def _names_money(clause: str) -> bool:
    return any(unit in MONEY for _, unit in units.counted(clause))


@dataclass(frozen=True)
class Checker:
    """The check of one knowledge. `day`: the ISO date on which things are said, "" where nothing expires."""

    reader: Reader
    terms: Terms = field(default_factory=Terms)
    day: str = ""

    def claims(self, text: str, before: Sequence[str] = ()) -> list[Claim]:
        """Every claim of a text; `before` is what was said so far, oldest first, which may name what it is about."""
        if not self.reader.items:
            return []
        text = without_questions(self.without_asked(text))
        named = self._named_before(before)
        last = named[0] if named else None
        found = [*self._denied(text), *compared(self.reader, self.terms, text)]
        found += to_be_had(self.reader, self.terms, text, last, self.day)
        found += totals(self.reader, text, last, before, self.day)
        for group in self.reader.groups(without_totals(text)):
            names = [group.named] if group.named else named
            found.append(self._told(group, names))
            named = names
        return found

    def without_asked(self, text: str) -> str:
        """Without the sentences that ask what was meant ("9 seats, right?") or which of some ("dessert, or a main,
        which is it?"); what such a sentence names, it tells of."""
        return _ASKING.sub(lambda found: " " if self._asks(found[0]) else found[0], text)

    def _asks(self, sentence: str) -> bool:
        named = any(NAME in each.slots for each in self.reader.said(sentence))
        return not named and bool(_MEANT.search(sentence) or not _names_money(sentence))

    def _named_before(self, before: Sequence[str]) -> list[Said]:
        """What the latest line with a name names, the last thing first: "ours" may be any of two offered together. One
        that names another too ("or the Mill House, that works as well") adds it to what was named before."""
        found = list[Said]()
        for line in reversed(before):
            names = [each for each in reversed(self.reader.said(line)) if NAME in each.slots]
            found += names
            if names and not ALSO.search(line.casefold()):
                break
        return found

    def _told(self, group: Group, names: Sequence[Said]) -> Claim:
        """`names`: the thing that the group names, or else those it may be said of."""
        words = "; ".join(each.key for each in group.said)
        inherited = group.named is None
        fitting = [item for name in names for item in self.reader.items if group.holds(item, [name] * inherited)]
        if not names:
            fitting = [item for item in self.reader.items if group.holds(item)]
        of = [item for item in self.reader.items if names and item.cells[NAME] == names[0].key]
        if not fitting and names and inherited and (not of or len(group.said) > 1):
            fitting = [item for item in self.reader.items if group.holds(item)]
        if not fitting:
            return _unsupported(group, of or list(self.reader.items), words)
        facts = tuple(_facts(fitting[0], group))
        return Claim("told", words, supported(facts, self.day), fitting[0].name, facts)

    def _denied(self, text: str) -> Iterator[Claim]:
        """That there is none of something, where there is."""
        for denial in _DENIED.finditer(text):
            reach = text[denial.end() : denial.end() + _REACH]
            for each in self.reader.said(reach)[:1]:
                having = [item for item in self.reader.items if any(item.cells.get(s) == each.key for s in each.slots)]
                if having and _EXISTS.match(text[denial.start() : denial.end() + each.start]):
                    yield Claim("denied", each.key, "contradicted", having[0].name)


def _unsupported(group: Group, among: list[Item], words: str) -> Claim:
    """Contradicted where what it is said of has another value there; unknown where nothing has one."""
    nearest = min(among, key=lambda item: len(group.missing(item)))
    wrong = {slot for each in group.missing(nearest) for slot in each.slots}
    held = tuple(fact for slot, fact in nearest.facts.items() if slot in wrong)
    known = any(slot in item.cells for item in among for slot in wrong)
    return Claim("told", words, "contradicted" if known else "unknown", nearest.name, held)


def _facts(item: Item, group: Group) -> Iterator[Fact]:
    for slot, fact in item.facts.items():
        if any(slot in said.slots and item.cells[slot] == said.key for said in group.said):
            yield fact

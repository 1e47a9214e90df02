"""What a text claims that stands in no cell and has to be worked out: comparisons, totals, that something is to be had.

Numbers are those of the facts; a total is right if the facts and the counts that were said make it. Knows nothing of
who speaks.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from decimal import Decimal
from itertools import combinations
from typing import Literal

from millstream import numbers
from millstream.domain import NO, NONE
from millstream.know.amounts import MONEY, Amount, read
from millstream.know.cells import NAME, Item, Reader, Said
from millstream.records import Fact

Verdict = Literal["supported", "contradicted", "expired", "unknown"]


@dataclass(frozen=True)
class Claim:
    """What is said of one thing, and whether it is so; `facts` are what it was checked against."""

    kind: Literal["told", "compared", "denied", "total", "to be had"]
    text: str
    verdict: Verdict
    name: str = ""
    facts: tuple[Fact, ...] = ()


@dataclass(frozen=True)
class Comparison:
    """A word of comparison: the attribute whose numbers decide, and whether less is meant ("cheaper")."""

    slot: str
    less: bool


@dataclass(frozen=True)
class Terms:
    """Words of a domain that claim something worked out: `comparisons` by word, and the attribute (`stock`) that says
    whether a thing is to be had."""

    comparisons: Mapping[str, Comparison] = field(default_factory=dict)
    stock: str = "available"


_THAN = re.compile(r"\bthan\b|比")
_SENTENCE = re.compile(r"[^。！？!?；;]*?(?:[。！？!?；;]|\.(?!\d)|$)", re.S)
_TOTAL = re.compile(r"一共|合计|总共|总计|加起来|\btotal\b|\baltogether\b|\bcomes? to\b|\bin all\b", re.I)
_TO_HAVE = re.compile(
    r"(?:还|都|随时)?(?:能|可以)(?:订|买|约|住|点)|(?:还)?有(?:货|位|房|现货|空房|空位)|还有(?=[。！!，,]|$)|"
    r"\b(?:is|are|still)\s+(?:available|free|in stock)\b|\bcan\s+(?:still\s+)?(?:book|order|have|get)\b",
    re.I,
)
_NOT = re.compile(r"不|没|\bnot\b|n't\b|\bno\b", re.I)
_MOST = 12
"""Counts up to which a count that nobody said is no count of things (two nights, three portions)."""


def compared(reader: Reader, terms: Terms, text: str) -> Iterator[Claim]:
    """"A is cheaper than B", "A比B便宜"."""
    low = text.casefold()
    for word, meant in terms.comparisons.items() if _THAN.search(low) else ():
        for found in re.finditer(_alone(word), low):
            names = [each for each in reader.said(text) if NAME in each.slots]
            first = [each for each in names if each.start < found.start()][-1:]
            other = [each for each in names if each.start > found.start()][:1]
            if "比" in low[: found.start()]:
                first, other = names[:1], names[1:2]
            if first and other:
                yield _compares(reader, word, meant, first[0], other[0])


def _compares(reader: Reader, word: str, meant: Comparison, first: Said, other: Said) -> Claim:
    found = [next((_number(item, meant.slot) for item in _of(reader, said)), None) for said in (first, other)]
    facts = tuple(fact for fact in found if fact is not None)
    if len(facts) < 2:
        return Claim("compared", word, "unknown", first.key, facts)
    one, two = facts[0].number or 0.0, facts[1].number or 0.0
    right = one < two if meant.less else one > two
    return Claim("compared", word, "supported" if right else "contradicted", first.key, facts)


def to_be_had(reader: Reader, terms: Terms, text: str, named: Said | None, day: str) -> Iterator[Claim]:
    """"The Mill House is available", of a thing whose stock says no on that day."""
    for sentence in _sentences(text):
        found = _TO_HAVE.search(sentence)
        said = next((each for each in reader.said(sentence) if NAME in each.slots), named)
        if found is None or said is None or _NOT.search(sentence[: found.start()]):
            continue
        for item in _of(reader, said):
            fact = item.facts.get(terms.stock)
            if fact is not None and (not day or _holds(fact, day)):
                gone = fact.value.casefold() in (*NO.values(), *NONE.values())
                yield Claim("to be had", found.group(), "contradicted" if gone else "supported", item.name, (fact,))


def totals(reader: Reader, text: str, named: Said | None, before: Sequence[str], day: str) -> Iterator[Claim]:
    """"Two nights come to $160": what the money of the things named makes, times a count that was said, or added up."""
    for sentence in _sentences(text):
        if not _TOTAL.search(sentence):
            continue
        said = [each for each in reader.said(text) if NAME in each.slots] or ([named] if named else [])
        facts = [fact for each in said for item in _of(reader, each) for fact in item.facts.values()]
        prices = [(fact, amount) for fact in facts if (amount := read(fact.value)) and amount.unit in MONEY]
        counts = _counts([[sentence], [text], before[-3:]], reader)
        for amount in _money(_behind(sentence)):
            made = _possible([price for _, price in prices], {1, *counts})
            facts = [fact for fact, _ in prices]
            verdict = "unknown" if not prices else supported(facts, day) if amount in made else "contradicted"
            yield Claim("total", f"{amount.number:g} {amount.unit}", verdict, "", tuple(facts))


def supported(facts: Sequence[Fact], day: str) -> Verdict:
    """What facts support; expired if one of them no longer holds on the day."""
    late = bool(day) and any(fact.valid_to and fact.valid_to < day for fact in facts)
    return "expired" if late else "supported"


def _counts(near: Sequence[Sequence[str]], reader: Reader) -> set[int]:
    """The counts that are said with a total, or else near it. The number of a name is none ("Set Menu for Two")."""
    for lines in near:
        bare = [_without_names(line, reader) for line in lines]
        if found := {int(n) for line in bare for n in numbers.values(line) if n in range(1, _MOST + 1)}:
            return found
    return set()


def _without_names(line: str, reader: Reader) -> str:
    for each in reversed(reader.said(line)):
        if NAME in each.slots:
            line = f"{line[: each.start]} {line[each.end :]}"
    return line


def _behind(sentence: str) -> str:
    found = _TOTAL.search(sentence)
    return sentence[found.end() :] if found else ""


def without_totals(text: str) -> str:
    """A total is no value of a thing."""
    return "".join(each for each in _sentences(text) if not _TOTAL.search(each))


def _possible(prices: Sequence[Amount], counts: set[int]) -> set[Amount]:
    """Each price times a count that was said; where none was, the sums of two or three prices of one unit."""
    made = {price.times(count) for price in prices for count in counts}
    for size in () if counts - {1} else (2, 3):
        for some in combinations(prices, size):
            if len({price.unit for price in some}) == 1:
                made.add(Amount(sum((price.number for price in some), Decimal(0)), some[0].unit).paid)
    return made


def _money(text: str) -> Iterator[Amount]:
    for piece in re.split(r"[，,、](?!\d)", text):
        amount = read(piece.strip())
        if amount is not None and amount.unit in MONEY:
            yield amount.paid


def _of(reader: Reader, said: Said) -> list[Item]:
    return [item for item in reader.items if item.cells[NAME] == said.key]


def _number(item: Item, slot: str) -> Fact | None:
    fact = item.facts.get(slot)
    return fact if fact is not None and fact.number is not None else None


def _holds(fact: Fact, day: str) -> bool:
    return (not fact.valid_from or fact.valid_from <= day) and (not fact.valid_to or day <= fact.valid_to)


def _sentences(text: str) -> list[str]:
    return [found.group() for found in _SENTENCE.finditer(text) if found.group()]


def _alone(word: str) -> str:
    return rf"(?<![a-z]){re.escape(word)}(?![a-z])" if word.isascii() else re.escape(word)

"""Builds the knowledge of a run from tables and mined signals.

What a table says is known; what a host says and no table confirms is kept as `claimed`. Where sources disagree a
rule decides and the loser is recorded: a table beats speech, a later correction beats what was said before, the
later of two remarks beats the earlier (the simplest form of truth discovery; the issue on knowledge deepens it).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from millstream import numbers
from millstream.domain import Domain
from millstream.know.base import Knowledge
from millstream.records import Evidence, Fact, Passage, Record, Reject, Signal

TABLED, LATER = "a table beats what is said", "what is said later beats what was said before"
LISTED = "of two rows the one given first counts"


class Lost(Record):
    """A fact that lost: the id of the one that won in the end, and the rule it lost by."""

    loser: Fact
    winner: str
    rule: str


@dataclass(frozen=True)
class Built:
    """The knowledge, and what lost against it."""

    knowledge: Knowledge
    rejects: tuple[Reject, ...]
    lost: tuple[Lost, ...] = ()


def build(domain: Domain, tabled: Sequence[Fact], signals: Iterable[Signal], passages: Iterable[Passage] = ()) -> Built:
    """`tabled` are the facts of tables; `signals` give what was said, corrected and offered."""
    signals = list(signals)
    facts = {(fact.entity, fact.attribute): fact for fact in reversed(tabled)}
    losers = [(fact, LISTED) for fact in tabled if not agree(facts[fact.entity, fact.attribute], fact)]
    rejects = [Reject(step="knowledge", item=fact.id, reason=_listed(facts, fact)) for fact, _ in losers]
    for said in sorted(_said(domain, signals), key=_when):
        key = (said.entity, said.attribute)
        facts[key], lost = _settle(facts.get(key), said)
        rejects += [Reject(step="knowledge", item=each.id, reason=reason) for each, reason in lost]
        rule = LATER if facts[key] is said else TABLED
        losers += [(each, rule) for each, _ in lost]
    ordered = tuple(facts[key] for key in dict.fromkeys([(f.entity, f.attribute) for f in tabled] + list(facts)))
    offers = tuple(signal for signal in signals if signal.kind == "offer")
    lasting = {key: fact.id for key, fact in facts.items()}  # what won may have been backed, or have lost, since
    settled = tuple(Lost(loser=f, winner=lasting[f.entity, f.attribute], rule=rule) for f, rule in losers)
    return Built(Knowledge(domain, ordered, offers, tuple(passages)), tuple(rejects), settled)


def _listed(facts: Mapping[tuple[str, str], Fact], fact: Fact) -> str:
    first = facts[fact.entity, fact.attribute]
    one, other = fact.evidence[0], first.evidence[0]
    return f"{one.source} row {one.at[0]} has {fact.value!r}, but {other.source} row {other.at[0]} {first.value!r}"


def _said(domain: Domain, signals: Iterable[Signal]) -> Iterator[Fact]:
    for signal in signals:
        if signal.kind in ("fact", "correction") and signal.entity and signal.value and _says(domain, signal):
            kind = domain.by_name[signal.slot].kind
            number = numbers.first(signal.value) if kind in ("money", "number") else None
            yield Fact(
                entity=signal.entity,
                attribute=signal.slot,
                value=signal.value,
                number=number,
                claimed=True,
                evidence=signal.evidence,
            )


def _says(domain: Domain, signal: Signal) -> bool:
    """The slot is one of the domain's, and the value more than a word for the slot itself ("a discount")."""
    slot = domain.by_name.get(signal.slot)
    words = [name for names in (slot.names, domain.claims) for each in names.values() for name in each] if slot else []
    return slot is not None and signal.value.casefold() not in {word.casefold() for word in words}


def _settle(known: Fact | None, said: Fact) -> tuple[Fact, list[tuple[Fact, str]]]:
    """Who wins, and who lost why."""
    if known is None:
        return said, []
    if agree(known, said) or (not known.claimed and _within(known, said)):
        return _backed(known, said.evidence), []
    if not known.claimed:
        return known, [(said, f"said {said.value!r}, but the table has {known.value!r}")]
    return said, [(known, f"said {known.value!r}, later {said.value!r}")]


def agree(one: Fact, other: Fact) -> bool:
    """The same value, whichever way it is written ("13.98万元", "十三万九千八")."""
    if one.number is not None and other.number is not None:
        return abs(one.number - other.number) <= 1e-6 * max(abs(one.number), 1)
    return one.value.casefold().strip() == other.value.casefold().strip()


def _within(known: Fact, said: Fact) -> bool:
    """Words that stand in the table's, or its numbers: of a list nobody says all ("mats" of "mats, boot liner and dog
    guard")."""
    parts, whole = re.split("[、,]", said.value.casefold()), known.value.casefold()
    counted = numbers.values(said.value)
    return known.number is None and (
        all(part.strip() in whole for part in parts) or (bool(counted) and counted <= numbers.values(known.value))
    )


def _backed(fact: Fact, evidence: Sequence[Evidence]) -> Fact:
    more = tuple(each for each in evidence if each not in fact.evidence)
    return fact.model_copy(update={"evidence": fact.evidence + more}) if more else fact


def _when(fact: Fact) -> float:
    return min((e.start for e in fact.evidence if e.start is not None), default=0.0)

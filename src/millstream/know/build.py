"""Builds the knowledge of a run from tables and mined signals.

What a table says is known; what a host says and no table confirms is kept as `claimed`. Where sources disagree a
rule decides and the loser is recorded: a table beats speech, a later correction beats what was said before, the
later of two remarks beats the earlier (the simplest form of truth discovery; the issue on knowledge deepens it).
What was beaten for one slot of a thing is no claim of another on the strength of the same cues.
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
BEATEN = "what is beaten for one slot is said of no other by the same cues"


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
    known = {(fact.entity, fact.attribute): fact for fact in reversed(tabled)}
    doubles = [(fact, LISTED) for fact in tabled if not agree(known[fact.entity, fact.attribute], fact)]
    rejects = [Reject(step="knowledge", item=fact.id, reason=_listed(known, fact)) for fact, _ in doubles]
    said = sorted(_said(domain, signals), key=_when)
    beaten = [loser for loser, _, _ in _settled(known, said)[1]]
    fallen = [each for each in said if (each.entity, each.attribute) not in known and _rests_on(each, beaten)]
    facts, lost = _settled(known, [each for each in said if each not in fallen])
    lost += [(each, BEATEN, f"said {each.value!r}, which was beaten for another slot") for each in fallen]
    rejects += [Reject(step="knowledge", item=each.id, reason=reason) for each, _, reason in lost]
    ordered = tuple(facts[key] for key in dict.fromkeys([(f.entity, f.attribute) for f in tabled] + list(facts)))
    offers = tuple(signal for signal in signals if signal.kind == "offer")
    lasting = {key: fact.id for key, fact in facts.items()}  # what won may have been backed, or have lost, since
    lasting |= {(f.entity, f.attribute): _against(f, beaten, lasting) for f in fallen}
    losers = [*doubles, *((fact, rule) for fact, rule, _ in lost)]
    settled = tuple(Lost(loser=f, winner=lasting[f.entity, f.attribute], rule=rule) for f, rule in losers)
    return Built(Knowledge(domain, ordered, offers, tuple(passages)), tuple(rejects), settled)


Facts = dict[tuple[str, str], Fact]


def _settled(known: Mapping[tuple[str, str], Fact], said: Iterable[Fact]) -> tuple[Facts, list[tuple[Fact, str, str]]]:
    """What stands when all that is said has been heard in order; and what lost, by which rule and why."""
    facts, lost = dict(known), list[tuple[Fact, str, str]]()
    for each in said:
        key = (each.entity, each.attribute)
        facts[key], losers = _settle(facts.get(key), each)
        rule = LATER if facts[key] is each else TABLED
        lost += [(loser, rule, reason) for loser, reason in losers]
    return facts, lost


def _rests_on(said: Fact, beaten: Sequence[Fact]) -> bool:
    """Is it told by no cue but those of the same value that was beaten for another slot of the thing?"""
    same = [each for each in beaten if each.attribute != said.attribute and _of_one(each, said)]
    cues = {evidence for each in same for evidence in each.evidence}
    return bool(cues) and cues.issuperset(said.evidence)


def _against(fallen: Fact, beaten: Sequence[Fact], lasting: Mapping[tuple[str, str], str]) -> str:
    """The id of what stands for its slot, or else for the one that it was beaten for."""
    keys = [(fallen.entity, fallen.attribute), *((f.entity, f.attribute) for f in beaten if _of_one(f, fallen))]
    return next(lasting[key] for key in keys if key in lasting)


def _of_one(one: Fact, other: Fact) -> bool:
    """The same value of the same thing, by a cue of both."""
    return one.entity == other.entity and agree(one, other) and not set(one.evidence).isdisjoint(other.evidence)


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

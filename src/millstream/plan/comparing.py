"""Two things side by side: which other thing a user brings in, on what the two are compared, and how that is told."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from millstream.know.base import Knowledge
from millstream.plan import talk
from millstream.plan.script import Script
from millstream.records import Act, Fact, Sentence

FAR = 1.6
"""Times the price from which on nobody compares two things, where there is a nearer one."""


def rivals(knowledge: Knowledge, one: str) -> Iterator[str]:
    """The other things that differ in something one could compare."""
    return (each for each in knowledge.entities if each != one and differing(knowledge, one, each))


def rival(script: Script) -> str:
    """Another entity worth comparing: of those that miss the fewest wishes, serve the need and are of the same sorts
    (an electric car beside an electric one), one of the three most alike that still differ in something."""
    others = list(rivals(script.knowledge, script.offered))
    need = script.purpose
    serving = script.knowledge.serving(need) if need else others
    apart = {
        each: (len(talk.missed(script, each)), each not in serving, _far(script, each), _sorts_apart(script, each))
        for each in others
    }
    near = [each for each in others if apart[each] == min(apart.values())]
    close = sorted(near, key=lambda each: -talk.alike(script, each))
    return script.rng.choice(close[:3]) if close else ""


def _far(script: Script, other: str) -> bool:
    """Whether one costs FAR times the other: nobody wavers between them."""
    theirs = script.knowledge.fact(other, "price")
    prices = sorted((talk.price(script), (theirs.number if theirs else None) or 0.0))
    return bool(prices[0]) and prices[1] > FAR * prices[0]


def _sorts_apart(script: Script, other: str) -> int:
    """In how many categories of what there is to wish for the two are of different sorts."""
    sorts = [slot.name for slot in script.knowledge.domain.using("constrain") if slot.kind == "category"]
    pairs = [(script.knowledge.fact(script.offered, slot), script.knowledge.fact(other, slot)) for slot in sorts]
    return sum((mine and mine.value) != (theirs and theirs.value) for mine, theirs in pairs)


@lru_cache(1 << 14)
def differing(knowledge: Knowledge, one: str, other: str) -> tuple[tuple[Fact, Fact], ...]:
    """Pairs of facts of the two that differ, numbers first, at most two. What only speaks for a thing is its own, and
    nobody compares addresses: of texts only what can be wished for."""
    pairs, slots = [], knowledge.domain.by_name
    for mine in knowledge.of(one):
        theirs = knowledge.fact(other, mine.attribute)
        if not _comparable(knowledge, one, other, slots[mine.attribute].within):
            continue
        if slots[mine.attribute].kind == "text" and "constrain" not in slots[mine.attribute].use:
            continue
        if slots[mine.attribute].kind == "money" and mine.attribute != "price":
            continue  # what it costs is told once
        if theirs and theirs.value != mine.value and len(mine.value + theirs.value) < 40:
            pairs.append((mine, theirs))
    pairs.sort(key=lambda pair: (pair[0].attribute != "price", pair[0].number is None))
    return tuple(pairs[:2])


def _comparable(knowledge: Knowledge, one: str, other: str, within: str) -> bool:
    """Whether the two share what makes their values comparable."""
    mine, theirs = (knowledge.fact(each, within) for each in (one, other))
    return not within or (mine and mine.value) == (theirs and theirs.value)


def compared(script: Script, pairs: Sequence[tuple[Fact, Fact]]) -> list[Sentence]:
    told = [side_by_side(script, mine, theirs) for mine, theirs in pairs]
    mine, theirs = pairs[0]
    argued = {"negotiate", "objection"} & {*script.ahead} or script.scenario.outcome == "lost_competitor"
    if mine.attribute == "price" and (mine.number or 0) < (theirs.number or 0) and not argued:
        script.reaction = "saves"
    return [*told, script.part("compare_close", "acknowledge")]


def side_by_side(script: Script, mine: Fact, theirs: Fact) -> Sentence:
    script.told |= {(mine.entity, mine.attribute), (theirs.entity, theirs.attribute)}
    script.requests = [slot for slot in script.requests if slot != mine.attribute]
    part = script.part(
        "compare_tell", "inform", mine.attribute, mine.value, mine.entity, other=theirs.entity, old=theirs.value
    )
    second = Act(act="inform", slot=theirs.attribute, value=theirs.value, entity=theirs.entity)
    return Sentence(part.text, (*part.acts, second), (*part.must, theirs.value), (mine.id, theirs.id))

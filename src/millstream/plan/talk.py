"""What the two sides say of the knowledge: what is offered, asked, answered, compared and granted.

The moves (moves.py) decide when; here it is decided what, from the facts there are.
"""

from collections.abc import Callable, Sequence

from millstream.domain import NO, NONE
from millstream.plan.script import Part, Script
from millstream.records import Act, Constraint, Fact

NOTED = 0.35
"""Share of questions before which the user takes note of the answer to the last."""


def ack(script: Script) -> Callable[[], Sequence[Part]]:
    return lambda: [script.part("ack", "acknowledge")]


def best(script: Script, fitting: Sequence[str]) -> str:
    """The entity the scenario was drawn for where it fits; else the first."""
    return script.scenario.aim if script.scenario.aim in fitting else fitting[0]


def presented(script: Script, wishes: Sequence[Constraint]) -> list[Part]:
    """The offer, with the figures behind its wishes; a wish for a thing itself is not told back."""
    facts = [script.knowledge.fact(script.offered, wish.slot) for wish in wishes if wish.op != "eq"]
    told = [fact for fact in facts if fact][:2] or news(script)[:1]
    parts = [script.part("recommend" if wishes else "recommend_any", "offer", entity=script.offered)]
    return parts + [script.tell(fact, "again" if n else "once") for n, fact in enumerate(told)]


def some_fact(script: Script) -> list[Part]:
    """One fact not told yet, about a figure the user wished for if there is one."""
    return [script.tell(fact) for fact in news(script)[:1]]


def news(script: Script) -> list[Fact]:
    """What the user has not heard and did not say: figures that were wished for first, then other figures."""
    said = {(wish.slot, script.state.get(wish.slot)) for wish in script.scenario.constraints if wish.op == "eq"}
    never = {*NO.values(), *NONE.values()}
    facts = [fact for fact in untold(script) if (fact.attribute, fact.value) not in said and fact.value not in never]
    return sorted(facts, key=lambda fact: (fact.number is None, fact.attribute not in script.state))


def untold(script: Script) -> list[Fact]:
    """What is known of the offered entity, not told yet and not about to be asked."""
    facts = [fact for fact in script.knowledge.of(script.offered) if (fact.entity, fact.attribute) not in script.told]
    return [fact for fact in facts if fact.attribute not in script.requests] or facts


def supporting(script: Script) -> Fact | None:
    """A fact that speaks for the offered entity: something it comes with, or a number on the better side of the
    middle of what there is. A mere property ("it is a sedan") answers no doubt."""
    by_name = script.knowledge.domain.by_name
    for fact in untold(script):
        slot = by_name[fact.attribute]
        if "offer" in slot.use or "assure" in slot.use:
            return fact
        if fact.number is not None and slot.better and slot.kind == "number" and fact.attribute not in script.state:
            others = sorted(each.number for each in script.knowledge.having(slot.name) if each.number is not None)
            middle = others[len(others) // 2]
            if fact.number > middle if slot.better == "high" else fact.number < middle:
                return fact
    return None


def cheaper(script: Script) -> list[Part]:
    """The dearest of what costs less and still meets the wishes, as an alternative; one that misses a single wish is
    offered with what it is instead; nothing where there is none."""
    mine = script.knowledge.fact(script.offered, "price")
    prices = [fact for fact in script.knowledge.having("price") if fact.number is not None]
    below = [fact for fact in prices if mine and mine.number and fact.number and fact.number < mine.number]
    missed = {fact.entity: _missed(script, fact.entity) for fact in below}
    near = [fact for fact in below if len(missed[fact.entity]) <= 1]
    if not near:
        return []
    fact = max(near, key=lambda each: (-len(missed[each.entity]), each.number or 0, each.entity))
    part = script.part("cheaper", "offer", "price", fact.value, fact.entity)
    script.told.add((fact.entity, fact.attribute))
    though = [script.after("though", script.tell(each, "once")) for each in missed[fact.entity]]
    return [Part(part.text, part.acts, part.must, (fact.id,)), *though]


def _missed(script: Script, entity: str) -> list[Fact]:
    """What an entity has where the offered one has what was wished for."""
    wishes = [wish for wish in script.scenario.constraints if script.knowledge.meets(script.offered, wish)]
    facts = [script.knowledge.fact(entity, wish.slot) for wish in wishes if not script.knowledge.meets(entity, wish)]
    return [fact for fact in facts if fact]


def next_question(script: Script) -> None:
    """The user asks for the next thing it wants to know, or takes note."""
    script.requests = [slot for slot in script.requests if (script.offered, slot) not in script.told]
    if not script.requests:
        script.user(script.part("ack_user", "acknowledge"))
        return
    slot = script.requests.pop(0)
    asked = query(script, slot)
    noted = [script.part("ack_user", "acknowledge")] if script.rng.random() < NOTED else []
    script.user(*noted, asked, leaves=lambda: answer(script, slot))


def query(script: Script, slot: str) -> Part:
    part = script.part("query", "request", slot, entity=script.offered)
    mined = script.asked.get(slot)
    return Part(part.text, part.acts, part.must, (mined.id,) if mined else ())


def answer(script: Script, slot: str) -> list[Part]:
    fact = script.knowledge.fact(script.offered, slot)
    if fact is None:
        return [script.part("unknown", "notify_unknown", slot, entity=script.offered)]
    return [script.tell(fact)]


def rival(script: Script) -> str:
    """Another entity worth comparing: one of the three most alike that still differ in something."""
    others = [entity for entity in script.knowledge.entities if entity != script.offered]
    close = sorted((entity for entity in others if differing(script, entity)), key=lambda each: -alike(script, each))
    return script.rng.choice(close[:3]) if close else ""


def alike(script: Script, other: str) -> int:
    """How many facts the two share."""
    mine = {(fact.attribute, fact.value) for fact in script.knowledge.of(script.offered)}
    return len(mine & {(fact.attribute, fact.value) for fact in script.knowledge.of(other)})


def differing(script: Script, other: str) -> list[tuple[Fact, Fact]]:
    """Pairs of facts of the two that differ, numbers first, at most two. What only speaks for a thing is its own."""
    pairs, slots = [], script.knowledge.domain.by_name
    for mine in script.knowledge.of(script.offered):
        theirs = script.knowledge.fact(other, mine.attribute)
        if "assure" in slots[mine.attribute].use:
            continue
        if theirs and theirs.value != mine.value and len(mine.value + theirs.value) < 40:
            pairs.append((mine, theirs))
    pairs.sort(key=lambda pair: (pair[0].attribute != "price", pair[0].number is None))
    return pairs[:2]


def compared(script: Script, pairs: Sequence[tuple[Fact, Fact]]) -> list[Part]:
    told = [side_by_side(script, mine, theirs) for mine, theirs in pairs]
    return [*told, script.part("compare_close", "acknowledge")]


def side_by_side(script: Script, mine: Fact, theirs: Fact) -> Part:
    script.told |= {(mine.entity, mine.attribute), (theirs.entity, theirs.attribute)}
    script.requests = [slot for slot in script.requests if slot != mine.attribute]
    part = script.part(
        "compare_tell", "inform", mine.attribute, mine.value, mine.entity, other=theirs.entity, old=theirs.value
    )
    second = Act(act="inform", slot=theirs.attribute, value=theirs.value, entity=theirs.entity)
    return Part(part.text, (*part.acts, second), (*part.must, theirs.value), (mine.id, theirs.id))


def grant(script: Script) -> Part | None:
    """What the source lets the agent give with this entity: a fact of an offer slot not told yet."""
    for slot in script.knowledge.domain.using("offer"):
        fact = script.knowledge.fact(script.offered, slot.name)
        if fact and (fact.entity, fact.attribute) not in script.told:
            script.told.add((fact.entity, fact.attribute))
            script.requests = [each for each in script.requests if each != slot.name]
            part = script.part("give_offer", "offer", slot.name, fact.value, script.offered)
            return Part(part.text, part.acts, part.must, (fact.id,))
    return None

"""What a user doubts, and what of the knowledge answers that very doubt.

A price that is found dear is met by what it holds (slots of `use` offer or assure), another shop by what to compare by,
and a fear (`fear` of a slot: "I'm worried it's too hot") by the fact of that slot, whether it settles the fear or not.
Where the knowledge holds no answer, the agent brings none. Knows no blueprint: what kind of doubt it is, is the path's.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from millstream.domain import NO, NONE, YES
from millstream.plan import booking, talk
from millstream.plan.script import Pending, Script
from millstream.records import Fact, Outcome, Sentence

_GLAD: frozenset[Outcome] = frozenset({"success", "resolved"})
"""Outcomes of who was not left with a fear that came true."""
EMPATHY = 0.6
"""Share of fears before whose answer the agent says that it understands."""


@dataclass(frozen=True)
class Doubt:
    """What the user says, and what the agent says to it."""

    said: Sentence
    answer: Pending


def lacks_price(script: Script, kind: str) -> bool:
    """Whether nothing would be left but to be in two minds once more, though there is a price to doubt that was not
    named."""
    vague = script.was_said("doubt") or script.was_said("objection_hesitates")
    named = (script.offered, "price") in script.told
    return kind != "hesitates" and vague and not named and talk.price(script) > 0 and not _feared(script)


def raised(script: Script, kind: str) -> Doubt:
    """The doubt of this kind that fits what is talked of: nobody finds dear what is well within the budget or was just
    found so, and nobody fears what has been told."""
    if kind == "elsewhere" and _is_heard(script):
        return Doubt(script.part("objection_elsewhere", "object", "price"), lambda: _compared(script))
    if kind == "price" and talk.dear(script) and not script.was_said("doubt_relax"):
        return Doubt(script.part("objection", "object", "price"), lambda: _worth(script))
    feared = _feared(script)
    if feared:
        fact = script.rng.choice(feared)
        script.requests = [slot for slot in script.requests if slot != fact.attribute]
        said = script.part("fear", "object", fact.attribute)
        return Doubt(said, lambda: _met(script, fact))
    vague = script.part("objection_hesitates" if kind == "hesitates" else "doubt", "object")
    return Doubt(vague, lambda: [script.part("empathise_doubt", "empathise")])


def _is_heard(script: Script) -> bool:
    """Whether there is a price to hold another against: what is cheaper elsewhere is so beside one that was heard."""
    return (script.offered, "price") in script.told or not talk.price(script)


def _worth(script: Script) -> list[Sentence]:
    """What the price holds; where nothing is left of that, what costs less, if anything does."""
    heard, found = script.part("empathise", "empathise"), talk.arguments(script)
    if not found:
        return [heard, *(talk.cheaper(script) or [script.part("price_stands", "acknowledge")])]
    return [heard, talk.given(script, found[0])]


def _compared(script: Script) -> list[Sentence]:
    """The user may compare, and is told what to compare by."""
    slots = script.knowledge.domain.by_name
    found = [fact for fact in talk.arguments(script) if slots[fact.attribute].kind != "money"]
    freely = script.part("compare_freely", "acknowledge")
    return [freely, *(talk.given(script, fact) for fact in found[:1])]


def _met(script: Script, fact: Fact) -> list[Sentence]:
    heard = [script.part("empathise_fear", "empathise")] if script.rng.random() < EMPATHY else []
    settled = _settles(script, fact)
    slot = script.knowledge.domain.by_name[fact.attribute]
    if slot.settled_by or fact.number is not None:  # what can be better or worse
        script.reaction = "relieved" if settled else "let_down"
    if settled:
        return [*heard, script.tell(fact, way="assure")]
    return [*heard, script.after("honest", script.tell(fact))]


def _feared(script: Script) -> list[Fact]:
    """Facts that a user could fear the contrary of, not told yet and not wished for: those that settle the fear where
    all ends well. Of what has none of it (heat of a trout toast) nobody fears too much, and that it will not do for all
    who come only who has said how many do."""
    counted = script.knowledge.domain.counted
    slots = script.knowledge.domain.by_name
    found = [
        fact
        for fact in talk.untold(script)
        if slots[fact.attribute].fear.get(script.lang)
        and fact.attribute not in script.state
        and fact.value.casefold() != NONE[script.lang]
        and (fact.attribute not in counted or booking.comers(script, fact.attribute))
        and script.knowledge.is_asked(fact.entity, fact.attribute, script.lang)
    ]
    return [fact for fact in found if script.scenario.outcome not in _GLAD or _settles(script, fact)]


def _settles(script: Script, fact: Fact) -> bool:
    """Whether the fact takes the fear away: by the values that do, by as many as come, by another figure that is not
    among the worst quarter of what there is, of a text by what speaks for a thing, or by denying nothing."""
    if fact.attribute in script.knowledge.domain.counted:
        return (fact.number or 0.0) >= booking.comers(script, fact.attribute)
    slot, value = script.knowledge.domain.by_name[fact.attribute], fact.value.casefold()
    if words := slot.settled_by.get(script.lang):
        return any(word.casefold() in value for word in words)
    if slot.kind == "text":  # what is in it may be what was feared; "no gluten in the recipe" speaks for it
        return "assure" in slot.use or value in (NO[script.lang], NONE[script.lang])
    if fact.number is not None and slot.better:
        return _is_middling(fact, script.knowledge.having(slot.name), slot.better)
    return value in (YES[script.lang], NONE[script.lang]) or not talk.DENIES.search(value)


def _is_middling(fact: Fact, others: Sequence[Fact], better: str) -> bool:
    figures = sorted(each.number for each in others if each.number is not None)
    middle = figures[len(figures) // 4 if better == "high" else -1 - len(figures) // 4]
    number = fact.number or 0.0
    return number >= middle if better == "high" else number <= middle

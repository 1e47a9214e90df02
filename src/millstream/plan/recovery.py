"""Recovery: something goes wrong and is put right, or handed over. One function a kind, the kinds of records.Recovery.

Nothing false is ever claimed: a wish is heard wrong in a question, another thing is told of truly, another question is
answered rightly, and where the system refuses, no reason is made up. The agent's turn that mends has the strategy
`repair:KIND`; critics/recovery.py looks there whether the trouble is really in the text and really mended. A kind that
the dialogue so far does not allow says so by False, and the next is tried.
"""

from collections.abc import Callable

from millstream import phrases
from millstream.plan import booking, repairs, slips, talk
from millstream.plan.grievance import complaint, off_question, open_question
from millstream.plan.script import Script
from millstream.plan.wishes import options_on
from millstream.records import Constraint, Fact, Recovery, Sentence


def recover(script: Script) -> None:
    """The kind the path names; where it cannot be, or the path names none, the first that can."""
    named = [script.recovery] if script.recovery else []
    for kind in [*named, *repairs.order(script.scenario)]:
        if RECOVERIES[kind](script):
            return


def misheard(script: Script) -> bool:
    """A wish is told back wrong, as what sounds or is spelt like it, or as what stood in another viewer's line; the
    user corrects it."""
    stated = [wish for wish in script.scenario.constraints if wish.slot in script.state]
    mistaken = slips.mistaken(script.knowledge, stated, script.lang)
    if script.offered or not mistaken:
        return False
    taken = list(mistaken)
    clear = [wish for wish in taken if not wish.value.isdecimal()] or taken  # a bare number is of the last thing said
    wish = taken[-1] if script.rng.random() < LAST else script.rng.choice(clear)
    alike, beside = mistaken[wish]
    other_line = not alike or (bool(beside) and script.rng.random() < OTHER_LINE)
    wrong = script.rng.choice(beside if other_line else alike)
    kind = "line" if other_line else "value"
    if len(script.steps) > 1:  # the welcome is not lost
        script.pending = None
    script.agent(script.part(f"confirm_{kind}", "confirm", wish.slot, wrong), strategy="confirmation")
    script.user(
        script.part(f"correct_{kind}", "correct", wish.slot, wish.value, old=wrong),
        leaves=lambda: [script.part(f"sorry_{kind}", "apologise", wish.slot, wish.value)],
        mends="repair:misheard",
    )
    return True


def wrong_item(script: Script) -> bool:
    """The agent answers about another thing (truly), the user notices, the agent puts it right."""
    slot = open_question(script, lambda each: bool(_rivals(script, each)))
    mine = script.knowledge.fact(script.offered, slot) if slot else None
    if mine is None:
        return False
    rival = script.rng.choice(_rivals(script, slot)[:3])
    script.agent(script.tell(rival), strategy="information")

    def mend() -> list[Sentence]:
        return [script.part("sorry_entity", "apologise"), script.tell(mine)]

    noticed = script.part("correct_entity", "correct", entity=script.offered, other=rival.entity)
    script.user(noticed, leaves=mend, mends="repair:wrong_item")
    return True


def unavailable(script: Script) -> bool:
    """The user wants a value that nothing has, asked for it or by itself (`missing`); the agent says so and what there
    is, and the user settles for that."""
    found = script.missing or missing(script)
    if script.offered or found is None:
        return False
    wish, value = found
    if not script.missing:
        script.agent(script.ask(wish), strategy="needs_mining")
        script.state[wish.slot] = value
        script.user(script.part("want", "inform", wish.slot, value))
    key = {"max": "unavailable_cap", "min": "unavailable_floor", "eq": "unavailable"}[wish.op]
    refusal = script.part(key, "notify_unavailable", wish.slot, value)
    script.agent(refusal, _instead(script, wish), strategy="repair:unavailable")
    script.state[wish.slot] = wish.value
    script.user(script.after("settle", script.part("want", "inform", wish.slot, wish.value)), leaves=talk.ack(script))
    return True


def missing(script: Script) -> tuple[Constraint, str] | None:
    """A wish not stated yet with a value that nothing has; None if there is none."""
    wishes = [wish for wish in script.scenario.constraints if wish.slot not in script.state]
    found = slips.missing(script.knowledge, wishes, script.lang)
    return script.rng.choice(found) if found else None


def booking_failed(script: Script) -> bool:
    """The booking just made, or the order, does not go through: another slot value, another try, or a person."""
    acts = {act.act for step in script.steps for act in step.acts}
    if "confirm_booking" in acts or "select" in acts or not script.offered:
        return False
    if "offer_booking" in acts:
        return _another_slot(script)
    if script.scenario.outcome not in ("success", "handover", "resolved"):
        return False
    script.agent(script.part("anything_else", "request_more"), strategy="closing")
    script.state["entity"] = script.offered
    chosen = script.part("select", "select", entity=script.offered)
    failed = script.part("order_failed", "notify_booking_failed", entity=script.offered)
    if script.scenario.outcome == "handover":
        script.user(chosen, leaves=lambda: [failed], mends="repair:booking_failed")
        return True
    script.user(chosen)
    script.agent(failed, script.part("try_again", "offer_booking"), strategy="repair:booking_failed")
    again = script.part("accept_retry", "accept")
    script.user(again, leaves=lambda: [script.part("confirm_retry", "confirm_booking", entity=script.offered)])
    return True


OTHER_LINE = 0.4
"""Share of slips for which the host reads another viewer's line, where it could have misread this one."""
LAST = 0.6
"""Share of misheard wishes that are the one stated last; else any."""

RECOVERIES: dict[Recovery, Callable[[Script], bool]] = {
    "misheard": misheard,
    "wrong_item": wrong_item,
    "unavailable": unavailable,
    "booking_failed": booking_failed,
    "off_question": off_question,
    "complaint": complaint,
}


def _another_slot(script: Script) -> bool:
    open_slots = [s for s in booking.movable(script.knowledge.domain, script.lang) if s.name in script.state]
    if script.pending is None or not open_slots:
        return False
    slot = script.rng.choice(open_slots)
    old, value = script.state[slot.name], booking.another(script, slot)
    script.pending = None
    failed = script.part("slot_failed", "notify_booking_failed", slot.name, old)
    script.agent(failed, script.part("ask", "request", slot.name), strategy="repair:booking_failed")
    script.state[slot.name] = value
    again = script.part("want", "inform", slot.name, value)
    script.user(again, leaves=lambda: [booking.confirmed(script)])
    return True


def _instead(script: Script, wish: Constraint) -> Sentence:
    """The nearest there is: what has the nearest figure, or some of the values there are."""
    if wish.op == "eq":
        options = options_on(wish, script.knowledge, script.rng)
        one_of = script.lang == "en" and script.knowledge.domain.by_name[wish.slot].is_kind
        said = [phrases.article(each) for each in options] if one_of else options
        part = script.part("instead", "request", wish.slot, options=phrases.either(said, script.lang))
        return Sentence(part.text, part.acts, options)
    return script.after("closest", script.tell(slips.extreme(script.knowledge, wish.slot, wish.op)))


def _rivals(script: Script, slot: str) -> list[Fact]:
    """What other things have there, the likest things first."""
    facts = slips.others(script.knowledge, script.offered, slot)
    return sorted(facts, key=lambda fact: -talk.alike(script, fact.entity))

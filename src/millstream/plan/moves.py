"""The moves of a service dialogue, one function each. A blueprint's stages say which are made, in what order.

Every move begins when the user has spoken and ends when the user has spoken again (see script.py). The four
behaviours STREAM names are moves here: requirement mining (`needs`), constraint conflict (`conflict`), negotiation
(`negotiate`) and recovery (`recover`, in recovery.py); `closing` gives the outcome.
"""

from collections.abc import Callable

from millstream.plan import booking, comparing, doubts, haggling, talk
from millstream.plan.recovery import missing, recover
from millstream.plan.script import Script
from millstream.records import Act, Fact, Move, Sentence

_OF_AN_OFFER = {"success", "delayed", "lost_price", "lost_competitor"}
"""Outcomes of a thing that was offered: nobody thinks over what was never put forward."""
_AFTER = {"repair:complaint": "ask_handover_cross", "repair:booking_failed": "ask_handover_failed"}
"""How who has just been let down asks for a person."""


def opening(script: Script) -> None:
    kind = script.knowledge.domain.entity.get(script.scenario.lang) or script.shown("entity")
    key = "open_need" if script.need else "open"
    part = script.part(key, "greet", kind=kind, need=script.need)
    script.user(part._replace(acts=(*part.acts, Act(act="inform_intent", value=script.need))), *_at_once(script))
    script.pending = lambda: [script.part("welcome", "greet")]


def _at_once(script: Script) -> list[Sentence]:
    """The wishes an opening names by itself; where nothing has what is wanted, that alone."""
    named = {wish.slot: wish.value for wish in script.scenario.constraints[: script.at_once]}
    if script.recovery == "unavailable":
        script.missing = missing(script) if script.at_once else None
        named = {script.missing[0].slot: script.missing[1]} if script.missing else {}
    script.state |= named
    return [script.part("want", "inform", slot, value) for slot, value in named.items()]


def greet(script: Script) -> None:
    """Nothing more: the welcome is said with the agent's first question."""


def needs(script: Script) -> None:
    """Requirement mining: the agent asks for each wish in turn."""
    for wish in script.scenario.constraints:
        if wish.slot in script.state:
            continue
        script.agent(script.ask(wish), strategy="needs_mining")
        script.state[wish.slot] = wish.value
        part = script.part("want", "inform", wish.slot, wish.value)
        script.user(part, leaves=talk.ack(script))


def recommend(script: Script) -> None:
    """The agent offers what fits and says why; where nothing fits, that is a conflict."""
    if script.offered:
        return
    wishes = script.scenario.constraints
    fitting = script.knowledge.matching(wishes)
    if not fitting:
        conflict(script)
        return
    script.offered = talk.best(script, fitting)
    script.agent(*talk.presented(script, wishes), strategy="recommendation")
    talk.next_question(script)


def conflict(script: Script) -> None:
    """No entity meets every wish: the agent says so and proposes the smallest change that helps."""
    wishes = list(script.scenario.constraints)
    if script.offered or script.knowledge.matching(wishes):
        return
    ways = [way for way in script.knowledge.relaxations(wishes) if way[0].slot not in script.knowledge.domain.counted]
    ways.sort(key=lambda way: script.scenario.aim not in way[1])
    if not ways:
        _nearest(script)
        return
    dropped, found = ways[0]
    script.offered = talk.nearest(script, found, dropped) if script.turns else talk.best(script, found)
    fact = script.knowledge.fact(script.offered, dropped.slot)
    if fact is None:
        _nearest(script)
        return
    if script.turns:
        _missed(script, fact)
        return
    key = {"max": "relax_cap", "min": "relax_floor", "eq": "relax_eq"}[dropped.op]
    proposal = script.part(key, "offer", dropped.slot, fact.value, script.offered, old=dropped.value)
    script.told.add((fact.entity, fact.attribute))
    refusal = script.part("no_match", "notify_failure")
    script.agent(refusal, proposal._replace(refs=(fact.id,)), strategy="conflict", nods=0)
    if script.scenario.outcome == "lost_price":
        script.user(script.part("doubt_relax", "acknowledge"), leaves=lambda: talk.some_fact(script))
    else:
        script.state[dropped.slot] = fact.value
        _settle_for(script, dropped.slot)


def inform(script: Script) -> None:
    """The user asks, one thing after another, while there is something to ask and room for it."""
    recommend(script)
    for _ in range(script.questions):
        if not script.requests:
            return
        script.agent(strategy="information")
        talk.next_question(script)
    script.unasked |= bool(script.requests)


def compare(script: Script) -> None:
    """The user brings in another entity; the agent sets the two side by side on what they differ in. In talks of two,
    whose turns are lent whole, it is left out: none of them is lent."""
    recommend(script)
    if script.turns:
        return
    other = comparing.rival(script)
    differing = comparing.differing(script.knowledge, script.offered, other) if other else ()
    if not differing:
        return
    script.agent(strategy="information")
    asked = script.part("compare", "request_compare", entity=script.offered, other=other)
    acts = (Act(act="request_compare", value=other, entity=script.offered),)
    script.user(asked._replace(acts=acts), leaves=lambda: comparing.compared(script, differing))


def objection(script: Script) -> None:
    """The user doubts, of the price unless the blueprint says otherwise; the agent takes it up (doubts.py)."""
    recommend(script)
    kind = script.doubts.get(script.stage, "price")
    script.settle()
    if doubts.lacks_price(script, kind):
        talk.settle_price(script)
    else:
        script.agent(strategy="information")
    doubt = doubts.raised(script, kind)
    script.user(doubt.said, leaves=doubt.answer)


def negotiate(script: Script) -> None:
    """The user haggles, round after round; the agent holds what it may not give and puts on the table what the
    source grants. Nobody haggles over a price that is not known."""
    recommend(script)
    if not talk.price(script):
        return
    talk.settle_price(script)
    deal = haggling.bargain(script)
    rounds = list(deal.rounds())
    for before, each in zip([None, *rounds], rounds, strict=False):
        script.user(*haggling.haggled(script, before, each))
        script.agent(*haggling.held(script, each.point, before is None), strategy=haggling.strategy(each.point))
    moved = any(each.moves for each in rounds)
    if not deal.agreed:
        closing(script)
    elif script.scenario.outcome == "delayed" and script.ahead == ("close",):
        _delay(script, script.part("accept_later" if moved else "accept_known", "accept"))
    else:
        script.user(script.part("accept_price" if moved else "accept_held", "accept"))


def invite(script: Script) -> None:
    """The agent proposes a visit or a booking; what it needs for that is asked, two things at a
    time."""
    if script.scenario.outcome != "success":
        return
    recommend(script)
    slots = booking.slots(script.knowledge.domain, script.lang)
    if not slots:
        return
    script.agent(script.part("offer_booking", "offer_booking"), strategy="invitation")
    script.user(script.part("accept_booking", "accept"))
    for asked in booking.together(slots):
        script.agent(*(script.part("ask", "request", slot.name) for slot in asked), strategy="needs_mining")
        script.state |= {slot.name: booking.value(script, slot) for slot in asked}
        said = [script.part("want", "inform", slot.name, script.state[slot.name]) for slot in asked]
        script.user(*said, leaves=talk.ack(script))
    script.pending = lambda: [booking.confirmed(script)]


def closing(script: Script) -> None:
    """The end that fits the outcome. Made once; the agent has the last word."""
    if script.steps and script.steps[-1].acts[-1].act == "bye":
        return
    if script.scenario.outcome in _OF_AN_OFFER:
        recommend(script)
    {
        "success": _succeed,
        "delayed": _delay,
        "lost_price": lambda s: _lose(s, "lose_other" if talk.shown_other(s) else "lose_price", "regret_price"),
        "lost_competitor": _go_elsewhere,
        "abandoned": lambda s: _lose(s, "abandon", "regret_leave"),
        "handover": _hand_over,
        "resolved": _succeed,
    }[script.scenario.outcome](script)


MOVES: dict[Move, Callable[[Script], None]] = {
    "greet": greet,
    "needs": needs,
    "recommend": recommend,
    "inform": inform,
    "compare": compare,
    "conflict": conflict,
    "objection": objection,
    "negotiate": negotiate,
    "recover": recover,
    "invite": invite,
    "close": closing,
}


def _missed(script: Script, fact: Fact) -> None:
    """As talks of two have it: the nearest there is, with the one thing that is not as wished for; who takes it goes on
    asking."""
    refused = script.part("no_match", "notify_failure")
    near = script.part("relax_none", "offer", entity=script.offered)
    script.agent(refused, near, script.tell(fact, "again"), strategy="conflict", nods=0)
    script.state[fact.attribute] = fact.value
    taken = script.part("accept_untold", "accept")
    talk.next_question(script, taken._replace(acts=(Act(act="accept", slot=fact.attribute, entity=script.offered),)))


def _nearest(script: Script) -> None:
    script.offered = script.offered or talk.best(script, script.knowledge.entities)
    script.agent(
        script.part("no_match", "notify_failure"),
        script.part("relax_none", "offer", entity=script.offered),
        strategy="conflict",
        nods=0,
    )
    _settle_for(script)


def _settle_for(script: Script, slot: str = "") -> None:
    """The user takes what is offered though `slot` is not as wished (its value is the one just offered), and asks to
    hear more where there is more to tell."""
    more = bool(talk.untold(script))
    part = script.part("accept_relax" if more else "accept_untold", "accept", entity=script.offered)
    taken = part._replace(acts=(Act(act="accept", slot=slot, entity=script.offered),))
    script.user(taken, leaves=(lambda: talk.some_fact(script)) if more else None)


def _succeed(script: Script) -> None:
    booked = any(act.act == "offer_booking" for step in script.steps for act in step.acts)
    if script.turns and not booked:
        _choose(script)
        return
    if not booked:
        script.agent(script.part("anything_else", "request_more"), strategy="closing")
        script.state["entity"] = script.offered
        chosen = script.part("select", "select", entity=script.offered)
        script.user(chosen, leaves=lambda: [script.part("confirm_select", "confirm_booking", entity=script.offered)])
    script.agent(strategy="closing")
    _farewell(script, "thank")


def _choose(script: Script) -> None:
    """As talks of two end: who has no more questions has chosen, and gives thanks."""
    script.agent(strategy="information")
    script.state["entity"] = script.offered
    _farewell(script, "thank")


def _delay(script: Script, *taken: Sentence) -> None:
    """`taken`: what the user has to say of the agent's last word."""
    if not taken:
        script.agent(strategy="information")
    script.user(*taken, script.part("delay", "delay"), leaves=lambda: [script.part("wait", "acknowledge")])
    script.agent(strategy="closing")
    _farewell(script, "bye_user")


def _lose(script: Script, user: str, agent: str) -> None:
    if script.steps[-1].role == "user":
        script.agent(strategy="information")
    script.user(script.part(user, "decline"), leaves=lambda: [script.part(agent, "acknowledge")])
    script.agent(strategy="closing")
    _farewell(script, "bye_user")


def _go_elsewhere(script: Script) -> None:
    """Who has just been told to compare goes and does; else it is the user who thinks of it."""
    script.settle()
    told = script.was_said("compare_freely")
    _lose(script, *(("lose_compared", "regret_compared") if told else ("lose_competitor", "regret")))


def _hand_over(script: Script) -> None:
    script.agent(strategy="information")
    key = _AFTER.get(script.steps[-1].strategy, "ask_handover")
    asked = script.part(key, "request_handover")
    script.user(asked, leaves=lambda: [script.part("handover", "handover")])
    script.agent(strategy="handover")
    script.user(script.part("accept_handover", "accept"))
    script.agent(script.part("bye_handover", "bye"), strategy="closing")


def _farewell(script: Script, user: str) -> None:
    script.user(script.part(user, "thank" if user == "thank" else "bye"))
    script.agent(script.part("bye", "bye"), strategy="closing")

"""The moves of a service dialogue, one function each. A blueprint's stages say which are made, in what order.

Every move begins when the user has spoken and ends when the user has spoken again (see script.py). The four
behaviours STREAM names are moves here: requirement mining (`needs`), constraint conflict (`conflict`), negotiation
(`negotiate`) and recovery (`recover`); `closing` gives the outcome.
"""

from collections.abc import Callable, Sequence

from millstream.plan.script import Part, Script
from millstream.plan.wishes import misheard
from millstream.records import Act, Constraint, Fact, Move


def opening(script: Script) -> None:
    kind = script.knowledge.domain.entity.get(script.scenario.lang) or script.shown("entity")
    key = "open_need" if script.need else "open"
    part = script.part(key, "greet", kind=kind, need=script.need)
    script.user(Part(part.text, (*part.acts, Act(act="inform_intent", value=script.need))))
    script.pending = lambda: [script.part("welcome", "greet")]


def greet(script: Script) -> None:
    """Nothing more: the welcome is said with the agent's first question."""


def needs(script: Script) -> None:
    """Requirement mining: the agent asks for each wish in turn."""
    for wish in script.scenario.constraints:
        if wish.slot in script.state:
            continue
        script.agent(script.part("ask", "request", wish.slot), strategy="needs_mining")
        script.state[wish.slot] = wish.value
        part = script.part("want", "inform", wish.slot, wish.value)
        script.user(Part(part.text, part.acts, part.must, ()), leaves=_ack(script))


def recommend(script: Script) -> None:
    """The agent offers what fits and says why; where nothing fits, that is a conflict."""
    if script.offered:
        return
    wishes = script.scenario.constraints
    fitting = script.knowledge.matching(wishes)
    if not fitting:
        conflict(script)
        return
    script.offered = _best(script, fitting)
    script.agent(*_presented(script, wishes), strategy="recommendation")
    _next_question(script)


def conflict(script: Script) -> None:
    """No entity meets every wish: the agent says so and proposes the smallest change that helps."""
    if script.offered or script.knowledge.matching(script.scenario.constraints):
        return
    wishes = list(script.scenario.constraints)
    ways = sorted(script.knowledge.relaxations(wishes), key=lambda way: script.scenario.aim not in way[1])
    if not ways:
        _nearest(script)
        return
    dropped, found = ways[0]
    script.offered = _best(script, found)
    fact = script.knowledge.fact(script.offered, dropped.slot)
    if fact is None:
        _nearest(script)
        return
    key = {"max": "relax_cap", "min": "relax_floor", "eq": "relax_eq"}[dropped.op]
    proposal = script.part(key, "offer", dropped.slot, fact.value, script.offered, old=dropped.value)
    script.told.add((fact.entity, fact.attribute))
    refusal = script.part("no_match", "notify_failure")
    script.agent(refusal, Part(proposal.text, proposal.acts, proposal.must, (fact.id,)), strategy="conflict")
    if script.scenario.outcome == "lost_price":
        script.user(script.part("doubt_relax", "acknowledge"), leaves=lambda: _some_fact(script))
    else:
        script.state[dropped.slot] = fact.value
        accepted = script.part("accept_relax", "accept", entity=script.offered)
        acts = (Act(act="accept", slot=dropped.slot, entity=script.offered),)  # the value is the one just offered
        script.user(Part(accepted.text, acts, accepted.must), leaves=lambda: _some_fact(script))


def inform(script: Script) -> None:
    """The user asks, one thing after another, while there is something to ask and room for it."""
    recommend(script)
    for _ in range(script.questions):
        if not script.requests:
            return
        script.agent(strategy="information")
        _next_question(script)


def compare(script: Script) -> None:
    """The user brings in another entity; the agent sets the two side by side on what they differ in."""
    recommend(script)
    other = _rival(script)
    differing = _differing(script, other) if other else []
    if not differing:
        return
    script.agent(strategy="information")
    asked = script.part("compare", "request_compare", entity=script.offered, other=other)
    acts = (Act(act="request_compare", value=other, entity=script.offered),)
    script.user(Part(asked.text, acts, asked.must), leaves=lambda: _compared(script, differing))


def objection(script: Script) -> None:
    """The user finds it dear or doubts; the agent takes it up and answers with a fact."""
    recommend(script)
    script.agent(strategy="information")

    def answer() -> list[Part]:
        facts = _some_fact(script, known=False)
        return [script.part("empathise", "empathise"), *(script.after("reassure", part) for part in facts)]

    script.user(script.part("objection", "object"), leaves=answer)


def negotiate(script: Script) -> None:
    """The user haggles; the agent holds what it may not give and offers what the source grants."""
    recommend(script)
    script.agent(strategy="information")
    script.user(script.part("haggle", "negotiate", "price"))
    granted = _grant(script)
    held = script.part("hold_price", "refuse")
    script.agent(held, *([granted] if granted else []), strategy="holds_price" if not granted else "offers_gift")
    if script.scenario.outcome in ("lost_price", "lost_competitor") or not granted:
        script.user(script.part("haggle_again", "negotiate", "price"))
        script.agent(script.part("hold_firm", "refuse"), strategy="holds_price")
    if script.scenario.outcome in ("lost_price", "lost_competitor"):
        closing(script)
    else:
        script.user(script.part("accept_price", "accept"))


def recover(script: Script) -> None:
    """A misunderstanding and its repair: a wish heard wrong, or two entities mixed up."""
    if not script.offered:
        _misheard_wish(script)
    elif script.requests:
        _mixed_up(script)


def invite(script: Script) -> None:
    """The agent proposes a visit or a booking; what it needs for that is asked one by one."""
    if script.scenario.outcome != "success":
        return
    recommend(script)
    slots = [slot for slot in script.knowledge.domain.using("book") if slot.values.get(script.scenario.lang)]
    if not slots:
        return
    script.agent(script.part("offer_booking", "offer_booking"), strategy="invitation")
    script.user(script.part("accept_booking", "accept"))
    for slot in slots:
        value = script.rng.choice(slot.values[script.scenario.lang])
        script.agent(script.part("ask", "request", slot.name), strategy="needs_mining")
        script.state[slot.name] = value
        script.user(script.part("want", "inform", slot.name, value), leaves=_ack(script))
    joint = "，" if script.lang == "zh" else ", "
    given = joint.join(script.state[slot.name] for slot in slots)
    script.pending = lambda: [_confirmed(script, given, [slot.name for slot in slots])]


def closing(script: Script) -> None:
    """The end that fits the outcome. Made once; the agent has the last word."""
    if script.steps and script.steps[-1].acts[-1].act == "bye":
        return
    {
        "success": _succeed,
        "delayed": _delay,
        "lost_price": lambda s: _lose(s, "lose_price", "regret"),
        "lost_competitor": lambda s: _lose(s, "lose_competitor", "regret"),
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


# --- what the moves are made of ---------------------------------------------------------------------------


def _ack(script: Script) -> Callable[[], Sequence[Part]]:
    return lambda: [script.part("ack", "acknowledge")]


def _best(script: Script, fitting: Sequence[str]) -> str:
    """The entity the scenario was drawn for where it fits; else the first."""
    return script.scenario.aim if script.scenario.aim in fitting else fitting[0]


def _presented(script: Script, wishes: Sequence[Constraint]) -> list[Part]:
    facts = [script.knowledge.fact(script.offered, wish.slot) for wish in wishes]
    told = [fact for fact in facts if fact and fact.number is not None][:2] or [fact for fact in facts if fact][:1]
    parts = [script.part("recommend", "offer", entity=script.offered)]
    return parts + [script.tell(fact) for fact in told]


def _nearest(script: Script) -> None:
    script.offered = script.offered or _best(script, script.knowledge.entities)
    script.agent(
        script.part("no_match", "notify_failure"),
        script.part("relax_none", "offer", entity=script.offered),
        strategy="conflict",
    )
    script.user(script.part("accept_relax", "accept", entity=script.offered), leaves=lambda: _some_fact(script))


def _some_fact(script: Script, known: bool = True) -> list[Part]:
    """One fact not told yet: about what the user wished for (`known`), or about something new that speaks for it."""
    facts = [f for f in script.knowledge.of(script.offered) if (f.entity, f.attribute) not in script.told]
    facts = [f for f in facts if f.attribute not in script.requests] or facts
    kinds = {"text": 0, "number": 1, "money": 2, "flag": 3, "category": 4}
    facts.sort(
        key=lambda f: ((f.attribute in script.state) != known, kinds[script.knowledge.domain.by_name[f.attribute].kind])
    )
    return [script.tell(facts[0])] if facts else []


def _next_question(script: Script) -> None:
    """The user asks for the next thing it wants to know, or takes note."""
    if not script.requests:
        script.user(script.part("ack_user", "acknowledge"))
        return
    slot = script.requests.pop(0)
    query = _query(script, slot)
    polite = (
        [script.part("ack_user", "acknowledge")]
        if script.steps[-1].role == "agent" and script.rng.random() < 0.35
        else []
    )
    script.user(*polite, query, leaves=lambda: _answer(script, slot))


def _query(script: Script, slot: str) -> Part:
    part = script.part("query", "request", slot, entity=script.offered)
    mined = script.asked.get(slot)
    return Part(part.text, part.acts, part.must, (mined.id,) if mined else ())


def _answer(script: Script, slot: str) -> list[Part]:
    fact = script.knowledge.fact(script.offered, slot)
    if fact is None:
        return [script.part("unknown", "notify_unknown", slot, entity=script.offered)]
    return [script.tell(fact)]


def _rival(script: Script) -> str:
    others = [entity for entity in script.knowledge.entities if entity != script.offered]
    close = [entity for entity in others if len(_differing(script, entity)) >= 1]
    return script.rng.choice(close) if close else ""


def _differing(script: Script, other: str) -> list[tuple[Fact, Fact]]:
    """Pairs of facts of the two that differ, numbers first, at most two."""
    pairs = []
    for mine in script.knowledge.of(script.offered):
        theirs = script.knowledge.fact(other, mine.attribute)
        if theirs and theirs.value != mine.value and len(mine.value + theirs.value) < 40:
            pairs.append((mine, theirs))
    pairs.sort(key=lambda pair: (pair[0].attribute != "price", pair[0].number is None))
    return pairs[:2]


def _compared(script: Script, pairs: Sequence[tuple[Fact, Fact]]) -> list[Part]:
    told = [_side_by_side(script, mine, theirs) for mine, theirs in pairs]
    return [*told, script.part("compare_close", "acknowledge")]


def _side_by_side(script: Script, mine: Fact, theirs: Fact) -> Part:
    script.told |= {(mine.entity, mine.attribute), (theirs.entity, theirs.attribute)}
    script.requests = [slot for slot in script.requests if slot != mine.attribute]
    names = {"other": theirs.entity, "old": theirs.value}
    part = script.part("compare_tell", "inform", mine.attribute, mine.value, mine.entity, **names)
    second = Act(act="inform", slot=theirs.attribute, value=theirs.value, entity=theirs.entity)
    return Part(part.text, (*part.acts, second), (*part.must, theirs.value), (mine.id, theirs.id))


def _grant(script: Script) -> Part | None:
    """What the source lets the agent give with this entity: a fact of an offer slot not told yet."""
    for slot in script.knowledge.domain.using("offer"):
        fact = script.knowledge.fact(script.offered, slot.name)
        if fact and (fact.entity, fact.attribute) not in script.told:
            script.told.add((fact.entity, fact.attribute))
            script.requests = [each for each in script.requests if each != slot.name]
            part = script.part("give_offer", "offer", slot.name, fact.value, script.offered)
            return Part(part.text, part.acts, part.must, (fact.id,))
    return None


def _misheard_wish(script: Script) -> None:
    """The wish heard wrong is the last one stated that can be mistaken for something else there is."""
    stated = [wish for wish in reversed(script.scenario.constraints) if wish.slot in script.state]
    slips = [(wish, wrong) for wish in stated if (wrong := misheard(script.knowledge, wish))]
    if not slips:
        return
    wish, wrong = slips[0]
    script.pending = None
    script.agent(script.part("confirm_wrong", "confirm", wish.slot, wrong), strategy="confirmation")
    script.user(
        script.part("correct_value", "correct", wish.slot, wish.value, old=wrong),
        leaves=lambda: [script.part("sorry_value", "apologise", wish.slot, wish.value)],
    )


def _mixed_up(script: Script) -> None:
    """The agent answers about another entity (truly), the user notices, the agent puts it right."""
    slot = script.requests[0]
    mine = script.knowledge.fact(script.offered, slot)
    rivals = [f for f in script.knowledge.having(slot) if f.entity != script.offered and mine and f.value != mine.value]
    if mine is None or not rivals:
        return
    script.requests.pop(0)
    script.agent(strategy="information")
    script.user(_query(script, slot))
    rival = script.rng.choice(rivals)
    script.agent(script.tell(rival), strategy="information")

    def mend() -> list[Part]:
        return [script.part("sorry_entity", "apologise"), script.tell(mine)]

    script.user(script.part("correct_entity", "correct", entity=script.offered, other=rival.entity), leaves=mend)


def _confirmed(script: Script, given: str, slots: Sequence[str]) -> Part:
    part = script.part("confirm_booking", "confirm_booking", value=given)
    acts = tuple(Act(act="confirm_booking", slot=slot, value=script.state[slot]) for slot in slots)
    return Part(part.text, acts, tuple(script.state[slot] for slot in slots))


def _succeed(script: Script) -> None:
    booked = any(act.act == "offer_booking" for step in script.steps for act in step.acts)
    if not booked:
        script.agent(script.part("anything_else", "request_more"), strategy="closing")
        script.state["entity"] = script.offered
        chosen = script.part("select", "select", entity=script.offered)
        script.user(chosen, leaves=lambda: [script.part("confirm_select", "confirm_booking", entity=script.offered)])
    script.agent(strategy="closing")
    _farewell(script, "thank")


def _delay(script: Script) -> None:
    script.agent(strategy="information")
    script.user(script.part("delay", "delay"), leaves=lambda: [script.part("wait", "acknowledge")])
    script.agent(strategy="closing")
    _farewell(script, "bye_user")


def _lose(script: Script, user: str, agent: str) -> None:
    if script.steps[-1].role == "user":
        script.agent(strategy="information")
    script.user(script.part(user, "decline"), leaves=lambda: [script.part(agent, "acknowledge")])
    script.agent(strategy="closing")
    _farewell(script, "bye_user")


def _hand_over(script: Script) -> None:
    script.agent(strategy="information")
    script.user(script.part("ask_handover", "request_handover"), leaves=lambda: [script.part("handover", "handover")])
    script.agent(strategy="handover")
    script.user(script.part("accept_handover", "accept"))
    script.agent(script.part("bye", "bye"), strategy="closing")


def _farewell(script: Script, user: str) -> None:
    script.user(script.part(user, "thank" if user == "thank" else "bye"))
    script.agent(script.part("bye", "bye"), strategy="closing")

"""What the two sides say of the knowledge: what is offered, asked, answered, compared and granted.

The moves (moves.py) decide when; here it is decided what, from the facts there are.
"""

import re
from collections.abc import Callable, Sequence
from functools import lru_cache

from millstream import numbers
from millstream.domain import NO, NONE
from millstream.know.base import Knowledge
from millstream.plan import consulting
from millstream.plan.script import Named, Script
from millstream.records import Constraint, Fact, Lang, Sentence
from millstream.turns import HAS, OTHER, Key, key

_COSTS = re.compile(r"\d\s*元|[$€£]\s*\d")
"""What has to be paid for on top speaks for no price."""
_LOUD = re.compile(r"\d|[一二三四五六七八九十]年|第一|周末|\b(?:week\w+|weekend|first|birthday)\b", re.IGNORECASE)
"""What nobody promises or dates by a need."""
NOTED = 0.35
"""Share of questions before which the user takes note of the answer to the last."""
BRIEF = 0.5
"""Share of answers that tell the value alone: who has just been asked for it need not say of what, and where people
typed to each other hardly does."""
REASONED = 0.7
"""Share of offers that name the need they serve."""
NEAR_BUDGET = 0.85
"""Share of the stated budget from which on a price may be found dear."""
BESIDE = 0.3
"""Share of offers that name a second thing which fits as well."""
NEARLY = 0.75
"""Share of a wished figure from which on less may do."""
_MANY = 1 << 14
"""Answers kept: a run asks the same of the same things again and again."""
DENIES = re.compile(r"^(?:无|没|否|不)|\b(?:no|none|not|non)\b", re.IGNORECASE)
"""What speaks for nothing: "不可取消", "no refund"."""


def ack(script: Script) -> Callable[[], Sequence[Sentence]]:
    return lambda: [script.part("ack", "acknowledge")]


def best(script: Script, fitting: Sequence[str]) -> str:
    """The entity the scenario was drawn for where it fits; else the first."""
    return script.scenario.aim if script.scenario.aim in fitting else fitting[0]


def nearest(script: Script, fitting: Sequence[str], wish: Constraint) -> str:
    """Of those that miss a wish for a figure the one that misses it least; else the best."""
    limit, figures = numbers.first(wish.value), dict[str, float]()
    for each in fitting:
        fact = script.knowledge.fact(each, wish.slot)
        if fact and (figure := numbers.first(fact.value)) is not None:
            figures[each] = figure
    return min(figures, key=lambda each: abs(figures[each] - limit)) if limit and figures else best(script, fitting)


def presented(script: Script, wishes: Sequence[Constraint]) -> list[Sentence]:
    """The offer with its reason: the need it serves, and the figures behind its wishes and its need, or what it costs;
    a wish for a thing itself is not told back."""
    facts = [script.knowledge.fact(script.offered, wish.slot) for wish in wishes if wish.op != "eq"]
    price = script.knowledge.fact(script.offered, "price")
    need = script.purpose
    serves = need is not None and script.offered in script.knowledge.serving(need)
    mine = for_you(script)
    fits = [script.knowledge.fact(script.offered, slot) for slot in need.fits] if need and serves else []
    facts += [fact for fact in fits if fact and fact.number is not None and fact not in facts]
    told = [fact for fact in facts if fact][:2] or ([price] if price else news(script)[:1])
    if offers := script.turns.together.get("offer"):
        told = [fact for slot in script.rng.choice(offers) if (fact := script.knowledge.fact(script.offered, slot))]
    script.beside = _beside(script)
    if script.turns and script.beside:  # it would be told of either
        told = []
    named = serves and mine and script.rng.random() < REASONED
    key = "recommend_need" if named else "recommend" if wishes else "recommend_any"
    parts = [script.part(key, "offer", entity=script.offered, need=mine)]
    script.reaction = "within" if _is_easy(script, told) else ""
    parts += [script.tell(fact, "again" if n else "once") for n, fact in enumerate(told)]
    return parts + ([script.part("recommend_also", "offer", entity=script.beside)] if script.beside else [])


def _beside(script: Script) -> str:
    """A second thing that meets every wish and serves the need: one that was named before, whoever heard of it asks why
    not that one; else for who is not to be lost over it, and "" mostly."""
    need = script.purpose
    fitting = [each for each in script.knowledge.matching(script.scenario.constraints) if each != script.offered]
    fitting = [each for each in fitting if need is None or each in script.knowledge.serving(need)]
    if named := [each for each in fitting if any(each == entity for entity, _ in script.told)]:
        return named[0]
    wanted = fitting and script.scenario.constraints and script.rng.random() < BESIDE
    return max(fitting, key=lambda each: alike(script, each)) if wanted else ""


def _is_easy(script: Script, told: Sequence[Fact]) -> bool:
    """The price is told, well within the budget, and nobody is going to argue about it."""
    most = budget(script)
    named = any(fact.attribute == "price" for fact in told)
    argued = {"negotiate", "objection"} & {*script.ahead}
    return bool(named and most and not argued and price(script) < NEAR_BUDGET * most)


def for_you(script: Script) -> str:
    """The need as the agent says it: its first clause, of "your" and not "my"; "" where its words would promise
    something, name a time or a number."""
    return _of_you(script.knowledge, script.need, script.lang)


@lru_cache(_MANY)
def _of_you(knowledge: Knowledge, need: str, lang: Lang) -> str:
    claims = knowledge.domain.claims.get(lang, ())
    said = need.partition("，")[0] if lang == "zh" else re.sub(r"\b(?:my|our)\b", "your", need)
    named = any(word in said for word in claims) or any(word in said for word in knowledge.words)
    return "" if _LOUD.search(said) or named else said


def some_fact(script: Script) -> list[Sentence]:
    """What is to be heard first of a thing one settles for, or is told more of: what it costs, where that was not told;
    what else was wished for and is met, a figure of that before any other fact that is new."""
    met = [wish for wish in script.scenario.constraints if script.knowledge.meets(script.offered, wish)]
    left = untold(script)
    kept = [fact for wish in met for fact in left if fact.attribute == wish.slot]
    price = [fact for fact in left if fact.attribute == "price"]
    more = [fact for fact in kept if fact.number is not None and fact not in price] or ([] if price else news(script))
    fits = [script.part("rest_fits", "acknowledge")] if kept else []
    return fits + [script.tell(fact, "again" if n else "once") for n, fact in enumerate([*price, *more[:1]])]


def news(script: Script) -> list[Fact]:
    """What the user has not heard and did not say: figures that were wished for first, then other figures, sums of
    money beside the price last."""
    said = {(wish.slot, script.state.get(wish.slot)) for wish in script.scenario.constraints if wish.op == "eq"}
    never = {*NO.values(), *NONE.values()}
    facts = [fact for fact in untold(script) if (fact.attribute, fact.value) not in said and fact.value not in never]
    facts = [fact for fact in facts if script.knowledge.is_asked(fact.entity, fact.attribute, script.lang)]
    slots = script.knowledge.domain.by_name
    facts = [fact for fact in facts if "request" in slots[fact.attribute].use]  # nobody is told what it cannot ask
    facts = [fact for fact in facts if fact.number is not None or "assure" in slots[fact.attribute].use] or facts
    facts = unasked(script, facts)
    other_money = {slot.name for slot in script.knowledge.domain.slots if slot.kind == "money"} - {"price"}
    return sorted(facts, key=lambda f: (f.attribute in other_money, f.number is None, f.attribute not in script.state))


def untold(script: Script) -> list[Fact]:
    """What is known of the offered entity and not told yet."""
    return [fact for fact in script.knowledge.of(script.offered) if (fact.entity, fact.attribute) not in script.told]


def unasked(script: Script, facts: Sequence[Fact]) -> list[Fact]:
    """Those that the user is not about to ask, where there are any."""
    return [fact for fact in facts if fact.attribute not in script.requests] or list(facts)


def is_granted(script: Script, fact: Fact) -> bool:
    """What the source lets the agent give: an offer, unless it is that there is none ("no refund")."""
    return "offer" in script.knowledge.domain.by_name[fact.attribute].use and not DENIES.search(fact.value)


def argues(script: Script, fact: Fact) -> bool:
    """What the agent may bring up for the thing; of figures, one that is better than the least there is."""
    slot = script.knowledge.domain.by_name[fact.attribute]
    if fact.number is not None and slot.better == "high":
        figures = [other.number for other in script.knowledge.having(slot.name) if other.number is not None]
        return "assure" in slot.use and fact.number > min(figures) and fact.attribute not in script.state
    return "assure" in slot.use and not DENIES.search(fact.value) and not _COSTS.search(fact.value)


def arguments(script: Script) -> list[Fact]:
    """What can be said for the offered thing at its price, and has not been told. A mere property ("it is a sedan")
    answers no doubt."""
    return unasked(script, [fact for fact in untold(script) if is_granted(script, fact) or argues(script, fact)])


def dear(script: Script) -> bool:
    """Whether a user may find the offered entity dear: it has heard the price, which is near its budget or over it."""
    most, asked = budget(script), price(script)
    heard = (script.offered, "price") in script.told
    return bool(heard and asked and (most is None or asked >= NEAR_BUDGET * most))


def price(script: Script) -> float:
    """What the offered entity costs; 0.0 where no figure is known."""
    return price_of(script.knowledge, script.offered)


def price_of(knowledge: Knowledge, entity: str) -> float:
    fact = knowledge.fact(entity, "price")
    return (fact.number if fact else None) or 0.0


def budget(script: Script) -> float | None:
    """What the user wished to spend at most."""
    wish = next((wish for wish in script.scenario.constraints if wish.slot == "price" and wish.op == "max"), None)
    return numbers.first(wish.value) if wish else None


def settle_price(script: Script) -> None:
    """The agent settles what is open; where the price has not been named by then, the user asks for it first."""
    script.agent(strategy="information")
    if (script.offered, "price") not in script.told:
        script.requests = [slot for slot in script.requests if slot != "price"]
        script.user(query(script, "price"), leaves=lambda: answer(script, "price"))
        script.agent(strategy="information")


def alternative(script: Script) -> Fact | None:
    """The price of the dearest thing that costs less, serves the need, keeps to the budget and meets the wishes, all
    of them or all but one."""
    most = budget(script)
    need = script.purpose
    serving = script.knowledge.serving(need) if need else script.knowledge.entities
    below = [
        fact
        for fact in script.knowledge.having("price")
        if fact.number and fact.number < price(script) and fact.entity in serving
        if most is None or fact.number <= most
    ]
    told = {f.entity: [script.knowledge.fact(f.entity, wish.slot) for wish in missed(script, f.entity)] for f in below}
    near = [fact for fact in below if len(told[fact.entity]) <= 1 and all(told[fact.entity])]
    near = [fact for fact in near if all(_is_nearly(script, each) for each in told[fact.entity] if each)]
    return max(near, key=lambda each: (-len(told[each.entity]), each.number or 0, each.entity), default=None)


def _is_nearly(script: Script, fact: Fact) -> bool:
    """Whether a figure that misses a wish for at least so many nearly comes up to it: who wants a room for four is not
    offered one for two."""
    wish = next(wish for wish in script.scenario.constraints if wish.slot == fact.attribute)
    least = numbers.first(wish.value) if wish.op == "min" else None
    return not least or fact.number is None or fact.number >= NEARLY * least


def cheaper(script: Script) -> list[Sentence]:
    """The alternative, with what it is where it misses a wish, unless its name says so ("商务大床房"); nothing where
    there is none."""
    fact = alternative(script)
    if fact is None:
        return []
    part = script.part("cheaper", "offer", "price", fact.value, fact.entity)
    script.told.add((fact.entity, fact.attribute))
    less = [script.knowledge.fact(fact.entity, wish.slot) for wish in missed(script, fact.entity)]
    unsaid = [each for each in less if each and each.value not in fact.entity]
    though = [script.after("though", script.tell(each, "once")) for each in unsaid]
    return [Sentence(part.text, part.acts, part.must, (fact.id,)), *though]


def missed(script: Script, entity: str) -> list[Constraint]:
    """The wishes that the offered thing meets and this one does not."""
    wishes = [wish for wish in script.scenario.constraints if script.knowledge.meets(script.offered, wish)]
    return [wish for wish in wishes if not script.knowledge.meets(entity, wish)]


def next_question(script: Script, *taken: Sentence) -> None:
    """The user asks for the next thing it wants to know, or takes note. `taken`: what it has to say of the agent's last
    word."""
    script.requests = [slot for slot in script.requests if (script.offered, slot) not in script.told]
    script.requests = [
        slot for slot in script.requests if script.knowledge.is_asked(script.offered, slot, script.lang)
    ]
    if topic := consulting.topic(script):
        consulting.ask(script, topic)
        return
    if not script.requests:
        script.user(*(taken or [script.part("ack_user", "acknowledge")]))
        return
    slots = together(script)
    script.requests = [slot for slot in script.requests if slot not in slots]
    asked = [query(script, slot, "again" if n else "") for n, slot in enumerate(slots)]
    notes = script.rng.random() < (script.turns.noted if script.turns else NOTED)
    heard = {act.act for act in script.steps[-1].acts} != {"request_more"}  # of "What else?" nobody takes note
    noted = [script.part("ack_user", "acknowledge")] if notes and heard and not taken and not script.reaction else ()
    script.user(*taken, *noted, *asked, leaves=lambda: [part for slot in slots for part in answer(script, slot)])


def together(script: Script) -> Sequence[str]:
    """What is asked in one turn: the next thing, or what users of the sources asked together."""
    mined = script.turns.together.get("request", ())
    many = len(script.rng.choice(mined)) if mined else 1
    sets = [each for each in mined if len(each) == many] if many > 1 else []
    for mined_so in script.rng.sample(sets, len(sets)):
        found = _asked_as(script, mined_so)
        if found and script.turns.says("user", _key(script, found)):  # two sentences of two people are no turn
            return found
    return script.requests[:1]


def _key(script: Script, slots: Sequence[str]) -> Key:
    """What a turn does that asks for these."""
    by_name = script.knowledge.domain.by_name
    return key([("request", HAS + slot if slot in by_name and by_name[slot].is_had else slot) for slot in slots])


def _asked_as(script: Script, slots: Sequence[str]) -> Sequence[str]:
    """The open questions that were asked together so, anything a thing may have for any other; () where one is not
    open."""
    by_name, left = script.knowledge.domain.by_name, list(script.requests)
    found: list[str] = []
    for slot in slots:
        alike = [each for each in left if slot in by_name and by_name[slot].is_had and by_name[each].is_had]
        named = [slot] if slot in left else alike or (left if slot == OTHER else [])
        if not named:
            return ()
        found.append(named[0])
        left.remove(named[0])
    return found


def query(script: Script, slot: str, named: Named = "") -> Sentence:
    part = script.part("query", "request", slot, entity=script.offered, named=named)
    mined = script.voice.asked.get(slot)
    return part if part.frame or not mined else part._replace(refs=(mined.id,))


def answer(script: Script, slot: str) -> list[Sentence]:
    fact = script.knowledge.fact(script.offered, slot)
    if fact is None:
        return [script.part("unknown", "notify_unknown", slot, entity=script.offered)]
    brief = (script.turns or script.rng.random() < BRIEF) and not fact.value.isdecimal()  # "2" is no answer
    return [script.tell(fact, way="tell_brief" if brief else "tell")]


def alike(script: Script, other: str) -> int:
    """How many facts the two share."""
    return _shared(script.knowledge, script.offered, other)


@lru_cache(_MANY)
def _shared(knowledge: Knowledge, one: str, other: str) -> int:
    mine, theirs = ({(fact.attribute, fact.value) for fact in knowledge.of(each)} for each in (one, other))
    return len(mine & theirs)


def shown_other(script: Script) -> bool:
    """Whether the last thing the agent put forward is another entity than the one talked of."""
    last = next(step for step in reversed(script.steps) if step.role == "agent")
    return any(act.act == "offer" and act.entity != script.offered for act in last.acts)


def given(script: Script, fact: Fact) -> Sentence:
    """What the thing comes with at its price: granted where the source lets the agent, else brought up."""
    script.told.add((fact.entity, fact.attribute))
    script.requests = [each for each in script.requests if each != fact.attribute]
    slot = script.knowledge.domain.by_name[fact.attribute]
    worded = script.wordings("grant", slot.name) if "offer" in slot.use or slot.grant.get(script.lang) else ()
    if not script.is_named(fact.entity) and not any("$entity" in each for each in worded):
        assured = slot.kind == "text" and slot.assure.get(script.lang)  # "one thing to weigh: the menu says: vegan"
        return script.tell(fact, way="assure") if assured else script.after("mind", script.tell(fact))
    if not worded:
        return script.after("for_price", script.tell(fact, "once"))
    act = "offer" if "offer" in slot.use else "inform"
    part = script.part("grant", act, fact.attribute, fact.value, fact.entity)
    return Sentence(part.text, part.acts, part.must, (fact.id,))

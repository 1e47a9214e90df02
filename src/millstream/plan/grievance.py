"""A question that is not answered when it is asked: the agent answers another one, or stalls, or passes it over.

The user puts it right or complains; the agent apologises and answers. What is told meanwhile is true.
"""

from collections.abc import Callable
from functools import lru_cache

from millstream.domain import NO, NONE, YES
from millstream.know.base import Knowledge
from millstream.plan import talk
from millstream.plan.script import Script
from millstream.records import Fact, Lang, Sentence

OWN_NOTICE = 0.4
"""Share of wrong questions answered at which the agent notices by itself."""


def off_question(script: Script) -> bool:
    """The agent's own mistake: the right thing, the wrong slot. It notices itself, or is told."""
    slot = open_question(script, lambda each: bool(_beside(script, each)))
    if not slot:
        return False
    told = script.tell(script.rng.choice(_beside(script, slot)))
    if script.rng.random() < OWN_NOTICE:
        noticed = script.part("oops", "apologise")
        script.agent(told, noticed, *talk.answer(script, slot), strategy="repair:off_question")
        talk.next_question(script)
        return True
    script.agent(told, strategy="information")
    script.user(
        script.part("not_asked", "correct"),
        talk.query(script, slot),
        leaves=lambda: [script.part("sorry_slot", "apologise"), *talk.answer(script, slot)],
        mends="repair:off_question",
    )
    return True


def complaint(script: Script) -> bool:
    """The user has to ask twice and says so; the agent apologises and answers. Calm follows, or a person is wanted."""
    kinds = ["slow", "ignored", *(["past"] if any(_beside(script, each) for each in askable(script)) else [])]
    kind = script.rng.choice(kinds)
    slot = open_question(script, lambda each: kind != "past" or bool(_beside(script, each)))
    if not slot:
        return False
    script.agent(*_left_open(script, kind, slot), strategy="information")
    script.user(
        script.part(f"complain_{kind}", "complain"),
        talk.query(script, slot),
        leaves=lambda: [script.part(f"sorry_{kind}", "apologise"), *talk.answer(script, slot)],
        mends="repair:complaint",
    )
    if script.scenario.outcome != "handover":
        script.agent(strategy="information")
        script.user(script.part("calm", "accept_apology"))
    return True


def open_question(script: Script, fits: Callable[[str], bool]) -> str:
    """The slot of a question about the offered thing that is open now and fits, asked here if none is; "" if there is
    none to ask. What is left open by it is taken off: who mends it, answers it."""
    last = {act.slot for act in script.steps[-1].acts if act.act == "request"} if script.pending else set()
    slot = next((each for each in last if each in askable(script) and fits(each)), "")
    if not slot:
        if not any(fits(each) for each in askable(script)):
            return ""
        script.agent(strategy="information")
        slot = next((each for each in askable(script) if fits(each)), "")
        if not slot:  # what was open has just told what was left to ask
            talk.next_question(script)
            return ""
        script.user(talk.query(script, slot))
    script.pending = None
    script.requests = [each for each in script.requests if each != slot]
    return slot


def askable(script: Script) -> list[str]:
    """What can still be asked and answered of the offered thing: what the user came to ask first."""
    facts = _untold(script)
    return sorted((fact.attribute for fact in facts), key=lambda slot: slot not in script.requests)


def _untold(script: Script) -> list[Fact]:
    """Facts of the offered thing that nobody has told and the user has not said."""
    facts = tellable(script.knowledge, script.offered, script.lang)
    return [f for f in facts if (f.entity, f.attribute) not in script.told and f.attribute not in script.state]


@lru_cache(1 << 12)
def tellable(knowledge: Knowledge, entity: str, lang: Lang) -> tuple[Fact, ...]:
    """Facts that an answer can tell. A bare yes or no is left out: beside an apology ("不好意思") nobody could hear
    which of the two it is."""
    by_name, bare = knowledge.domain.by_name, {*YES.values(), *NO.values(), *NONE.values()}
    return tuple([
        fact
        for fact in knowledge.of(entity)
        if "request" in by_name[fact.attribute].use
        and fact.value not in bare
        and knowledge.is_asked(entity, fact.attribute, lang)
    ])


def _beside(script: Script, slot: str) -> list[Fact]:
    """What could be told by mistake for `slot`: of the same kind where there is such a thing."""
    by_name, mine = script.knowledge.domain.by_name, script.knowledge.fact(script.offered, slot)
    facts = [fact for fact in _untold(script) if mine and fact.attribute != slot and fact.value != mine.value]
    alike = [fact for fact in facts if by_name[fact.attribute].kind == by_name[slot].kind]
    return (alike or facts)[:3]


def _left_open(script: Script, kind: str, slot: str) -> list[Sentence]:
    if kind == "past":
        return [script.tell(script.rng.choice(_beside(script, slot)))]
    return [script.part("stall" if kind == "slow" else "skipped", "acknowledge")]

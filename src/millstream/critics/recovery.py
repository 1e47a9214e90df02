"""Is what goes wrong really in the text, and is it really mended? Looks at every turn marked `repair:KIND`.

For each kind: what the agent said wrong before, that the user says so, that the turn itself puts it right with what the
knowledge holds, and that the belief state holds the right thing from then on. Where a booking fails no reason may be
made up: nobody knows one. Knows nothing of how a repair was planned.
"""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from millstream.know.base import constraint_on, satisfies
from millstream.labels import Labels, context
from millstream.records import Act, Dialogue, Fact, Lang, Recovery, Turn, Verdict
from millstream.shapes import Critic, Known

MARK = "repair:"
_REASON: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"因为|由于|原因|满了|约满|客满|订满|人太多|网络|服务器|维护|余额|限额|库存|卡的问题|信号"),
    "en": re.compile(
        r"\bbecause\b|\bdue to\b|\bsince\b|fully booked|\bfull\b|sold out|network|server|maintenance|your card|"
        r"insufficient|\bbank\b|out of stock|overbooked",
        re.I,
    ),
}
"""What would be a reason for a failure, which no source gives."""


def critic(known: Known) -> Critic:
    labels = Labels.of(known.domain, known.lang)

    async def judge(dialogue: Dialogue) -> Verdict:
        found = [
            (n, fault)
            for n, turn in enumerate(dialogue.turns)
            if turn.strategy.startswith(MARK)
            for fault in _faults(_Repair(known, labels, dialogue, n))
        ]
        reason = "; ".join(f"turn {n}: {fault}" for n, fault in found[:3])
        turns = tuple(dict.fromkeys(n for n, _ in found))
        return Verdict(critic="recovery", passed=not found, reason=reason, turns=turns)

    return judge


@dataclass(frozen=True)
class _Repair:
    """The turn that mends, with what was said around it."""

    known: Known
    labels: Labels
    dialogue: Dialogue
    n: int

    def turn(self, offset: int) -> Turn | None:
        """The turn so many after (before) the repair."""
        at = self.n + offset
        return self.dialogue.turns[at] if 0 <= at < len(self.dialogue.turns) else None

    def said(self, offset: int, act: str) -> tuple[Act, ...]:
        """The acts of this name of that turn which its text really carries."""
        turn = self.turn(offset)
        acts = [each for each in turn.acts if each.act == act] if turn else []
        before = list(context((each.text, each.acts) for each in self.dialogue.turns[: max(0, self.n + offset)]))
        return tuple(each for each in acts if turn and not self.labels.lost(turn.text, [each], before))

    def held(self, slot: str, offset: int = 0) -> str:
        turn = self.turn(offset)
        return next((each.value for each in turn.state if each.slot == slot), "") if turn else ""

    def fact(self, entity: str, slot: str) -> Fact | None:
        return next((fact for fact in self.known.facts if (fact.entity, fact.attribute) == (entity, slot)), None)


def _faults(repair: _Repair) -> Iterator[str]:
    kind = repair.dialogue.turns[repair.n].strategy.removeprefix(MARK)
    check = next((check for name, check in _CHECKS.items() if name == kind), None)
    if check is None:
        yield f"no kind of repair is called {kind!r}"
    else:
        yield from check(repair)


def _misheard(repair: _Repair) -> Iterator[str]:
    wrong, right, mended = repair.said(-2, "confirm"), repair.said(-1, "correct"), repair.said(0, "apologise")
    if not wrong or not right or wrong[0].slot != right[0].slot or wrong[0].value == right[0].value:
        yield "nothing was heard wrong and put right by the user"
    elif [(each.slot, each.value) for each in mended] != [(right[0].slot, right[0].value)]:
        yield f"{right[0].value!r} is not taken up"
    elif repair.held(right[0].slot) != right[0].value:
        yield f"the state holds {repair.held(right[0].slot)!r} and not {right[0].value!r}"


def _wrong_item(repair: _Repair) -> Iterator[str]:
    wrong, noticed = repair.said(-2, "inform"), repair.said(-1, "correct")
    asked = [each for each in repair.said(-3, "request") if noticed and each.entity == noticed[0].entity]
    if not asked or not any(each.slot == asked[0].slot and each.entity != asked[0].entity for each in wrong):
        yield "no other thing was told of and noticed"
    else:
        yield from _answered(repair, asked[0])


def _off_question(repair: _Repair) -> Iterator[str]:
    itself = not repair.said(-1, "correct")
    asked = repair.said(-1, "request")
    before = repair.said(0, "inform") if itself else repair.said(-2, "inform")
    if not asked or not any(each.slot != asked[-1].slot for each in before):
        yield "no other question was answered"
    elif not repair.said(0, "apologise"):
        yield "nobody apologises"
    else:
        yield from _answered(repair, asked[-1])


def _complaint(repair: _Repair) -> Iterator[str]:
    asked, earlier = repair.said(-1, "request"), repair.said(-3, "request")
    if not repair.said(-1, "complain") or not asked:
        yield "nobody complains of an answer that is missing"
    elif not any(each.slot == asked[-1].slot for each in earlier):
        yield f"{asked[-1].slot} was not asked before"
    elif any(each.slot == asked[-1].slot for each in repair.said(-2, "inform")):
        yield f"{asked[-1].slot} was answered already"
    elif not repair.said(0, "apologise"):
        yield "nobody apologises"
    else:
        yield from _answered(repair, asked[-1])
        if not repair.said(1, "accept_apology") and repair.dialogue.ended != "handover":
            yield "the user is neither calmed nor handed over"


def _unavailable(repair: _Repair) -> Iterator[str]:
    wanted, refused = repair.said(-1, "inform"), repair.said(0, "notify_unavailable")
    if not wanted or [(each.slot, each.value) for each in wanted] != [(each.slot, each.value) for each in refused]:
        yield "what the user wants is not said to be missing"
        return
    slot, value = wanted[0].slot, wanted[0].value
    if repair.held(slot) != value:
        yield f"the state does not hold what is wanted, {value!r}"
    if _is_there(repair, slot, value):
        yield f"there is {value!r}"
    nearest = [each for each in repair.said(0, "inform") if each.slot == slot]
    if not nearest and not any(each.slot == slot for each in repair.said(0, "request")):
        yield "nothing else is proposed"
    if not any(each.slot == slot for each in repair.said(1, "inform")) or not _is_there(
        repair, slot, repair.held(slot, 1)
    ):
        yield "the user does not settle for what there is"


def _booking_failed(repair: _Repair) -> Iterator[str]:
    turn, failed = repair.dialogue.turns[repair.n], repair.said(0, "notify_booking_failed")
    if not failed:
        yield "no failure is reported"
        return
    if reason := _REASON[repair.known.lang].search(turn.text):
        yield f"makes up a reason, {reason.group()!r}"
    slot, old = failed[0].slot, failed[0].value
    if (slot and repair.held(slot) != old) or (not slot and not repair.said(-1, "select")):
        yield "nothing was booked that could fail"
    if slot and repair.held(slot, 1) == old:
        yield f"{old!r} is not changed"
    done = [act for each in repair.dialogue.turns[repair.n + 1 :] for act in each.acts]
    if repair.dialogue.ended == "handover":
        if not any(act.act == "handover" for act in done):
            yield "nobody takes over"
    elif not any(
        act.act == "confirm_booking" and (not slot or (act.slot, act.value) == (slot, repair.held(slot, 1)))
        for act in done
    ):
        yield "no booking follows"


_CHECKS: dict[Recovery, Callable[[_Repair], Iterator[str]]] = {
    "misheard": _misheard,
    "wrong_item": _wrong_item,
    "unavailable": _unavailable,
    "booking_failed": _booking_failed,
    "off_question": _off_question,
    "complaint": _complaint,
}


def _answered(repair: _Repair, asked: Act) -> Iterator[str]:
    """The repair tells what was asked, as the knowledge has it."""
    fact = repair.fact(asked.entity, asked.slot)
    told: Sequence[Act] = [each for each in repair.said(0, "inform") if each.slot == asked.slot]
    if fact is None or not any((each.entity, each.value) == (fact.entity, fact.value) for each in told):
        yield f"{asked.slot} of {asked.entity!r} is still not told"


def _is_there(repair: _Repair, slot: str, value: str) -> bool:
    """Something has this value, or meets it as a wish."""
    if slot not in repair.known.domain.by_name or not value:
        return False
    wish = constraint_on(repair.known.domain, slot, value)
    return any(satisfies(fact, wish) for fact in repair.known.facts if fact.attribute == slot)

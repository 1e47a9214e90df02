"""Is what was asked answered: a requested slot told (or owned up to as not known) in the agent's next turn, and a
document quoted that was asked for?

A mix-up counts as answered late: the user corrects it, and the turn after that has to tell.
"""

from collections.abc import Iterator, Sequence

from millstream.records import Dialogue, Turn, Verdict
from millstream.shapes import Critic, Known

ANSWERS = {"inform", "notify_unknown", "offer", "refuse"}
PATIENCE = 2
"""Turns of the agent within which an answer is due: the next one, or, after a correction, the one after."""


def critic(known: Known) -> Critic:
    requests = {slot.name for slot in known.domain.using("request")}

    async def judge(dialogue: Dialogue) -> Verdict:
        found = list(_unanswered(dialogue, requests))
        reason = "; ".join(f"turn {n}: {slot} is asked and not answered" for n, slot in found[:3])
        return Verdict(critic="answers", passed=not found, reason=reason, turns=tuple(n for n, _ in found))

    return judge


def _unanswered(dialogue: Dialogue, requests: set[str]) -> Iterator[tuple[int, str]]:
    for n, turn in enumerate(dialogue.turns):
        for act in turn.acts:
            if turn.role == "user" and act.act == "request" and act.slot in requests:
                later = [each for each in dialogue.turns[n + 1 :] if each.role == "agent"][:PATIENCE]
                if not any(
                    _answers(a.act, a.slot, a.entity, act.slot, act.entity) for each in later for a in each.acts
                ):
                    yield n, act.slot
            elif act.act == "request_passage" and not _is_quoted(dialogue.turns[n + 1 :]):
                yield n, act.value or turn.text


def _is_quoted(later: Sequence[Turn]) -> bool:
    agents = [each for each in later if each.role == "agent"][:PATIENCE]
    return any(act.act == "inform_passage" for each in agents for act in each.acts)


def _answers(act: str, slot: str, entity: str, asked: str, about: str) -> bool:
    return act in ANSWERS and slot == asked and (not about or entity == about)

"""Has it the shape of a dialogue: the user first, the agent last, long enough, nothing empty, and speakers in turn but
where a delivery has one speak on (several messages in a row, a nudge, a typing error put right)?"""

from itertools import pairwise

from millstream.records import Dialogue, Verdict
from millstream.shapes import Critic, Known

SHORTEST, LONGEST = 8, 40
IN_A_ROW = {"split", "nudge", "typo"}
"""Deliveries in which a speaker goes on."""


def critic(known: Known) -> Critic:
    async def judge(dialogue: Dialogue) -> Verdict:
        turns = dialogue.turns
        empty = [n for n, turn in enumerate(turns) if not turn.text.strip()]
        twice = [
            n
            for n, (one, other) in enumerate(pairwise(turns), 1)
            if one.role == other.role and not IN_A_ROW & {*one.delivery, *other.delivery}
        ]
        reason = ""
        if not SHORTEST <= len(turns) <= LONGEST:
            reason = f"{len(turns)} turns, {SHORTEST} to {LONGEST} wanted"
        elif turns[0].role != "user" or turns[-1].role != "agent":
            reason = "the user does not open or the agent does not close"
        elif empty:
            reason = "an empty turn"
        elif twice:
            reason = "a speaker twice in a row"
        return Verdict(critic="shape", passed=not reason, reason=reason, turns=tuple(empty or twice))

    return judge

"""Is every delivery that a turn is marked with really in its text, and does the state hold what was said last?"""

from collections.abc import Iterator, Sequence

from millstream import plugins
from millstream.records import Dialogue, Turn, Verdict
from millstream.shapes import Critic, Known


def critic(known: Known) -> Critic:
    checkers = {kind: plugins.module("deliveries", kind).shown for kind in plugins.names("deliveries")}

    def faults(turns: Sequence[Turn], n: int) -> Iterator[str]:
        for kind in turns[n].delivery:
            if kind not in checkers or not checkers[kind](turns, n):
                yield f"{kind} is not shown"

    async def judge(dialogue: Dialogue) -> Verdict:
        found = [(n, what) for n in range(len(dialogue.turns)) for what in faults(dialogue.turns, n)]
        reason = "; ".join(f"turn {n}: {what}" for n, what in found[:3])
        return Verdict(critic="delivery", passed=not found, reason=reason, turns=tuple(n for n, _ in found))

    return judge

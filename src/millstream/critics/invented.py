"""Does the agent say anything its acts do not account for? The check itself is vouched.py."""

from millstream import deliveries, worked
from millstream.know.documents import unquoted
from millstream.records import Dialogue, Verdict
from millstream.shapes import Critic, Known
from millstream.vouched import Vouched


def critic(known: Known) -> Critic:
    vouched = Vouched(known)

    async def judge(dialogue: Dialogue) -> Verdict:
        found = []
        for n, turn in enumerate(dialogue.turns):
            if turn.role == "agent":
                said = [each.text for each in dialogue.turns[max(0, n - 2) : n]]
                manner = worked.manner(known.domain, known.lang, turn.role, turn.draft)
                last = " ".join([*said, *manner, *deliveries.spoken_of(turn.delivery, known.lang)])
                found += [(n, what) for what in vouched.strange(unquoted(turn.text, turn), turn.acts, last)]
        reason = "; ".join(f"turn {n}: {what}" for n, what in found[:3])
        return Verdict(
            critic="invented", passed=not found, reason=reason, turns=tuple(dict.fromkeys(n for n, _ in found))
        )

    return judge

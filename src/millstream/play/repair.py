"""What a critic refuses in a model's words goes back to the sentence they were made of, once; then it is judged again.

Drafts are right by construction, and every later turn was worded after its own draft: one turn goes back alone.
"""

from collections.abc import Collection, Sequence

from millstream.records import Dialogue, Reject, Turn, Verdict
from millstream.shapes import Critic


async def judged(dialogue: Dialogue, critics: Sequence[Critic], step: str) -> Dialogue | Reject:
    """The dialogue as every critic in turn lets it pass, repaired once where it has to be; else what the first of them
    that fails says, under `step` and its name."""
    verdict = await failed(dialogue, critics)
    if verdict and (repaired := redrafted(dialogue, verdict.turns)):
        dialogue, verdict = repaired, await failed(repaired, critics)
    return Reject(step=f"{step} {verdict.critic}", item=dialogue.id, reason=verdict.reason) if verdict else dialogue


async def failed(dialogue: Dialogue, critics: Sequence[Critic]) -> Verdict | None:
    """What the first critic that does not let it pass says."""
    for critic in critics:
        if not (verdict := await critic(dialogue)).passed:
            return verdict
    return None


def redrafted(dialogue: Dialogue, refused: Collection[int]) -> Dialogue | None:
    """The dialogue with the drafts of the `refused` turns; None where a model worded none of them."""
    turns = tuple(_drafted(turn) if n in refused else turn for n, turn in enumerate(dialogue.turns))
    return None if turns == dialogue.turns else dialogue.model_copy(update={"turns": turns})


def _drafted(turn: Turn) -> Turn:
    return turn.model_copy(update={"text": turn.draft, "worded": "kept"}) if turn.worded == "model" else turn

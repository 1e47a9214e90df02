"""Are the labels in the text: every act heard, every question asked, every state value said before it is held?"""

from collections.abc import Iterator, Sequence

from millstream.labels import Labels, context
from millstream.records import Dialogue, Turn, Verdict
from millstream.shapes import Critic, Known


def critic(known: Known) -> Critic:
    labels = Labels.of(known.domain, known.lang)

    async def judge(dialogue: Dialogue) -> Verdict:
        found = [(n, fault) for n in range(len(dialogue.turns)) for fault in _faults(labels, dialogue.turns, n)]
        reason = "; ".join(f"turn {n}: {fault}" for n, fault in found[:3])
        return Verdict(critic="labels", passed=not found, reason=reason, turns=tuple(n for n, _ in found))

    return judge


def _faults(labels: Labels, turns: Sequence[Turn], n: int) -> Iterator[str]:
    turn = turns[n]
    yield from labels.lost(turn.text, turn.acts, context((each.text, each.acts) for each in turns[:n]))
    if turn.asks and not labels.asks(turn.text):
        yield "no question is asked"
    if n and turn.state == turns[n - 1].state:  # as it mostly is
        return
    held = {slot.slot: slot.value for slot in turns[n - 1].state} if n else {}
    for slot in turn.state:
        said = (each.text for each in reversed(turns[: n + 1]))  # mostly in the turn itself
        if held.get(slot.slot) != slot.value and not any(labels.says(each, slot.slot, slot.value) for each in said):
            yield f"state {slot.slot}={slot.value!r} was never said"

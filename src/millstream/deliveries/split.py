"""Several short messages in a row by one speaker. A turn is cut between its sentences, or at a comma where each half
carries an act; what a message does not say yet is not in its state."""

import re
from collections.abc import Iterator, Sequence

from millstream.deliveries import How, in_a_row, mending, rebuilt, with_steps, worded
from millstream.records import Act, Outline, Sentence, Slot, Step, Turn

_CUT = re.compile(r"(?<=[，。！,!.?])\s*(?=\S)")
_NOD = re.compile(
    r"(?:好|行|嗯|哦|可以|那行|好吧|行吧|明白|ok|okay|all right|alright|sure|great|thanks|perfect|yes|hi|hey)\W*$",
    re.IGNORECASE,
)
"""A beginning that can be a message of its own."""
_STOPS = "。.,，"


def deliver(outline: Outline, how: How) -> Outline:
    steps: list[Step] = []
    whole = mending(outline.steps)
    for n, step in enumerate(outline.steps):
        steps += [step] if {n, n + 1} & whole else _messages(how, steps, step)
    return with_steps(outline, steps) if len(steps) > len(outline.steps) else outline


def shown(turns: Sequence[Turn], n: int) -> bool:
    return len(in_a_row(turns, n)) > 1


def _messages(how: How, before: Sequence[Step], step: Step) -> list[Step]:
    """The step, or two or more messages of it."""
    whole = step.role == "agent" or not step.parts or not set(step.delivery) <= {"two_intents"}
    pieces = [] if whole or not how.happens() else [each for part in step.parts for each in _cut(how, part)]
    if len(pieces) < 2:
        return [step]
    told: list[Act] = []
    made = []
    for piece in pieces:
        told += piece.acts
        message = rebuilt(step, [worded(piece, piece.text.rstrip(_STOPS))], how.lang, "split")
        made.append(message._replace(state=_state(before, step, told)))
    last = made[-1]._replace(state=step.state)
    made = [*made[:-1], last]
    return made if not any(how.lost([*before, *made[: n + 1]], len(before) + n) for n in range(len(made))) else [step]


def _cut(how: How, part: Sentence) -> Iterator[Sentence]:
    """A sentence whole, or its two halves."""
    for found in _CUT.finditer(part.text):
        head, tail = part.text[: found.start()], part.text[found.end() :]
        for first, second in _shares(head, part.acts):
            if not how.unheard(head, first) and not how.unheard(tail, second):
                yield Sentence(text=head, acts=first, must=tuple(w for w in part.must if w not in tail))
                yield part._replace(text=tail, acts=second)
                return
    yield part


def _shares(head: str, acts: tuple[Act, ...]) -> Iterator[tuple[tuple[Act, ...], tuple[Act, ...]]]:
    """How the acts may be shared out between two halves."""
    if len(acts) > 1:
        yield acts[:1], acts[1:]
    elif _NOD.fullmatch(head):
        yield (Act(act="acknowledge"),), acts


def _state(before: Sequence[Step], step: Step, told: Sequence[Act]) -> tuple[Slot, ...]:
    """What was held before the turn, and what its messages have said so far."""
    slots = {act.slot for act in told if act.slot} | {"entity" for act in told if act.act == "select"}
    held = {slot.slot: slot.value for slot in before[-1].state} if before else {}
    held |= {slot.slot: slot.value for slot in step.state if slot.slot in slots}
    return tuple(Slot(slot=slot, value=value) for slot, value in held.items())

"""What a booking needs and how it is confirmed: asked for by `invite` (moves.py), mended by recovery.py."""

from collections.abc import Sequence

from millstream import numbers
from millstream.domain import SlotSpec
from millstream.plan.script import Script
from millstream.records import Act, Sentence


def slots(script: Script) -> list[SlotSpec]:
    """What a booking in this domain is made of, as far as values of it are known."""
    return [slot for slot in script.knowledge.domain.using("book") if slot.values.get(script.lang)]


def value(script: Script, slot: SlotSpec) -> str:
    """What is booked: drawn of what keeps to the figure of the thing that bounds it, else the least there is."""
    values = slot.values[script.lang]
    fact = script.knowledge.fact(script.offered, slot.up_to) if slot.up_to else None
    if fact is None or fact.number is None:
        return script.rng.choice(values)
    figures = {each: numbers.first(each) or 0.0 for each in values}
    fitting = [each for each in values if figures[each] <= fact.number]
    return script.rng.choice(fitting) if fitting else min(values, key=lambda each: figures[each])


def together(slots: Sequence[SlotSpec]) -> list[Sequence[SlotSpec]]:
    """What is asked in one turn: two things at a time, the odd one last."""
    return [slots[n : n + 2] for n in range(0, len(slots), 2)]


def confirmed(script: Script) -> Sentence:
    """The whole booking told back, with a confirmation for each slot."""
    held = {slot.name: script.state[slot.name] for slot in slots(script)}
    joint = "，" if script.lang == "zh" else ", "
    part = script.part("confirm_booking", "confirm_booking", value=joint.join(held.values()))
    acts = tuple(Act(act="confirm_booking", slot=slot, value=value) for slot, value in held.items())
    return Sentence(part.text, acts, tuple(held.values()))

"""What a booking needs and how it is confirmed: asked for by `invite` (moves.py), mended by recovery.py."""

from collections.abc import Sequence

from millstream import numbers
from millstream.domain import Domain, SlotSpec
from millstream.plan.script import Script
from millstream.records import Act, Lang, Sentence

FEW = 4.0
"""As many as come where nothing says how many do, at most."""


def slots(domain: Domain, lang: Lang) -> list[SlotSpec]:
    """What a booking in this domain is made of, as far as values of it are known."""
    return [slot for slot in domain.using("book") if slot.values.get(lang)]


def movable(domain: Domain, lang: Lang) -> list[SlotSpec]:
    """What is changed of a booking that fails: a time, not how many come nor who they are."""
    free = [slot for slot in slots(domain, lang) if slot.kind == "text" and not slot.fixed]
    return [slot for slot in free if len(slot.values[lang]) > 1]


def value(script: Script, slot: SlotSpec) -> str:
    """What is booked: drawn of what goes with the need; of how many come what keeps to what was wished for, or to the
    need and the figure of the thing that bounds it, else the nearest there is."""
    values = _suiting(script, slot)
    if not slot.up_to:
        return script.rng.choice(values)
    least, most = _bounds(script, slot.up_to)
    figures = {each: numbers.first(each) or 0.0 for each in values}
    fitting = [each for each in values if least <= figures[each] <= most]
    return script.rng.choice(fitting) if fitting else min(values, key=lambda each: abs(figures[each] - least))


def another(script: Script, slot: SlotSpec) -> str:
    """A value in place of the one that is held; one that goes with the need, where there is one left."""
    held = script.state[slot.name]
    suiting = [each for each in _suiting(script, slot) if each != held]
    return script.rng.choice(suiting or [each for each in slot.values[script.lang] if each != held])


def _suiting(script: Script, slot: SlotSpec) -> Sequence[str]:
    """The values that go with the need (nobody goes away at the weekend tonight); all where none does."""
    need = script.purpose
    words = need.booked.get(slot.name, ()) if need else ()
    values = slot.values[script.lang]
    return [value for value in values if any(word in value for word in words)] or values


def _bounds(script: Script, slot: str) -> tuple[float, float]:
    """The least and the most that is booked: the figure that the user named, else what the need takes and the thing
    holds."""
    if stated := numbers.first(script.state.get(slot, "")):
        return stated, stated
    fact, need = script.knowledge.fact(script.offered, slot), script.purpose
    least = [numbers.first(each) for each in need.fits.get(slot, ())] if need else []
    most = [fact.number if fact else None, numbers.first(need.most.get(slot, "")) if need else None]
    return max(filter(None, least), default=0.0), min(filter(None, most), default=FEW)


def comers(script: Script, slot: str) -> float:
    """How many come, as the user said it or its need takes it; 0.0 where nothing says so."""
    booked = [script.state.get(each.name, "") for each in script.knowledge.domain.slots if each.up_to == slot]
    said = [numbers.first(each) for each in (*booked, script.state.get(slot, ""))]
    return next(filter(None, said), 0.0) or _bounds(script, slot)[0]


def together(slots: Sequence[SlotSpec]) -> list[Sequence[SlotSpec]]:
    """What is asked in one turn: two things at a time, the odd one last."""
    return [slots[n : n + 2] for n in range(0, len(slots), 2)]


def confirmed(script: Script) -> Sentence:
    """The whole booking told back, with a confirmation for each slot."""
    held = {slot.name: script.state[slot.name] for slot in slots(script.knowledge.domain, script.lang)}
    joint = "，" if script.lang == "zh" else ", "
    part = script.part("confirm_booking", "confirm_booking", value=joint.join(held.values()))
    acts = tuple(Act(act="confirm_booking", slot=slot, value=value) for slot, value in held.items())
    return Sentence(part.text, acts, tuple(held.values()))

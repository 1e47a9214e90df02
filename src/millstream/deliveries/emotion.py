"""A shift of feeling with its cause: what the other side just said disappoints or pleases, and the user says so
before going on. The wording names the cause."""

from collections.abc import Sequence

from millstream.deliveries import ENDING, How, does, has_cue, led, once, rebuilt
from millstream.records import Outline, Step, Turn

CAUSES = ("refuse", "notify_failure", "notify_unknown", "offer")
"""Acts of the agent that move somebody; an offer only where it gives something (a gift, not a thing to buy)."""


def deliver(outline: Outline, how: How) -> Outline:
    """At most once a dialogue: a feeling shifts, it does not flicker."""
    steps = outline.steps
    places = (n for n in range(1, len(steps)) if _cause(how, steps, n))
    return once(outline, how, places, lambda n: [_moved(how, steps, n)])


def shown(turns: Sequence[Turn], n: int) -> bool:
    """The feeling is in the text, and its cause among what the other side said last."""
    before = [turn for turn in turns[:n] if turn.role != turns[n].role][-1:]
    caused = any(act.act in CAUSES for turn in before for act in turn.acts)
    return caused and has_cue(turns[n].text, "emotion")


def _moved(how: How, steps: Sequence[Step], n: int) -> Step:
    first, *rest = steps[n].parts
    head = how.wording("emotion", _cause(how, steps, n))
    return rebuilt(steps[n], [led(first, head, how.lang), *rest], how.lang, "emotion")


def _cause(how: How, steps: Sequence[Step], n: int) -> str:
    """What of the agent's turn before moves the user; "" for nothing. A refusal that comes with a gift is outweighed
    by it, and nobody complains of what he accepts."""
    step, before, slots = steps[n], steps[n - 1], how.known.domain.by_name
    if step.role == "agent" or before.role == "user" or step.delivery or does(step, "request_handover", "acknowledge"):
        return ""
    gives = [act for act in before.acts if act.act == "offer" and act.slot in slots and "offer" in slots[act.slot].use]
    if gives:
        return "offer" if does(step, "accept") and not does(step, *ENDING) else ""
    cause = next((cause for cause in CAUSES[:-1] if does(before, cause)), "")
    return "" if does(step, "accept") else cause

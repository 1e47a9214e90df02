"""A shift of feeling with its cause: what the other side just said disappoints or pleases, and the user says so
before going on. The wording names the cause."""

from collections.abc import Sequence
from functools import partial

from millstream.deliveries import How, does, each, has_cue, led, rebuilt
from millstream.records import Outline, Step, Turn

CAUSES = ("refuse", "notify_failure", "notify_unknown", "offer")
"""Acts of the agent that move somebody; an offer only where it gives something (a gift, not a thing to buy)."""


def deliver(outline: Outline, how: How) -> Outline:
    return each(outline, how, partial(_moved, how))


def shown(turns: Sequence[Turn], n: int) -> bool:
    """The feeling is in the text, and its cause among what the other side said last."""
    before = [turn for turn in turns[:n] if turn.role != turns[n].role][-1:]
    caused = any(act.act in CAUSES for turn in before for act in turn.acts)
    return caused and has_cue(turns[n].text, "emotion")


def _moved(how: How, steps: Sequence[Step], n: int) -> Step | None:
    step = steps[n]
    cause = _cause(how, steps[n - 1]) if n and step.role == "user" else ""
    if not cause or steps[n - 1].role == "user" or does(step, "request_handover") or cause == "offer" and not does(step, "accept"):
        return None
    first, *rest = step.parts
    return rebuilt(step, [led(first, how.wording("emotion", cause), how.lang), *rest], how.lang, "emotion")


def _cause(how: How, before: Step) -> str:
    """A refusal that comes with a gift is outweighed by it."""
    slots = how.known.domain.by_name
    gives = [act for act in before.acts if act.act == "offer" and act.slot in slots and "offer" in slots[act.slot].use]
    if gives:
        return "offer"
    return next((cause for cause in CAUSES[:-1] if does(before, cause)), "")

"""Hesitation: a filler before what is said. Knows nothing of what it hesitates about."""

from collections.abc import Sequence
from functools import partial

from millstream.deliveries import How, does, each, has_cue, led, rebuilt
from millstream.records import Outline, Step, Turn

_USER = ("inform", "request", "object", "negotiate", "delay", "request_compare", "correct", "select")
_AGENT = ("inform", "refuse", "notify_unknown")
_ONLY_WORDS = ("inform_intent", "greet")


def deliver(outline: Outline, how: How) -> Outline:
    return each(outline, how, partial(_hesitating, how))


FIRST = 16
"""Characters of a turn in which its hesitation stands."""


def shown(turns: Sequence[Turn], n: int) -> bool:
    return has_cue(turns[n].text[:FIRST], "filler")


def _hesitating(how: How, steps: Sequence[Step], n: int) -> Step | None:
    step = steps[n]
    first, *rest = step.parts
    if does(step, *_ONLY_WORDS) or first.acts[0].act not in (_USER if step.role == "user" else _AGENT) or has_cue(
        first.text[:8], "filler"
    ):
        return None
    return rebuilt(step, [led(first, how.wording("filler", step.role), how.lang), *rest], how.lang, "filler")

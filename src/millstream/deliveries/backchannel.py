"""A backchannel: while the agent tells two things, the user gives a sign of listening between them."""

from collections.abc import Sequence

from millstream.deliveries import How, has_cue, once, rebuilt, spoken
from millstream.records import Act, Outline, Sentence, Step, Turn

_TELLING = {"inform", "offer", "notify_unknown"}
_SHORT = 12
"""Characters of a sign of listening at most."""


def deliver(outline: Outline, how: How) -> Outline:
    steps = outline.steps
    told = (n for n in range(1, len(steps)) if steps[n].role == "agent" and _cut(steps[n].parts))
    places = (n for n in told if steps[n - 1].delivery in ((), ("split",)))
    return once(outline, how, places, lambda n: _with(how, steps[n]))


def shown(turns: Sequence[Turn], n: int) -> bool:
    """Short, a sign of listening, and the agent speaks on before and after."""
    around = [turns[m].role for m in (n - 1, n + 1) if 0 <= m < len(turns)]
    return around == ["agent", "agent"] and len(turns[n].text) <= _SHORT and has_cue(turns[n].text, "backchannel")


def _cut(parts: Sequence[Sentence]) -> int:
    """Where a turn falls into two tellings; 0 where it does not."""
    telling = [bool({act.act for act in part.acts} & _TELLING) for part in parts]
    return next((k for k in range(1, len(parts)) if telling[k - 1] and telling[k]), 0)


def _with(how: How, step: Step) -> list[Step]:
    k = _cut(step.parts)
    return [
        rebuilt(step, step.parts[:k], how.lang),
        spoken(step, "user", how.wording("backchannel"), Act(act="acknowledge"), how.lang, "backchannel"),
        rebuilt(step, step.parts[k:], how.lang),
    ]

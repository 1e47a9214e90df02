"""Silence and nudge: nothing comes back to the agent's question, it asks whether the user is still there, and the
user answers late. Silence has no turn: the agent speaks twice."""

from collections.abc import Sequence

from millstream.deliveries import How, has_cue, led, once, rebuilt, spoken
from millstream.records import Act, Outline, Sentence, Step, Turn


def deliver(outline: Outline, how: How) -> Outline:
    steps = outline.steps
    return once(outline, how, (n for n in range(2, len(steps)) if _fits(steps, n)), lambda n: _with(how, steps, n))


def shown(turns: Sequence[Turn], n: int) -> bool:
    """The agent's second turn in a row asks for a sign of life."""
    return n > 0 and turns[n - 1].role == turns[n].role and has_cue(turns[n].text, "nudge")


def _fits(steps: Sequence[Step], n: int) -> bool:
    """What a user says to a question; not so late that it would be the end."""
    return steps[n].role == "user" and steps[n - 1].role == "agent" and steps[n - 1].asks and not steps[n].delivery


def _with(how: How, steps: Sequence[Step], n: int) -> list[Step]:
    first, *rest = steps[n].parts
    nod = Act(act="acknowledge")
    late = led(first, how.wording("nudge"), how.lang)
    answer = Sentence(text=late.text, acts=(nod, *first.acts), must=first.must, refs=first.refs)
    return [
        spoken(steps[n - 1], "agent", how.wording("nudge", "agent"), Act(act="nudge"), how.lang, "nudge"),
        rebuilt(steps[n], [answer, *rest], how.lang),
    ]

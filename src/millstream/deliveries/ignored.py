"""An ignored question and its return: the agent passes over what was asked, the user asks again."""

from collections.abc import Sequence

from millstream.deliveries import How, answers, asked, has_cue, once, spoken
from millstream.deliveries.ellipsis import short_name
from millstream.records import Act, Outline, Step, Turn


def deliver(outline: Outline, how: How) -> Outline:
    steps = outline.steps
    return once(
        outline, how, (n for n in range(1, len(steps)) if _fits(how, steps, n)), lambda n: _with(how, steps, n)
    )


def shown(turns: Sequence[Turn], n: int) -> bool:
    return has_cue(turns[n].text, "ignored")


def _fits(how: How, steps: Sequence[Step], n: int) -> bool:
    """The answer to a question whose slot has a name that can be asked for again."""
    question = asked(steps[n - 1])
    return bool(
        question and answers(steps[n], question) and short_name(how, question) and not steps[n - 1].delivery
    )


def _with(how: How, steps: Sequence[Step], n: int) -> list[Step]:
    like, question = steps[n - 1], asked(steps[n - 1])
    if question is None:
        return [steps[n]]
    again = how.wording("ignored").replace("$slot", short_name(how, question))
    return [
        spoken(like, "agent", how.wording("ignored", "agent"), Act(act="overlook"), how.lang, "ignored"),
        spoken(like, "user", again, question, how.lang, "ignored"),
        steps[n],
    ]

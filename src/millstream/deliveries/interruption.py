"""Another viewer interrupts: the agent asks the user to wait, answers somebody else off stage, and comes back to the
question. What the other viewer asked is not told: a dialogue has two sides."""

from collections.abc import Sequence

from millstream.deliveries import How, answers, asked, has_cue, led, once, rebuilt, spoken
from millstream.records import Act, Outline, Step, Turn


def deliver(outline: Outline, how: How) -> Outline:
    steps = outline.steps
    return once(outline, how, (n for n in range(1, len(steps)) if _fits(steps, n)), lambda n: _with(how, steps, n))


def shown(turns: Sequence[Turn], n: int) -> bool:
    return has_cue(turns[n].text, "interruption")


def _fits(steps: Sequence[Step], n: int) -> bool:
    """The answer to a question."""
    question = asked(steps[n - 1])
    return bool(question and answers(steps[n], question) and steps[n].parts and not steps[n - 1].delivery)


def _with(how: How, steps: Sequence[Step], n: int) -> list[Step]:
    like, answer = steps[n - 1], steps[n]
    first, *rest = answer.parts
    return [
        spoken(like, "agent", how.wording("interruption", "agent"), Act(act="hold"), how.lang, "interruption"),
        spoken(like, "user", how.wording("interruption"), Act(act="acknowledge"), how.lang, "interruption"),
        rebuilt(answer, [led(first, how.wording("interruption", "back"), how.lang), *rest], how.lang, "interruption"),
    ]

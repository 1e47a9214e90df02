"""A digression: the user remarks on something that has nothing to do with it, the agent takes it up and comes back."""

from collections.abc import Sequence

from millstream.deliveries import How, has_cue, once, spoken
from millstream.records import Act, Outline, Step, Turn

_RAISING = {"request", "object", "negotiate", "request_compare"}
"""What the user may go on with: something it raises of itself."""


def deliver(outline: Outline, how: How) -> Outline:
    steps = outline.steps
    return once(outline, how, (n for n in range(1, len(steps)) if _fits(steps, n)), lambda n: _with(how, steps, n))


def shown(turns: Sequence[Turn], n: int) -> bool:
    return has_cue(turns[n].text, "digress")


def _fits(steps: Sequence[Step], n: int) -> bool:
    """Between an agent's turn that asks nothing and something the user raises of itself."""
    raises = bool({act.act for act in steps[n].acts} & _RAISING)
    return steps[n].role == "user" and raises and steps[n - 1].role == "agent" and not steps[n - 1].asks


def _with(how: How, steps: Sequence[Step], n: int) -> list[Step]:
    like = steps[n - 1]
    remark, reply = how.wording("digress", "pairs").split(" | ")
    off = spoken(like, "user", remark, Act(act="digress"), how.lang, "digress")
    back = spoken(like, "agent", reply, Act(act="resume"), how.lang, "digress")
    return [off, back, steps[n]]

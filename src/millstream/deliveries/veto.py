"""A third party's veto: a spouse or a parent is against it, before somebody puts it off or gives it up. Only where
the dialogue ends so anyhow: the outcome is the path's."""

from collections.abc import Sequence

from millstream.deliveries import How, does, has_cue, once, spoken
from millstream.records import Act, Outline, Step, Turn

_ENDS = ("delayed", "lost_price", "lost_competitor", "abandoned")


def deliver(outline: Outline, how: How) -> Outline:
    steps = outline.steps
    places = [n for n in range(1, len(steps)) if outline.scenario.outcome in _ENDS and _fits(steps, n)]
    return once(outline, how, places, lambda n: _with(how, steps, n))


def shown(turns: Sequence[Turn], n: int) -> bool:
    """Somebody at home is named, by the user, or taken up by the agent the turn after."""
    named = turns[n] if turns[n].role == "user" else turns[n - 1]
    return has_cue(named.text, "veto")


def _fits(steps: Sequence[Step], n: int) -> bool:
    """The user's turn that ends it, after an agent's."""
    return steps[n].role == "user" and steps[n - 1].role == "agent" and does(steps[n], "delay", "decline")


def _with(how: How, steps: Sequence[Step], n: int) -> list[Step]:
    like = steps[n].model_copy(update={"state": steps[n - 1].state, "stage": steps[n - 1].stage})
    against = spoken(like, "user", how.wording("veto"), Act(act="veto"), how.lang, "veto")
    taken_up = spoken(like, "agent", how.wording("veto", "agent"), Act(act="empathise"), how.lang, "veto")
    return [against, taken_up.model_copy(update={"strategy": "empathy"}), steps[n]]

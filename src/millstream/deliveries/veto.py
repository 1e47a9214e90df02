"""A third party's veto: a spouse or a parent is against it, and that is why the user puts it off or gives it up. Only
where the dialogue ends so anyhow and the user has spoken of nobody at home yet: who is against it, and whom one has to
ask, would be two different people. The outcome is the path's."""

from collections.abc import Sequence

from millstream.deliveries import How, does, free, has_cue, rebuilt, with_steps
from millstream.records import Act, Outline, Sentence, Step, Turn

_ENDS = {"delayed": "delay", "abandoned": "decline"}


def deliver(outline: Outline, how: How) -> Outline:
    """The user's last word and what the agent says to it: both speak of the veto, and of no other reason."""
    steps, end = outline.steps, _ENDS.get(outline.scenario.outcome, "")
    places = free(steps, [n for n in range(1, len(steps) - 1) if _fits(steps, n, end)] if end else [])
    if not places:
        return outline
    said = [n for n, step in enumerate(steps) if step.role == "user" and not does(step, "inform_intent")]
    if {n for n in said if has_cue(steps[n].draft, "veto")} - {*places} or not how.happens():
        return outline
    n = how.rng.choice(places)
    against, taken_up = how.wording("veto", end).split(" | ")
    changed = [
        _said(steps[n], against, Act(act="veto"), how),
        _said(steps[n + 1], taken_up, Act(act="empathise"), how)._replace(strategy="empathy"),
    ]
    return with_steps(outline, [*steps[:n], *changed, *steps[n + 2 :]])


def shown(turns: Sequence[Turn], n: int) -> bool:
    """Somebody at home is named, by the user, or taken up by the agent the turn after."""
    named = turns[n] if turns[n].role == "user" else turns[n - 1]
    return has_cue(named.text, "veto")


def _fits(steps: Sequence[Step], n: int, end: str) -> bool:
    """The user's turn that ends it, between two of an agent's."""
    roles = [step.role for step in steps[n - 1 : n + 2]]
    return roles == ["agent", "user", "agent"] and does(steps[n], end) and bool(steps[n + 1].parts)


def _said(step: Step, text: str, act: Act, how: How) -> Step:
    """The step with its last sentence put another way: it now says why."""
    *before, last = step.parts
    why = Sentence(text=text, acts=(act, *last.acts))
    return rebuilt(step, [*before, why], how.lang, "veto")

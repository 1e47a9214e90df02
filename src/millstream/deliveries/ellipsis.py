"""Ellipsis: a question that leaves out what it is about ("and the deposit?"). The act still names it, so that
it stays resolved; it has been named in the turns just before."""

import re
from collections.abc import Sequence
from functools import partial

from millstream import heard
from millstream.deliveries import How, asked, each, has_cue, rebuilt
from millstream.records import Act, Outline, Sentence, Step, Turn

_NEAR = 4
"""Turns back in which the thing, and no other, has been spoken of."""
_NOUNS = ("money", "number", "text", "category")
"""Kinds of slots whose first name can stand for the question: not a yes or a no ("vegetarian")."""
_UNFIT = re.compile(r"是否|.{21}|serves$|highlight")
"""Names that are no noun, or too long."""


def deliver(outline: Outline, how: How) -> Outline:
    return each(outline, how, partial(_shortened, how))


def shown(turns: Sequence[Turn], n: int) -> bool:
    """What is asked about is not in the text, and was said before."""
    about = {act.entity for act in turns[n].acts if act.act == "request"} - {""}
    left_out = not any(heard.says(turns[n].text, name) for name in about)
    return left_out and has_cue(turns[n].text, "ellipsis")


def short_name(how: How, act: Act) -> str:
    """What a question can be shortened to; "" where its slot has no name that could stand alone."""
    spec = how.known.domain.by_name.get(act.slot)
    name = how.named(act.slot)
    return name if spec and spec.kind in _NOUNS and not _UNFIT.match(name) else ""


def _shortened(how: How, steps: Sequence[Step], n: int) -> Step | None:
    step, act = steps[n], asked(steps[n])
    if act is None or len(step.parts) != 1 or not _in_focus(steps, n, act.entity) or not (name := short_name(how, act)):
        return None
    text = how.wording("ellipsis").replace("$slot", name)
    return rebuilt(step, [Sentence(text=text, acts=step.acts, refs=step.refs)], how.lang, "ellipsis")


def _in_focus(steps: Sequence[Step], n: int, entity: str) -> bool:
    """Named just before, and nothing else since."""
    near = steps[max(0, n - _NEAR) : n]
    others = {act.entity for step in near for act in step.acts} - {"", entity}
    return bool(entity) and not others and any(heard.says(step.draft, entity) for step in near)

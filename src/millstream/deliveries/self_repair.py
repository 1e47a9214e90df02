"""Self-repair: a value said wrong and put right at once ("150, no, 180 thousand"). Only a user repairs, and the last
value is the one that holds, in the acts and in the state: what is said before it is no label and no claim."""

import re
from collections.abc import Sequence
from functools import partial

from millstream import heard, numbers, phrases
from millstream.deliveries import How, after_cue, each, rebuilt, worded
from millstream.records import Act, Outline, Sentence, Step, Turn

_FIGURE = re.compile(r"\d[\d,]*")


def deliver(outline: Outline, how: How) -> Outline:
    return each(outline, how, partial(_repaired, how))


def shown(turns: Sequence[Turn], n: int) -> bool:
    """Something stands before the repair, what is stated stands behind it, and the state has what is stated."""
    turn = turns[n]
    behind, held = after_cue(turn.text, "self_repair"), {slot.slot: slot.value for slot in turn.state}
    stated = [act for act in turn.acts if act.act == "inform" and act.value]
    return bool(stated) and all(heard.says(behind, act.value) and held.get(act.slot) == act.value for act in stated)


def _repaired(how: How, steps: Sequence[Step], n: int) -> Step | None:
    step = steps[n]
    if step.role != "user" or len(step.parts) != 1:
        return None
    (part,) = step.parts
    stated = [act for act in part.acts if act.act == "inform" and act.value and act.value in part.text]
    if len(stated) != 1:
        return None
    if not (wrong := _slip(how, stated[0])):
        return None
    said = _said(how, part, stated[0].value, wrong)
    return rebuilt(step, [worded(part, said)], how.lang, "self_repair")


def _said(how: How, part: Sentence, value: str, wrong: str) -> str:
    """The sentence with the slip before the value; in English each with its article."""
    found = re.search(rf"(\b[Aa]n? )?{re.escape(value)}", part.text)
    if found is None:
        return part.text
    right, slip = (phrases.article(value), phrases.article(wrong)) if found[1] else (value, wrong)
    said = how.wording("self_repair").replace("$wrong", slip).replace("$value", right)
    return part.text[: found.start()] + said + part.text[found.end() :]


def _slip(how: How, act: Act) -> str:
    """Another value of the slot: a figure half its size up or down a step, or another word there is. "" if none."""
    mention = next(iter(numbers.mentions(act.value)), None)
    figure = _FIGURE.search(act.value)
    if mention and figure:
        number = int(figure.group().replace(",", ""))
        step = max(1, 10 ** (len(str(number)) - 1) // 2)
        less = number - step > 1 and how.rng.random() < 0.5
        other = number - step if less else number + step
        return f"{act.value[: figure.start()]}{other:,}{act.value[figure.end() :]}"
    spec = how.known.domain.by_name.get(act.slot)
    if mention or spec is None or "book" in spec.use:
        return ""
    there = {fact.value for fact in how.known.facts if fact.attribute == act.slot}
    others = sorted(v for v in there if not heard.says(v, act.value) and not heard.says(act.value, v) and len(v) < 12)
    denials = ("是", "否", "无", "yes", "no", "none")
    others = [each for each in others if each.casefold() not in denials and not each.endswith("s")]  # no "a kids"
    return how.rng.choice(others) if others and spec.kind == "category" else ""

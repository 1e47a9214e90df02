"""A typing error, sometimes put right in a message of its own ("*budget"). Only users type; names and values are
spelt as they are, and a turn whose label would no longer be read stays right."""

import re
from collections.abc import Iterator, Sequence
from functools import cache, partial

from millstream.deliveries import How, data, each, has_cue, mending, rebuilt, spoken, with_steps, worded
from millstream.records import Act, Lang, Outline, Step, Turn

AMENDED = 0.4
"""Share of typing errors that the writer puts right."""


def deliver(outline: Outline, how: How) -> Outline:
    mistyped = each(outline, how, partial(_mistyped, how))
    if mistyped is outline:
        return outline
    steps: list[Step] = []
    repair = mending(mistyped.steps)
    for n, step in enumerate(mistyped.steps):
        steps += [step] if n + 1 in repair else _amended(how, step)
    return with_steps(mistyped, steps)


def shown(turns: Sequence[Turn], n: int) -> bool:
    """A word is mistyped, or one of the message before is put right."""
    before = turns[n - 1] if n else None
    amends = has_cue(turns[n].text, "typo", "amended") and before is not None and before.role == turns[n].role
    return _error(turns[n].text) != "" or (amends and before is not None and _error(before.text) != "")


@cache
def _swaps(lang: Lang) -> tuple[tuple[str, str, re.Pattern[str]], ...]:
    """(right, wrong, where the right one stands), in the order of the file."""
    found = data(lang)["typo"]["swaps"].items()
    return tuple((r, w, re.compile(r if lang == "zh" else rf"(?<![\w']){r}(?![\w'])", re.I)) for r, w in found)


def _error(text: str) -> str:
    """The right form of the first mistyped word; "" without one."""
    langs: tuple[Lang, ...] = ("zh", "en")
    return next((right for lang in langs for right, wrong, _ in _swaps(lang) if wrong in text.casefold()), "")


def _mistyped(how: How, steps: Sequence[Step], n: int) -> Step | None:
    step = steps[n]
    if step.role != "user":
        return None
    first, *rest = step.parts
    spelt = " ".join(first.must)
    fitting = [(w, there) for right, w, there in _swaps(how.lang) if there.search(first.text) and right not in spelt]
    if not fitting or any(act.act == "inform_intent" for act in first.acts):
        return None
    wrong, there = how.rng.choice(fitting)
    return rebuilt(step, [worded(first, there.sub(wrong, first.text, count=1)), *rest], how.lang, "typo")


def _amended(how: How, step: Step) -> Iterator[Step]:
    yield step
    if "typo" in step.delivery and (right := _error(step.draft)) and how.rng.random() < AMENDED:
        said = how.wording("typo", "amend").replace("$right", right)
        yield spoken(step, "user", said, Act(act="amend"), how.lang, "typo")

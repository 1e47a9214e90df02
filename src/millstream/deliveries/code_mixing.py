"""Code-mixing: a word of another language as people drop it in. Values and names stay as they are; which words are
swapped stands in the wordings."""

import re
from collections.abc import Sequence
from functools import cache, partial

from millstream.deliveries import How, data, each, rebuilt, worded
from millstream.records import Lang, Outline, Step, Turn

_HAN = re.compile("[一-鿿]")
_MOST = 0.4
"""Share of a Chinese turn that may be in Latin script."""


def deliver(outline: Outline, how: How) -> Outline:
    return each(outline, how, partial(_mixed, how))


def shown(turns: Sequence[Turn], n: int) -> bool:
    text = turns[n].text.casefold()
    return any(word in text for word in _foreign("zh" if _HAN.search(text) else "en"))


@cache
def _foreign(lang: Lang) -> frozenset[str]:
    return frozenset(word.casefold() for word in data(lang)["code_mixing"]["swaps"].values())


def _mixed(how: How, steps: Sequence[Step], n: int) -> Step | None:
    step = steps[n]
    if step.role != "user":
        return None
    first, *rest = step.parts
    for own, other in data(how.lang)["code_mixing"]["swaps"].items():
        pattern = own if how.lang == "zh" else rf"(?<!\w){own}(?!\w)"
        said = re.sub(pattern, other, first.text, count=1)
        latin = sum(char.isascii() and char.isalpha() for char in said)
        if said != first.text and not any(own in word for word in first.must):
            little = how.lang == "en" or latin <= _MOST * len(said)
            return rebuilt(step, [worded(first, said), *rest], how.lang, "code_mixing") if little else None
    return None

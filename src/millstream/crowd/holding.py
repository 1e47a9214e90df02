"""What a line is held to while it is written: the letters of its language, two sentences, whether it asks, its values.

A regular expression in the part of the language that grammars for decoding know; without counts, which make decoding
slow. What can be kept from being written need not be refused afterwards. Knows no model.
"""

import re

from millstream.crowd.checks import PART
from millstream.crowd.data import Locale
from millstream.crowd.talk import Goal

_EAST = {"han", "hiragana", "katakana"}
_MARKS = {True: ("，、：；“”", "。！？", ""), False: (",'’;:", ".!?", " ")}
_VALUE = re.compile(r"[A-Z0-9一-鿿]")


def pattern(locale: Locale, goal: Goal) -> str:
    """One or two sentences in the language's letters, the last one a question or none at all, as the goal is; of a
    task those with its names and figures in their order, and one of the words that the language has for any other
    value it knows."""
    east = bool(_EAST & {*locale.script.split()})
    marks, every, space = _MARKS[east]
    asked = locale.question if locale.letters else ""
    ends = every.replace(asked, "") if asked and goal.form == "tells" else every
    last = asked if asked and goal.form == "asks" else ends
    letters = f"0-9{locale.letters}" if locale.letters else r'^"\\\n' + every
    inside = f"{letters}{marks}%€£$￥{'' if east else ' '}" if locale.letters else letters
    dash = "-" if locale.letters and not east else ""
    parts = [part for value in goal.must for part in PART.split(value)]
    if values := [found for part in dict.fromkeys(parts) if (found := _value(part, locale))]:
        gap = f"[{inside}{ends if locale.letters else ''}{dash}]*"
        return f"^{gap}{gap.join(values)}{gap}[{last}]$"
    words = f"[{inside}{dash}]+"
    return f"^({words}[{ends}]{space})?{words}[{last}]$"


def _value(value: str, locale: Locale) -> str:
    """How a value may be said; "" where it can be said in any way."""
    if words := locale.values.get(value.casefold()):
        return f"({'|'.join(map(_literal, words))})"
    return _literal(value) if _VALUE.search(value) or locale.code == "en" else ""


def _literal(text: str) -> str:
    """The text itself; of escapes, grammars know only those of a pattern's own signs."""
    return re.sub(r"[\\^$.|?*+()\[\]{}]", r"\\\g<0>", text)

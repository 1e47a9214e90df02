"""Numbers that may be values, with what their unit measures; "六到八周" is one. Knows no slots and no entities."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from millstream import numbers, resources

DATA = resources.data("mine/facts.yaml")
_UNITS = {unit: kind for kind, units in DATA["units"].items() for unit in units}
_FORMS = [re.escape(unit) + r"(?![a-z])" * unit[-1:].isascii() for unit in sorted(_UNITS, key=lambda u: (-len(u), u))]
_UNIT = re.compile("|".join(_FORMS), re.I)
_HOURS = {unit: hours for hours, units in DATA["hours"].items() for unit in units}
_BEFORE = re.compile(r"[$¥€£]\s*$|%$")
_EACH = re.compile("(?<=[\u4e00-\u9fff\\d])一(?=[晚位份间人斤])")
_TO = re.compile(r"\s*(?:到|至|-|~|–|to|till)\s*")
_HALF = re.compile("半(?=年|个?月|小时|天)")
_MUCH = 10_000
_DOUBLE = re.compile("双(?=早)")
_ALIKE = {("people", "seats"), ("seats", "people"), ("meals", "people"), ("meals", "portions")}
"""What is listed as the first may be said as the second: who sits, who eats."""


_FEW = {"一", "两", "one"}
"""Before a word that is no unit these count what nobody listed ("一声", "两张床", "one tiny scratch")."""


class Said(NamedTuple):
    """A number, or a range of two, as it stands in a text; `kind` is what its `unit` measures."""

    value: float
    start: int
    end: int
    kind: str
    unit: str

    @property
    def plain(self) -> float:
        """Its value; of a time in hours, so that a quarter is ninety days."""
        return self.value * _HOURS.get(self.unit.lower(), 1.0) if self.kind == "time" else self.value


def same_kind(listed: str, said: str) -> bool:
    """May a number of this kind be said of one that is listed as another?"""
    return listed == said or (listed, said) in _ALIKE


def kind_of(unit: str) -> str:
    """What a unit measures; "" for one that is not known."""
    return str(_UNITS.get(unit.lower(), ""))


def measured(text: str) -> list[Said]:
    """The numbers of a text that may be values, in order."""
    text = _DOUBLE.sub("两", _HALF.sub("\1", _EACH.sub("/", text.replace("百分之", "\0\0%"))))
    found: list[Said] = []
    for number in numbers.mentions(text):
        behind = text[number.end :]
        unit = _UNIT.match(behind.lstrip())
        kind = _UNITS[unit[0].lower()] if unit else _UNITS.get(text[number.end - 1], "")
        if not kind and number.value >= _MUCH and "万" in text[number.start : number.end]:
            kind = "money"
        end = number.end + (len(behind) - len(behind.lstrip()) + len(unit[0]) if unit else 0)
        if _BEFORE.search(text[: number.start]):
            kind = "rate" if text[number.start - 1] == "%" else "money"
        if found and _TO.fullmatch(text[found[-1].end : number.start]):
            found[-1] = Said(found[-1].value, found[-1].start, end, kind, unit[0] if unit else "")
        elif number.value and not text[: number.start].endswith("第") and not (number.value == 1 and unit):
            found.append(Said(number.value, number.start, end, kind, unit[0] if unit else text[number.end - 1]))
    return sorted([*found, *_halves(text)], key=lambda said: said.start)


def counts_nothing(text: str, number: Said) -> bool:
    """Is it an article, or a count of something that is no unit, and so no value of anything?"""
    return not number.kind and text[number.start : number.end].strip() in _FEW


def divided(text: str, number: Said) -> Iterator[tuple[Said, Said]]:
    """The ways in which what is heard as one English number may be two ("feeds four sixty eight bucks")."""
    for gap in re.finditer(r"(?<=[a-z]) (?=[a-z])", text[: number.end]):
        if gap.start() <= number.start:
            continue
        first, second = measured(text[: gap.start()]), measured(" " * gap.end() + text[gap.end() :])
        if first and second and first[-1].start == number.start and second[0].end == number.end:
            yield first[-1], second[0]


def thousands(text: str, number: Said) -> Iterator[tuple[Said]]:
    """The ways in which an English number may leave out its thousand: "twenty four nine fifty", "thirty one five"."""
    for first, second in divided(text, number):
        if second.value < 1000 and not first.kind:
            hundreds = second.value * (100 if second.value < 10 else 1)
            kind = second.kind or "money"
            yield (Said(first.value * 1000 + hundreds, number.start, number.end, kind, second.unit),)


def _halves(text: str) -> list[Said]:
    """ "半年", which holds no number."""
    units = ((found, _UNIT.match(text, found.end())) for found in re.finditer("\1", text))
    return [Said(0.5, half.start(), unit.end(), "time", unit[0]) for half, unit in units if unit]

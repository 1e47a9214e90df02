"""What a number counts: currencies, lengths, times, seats. Is the unit in the text the one of the value?"""

import re
from collections.abc import Iterable, Iterator

from millstream import numbers

UNITS: dict[str, str] = {
    "dollar": r"\$|us\$|usd|dollars?|bucks?|美元|美金|刀",
    "euro": r"€|euros?|eur|欧元",
    "pound": r"£|pounds?|quid|gbp|英镑",
    "yuan": r"¥|￥|yuan|rmb|cny|元|块钱?|人民币",
    "yen": r"yen|日元",
    "km": r"km|kilomet(?:er|re)s?|公里|千米",
    "mile": r"miles?|英里",
    "metre": r"m(?:et(?:er|re)s?)?\b|米",
    "seat": r"座|seats?",
    "row": r"排|rows?",
    "person": r"人份?|位|people|persons?|guests?",
    "table": r"桌|tables?",
    "minute": r"分钟|minutes?|mins?",
    "hour": r"小时|hours?|hrs?",
    "day": r"天|日|days?",
    "night": r"晚|nights?",
    "week": r"周|星期|weeks?",
    "month": r"个?月|months?",
    "year": r"年|years?",
}
_AFTER = re.compile(
    r"\s*[万千亿kKwW]?\s*(?:" + "|".join(f"(?P<{name}>{form})" for name, form in UNITS.items()) + ")", re.I
)
_BEFORE = re.compile(r"(?:(?P<dollar>\$)|(?P<euro>€)|(?P<pound>£)|(?P<yuan>[¥￥]))\s*$")


def counted(text: str) -> Iterator[tuple[float, str]]:
    """(number, unit) of every number that has a unit."""
    for number in numbers.mentions(text):
        found = _BEFORE.search(text[: number.start]) or _AFTER.match(text, number.end)
        if found and found.lastgroup:
            yield number.value, found.lastgroup


def said(text: str, value: str) -> Iterator[tuple[int, int]]:
    """Where `text` says the one number of `value`, with its unit or without any."""
    counts, wanted = dict(counted(value)), numbers.values(value)
    for number in numbers.mentions(text) if len(wanted) == 1 else ():
        if number.value in wanted:
            before, after = _BEFORE.search(text[: number.start]), _AFTER.match(text, number.end)
            unit = counts.get(number.value, "")
            start = before.start() if before and before.lastgroup == unit else number.start
            yield start, after.end() if after and after.lastgroup == unit else number.end


def wrong(text: str, values: Iterable[str]) -> Iterator[str]:
    """Numbers of `values` that stand in the text with another unit."""
    right: dict[float, set[str]] = {}
    for value in values:
        for number, unit in counted(value):
            right.setdefault(number, set()).add(unit)
    for number, unit in counted(text):
        if number in right and unit not in right[number]:
            yield f"counts {number:g} in {unit}s, not {' or '.join(sorted(right[number]))}s"

"""Cells whose comma or point may be read in two ways: "1,5 litres" is one and a half, or one and five; "1.299 €" a
thousand or a little more than one. Such a table is refused, for a wrong number is worse. Knows no slot.
"""

import re

from millstream import numbers
from millstream.errors import InputError

_ONE = re.compile(r"[$€£¥￥]?\s?(?P<figure>\d[\d.,]*)\s?(?P<unit>[^\d.,;、/|]{0,24})")
"""A cell that holds one figure, with what it counts."""
_COMMA = re.compile(r"\d+,\d{1,2}")
_POINT = re.compile(r"\d{1,3}(?:\.\d{3})+")
_CENTS = re.compile(r"[$€£]|\b(?:usd|eur|euros?|gbp|pounds?|quid|dollars?)\b", re.IGNORECASE)


def refuse_unsure(cell: str, counted: bool, where: str) -> None:
    """InputError for a cell of which nobody can say what number it is. `counted`: its column is one of numbers."""
    found = _ONE.fullmatch(cell)
    if not found:
        return
    figure = found["figure"].rstrip(".,")
    whole = any(number.end - number.start >= len(figure) for number in numbers.mentions(cell))
    if _COMMA.fullmatch(figure) and (counted or found["unit"]) and not whole:
        raise InputError(f"{cell!r} has a comma", where, f"write {figure.replace(',', '.')}, or two numbers as 1 / 2")
    if _CENTS.search(cell) and _POINT.fullmatch(figure):
        raise InputError(f"{cell!r} has a point", where, f"write {figure.replace('.', '')}, or two places: 1.30")

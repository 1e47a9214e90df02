"""Days as people write them in tables, zh and en, brought to ISO. What may be two days is refused, not guessed.

Knows no calendar but the Gregorian, and no "tomorrow".
"""

import re
from datetime import date

_NAMES = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_MONTHS = {name: n for n, name in enumerate(_NAMES, 1)}
_NAME = r"(?P<name>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\.?"
_FORMS = (
    r"(?P<y>\d{4})(?P<s>[-/.])(?P<m>\d{1,2})(?P=s)(?P<d>\d{1,2})",
    r"(?P<y>\d{4})(?P<m>\d{2})(?P<d>\d{2})",
    r"(?P<y>\d{4})年(?P<m>\d{1,2})月(?P<d>\d{1,2})[日号]?",
    rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[ -]{_NAME}[ ,-]+(?P<y>\d{{4}})",
    rf"{_NAME} (?P<d>\d{{1,2}})(?:st|nd|rd|th)?,? (?P<y>\d{{4}})",
    r"(?P<a>\d{1,2})(?P<s>[-/.])(?P<b>\d{1,2})(?P=s)(?P<y>\d{4})",
)
"""Year first, by the month's name, or two numbers before the year: with dots the day is the first, and with slashes
whichever is no month."""


def iso(said: str) -> str:
    """The day as YYYY-MM-DD. ValueError, with why, for what is none, or may be two."""
    plain = said.strip().casefold().partition("t00:00")[0].removesuffix(" 00:00:00")
    found = next((match for form in _FORMS if (match := re.fullmatch(form, plain))), None)
    if found is None:
        raise ValueError(f"{said!r} is no date")
    part = found.groupdict()
    if "a" in part:
        day, month = _two(int(part["a"]), int(part["b"]), part["s"], said)
    else:
        month, day = int(part.get("m") or _MONTHS[part["name"]]), int(part["d"])
    try:
        return date(int(part["y"]), month, day).isoformat()
    except ValueError as error:
        raise ValueError(f"{said!r} is no day of the calendar") from error


def _two(first: int, second: int, sign: str, said: str) -> tuple[int, int]:
    """(day, month) of two numbers."""
    if sign == "." or first > 12 or first == second:
        return first, second
    if second > 12:
        return second, first
    raise ValueError(f"{said!r} may be two days: write it with the year first")

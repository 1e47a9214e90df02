"""Codes of letters and digits that belong to one person: plates, passports and licences, written or spelled.

Plates are known by their form (GA 36-2018 for Chinese ones, the DVLA's of 2001 for British ones) or by the words before
them; the others by those words alone. Knows nothing of numbers without a letter that have a plan of their own.
"""

import re
from collections.abc import Iterator, Sequence

from millstream import resources
from millstream.mine.find import Hit
from millstream.mine.spelling import Token, Tokens, first

_DATA = resources.data("mine/personal.yaml")
_NEAR, _STOP = _DATA["near"], frozenset(_DATA["words"]["stop"])
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"
_PROVINCE = re.compile(rf"[{PROVINCES}]\s?[a-z]")
_ZH_PLATE = re.compile(
    rf"[{PROVINCES}]\s?[a-z]\s?[·.•-]?\s?(?=[a-z0-9\s]*\d)[a-z0-9](?:\s?[a-z0-9]){{4,5}}(?![a-z0-9])[学警挂领港澳]?"
    rf"|[{PROVINCES}]\s?[a-z]\s?[·.•]?\s?[a-z\d]{{4}}[学警挂领港澳]"
)
_LINKS = (
    r"(?:\s*(?:\b(?:card|number|num|no|id|reg|is|are|was|reads|it's|and it's)\b\.?"
    r"|'s\b|[字号]?号码?|证?号|就?是|您?记一?下|我报|报|[:：#=]))*\s*"
)
"""What may stand between the name of a paper or a plate and what it says."""
_PLATE_LEAD = re.compile(rf"(?:{_NEAR['plate']}){_LINKS}|登记\s*", re.ASCII)
_GB_PLATE = re.compile(r"\b[A-Z]{2}\d{2} ?[A-Z]{3}\b")
_STRICT = r"(?:[A-Z]{3}-?\d{3,4}|\d[A-Z]{3}\d{3}|[A-Z]{2}\d{2} ?[A-Z]{3})\b"
_SEEN = re.compile(
    rf"(?:[Oo]wns|[Oo]wner of|parked|blocking(?: me)?|towed|tow|move|drives)(?: \w+){{0,3}}? (?-i:({_STRICT}))"
    r"|\b(?=[A-Z0-9]*[ -]?[A-Z]*\d)([A-Z0-9]{2,4}[ -]?[A-Z0-9]{3,4}),? (?:licen[sc]e plate|number plate|reg|plates?)\b"
)
"""A plate on a car that somebody speaks of, or before the word for it."""
_PAPER_LEAD = re.compile(rf"(?:{_NEAR['passport']}|{_NEAR['licence']}){_LINKS}", re.ASCII)
_PLATE, _PAPER = (5, 8), (6, 18)
"""Characters of a plate and of the number of a paper, at least and at most."""
_DIGITS, _SHORT = 5, 3
"""Digits that the number of a paper has at least; letters of a word that may be part of a code."""


def papers(text: str, low: str, told: Tokens) -> Iterator[Hit[str]]:
    """Numbers of passports and licences behind their names; digits alone will do."""
    for lead in _PAPER_LEAD.finditer(low):
        value, span = _spelled(text, told()[first(told(), lead.end()) :], _PAPER[1])
        if len(value) >= _PAPER[0] and sum(char.isdigit() for char in value) >= _DIGITS:
            yield Hit(*span, "id")


def plates(text: str, low: str, told: Tokens) -> Iterator[Hit[str]]:
    """Chinese ones by their form, British ones where they are written in capitals, others behind a lead."""
    yield from (Hit(*each.span(), "plate") for each in _ZH_PLATE.finditer(low))
    yield from (Hit(*each.span(), "plate") for each in _GB_PLATE.finditer(text))
    yield from (Hit(*each.span(each.lastindex or 0), "plate") for each in _SEEN.finditer(text))
    spelled = told() if _PROVINCE.search(low) else []
    starts = [n for n, token in enumerate(spelled) if token.sort == "other" and token.value in PROVINCES]
    for n in starts:
        value, span = _spelled(text, spelled[n + 1 :], _PLATE[1])
        if value[:1].isalpha() and len(value) in (6, 7) and any(char.isdigit() for char in value):
            yield Hit(spelled[n].start, span[1], "plate")
    for lead in _PLATE_LEAD.finditer(low):
        value, span = _spelled(text, told()[first(told(), lead.end()) :], _PLATE[1])
        if len(value) >= _PLATE[0] and any(map(str.isdigit, value)) and any(map(str.isalpha, value)):
            yield Hit(*span, "plate")


def _spelled(text: str, told: Sequence[Token], most: int) -> tuple[str, tuple[int, int]]:
    """The letters and digits that begin with the first token, at most so many, and where they stand."""
    value, start, end = "", 0, 0
    for token in told:
        if token.sort in ("gap", "filler") or (token.sort == "link" and token.value in "-."):
            continue
        if not _is_part(text, token, end) or len(value) + len(token.value) > most:
            break
        start = start if value else token.start
        value, end = value + token.value, token.end
    return value, (start, end)


def _is_part(text: str, token: Token, end: int) -> bool:
    """Letters in a row are part of a code where they are capitals, or stand close to what is one."""
    close = token.start == end or text[token.end : token.end + 1].isdigit()
    short = len(token.value) <= _SHORT and token.value not in _STOP
    is_code = token.sort == "word" and (close or short or text[token.start : token.end].isupper())
    return token.sort in ("digit", "letter") or is_code

"""Numbers that belong to one person: telephones, identity numbers and cards, written or said.

What the digits themselves prove counts first: the checksum of an identity number (ISO 7064 MOD 11-2, GB 11643), of a
card (ISO/IEC 7812, Luhn) or of an IBAN (ISO 13616, mod 97), and the numbering plans of libphonenumber. Where they prove
nothing, the words beside them (personal.yaml) decide. Knows nothing of names, handles and addresses.
"""

import re
from collections.abc import Iterator
from itertools import pairwise

import phonenumbers

from millstream import resources
from millstream.mine.find import Hit
from millstream.mine.spelling import Run, runs, tokens

_DATA = resources.data("mine/personal.yaml")
_NEAR = {kind: re.compile(form, re.ASCII) for kind, form in _DATA["near"].items()}
_OTHER = {side: re.compile(form, re.ASCII) for side, form in _DATA["other"].items()}
_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
_BORN = re.compile(r"\d{6}(?:18|19|20)\d{2}(?:0[1-9]|1[0-2])(?:0[1-9]|[12]\d|3[01])\d{3}[\dx]")
_SSN = re.compile(r"(?<![\d-])\d{3}-\d{2}-\d{4}(?![\d-])")
_HKID = re.compile(r"\b[a-z]{1,2}\d{6}\([\da]\)")
_SORT = re.compile(r"\b(?:sort code|bsb)\W*(?:is\s+)?(\d{2}[- ]?\d{2}[- ]?\d{2}|\d{3}[- ]?\d{3})\b")
_SORT_LEAD = re.compile(r"\b(?:sort code|bsb)\W*(?:is\s+|number\s+)*$")
_AREA_CODE = re.compile(r"\(0\d{1,3}\)\s?\d{3,4}[ -]?\d{4}(?!\d)")
_CN_MOBILE = re.compile(r"(?<!\d)1[3-9]\d[\W_]{1,3}\d{4}[\W_]{1,3}\d{4}(?!\d)")
_NINO = re.compile(r"\b(?:[a-ceghj-prtw-z]{2}|qq)(?:\s?\d{2}){3}\s?[a-d]\b")
_IBAN = re.compile(r"\b[a-z]{2}\d{2}(?:\s?[a-z0-9]{4}){3,7}(?:\s?[a-z0-9]{1,3})?\b")
_AFTER_ID = re.compile(r"[\s-]*[x×叉]|\s*ex\b")
_LED = re.compile(r"\b(?:phone|tel|cell|mobile|call|text|txt|contact)\s*(?:no|number|#|me|is|'s|at|on|[.:])*[.:\s]*$")
_AS_ID = re.compile(r"\W*(?:as|is|was) (?:your|my|his|her) (?:social|ssn)")
_SENT = re.compile(r"(?:发|传|寄|转)(?:到|给|往|去|我)?$|\b(?:sent|send|goes|come|text|texted) (?:it )?to $")
"""A code or a receipt is sent to the number that follows: the number is somebody's."""
_BEFORE, _BEHIND, _RIGHT_BEFORE = 24, 8, 2
_REGIONS = ("CN", "US", "GB", "AU", "HK", "TW")
_SEVEN = 7


def found(low: str, runs: Iterator[Run]) -> Iterator[Hit[str]]:
    """The numbers of people in a text of small letters, each with its kind: phone, id or card."""
    yield from _written(low)
    lines = f"\n{low}"
    for run in runs:
        before, behind = lines[max(0, run.start + 1 - _BEFORE) : run.start + 1], low[run.end : run.end + _BEHIND]
        if len(run.digits) < _SEVEN:
            if len(run.digits) == _SEVEN - 1 and run.said and _SORT_LEAD.search(before):
                yield Hit(run.start, run.end, "card")
            continue
        if _OTHER["after"].search(behind):
            continue
        ends = _AFTER_ID.match(low, run.end) if len(run.digits) == 17 else None
        if _is_id(run.digits + ("x" if ends else ""), before) or (len(run.digits) == 9 and _AS_ID.match(low, run.end)):
            yield Hit(run.start, ends.end() if ends else run.end, "id")
        elif _is_card(run, before):
            yield Hit(run.start, run.end, "card")
        elif _is_phone(run, before, behind):
            yield Hit(_with_country(low, run.start), run.end, "phone")


def _written(low: str) -> Iterator[Hit[str]]:
    """Those that are known by how they are written."""
    yield from (Hit(*each.span(), "id") for form in (_SSN, _NINO, _HKID) for each in form.finditer(low))
    yield from (Hit(*each.span(1), "card") for each in _SORT.finditer(low))
    yield from (Hit(*each.span(), "phone") for form in (_CN_MOBILE, _AREA_CODE) for each in form.finditer(low))
    for each in _IBAN.finditer(low):
        if is_iban(re.sub(r"\s", "", each[0])):
            yield Hit(*each.span(), "card")


# --- what the digits prove ---------------------------------------------------------------------------------


def is_resident(number: str) -> bool:
    """18 characters of a Chinese identity number: a day of birth and the check character of MOD 11-2."""
    if not _BORN.fullmatch(number):
        return False
    total = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, number, strict=False))
    return "10x98765432"[total % 11] == number[17]


def is_luhn(digits: str) -> bool:
    """The check digit of a card number (ISO/IEC 7812-1, annex B)."""
    doubled = (int(digit) * (1 + n % 2) for n, digit in enumerate(reversed(digits)))
    return len(set(digits)) > 1 and sum(each - 9 * (each > 9) for each in doubled) % 10 == 0


def is_iban(number: str) -> bool:
    """Letters and digits of an IBAN: mod 97 of its rearrangement is 1."""
    return int("".join(str(int(each, 36)) for each in number[4:] + number[:4])) % 97 == 1


def _is_id(number: str, before: str) -> bool:
    if len(number) == 18:
        told = _near("id", before) or not (_OTHER["before"].search(before) or _near("card", before))
        return is_resident(number) or (told and _BORN.fullmatch(number) is not None)
    return len(number) in (9, 15) and _near("id", before)


def _is_card(run: Run, before: str) -> bool:
    size = len(run.digits)
    if not _SEVEN < size <= 19 or len(set(run.digits)) == 1 or _is_count(run):
        return False
    if _near("account", before):
        return True
    if size < 12:
        return False
    if _near("card", before):
        return is_luhn(run.digits) or size >= 15 or (size > 12 and run.digits[0] in "3456")
    in_fours = run.said or run.groups[:3] == (4, 4, 4) or (run.groups[0] == size and size in (15, 16, 19))
    usual = run.digits[0] in "456" or run.digits[:2] in ("34", "35", "37")
    proven = is_luhn(run.digits) or (run.digits[:2] == "62" and size >= 16)
    return in_fours and usual and proven and not _OTHER["before"].search(before)


def _is_phone(run: Run, before: str, behind: str) -> bool:
    digits = run.digits
    if len(set(digits)) == 1 or _is_count(run) or len(digits) > 15 or _is_of_something(before):
        return False
    if re.search(r"(?:\+|plus\s|\b00)\s?$", before) or digits.startswith("00"):
        return _is_international(digits.removeprefix("00"))
    told = _near("phone", before) or re.match(r"\W*(?:微信同号|whats|这个)", behind) is not None
    if re.fullmatch(r"07[3-9]\d{8}", digits):
        return True
    if re.fullmatch(r"(?:86)?1[3-9]\d{9}", digits):
        return run.said or told or run.groups[0] in (1, 2, 3, 11, 13)
    spelled = run.said and len(run.groups) >= _SEVEN and max(run.groups) == 1
    apart = max(run.groups) == 1 and len(digits) in (10, 11) and _is_in_a_plan(digits)
    led = _LED.search(before) is not None and len(digits) >= _SEVEN
    return (
        spelled
        or apart
        or led
        or (told and _is_dialled(run))
        or (_is_in_a_plan(digits) and (run.said or _is_grouped(run)))
    )


def _is_of_something(before: str) -> bool:
    """Is it the number of an order or a model? Of the words before it the nearest says so."""
    other, told = _last(_OTHER["before"], before), _last(_NEAR["phone"], before)
    return not _SENT.search(before) and other >= 0 and other >= told


def is_nobodys(low: str, hit: Hit[str]) -> bool:
    """Is a number, whoever took it for somebody's, that of an order or a meeting by the word right before it, or is it
    an amount or a count?"""
    before, behind = low[max(0, hit.start - _BEFORE) : hit.start], low[hit.end : hit.end + _BEHIND]
    said = any(each.end() >= len(before) - _RIGHT_BEFORE for each in _OTHER["before"].finditer(before))
    counted = any(_is_count(run) for run in runs(tokens(low[hit.start : hit.end])))
    return (said and not _SENT.search(before)) or counted or _OTHER["after"].search(behind) is not None


def _last(form: re.Pattern[str], text: str) -> int:
    """Where the last match begins; -1: there is none."""
    return max((found.start() for found in form.finditer(text)), default=-1)


def _is_international(digits: str) -> bool:
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse(f"+{re.sub('^440', '44', digits)}"))
    except phonenumbers.NumberParseException:
        return False


def _is_dialled(run: Run) -> bool:
    """Told to be a number, and of a length that is: seven digits in the local form, more in any."""
    return len(run.digits) >= (_SEVEN if run.said or run.groups == (3, 4) else 8)


def _is_in_a_plan(digits: str) -> bool:
    local = digits[1:] if len(digits) == 11 and digits[0] == "1" else digits
    if re.fullmatch(r"[2-9]\d{2}[2-9]\d{6}|[48]00\d{7}", local):
        return True
    return digits[0] == "0" and any(_is_possible(digits, region) for region in _REGIONS)


def _is_possible(digits: str, region: str) -> bool:
    return phonenumbers.is_possible_number(phonenumbers.parse(digits, region))


def _is_grouped(run: Run) -> bool:
    """Held apart as numbers are: 212-555-0134, 1-800-555-0199, 0571-88000123, 07700 900123."""
    sizes = run.groups[1:] if run.groups[0] == 1 and len(run.groups) > 3 else run.groups
    return sizes in ((3, 3, 4), (3, 7), (3, 8), (4, 7), (4, 8), (5, 6), (4, 3, 3), (3, 4, 4), (4, 3, 4), (4, 4, 4))


def _is_count(run: Run) -> bool:
    """One two three, 2021 2022 2023: the same step from each to the next."""
    parts, at = [], 0
    for size in run.groups:
        parts.append(int(run.digits[at : at + size]))
        at += size
    steps = {second - first for first, second in pairwise(parts)}
    return len(parts) > 2 and len(steps) == 1 and 0 not in steps


def _near(kind: str, before: str) -> bool:
    return _NEAR[kind].search(before) is not None


def _with_country(low: str, start: int) -> int:
    sign = re.search(r"(?:\+|\bplus )\s?\(?$|\($", low[:start])
    return sign.start() if sign else start

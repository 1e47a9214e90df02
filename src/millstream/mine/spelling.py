"""What a text spells: digits, letters, words and signs between them, written or said ("double five", 幺三八, "dot").

One pass turns a text into tokens that keep their place, so that "138-0000", "one three eight" and 一三八零零零零 are
read by the same rules further on (identity.py, reach.py). Knows nothing of what a number or a name stands for.
"""

import re
from collections.abc import Iterator, Sequence
from typing import Literal, NamedTuple

Sort = Literal["digit", "letter", "word", "link", "filler", "gap", "other"]

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DIGIT = {word: str(n) for n, word in enumerate(_ONES)} | {"oh": "0", "o": "0", "nought": "0"}
_DIGIT |= {word: str(n) for n, word in enumerate(_TEENS, 10)} | {word: f"{n}0" for n, word in enumerate(_TENS, 2)}
_HAN = {char: str(n % 10) for each in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖") for n, char in enumerate(each)}
_HAN |= {"幺": "1", "两": "2", "洞": "0", "拐": "7"}
_TIMES = {"double": 2, "triple": 3, "two": 2, "three": 3, "four": 4, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5}
_CALLED = (
    "alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|kilo|lima|mike|november|oscar|papa|quebec|romeo|"
    "sierra|tango|uniform|victor|whiskey|xray|yankee|zulu"
)
_LINK = {"dot": ".", "period": ".", "点": ".", "．": ".", "underscore": "_", "下划线": "_"}
_LINK |= {"plus": "+", "hash": "#", "colon": ":", "冒号": ":"}
_LINK |= dict.fromkeys(("dash", "hyphen", "minus", "杠", "横杠", "–", "—"), "-") | {sign: sign for sign in ".-_@#+"}
_D, _T = "|".join([*_ONES, "oh", "nought"]), "|".join(_TENS)
_H = "".join(_HAN)
_TOKEN = re.compile(
    rf"(?P<many>(?:double|triple)\s+(?:{_D}|o\b)|(?:two|three|four)\s+(?:{_D})e?s\b|[二两三四五]个[{_H}\d])"
    rf"|(?P<hundred>\b(?:{'|'.join(_ONES[1:])})\s+hundred\b)"
    rf"|(?P<tens>\b(?:{_T})(?:[\s-](?:{'|'.join(_ONES[1:])}))?\b)"
    rf"|(?P<one>\b(?:{_D}|o|{'|'.join(_TEENS)})\b|[{_H}])"
    r"|(?P<as>\b[a-z] (?:as in|for|like) [a-z]+\b)"
    rf"|(?P<called>\b(?:{_CALLED}|x[ -]ray)\b)"
    rf"|(?P<link>\b(?:dot|period|underscore|dash|hyphen|minus|at|hash|plus|colon)\b|下划线|冒号|横?杠|点|艾特|小老鼠|圈\s?a"
    r"|[(\[{（](?:at|dot)[)\]}）]|[-.．_@#+–—])"
    rf"|(?P<filler>\b(?:um+|uh+|erm?|and then|then|capital|lower case|upper case)\b|嗯+|呃+|那个|[大小]写的?|然后)"
    r"|(?P<digits>\d+)|(?P<letters>[a-z]+)|(?P<gap>[\s,，、/()（）·]+)|(?P<other>.)",
    re.S,
)
_WIDE = {code: code - 0xFEE0 for code in range(0xFF01, 0xFF5F)}  # the block "Halfwidth and Fullwidth Forms"
_IS_WIDE = re.compile("[\uff01-\uff5e]")


class Token(NamedTuple):
    """A piece of a text. `value`: its digits, its letters in lower case, or the sign that a link stands for."""

    sort: Sort
    value: str
    start: int
    end: int
    said: bool = False


class Run(NamedTuple):
    """Digits that belong together. `groups`: how many stand in each piece; `said`: some of them in words."""

    digits: str
    start: int
    end: int
    groups: tuple[int, ...]
    said: bool


def narrow(text: str) -> str:
    """Full-width letters, digits and signs as their plain forms, each where it was."""
    return text.translate(_WIDE) if _IS_WIDE.search(text) else text


def tokens(low: str) -> list[Token]:
    """The tokens of a text in lower case, in order and without a hole."""
    return [_token(found) for found in _TOKEN.finditer(low)]


def _token(found: re.Match[str]) -> Token:
    kind, said = found.lastgroup or "other", found[0]
    sort, value = _read(kind, said)
    return Token(sort, value, found.start(), found.end(), kind in ("many", "hundred", "tens", "one"))


def _read(kind: str, said: str) -> tuple[Sort, str]:
    match kind:
        case "many":
            return "digit", _many(said)
        case "hundred":
            return "digit", _DIGIT[said.split()[0]] + "00"
        case "tens":
            ten, *one = re.split(r"[\s-]", said)
            return "digit", _DIGIT[ten][0] + (_DIGIT[one[0]] if one else "0")
        case "one":
            return "digit", _DIGIT.get(said) or _HAN[said]
        case "as" | "called":
            return "letter", said[0]
        case "link":
            return "link", "." if "dot" in said else _LINK.get(said, "@")
        case "digits":
            return "digit", said
        case "letters":
            return ("letter" if len(said) == 1 else "word"), said
        case "filler" | "gap":
            return kind, said
    return "other", said


def _many(said: str) -> str:
    """ "double five", "four ones", "三个零"."""
    if "个" in said:
        return (_HAN.get(said[2]) or said[2]) * _TIMES[said[0]]
    times, what = said.split()
    return _digit(what) * _TIMES[times]


def _digit(word: str) -> str:
    """Of "one", "ones" or "zeroes"."""
    return next(_DIGIT[form] for form in (word, word[:-1], word[:-2]) if form in _DIGIT)


def runs(found: Sequence[Token]) -> Iterator[Run]:
    """Digits with no more between them than gaps, fillers, dots and dashes. Written ones are held apart by a comma."""
    kept: list[Token] = []
    between = ""
    for token in found:
        if token.sort == "digit" or (token.value == "o" and kept and not between.strip(" -")):
            kept.append(token if token.sort == "digit" else token._replace(value="0"))
            between = ""
        elif kept and _joins(token, kept[-1]) and len(between) + token.end - token.start <= 10:
            between += token.value
        else:
            yield from _run(kept)
            kept, between = [], ""
    yield from _run(kept)


def _joins(token: Token, before: Token) -> bool:
    if token.sort == "gap":
        return before.said or not re.search("[,，、\n]", token.value)
    return token.sort == "filler" or (token.sort == "link" and token.value in ".-")


def _run(kept: Sequence[Token]) -> Iterator[Run]:
    if kept:
        digits, said = "".join(each.value for each in kept), any(each.said for each in kept)
        yield Run(digits, kept[0].start, kept[-1].end, tuple(len(each.value) for each in kept), said)

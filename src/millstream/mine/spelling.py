"""What a text spells: digits, letters, words and signs between them, written or said ("double five", 幺三八, "dot").

One pass turns a text into tokens that keep their place, so that "138-0000", "one three eight" and 一三八零零零零 are
read by the same rules further on (identity.py, reach.py). Knows nothing of what a number or a name stands for.
"""

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from typing import Literal, NamedTuple

Sort = Literal["digit", "letter", "word", "link", "filler", "gap", "other"]

_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_DIGIT = {word: str(n) for n, word in enumerate(_ONES)} | {"oh": "0", "o": "0", "nought": "0"}
_DIGIT |= {word: str(n) for n, word in enumerate(_TEENS, 10)} | {word: f"{n}0" for n, word in enumerate(_TENS, 2)}
_HAN = {char: str(n % 10) for each in ("零一二三四五六七八九", "〇壹贰叁肆伍陆柒捌玖") for n, char in enumerate(each)}
_HAN |= {"幺": "1", "两": "2", "洞": "0", "拐": "7", "勾": "9"}
_TIMES = {word: n for n, word in enumerate([*_ONES, *_TEENS])} | {char: int(digit) for char, digit in _HAN.items()}
_TIMES |= {"double": 2, "triple": 3, "quadruple": 4} | {str(n): n for n in range(10)}
_CALLED = (
    "alpha|bravo|charlie|delta|echo|foxtrot|golf|hotel|india|juliet|kilo|lima|mike|november|oscar|papa|quebec|romeo|"
    "sierra|tango|uniform|victor|whiskey|xray|yankee|zulu"
)
_LINK = {"dot": ".", "period": ".", "点": ".", "．": ".", "underscore": "_", "下划线": "_"}
_LINK |= {"plus": "+", "hash": "#", "colon": ":", "冒号": ":"}
_LINK |= dict.fromkeys(
    ("dash", "hyphen", "minus", "减号", "杠", "横杠", "中杠", "中横杠", "横线", "中划线", "–", "—"), "-"
)
_LINK |= {sign: sign for sign in ".-_@#+"}
_BETWEEN, _APART = frozenset(".-_*~•|\ufe0f\u20e3\u200b\u200c\u200d"), 7
"""Signs that hold digits of one number apart, and how many of them at most."""
_D, _T = "|".join([*_ONES, "oh", "nought"]), "|".join(_TENS)
_H = "".join(_HAN)
_A, _Z = "(?<![a-z])", "(?![a-z])"
_MORE = "|".join([*_ONES[2:], *_TEENS[:3]])
_FILLER = (
    r"\b(?:um+|uh+|erm?|and then|then|capital|(?:all )?(?:lower|upper) ?case|all small(?: letters)?"
    r"|all one word|the number"
    r"|and the (?:number|rest) is|dollar sign)\b|嗯+|呃+|那个|[全都是]*[大小]写的?"
    r"|接着|加(?=[\d零一二三四五六七八九幺])"
    r"|(?:然后|后面|中间|最后|前面|末尾|再|[前后][三四]位|中间[三四]位)(?:就?是|再?加)?"
)
_TOKEN = re.compile(
    rf"(?P<many>(?:double|triple|quadruple)[\s-]+(?:{_D}|o){_Z}|(?:{_MORE})\s+(?:{_D})e?s\b"
    rf"|[二两三四五六七八2-8]个[{_H}\da-z])"
    rf"|(?P<hundred>\b(?:{'|'.join(_ONES[1:])})\s+hundred\b)"
    rf"|(?P<tens>{_A}(?:{_T})(?:[\s-](?:{'|'.join(_ONES[1:])}))?{_Z})"
    rf"|(?P<one>{_A}(?:{_D}|o|{'|'.join(_TEENS)}){_Z}|[{_H}])"
    r"|(?P<as>\b[a-z] (?:as in|for|like) [a-z]+\b)"
    rf"|(?P<called>\b(?:{_CALLED}|x[ -]ray)\b)"
    r"|(?P<link>\b(?:dot|period|underscore|dash|hyphen|minus|at(?: sign)?|hash|plus|colon)\b"
    r"|下划线|冒号|中?横?杠|横线|中划线"
    r"|减号|点|(?:艾特|爱特)(?:符号)?|小老鼠|[圈花]\s?a|[(\[{（<【]\s?(?:at|dot|[@.])\s?[)\]}）>】]|[-.．_@#+–—])"
    rf"|(?P<filler>{_FILLER})"
    r"|(?P<digits>\d(?:\ufe0f?\u20e3\d?)+|\d+)|(?P<letters>[a-z]+)|(?P<gap>[\s,，、/()（）·]+)|(?P<other>.)",
    re.S,
)
_KEYCAP = re.compile(r"[\ufe0f\u20e3]")
_TRADITIONAL = str.maketrans(
    "電話號碼證帳賬單樓棟戶機轉車聯絡發貨郵駕駛護銀個這們點親層裡兩時訂編實廣園灣莊衚衕條識歲嗎媽學級國讓給後門開關區縣鎮鄉滬蘇魯陝貴雲遼贛寧瓊碼費樣處標薈東",
    "电话号码证帐账单楼栋户机转车联络发货邮驾驶护银个这们点亲层里两时订编实广园湾庄胡同条识岁吗妈学级国让给后门开关区县镇乡沪苏鲁陕贵云辽赣宁琼码费样处标荟东",
)
"""Characters beside which a number, a plate or an address stands; the whole of a text is simplified elsewhere (zh)."""


class _Plain(dict[int, int | str]):
    """Letters, digits and signs in other forms as the plain ones, learned as they come up (NFKC, where it is one)."""

    def __missing__(self, code: int) -> int | str:
        plain = unicodedata.normalize("NFKC", chr(code))
        self[code] = plain if len(plain) == 1 and plain.isascii() else code
        return self[code]


_PLAIN = _Plain(_TRADITIONAL | {0x2776 + n: str(n + 1) for n in range(9)} | {0x24F5 + n: str(n + 1) for n in range(9)})


class Token(NamedTuple):
    """A piece of a text. `value`: its digits, its letters in lower case, or the sign that a link stands for."""

    sort: Sort
    value: str
    start: int
    end: int
    said: bool = False


Tokens = Callable[[], Sequence[Token]]
"""The tokens of a text, made when they are first wanted."""


class Run(NamedTuple):
    """Digits that belong together. `groups`: how many stand in each piece; `said`: some of them in words."""

    digits: str
    start: int
    end: int
    groups: tuple[int, ...]
    said: bool


def narrow(text: str) -> str:
    """Letters, digits and signs that are full-width, circled or mathematical as the plain ones, and the traditional
    characters that matter here as simplified ones, each where it was."""
    return text if text.isascii() else text.translate(_PLAIN)


def tokens(low: str) -> list[Token]:
    """The tokens of a text in lower case, in order and without a hole."""
    return [_token(found) for found in _TOKEN.finditer(low)]


def first(told: Sequence[Token], at: int) -> int:
    """Which of them is the first that begins at a character of the text or behind it; their number if none does."""
    return bisect_left(told, at, key=lambda token: token.start)


def _token(found: re.Match[str]) -> Token:
    kind, said = found.lastgroup or "other", found[0]
    sort, value = _read(kind, said)
    return Token(
        sort, value, found.start(), found.end(), kind in ("many", "hundred", "tens", "one") or "\u20e3" in said
    )


def _read(kind: str, said: str) -> tuple[Sort, str]:
    match kind:
        case "many":
            return ("letter" if said[-1].isascii() and "个" in said and said[-1].isalpha() else "digit"), _many(said)
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
            return "link", "." if "dot" in said or said[1:-1].strip() == "." else _LINK.get(said, "@")
        case "digits":
            return "digit", _KEYCAP.sub("", said)
        case "letters":
            return ("letter" if len(said) == 1 else "word"), said
        case "filler" | "gap":
            return kind, said
    return "other", said


def _many(said: str) -> str:
    """ "double five", "four ones", "三个零"."""
    if "个" in said:
        return (_HAN.get(said[2]) or said[2]) * _TIMES[said[0]]
    times, what = re.split(r"[\s-]+", said)
    return _digit(what) * _TIMES[times]


def _digit(word: str) -> str:
    """Of "one", "ones" or "zeroes"."""
    return next(_DIGIT[form] for form in (word, word[:-1], word[:-2]) if form in _DIGIT)


def runs(found: Sequence[Token]) -> Iterator[Run]:
    """Digits with no more between them than gaps, fillers, dots and dashes. Written ones are held apart by a comma."""
    kept: list[Token] = []
    between = ""
    for token, following in zip_longest(found, found[1:]):
        if token.sort == "digit" or _stands_for_a_digit(token, following, kept, between):
            kept.append(token if token.sort == "digit" else token._replace(value="0" if token.value == "o" else "1"))
            between = ""
        elif kept and _joins(token, kept[-1]) and len(between) <= _APART:
            between += "" if token.sort == "filler" else token.value
        else:
            yield from _run(kept)
            kept, between = [], ""
    yield from _run(kept)


def _stands_for_a_digit(token: Token, following: Token | None, kept: Sequence[Token], between: str) -> bool:
    """An "o", and an "l" or "I" that touches digits, in place of a nought and a one."""
    if token.sort == "letter" and token.value in "il":
        if following is None or following.sort != "digit" or following.start > token.end:
            return False
        return kept[-1].end == token.start if kept else len(following.value) > 1
    return token.value == "o" and bool(kept) and not between.strip(" -")


def _joins(token: Token, before: Token) -> bool:
    if token.sort == "gap":
        return before.said or not re.search("[,，、\n]", token.value)
    return token.sort == "filler" or (token.sort in ("link", "other") and token.value in _BETWEEN)


def _run(kept: Sequence[Token]) -> Iterator[Run]:
    if kept:
        digits, said = "".join(each.value for each in kept), any(each.said for each in kept)
        yield Run(digits, kept[0].start, kept[-1].end, tuple(len(each.value) for each in kept), said)

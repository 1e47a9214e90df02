"""Numbers, money and their units as people say them, zh and en, brought to one form.

`mentions("首付两万八")` and `mentions("28,000 yuan")` both hold 28000. This file knows nothing of slots.
"""

import re
from functools import lru_cache
from typing import NamedTuple

_DIGIT = {c: i for i, c in enumerate("零一二三四五六七八九")} | {"〇": 0, "两": 2, "俩": 2}
_SMALL = {"十": 10, "百": 100, "千": 1000}
_LARGE = {"万": 10_000, "w": 10_000, "W": 10_000, "千": 1000, "k": 1000, "K": 1000, "亿": 100_000_000}
_ONES = (
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen "
    "seventeen eighteen nineteen"
)
_TENS = "twenty thirty forty fifty sixty seventy eighty ninety"
_WORDS = {word: i for i, word in enumerate(_ONES.split())} | {word: 10 * i for i, word in enumerate(_TENS.split(), 2)}

_ZH = "零〇一二两俩三四五六七八九十百千"
_CENTS = (
    r"(?:块(?P<{0}>[一二三四五六七八九\d])(?![十百千万点个人位斤只瓶杯串天次件\d])"
    r"(?:[毛角](?P<{0}fen>[一二三四五六七八九\d])?)?)?"
)
"""三十九块九, 3块9毛8: what stands behind the yuan is its tenths, unless it is a count ("五块三个")."""
_PATTERN = re.compile(
    rf"(?P<digits>(?:(?<![a-zA-Z\d.])\d{{1,3}}(?:,\d{{3}})+(?!\d)|\d+)(?:\.\d+)?)\s*(?P<scale>[万亿千kKwW](?![a-zA-Z])|thousand|grand|million)?"
    rf"(?P<tail>(?<=[万亿千kKwW])[一二三四五六七八九](?![{_ZH}万])|(?<=万)\d千\d?(?!\d)|(?<=[万千])\d(?!\d))?"
    + _CENTS.format("jiao") +
    rf"|(?P<zh>[{_ZH}]+(?:点[零〇一二三四五六七八九]+)?)(?P<zhscale>[万亿])?(?P<zhtail>[{_ZH}]+)?"
    + _CENTS.format("mao") +
    r"|\b(?=[efhnostz])(?P<en>(?:(?:" + "|".join(_WORDS) + r"|hundred|thousand)(?:[\s-]+(?:and\s+)?)?)+)\b",
    re.IGNORECASE,
)
_WITHIN = r"(?<![零〇二两俩三四五六七八九十百千万亿])"  # 二十一台 is a count, 一台 and "E5一次" are not
_IDIOMS = re.compile(
    _WITHIN
    + r"(?:一晚|一夜|一天|一下|一点|一些|一样|一起|一定|一般|一直|一会|一间|一辆|一台|一款|一家|一个|一位|一遍|一圈|"
    r"一桌|一次|一[查看问试游说逛聚]|(?<=得)一[去来]|一句|一趟|一份|一种|一手|一步|一切|一边|一共|一键|一方面|(?<!一)万一|十分(?!钟)|千万(?=别|不|要)|百分百|两口子|三言两语|三思|三电|四驱|四儿|"
    r"八卦|二手|两边|两样|两头)|"
    r"凑一块|一块儿|货比三家|第一|唯一|统一|有一|每一|哪一|这一|那一|周[一二三四五六]|星期[一二三四五六]|不二|"
    r"\bone(?=\s+(?:of|more|thing|sec|moment)\b)|\b(?:that|this|which|the|another|any|no|every|have|want|get|book)\s+one\b|"
    r"\ba \w+ one\b|\bone please\b",
    re.IGNORECASE,
)


_SIGN = r"(?:[$€£]|(?:usd|eur|euros?|gbp|pounds?|quid|dollars?)\b)"
_COMMA = re.compile(
    r"(?<![a-z\d.,])\d{1,3}(?:\.\d{3})+,\d\d(?!\d|,\d)"
    r"|(?:(?<=[$€£])|(?<=[$€£] ))\d+,\d\d(?!\d|,\d)"
    rf"|(?<![a-z\d.,])\d+,\d\d(?=\s?{_SIGN})",
    re.IGNORECASE,
)
"""1.299,00 and, beside a currency, 39,90: the comma stands before the hundredths. "1,299" is no such number."""
_HUNDREDTHS = re.compile(r",\d\d(?!\d)")
_POINTED = str.maketrans(",.", ".,")


class Number(NamedTuple):
    """A number in a text: its value and where it stands."""

    value: float
    start: int
    end: int


@lru_cache(1 << 14)  # the same wordings come again in every dialogue of a run
def mentions(text: str) -> tuple[Number, ...]:
    """Every number of a text, in order. Idioms that only look like numbers ("一下", "this one") are passed over."""
    idiomatic = not text.isascii() or "one" in text.lower()  # as every English one has
    blank = _IDIOMS.sub(lambda idiom: "\0" * len(idiom.group()), text) if idiomatic else text
    if _HUNDREDTHS.search(blank):  # begins with a comma: found at once where there is none
        blank = _COMMA.sub(lambda written: written.group().translate(_POINTED), blank)
    return tuple(Number(_value(match), *match.span()) for match in _PATTERN.finditer(blank))


@lru_cache(1 << 14)
def values(text: str) -> frozenset[float]:
    """The values alone."""
    return frozenset(number.value for number in mentions(text))


def first(text: str) -> float | None:
    found = mentions(text)
    return found[0].value if found else None


def _value(match: re.Match[str]) -> float:
    if match["digits"]:
        whole = _scaled(float(match["digits"].replace(",", "")), match["scale"] or "", match["tail"] or "")
        return _with_cents(whole, match["jiao"], match["jiaofen"])
    if match["zh"]:
        whole = _scaled(_chinese(match["zh"]), match["zhscale"] or "", match["zhtail"] or "")
        return _with_cents(whole, match["mao"], match["maofen"])
    return _english(match["en"])


def _with_cents(whole: float, jiao: str | None, fen: str | None) -> float:
    tenths, hundredths = (float(_DIGIT.get(each, each)) for each in (jiao or "0", fen or "0"))
    return round(whole + tenths / 10 + hundredths / 100, 4) if jiao else whole


def _scaled(number: float, scale: str, tail: str) -> float:
    unit = {"thousand": 1000, "grand": 1000, "million": 1_000_000}.get(scale.lower()) or _LARGE.get(scale, 1)
    if not tail:
        return round(number * unit, 4)
    if tail[0].isdigit() and "千" in tail:  # 13万9千8
        return round(number * unit + float(tail[0]) * 1000 + float(tail[2:] or 0) * 100, 4)
    low = float(tail) if tail.isascii() else _chinese(tail)
    if len(tail) == 1 and (tail.isascii() or tail in _DIGIT) and unit > 1:  # 两万八: the eight counts thousands
        low *= unit / 10
    return round(number * unit + low, 4)


def _chinese(text: str) -> float:
    whole, _, part = text.partition("点")
    total, digit = 0.0, 0.0
    if whole and all(c in _DIGIT for c in whole):
        total = float("".join(str(_DIGIT[c]) for c in whole))
    else:
        last = 1.0
        for c in whole:
            if c in _DIGIT:
                digit = float(_DIGIT[c])
            else:
                last = _SMALL[c]
                total, digit = total + (digit or 1.0) * last, 0.0
        total += digit * (last / 10 if last > 10 and "零" not in whole else 1.0)  # 一百二 is 120, 一百零二 is 102
    return total + (float("0." + "".join(str(_DIGIT[c]) for c in part)) if part else 0.0)


def _english(text: str) -> float:
    """Also what is said in two halves: "one twenty eight", "nineteen ninety five"."""
    total, group, before = 0.0, 0.0, 0.0
    for word in re.split(r"[\s-]+", text.lower().strip()):
        value = float(_WORDS.get(word, 0))
        if word == "hundred":
            group = (group or 1) * 100
        elif word == "thousand":
            total, group = total + (group or 1) * 1000, 0.0
        elif before and value >= 10:
            group = group * 100 + value
        else:
            group += value
        before = value
    return total + group

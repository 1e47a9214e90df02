"""Numbers of people made up for the tagger to learn from, as they are written and as they are said ("double five",
幺三八, 三个零): telephones, papers, cards and plates. Knows forms; every digit is drawn by lot.
"""

import random
import string

from millstream.mine.codes import PROVINCES

ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]
_CALLED = [
    *("alpha", "bravo", "charlie", "delta", "echo", "foxtrot", "golf", "hotel", "india", "juliet", "kilo", "lima"),
    *("mike", "november", "oscar", "papa", "quebec", "romeo", "sierra", "tango", "uniform", "victor", "whiskey"),
    *("x-ray", "yankee", "zulu"),
]
HAN_ONES = "零一二三四五六七八九"


def digits(count: int, rng: random.Random) -> str:
    return "".join(rng.choices(string.digits, k=count))


def _letters(count: int, rng: random.Random) -> str:
    return "".join(rng.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=count))


def said_en(chars: str, rng: random.Random) -> str:
    """Digits and letters one by one, with "double", "oh", pairs and names of letters as people use them."""
    oh, pairs, named = rng.choice(("oh", "zero", "zero", "o")), rng.random() < 0.3, rng.random() < 0.25
    told, at = [], 0
    while at < len(chars):
        char, same = chars[at], 1
        while at + same < len(chars) and chars[at + same] == char and same < 3:
            same += 1
        two = chars[at : at + 2]
        if char.isdigit() and same > 1 and rng.random() < 0.5:
            told.append(f"{'double' if same == 2 else 'triple'} {_one(char, oh)}")
            at += same
        elif pairs and _is_pair(two, chars[at + 2 : at + 3]) and rng.random() < 0.7:
            told.append(below_hundred(int(two)))
            at += 2
        else:
            told.append(_one(char, oh) if char.isdigit() else _letter(char, named))
            at += 1
    return " ".join(told)


def _is_pair(two: str, after: str) -> bool:
    """Not "forty" where a "nine" would follow."""
    return two.isdigit() and len(two) == 2 and two[0] != "0" and (two[1] != "0" or after in "0")


def _one(digit: str, oh: str) -> str:
    return oh if digit == "0" else ONES[int(digit)]


def _letter(char: str, named: bool) -> str:
    low = char.lower()
    return _CALLED[ord(low) - ord("a")] if named and low.isascii() and low.isalpha() else low


def below_hundred(number: int) -> str:
    if number < 10:
        return ONES[number]
    one = number % 10
    return _TEENS[one] if number < 20 else _TENS[number // 10 - 2] + (f" {ONES[one]}" if one else "")


def said_zh(chars: str, rng: random.Random) -> str:
    """Digits as characters, with 幺, 洞, 拐 and 三个零; letters as they are."""
    read = HAN_ONES.replace("一", rng.choice("一幺幺"))
    if rng.random() < 0.07:
        read = read.replace("零", "洞").replace("七", "拐")
    told, at = "", 0
    while at < len(chars):
        same = 1
        while at + same < len(chars) and chars[at + same] == chars[at] and same < 8:
            same += 1
        if chars[at].isdigit() and same > 2 and rng.random() < 0.4:
            told, at = told + f"{'零一两三四五六七八'[same]}个{read[int(chars[at])]}", at + same
        else:
            told, at = told + (read[int(chars[at])] if chars[at].isdigit() else chars[at]), at + 1
    return told


def amount(lang: str, rng: random.Random) -> str:
    """A price or a count as it is written or said: "thirteen fifty", 六千八."""
    whole = rng.choice((rng.randint(1, 30), rng.randint(10, 99), rng.randint(100, 999), rng.randint(1000, 99_999)))
    if rng.random() < 0.35:
        return rng.choice((f"{whole:,}", str(whole), f"{whole % 100}.{rng.randint(10, 99)}"))
    if lang == "en":
        high, low = divmod(whole % 10_000, 100)
        parts = [below_hundred(part) for part in (high, low) if part]
        return rng.choice((" ", " ", " hundred and ")).join(parts) if len(parts) > 1 else (parts or ["ten"])[0]
    one, two = (rng.choice("一二两三四五六七八九") for _ in range(2))
    return rng.choice(
        (f"{one}千{two}", f"{one}百{two}十{one}", f"{one}万{two}", f"{one}百", f"{one}千", f"{one}十{two}", one)
    )


def _grouped(chars: str, sizes: list[int], sign: str) -> str:
    parts, at = [], 0
    for size in sizes:
        parts.append(chars[at : at + size])
        at += size
    return sign.join(part for part in [*parts, chars[at:]] if part)


def _number(chars: str, sizes: list[int], lang: str, said: bool, rng: random.Random) -> str:
    """Written in groups, or said, with what keeps the groups apart."""
    if not said:
        sign = rng.choice(("", "", " ", "-", " ", "."))
        spread = " ".join(chars) if rng.random() < 0.05 else _grouped(chars, sizes, sign)
        return spread
    say = said_en if lang == "en" else said_zh
    groups = _grouped(chars, sizes, "|").split("|")
    seed, between = rng.random(), rng.choice((", ", " ", " ", " ") if lang == "en" else (" ", "", "", "", "，"))
    return between.join(say(group, random.Random(seed)) for group in groups)


def phone(lang: str, said: bool, rng: random.Random) -> str:
    if lang == "zh":
        if rng.random() < 0.15:
            area = rng.choice(("010", "021", "0571", "028", "0755", "0532"))
            return _number(area + digits(8, rng), [len(area), 4], lang, said, rng)
        chars = rng.choice(("13", "15", "17", "18", "19", "16")) + digits(9, rng)
        return _number(chars, rng.choice(([3, 4], [3, 4], [3, 2, 2, 2], [3, 3])), lang, said, rng)
    kind = rng.randrange(5)
    if kind < 2:
        chars, sizes = rng.choice("2345679") + digits(2, rng) + "555" + digits(4, rng), [3, 3]
    elif kind == 2:
        chars, sizes = "07700" + digits(6, rng), rng.choice(([5, 3], [5], [4, 3], [2, 3, 3]))
    elif kind == 3:
        chars, sizes = rng.choice(("0131", "0161", "0117", "01632")) + digits(6, rng), [4, 3]
    else:
        chars, sizes = "04" + digits(8, rng), [4, 3]
    return _number(chars, sizes, lang, said, rng)


def card(lang: str, said: bool, rng: random.Random) -> str:
    kind = rng.randrange(6)
    if kind == 0 and lang == "en":
        country = rng.choice(("GB", "DE", "FR", "ES", "NL", "IE"))
        chars = country + digits(2, rng) + (_letters(4, rng) if country in ("GB", "NL", "IE") else "") + digits(14, rng)
    elif kind == 1:
        chars = digits(rng.randint(8, 12), rng)
    elif kind == 2 and lang == "en":
        return _number("37" + digits(13, rng), [4, 6], lang, said, rng)
    else:
        chars = ("62" if lang == "zh" else rng.choice("456")) + digits(
            rng.choice((14, 17) if lang == "zh" else (15,)), rng
        )
    return _number(chars, [4, 4, 4, 4, 4], lang, said, rng)


def identity(lang: str, said: bool, rng: random.Random) -> str:
    if lang == "zh":
        if rng.random() < 0.45:
            return _number(rng.choice("EGHPD") + digits(8, rng), [9], lang, said, rng)
        chars = digits(6, rng) + f"19{digits(2, rng)}0{rng.randint(1, 9)}1{rng.randint(0, 9)}{digits(3, rng)}"
        return _number(chars + rng.choice(("X", "叉", *string.digits)), [6, 4, 4], lang, said, rng)
    forms: list[tuple[str, list[int]]] = [
        ("9" + digits(8, rng), [3, 2]),
        (_letters(2, rng) + digits(6, rng) + rng.choice("ABCD"), [2, 2, 2, 2]),
        (rng.choice("XCKLA") + digits(8, rng), [9]),
        (_letters(1, rng) + digits(12, rng), [5, 5]),
        (digits(10, rng), [3, 3]),
        (digits(9, rng), [3, 3]),
        ("0" + _letters(1, rng) + digits(7, rng), [9]),
        (digits(1, rng) + _letters(2, rng) + digits(1, rng) + _letters(2, rng) + digits(2, rng), [4, 3]),
        (_letters(2, rng) + digits(7, rng), [9]),
        (_letters(5, rng) + digits(4, rng) + _letters(1, rng), [5, 4]),
        (digits(12, rng), [4, 4]),
        (digits(7, rng) + _letters(2, rng), [7]),
        (digits(11, rng), [4, 5]),
    ]
    chars, sizes = rng.choice(forms)
    return _number(chars, sizes, lang, said, rng)


def plate(lang: str, said: bool, rng: random.Random) -> str:
    if lang == "zh":
        place, city = rng.choice(PROVINCES), _letters(1, rng)
        rest = list(digits(rng.choice((5, 5, 6)), rng))
        for _ in range(rng.choice((0, 1, 1, 2))):
            rest[rng.randrange(len(rest))] = _letters(1, rng)
        if rng.random() < 0.1:
            rest[-1] = rng.choice("挂学警港")
        if said:
            return place + city + rng.choice(("", "", " ")) + said_zh("".join(rest), rng)
        told = place + city + rng.choice(("", "", "", "·", " ", "-", ".")) + "".join(rest)
        return told.lower() if rng.random() < 0.15 else told
    forms = [
        "LL##LLL",
        "LLL####",
        "#LLL###",
        "L##LLL",
        "LLL##L",
        "##LL##",
        "LLLL###",
        "LL####",
        "LL##LLL",
        "LLL###",
        "L###LLL",
    ]
    chars = "".join(_letters(1, rng) if sign == "L" else rng.choice(string.digits) for sign in rng.choice(forms))
    cut = rng.choice((2, 3, 4))
    told = _number(chars, [cut] if said or rng.random() < 0.8 else [20], lang, said, rng)
    return told.lower() if not said and rng.random() < 0.25 else told

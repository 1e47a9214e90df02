"""Accounts, names and addresses made up for the tagger to learn from, as they are written and as they are said: cases
alone show too little of what is open-ended. Knows forms; every word in them is drawn from a list (tagging_words.yaml).
"""

import random
from collections.abc import Callable, Sequence
from pathlib import Path

import yaml
from tagging_numbers import HAN_ONES, ONES, below_hundred, card, digits, identity, phone, plate, said_en, said_zh

_LISTS = yaml.safe_load(Path(__file__).with_name("tagging_words.yaml").read_text("utf-8"))
_ZH = _LISTS["zh"]
NAMES, HAN, PINYIN = _LISTS["words"].split(), _ZH["places"], _ZH["pinyin"].split()
HAN_WORDS = _ZH["words"].split()
PLATFORMS = {lang: said.split("|") for lang, said in _LISTS["platforms"].items()}
GIVEN, _SURNAMES, _STREETS = (_LISTS[name].split() for name in ("given", "surnames", "streets"))
_HOUSES, _TITLES = (_LISTS[name].split("|") for name in ("houses", "titles"))


def _word(rng: random.Random) -> str:
    return rng.choice(rng.choice((NAMES, NAMES, NAMES, GIVEN, _SURNAMES)))


def _spelt(word: str) -> str:
    return " ".join(word)


def handle(lang: str, said: bool, rng: random.Random) -> str:
    if lang == "zh":
        return _handle_zh(said, rng)
    parts = _parts(rng)
    number = digits(rng.choice((1, 2, 2, 3, 4)), rng) if rng.random() < (0.35 if len(parts) > 1 else 0.9) else ""
    if said:
        if rng.random() < 0.15:
            parts = [_spelt("".join(parts)[:8])]
        sign = rng.choice((" ", " ", " ", " underscore ", " dot ", " dash "))
        told = sign.join(parts)
        return told + rng.choice((" ", sign)) + said_en(number, rng) if number else told
    sign = rng.choice(("", "", "_", ".", "-", "_"))
    if rng.random() < 0.25:
        parts, sign = [part.capitalize() for part in parts], ""
    told = sign.join(parts) + (rng.choice(("", "", "_", ".", "#")) + number if number else "")
    return f"{rng.choice(('xx', '_', 'x_', 'the', 'its'))}{told}" if rng.random() < 0.06 else told


def _parts(rng: random.Random) -> list[str]:
    """The words of a name on a platform."""
    parts = [_word(rng) for _ in range(rng.choice((1, 2, 2, 2, 3)))]
    form = rng.randrange(6)
    if form == 0:
        return [parts[0], rng.choice(_LISTS["verbs"].split()), parts[-1]]
    if form == 1:
        return [rng.choice(_LISTS["small"].split()), *parts]
    return [parts[0], rng.choice(("and", "n", "of", "on", "in", "the")), parts[-1]] if form == 2 else parts


def _handle_zh(said: bool, rng: random.Random) -> str:
    words = _ZH["words"].split()
    latin = rng.choice(NAMES) if rng.random() < 0.25 else "".join(_some(PINYIN, rng))
    han = rng.choice(words) + rng.choice(("", f"的{rng.choice(words)}", rng.choice(_ZH["tails"].split("|"))))
    number, form = digits(rng.choice((1, 2, 2, 3, 4)), rng), rng.random()
    if said:
        number = said_zh(number, rng) if rng.random() < 0.8 else rng.choice(_ZH["numbers"].split())
        if form < 0.25:
            return _spelt(latin[:9]) + rng.choice(("", f" {number}"))
        if form < 0.45:
            return latin + rng.choice(("下划线", "杠", "点", "中横线")) + rng.choice((number, rng.choice(PINYIN)))
        if form < 0.6:
            return said_zh(digits(rng.randint(6, 10), rng), rng)
        if form < 0.72:
            return " ".join(_some(PINYIN, rng))
        return rng.choice((latin, han, latin + number, latin + number, han + number))
    if form < 0.12:
        return digits(rng.randint(6, 10), rng)
    if form < 0.45:
        mixed = latin + rng.choice(("的", "不", "爱", "在", "要", "和", "")) + rng.choice(words)
        return rng.choice((han, han, han + number, han + latin, mixed))
    other = rng.choice(PINYIN)
    return latin + rng.choice(("", "", "_", "-", ".")) + rng.choice((number, number, other, other + number))


def _some(words: Sequence[str], rng: random.Random) -> list[str]:
    return rng.choices(words, k=rng.choice((1, 2, 2, 3)))


def mail(lang: str, said: bool, rng: random.Random) -> str:
    host, (one, other) = rng.choice(_LISTS["hosts"].split("|")).split(), rng.sample(PINYIN + NAMES, 2)
    number = digits(rng.choice((1, 2, 3, 4)), rng) if rng.random() < 0.4 else ""
    if not said:
        user, odd = one + rng.choice(("", ".", "_", "-", "+")) + other + number, rng.random() < 0.25
        dot = rng.choice((".", " dot ", "点")) if odd else "."
        return user + (rng.choice((" at ", "(at)", " [at] ", "艾特", "＠", "(a)")) if odd else "@") + dot.join(host)
    if lang == "zh":
        spelt = rng.random() < 0.25
        parts = [said_zh(part, rng) if part.isdigit() else _spelt(part) if spelt else part for part in host]
        between, sign = " " if spelt else "", rng.choice(("艾特", "艾特", "圈a", "小老鼠"))
        user = rng.choice((_spelt(one), one)) + rng.choice(("", "点", "下划线", "杠")) + other + said_zh(number, rng)
        return user + between + sign + between + f"{between}点{between}".join(parts)
    signs = (" dot ", " ", " underscore ", " and ")
    user = _spelt(one) if rng.random() < 0.2 else one + rng.choice(signs) + other
    return f"{user}{f' {said_en(number, rng)}' if number else ''} at {' dot '.join(host)}"


def address(lang: str, said: bool, rng: random.Random) -> str:
    return _address_zh(said, rng) if lang == "zh" else _address_en(said, rng)


def _address_en(said: bool, rng: random.Random) -> str:
    most, comma = rng.choice((20, 99, 999, 9999)), " " if said else rng.choice((", ", ", ", " "))
    road, town, house = _road(rng), rng.choice(_LISTS["towns"].split()), f"{rng.choice(NAMES)} {rng.choice(_HOUSES)}"
    kinds = ("apt", "apartment", "unit", "flat", "suite", "room", "number", "door" if said else "#")
    unit = f"{rng.choice(kinds)} {_count(40, said, rng)}"
    count, few = _count(most, said, rng), _count(30, said, rng)
    forms = [(count, road)] * 7 + [
        (count, road, unit), (count, road, town), (unit, house), (f"flat {few}", house, count, road),
        (house, road, town), (few, house), (few, f"the {rng.choice(NAMES)}s"), (unit, count, road),
        (count, road, town, f"{rng.choice(_LISTS['states'].split())} {digits(5, rng)}"), (f"po box {count}", town),
        (f"number {few}", road), (house, unit, road), (f"lot {few}", road),
        (few, f"{rng.choice(NAMES)} cottages", road),
    ]  # fmt: skip
    told = comma.join(rng.choice(forms)).replace(f"{count}{comma}", f"{count} ").replace(f"{few}{comma}", f"{few} ")
    if rng.random() < 0.12:
        floor = rng.choice(("first", "second", "third", "ground", "top") if said else ("1st", "2nd", "3rd", "top"))
        told += f"{comma}{floor} floor"
    return told if said or rng.random() < 0.2 else " ".join(part[:1].upper() + part[1:] for part in told.split(" "))


def _road(rng: random.Random) -> str:
    name = " ".join(rng.choice(rng.choice((NAMES, _SURNAMES, NAMES))) for _ in range(rng.choice((1, 1, 1, 2))))
    if rng.random() < 0.15:
        name = f"{rng.choice(('old', 'new', 'upper', 'lower', 'north', 'great', 'little', 'saint', 'w.', 'n'))} {name}"
    return f"{name}{rng.choice(('', '', '', chr(39) + 's'))} {rng.choice(_STREETS)}"


def _count(most: int, said: bool, rng: random.Random) -> str:
    """A number of a house, as it is written or said: "fifty five oh eight", "two hundred and three"."""
    count, letter = rng.randint(1, most), rng.choice("abcd") if rng.random() < 0.08 else ""
    if not said:
        return f"{count}{letter}"
    high, low = divmod(count, 100)
    if not high:
        return f"{below_hundred(count)} {letter}".strip()
    if rng.random() < 0.2:
        return said_en(str(count), rng)
    if high < 10 and rng.random() < 0.3:
        return f"{ONES[high]} hundred{rng.choice((' ', ' and ')) + below_hundred(low) if low else ''}"
    return f"{below_hundred(high)} {'hundred' if not low else f'oh {ONES[low]}' if low < 10 else below_hundred(low)}"


def _address_zh(said: bool, rng: random.Random) -> str:
    def place(count: int = 2) -> str:
        return "".join(rng.choices(HAN, k=count))

    def number(most: int) -> str:
        return _count_zh(rng.randint(1, most), said, rng)

    area = rng.choice(("", "", "", f"{place()}区", f"{place()}市{place()}区", f"{place()}县{place()}镇"))
    road = place() + rng.choice(_ZH["roads"].split())
    estate = place(rng.choice((2, 2, 3))) + rng.choice(_ZH["estates"].split())
    building = number(40) + rng.choice(("栋", "幢", "号楼", "座", "号", "楼"))
    door = rng.choice(("", f"{number(6)}单元", f"{number(6)}单元", f"{number(3)}门"))
    room = str(rng.randint(101, rng.choice((999, 3202)))) if rng.random() < 0.7 else ""
    room = (said_zh(room, rng) if said else room) + ("室" if room and rng.random() < 0.3 else "")
    village = f"{place()}{rng.choice('镇乡')}{place()}{rng.choice('村屯庄湾寨')}"
    school = place() + rng.choice(_ZH["schools"].split()) + rng.choice(("", "东区", "南校区", "新校区"))
    forms = (
        f"{area}{road}{number(300)}号", f"{area}{road}{number(300)}号{estate}{building}{room}",
        f"{area}{road}{number(300)}弄{number(60)}号{room}", f"{estate}{building}{door}{room or number(30)}",
        f"{area}{estate}{building}{door}{room}", f"{estate}{building}", f"{estate}{number(4)}期{building}{room}",
        f"{village}{number(12)}{rng.choice('组队社')}{rng.choice(('', f'{number(60)}号'))}", f"{village}{number(80)}号",
        f"{village}{rng.choice(_ZH['beside'].split())}{rng.choice(('隔壁', '旁边', '对面', '后面', '边上'))}",
        f"{school}{place()}{rng.choice(('园', '苑', '楼', ''))}{building}{room}",
        f"{road}{number(200)}号院{building}{room}",
        f"{estate}{building}{number(30)}楼" if said else f"{estate}车库B{number(3)}-{number(90)}",
    )  # fmt: skip
    return rng.choice(forms)


def _count_zh(count: int, said: bool, rng: random.Random) -> str:
    if not said:
        return str(count) if rng.random() < 0.9 else rng.choice("ABCD")
    if count > 99 or rng.random() < 0.15:
        return said_zh(str(count), rng)
    ten, one = divmod(count, 10)
    tens = f"{HAN_ONES[ten] if ten > 1 else ''}十" if ten else ""
    return tens + (HAN_ONES[one] if one else "")


def name(lang: str, said: bool, rng: random.Random) -> str:
    if lang == "zh":
        return _name_zh(said, rng)
    first, last = _first(rng), _last(rng)
    titled = f"{rng.choice(_TITLES).capitalize()} {last}"
    both = f"{first} {last}"
    told = rng.choice((first, first, first, both, both, last, last, titled, f"{first} {last[0]}"))
    return told.lower() if rng.random() < (0.8 if said else 0.15) else told


def _name_zh(said: bool, rng: random.Random) -> str:
    def surname() -> str:
        form = rng.random()
        often = _ZH["surnames"] if form < 0.6 else _ZH["seldom"]
        return rng.choice(often) if form < 0.95 else rng.choice(_ZH["twofold"].split("|"))

    def given(count: int) -> str:
        told = rng.choices(_ZH["given"], k=count)
        return "".join(["一", *told[1:]] if count == 2 and rng.random() < 0.04 else told)

    if rng.random() < 0.04:
        latin = _first(rng)
        return rng.choice((latin, latin, latin + surname())).lower() if said else latin
    full = surname() + given(rng.choice((1, 2, 2, 2)))
    nick = rng.choice(_ZH["nicks"].split("|")) + rng.choice((rng.choice(_ZH["surnames"]), given(1)))
    ended = surname() + rng.choice(_ZH["ends"].split("|"))
    one = given(1)
    return rng.choice((full, full, full, full, nick, ended, rng.choice((one + one, given(2)))))


def _first(rng: random.Random) -> str:
    """A given name: of the list, or one that nobody has heard of, so that what stands around it is learned."""
    return (rng.choice(GIVEN) if rng.random() < 0.4 else _sounds(rng, "firsts")).capitalize()


def _last(rng: random.Random) -> str:
    return (rng.choice(_SURNAMES) if rng.random() < 0.35 else _sounds(rng, "lasts")).capitalize()


def _sounds(rng: random.Random, ends: str) -> str:
    roots, vowels = _LISTS["roots"].split(), "aeiou"
    middle = rng.choice(vowels) + rng.choice("lnrmdkstvb") if rng.random() < 0.3 else ""
    return rng.choice(roots) + middle + rng.choice(_LISTS[ends].split())


MAKE: dict[str, Callable[[str, bool, random.Random], str]] = {
    "phone": phone, "card": card, "id": identity, "plate": plate, "handle": handle, "mail": mail, 
    "address": address, "name": name,
}  # fmt: skip

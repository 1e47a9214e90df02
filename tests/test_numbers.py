"""Numbers as people say them: every promised form, the idioms that are none, and round trips."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import numbers

FEW = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("首付两万八", 28_000),
        ("三十九块九", 39.9),
        ("3块9毛8", 3.98),
        ("一份十九块八", 19.8),
        ("五块钱", 5),
        ("13万9", 139_000),
        ("十三万九千八", 139_800),
        ("13万9千8", 139_800),
        ("13万9千", 139_000),
        ("一百二", 120),
        ("一百零二", 102),
        ("一百二十", 120),
        ("两百五", 250),
        ("一万零五百", 10_500),
        ("一万一千", 11_000),
        ("三万一", 31_000),
        ("两千零二十四", 2024),
        ("二〇二四", 2024),
        ("十五座", 15),
        ("三点五", 3.5),
        ("12.68万元", 126_800),
        ("28,000元", 28_000),
        ("１２万", 120_000),
        ("3.5w", 35_000),
        ("30K", 30_000),
        ("一亿", 100_000_000),
        ("twenty-five hundred", 2500),
        ("one twenty eight", 128),
        ("nineteen ninety five", 1995),
        ("32 grand", 32_000),
        ("two hundred and five", 205),
        ("fifteen thousand", 15_000),
        ("one thousand two hundred and thirty-four", 1234),
        ("1.2 million", 1_200_000),
        ("$1,299.50", 1299.5),
        ("£39,90", 39.9),
        ("€ 1299,00", 1299),
        ("39,90 euros", 39.9),
        ("1.299,00 €", 1299),
        ("1.299.000,50", 1_299_000.5),
        ("€1,299", 1299),
        ("30k miles", 30_000),
        ("5-seater", 5),
    ],
)
def test_a_number_is_read(text: str, value: float) -> None:
    assert numbers.first(text) == value
    assert numbers.values(text) == {value}


@pytest.mark.parametrize(
    "text",
    ["等一下", "有一点贵", "第一次来", "万一没有呢", "十分满意", "千万别走", "货比三家很正常", "再来一台", "周三见",
     "二手车", "三电", "this one please", "one of them", "one more thing", "no one", "anyone, someone, stone"],
)  # fmt: skip
def test_an_idiom_is_no_number(text: str) -> None:
    assert numbers.mentions(text) == ()


@pytest.mark.parametrize(
    ("text", "value"),
    [("二十一台", 21), ("十一个", 11), ("八十分", 80), ("二十分钟", 20), ("三千万要", 30_000_000)],
)
def test_an_idiom_within_a_number_is_part_of_it(text: str, value: float) -> None:
    assert numbers.values(text) == {value}


def test_numbers_come_in_order_with_their_places() -> None:
    text = "五座还是七座，预算15万"
    found = numbers.mentions(text)
    assert [number.value for number in found] == [5, 7, 150_000]
    assert [text[number.start : number.end] for number in found] == ["五", "七", "15万"]


def test_a_comma_of_the_sentence_is_none_of_the_number() -> None:
    assert numbers.values("青屿E5，13万9") == {5, 139_000}
    assert numbers.values("E5,510公里，7座") == {5, 510, 7}
    assert numbers.values("1,2,34") == {1, 2, 34}
    assert numbers.values("E5,15 euros") == {5, 15}
    assert numbers.values("for $1,20,30") == {1, 20, 30}
    assert numbers.values("2,15") == {2, 15}


@pytest.mark.parametrize("text", ["", "没有数字", "nothing", "k", "万", "、，。", "1" * 400, "点点点", "$" * 50])
def test_torn_and_empty_texts_raise_nothing(text: str) -> None:
    numbers.mentions(text)


@FEW
@given(st.text(alphabet="零一二两三十百千万亿点.,0123456789kKw 元and-hundred", max_size=30))
def test_hostile_texts_raise_nothing(text: str) -> None:
    assert all(0 <= number.start < number.end <= len(text) for number in numbers.mentions(text))


@FEW
@given(st.integers(1, 99_999_999))
def test_a_number_is_found_again_in_any_digits(number: int) -> None:
    wide = str(number).translate({ord("0") + n: ord("０") + n for n in range(10)})
    for written in (str(number), f"{number:,}", f"{number / 10_000:.4f}万", f"{number} yuan", f"价格{wide}元"):
        assert numbers.first(written) == number


@FEW
@given(st.integers(1, 9_999_999))
def test_a_number_is_found_again_in_chinese(number: int) -> None:
    assert numbers.first(f"大概{chinese(number)}左右") == number


@FEW
@given(st.integers(1, 999_999))
def test_a_number_is_found_again_in_english(number: int) -> None:
    said = english(number)
    assert numbers.first(f"about {said} then") == number
    assert numbers.first(f"{said.upper()}, right?") == number


def chinese(number: int) -> str:
    """The numeral as it is read out in full: 10203 is 一万零二百零三."""
    if number >= 10_000:
        high, low = divmod(number, 10_000)
        return chinese(high) + "万" + ("零" if 0 < low < 1000 else "") + (chinese(low) if low else "")
    text, gap = "", False
    for unit, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // unit % 10
        text += ("零" if gap and text and digit else "") + ("零一二三四五六七八九"[digit] + name if digit else "")
        gap = not digit
    return text


SMALL = [
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
    "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen",
]  # fmt: skip
TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


def english(number: int) -> str:
    if number >= 1000:
        return english(number // 1000) + " thousand" + (f" {english(number % 1000)}" if number % 1000 else "")
    if number >= 100:
        return english(number // 100) + " hundred" + (f" and {english(number % 100)}" if number % 100 else "")
    if number >= 20:
        return TENS[number // 10 - 2] + (f"-{SMALL[number % 10]}" if number % 10 else "")
    return SMALL[number]


@pytest.mark.parametrize(("text", "values"), [("青屿P5一次能跑多少", {5}), ("E5一个月还多少", {5}), ("398一晚", {398})])
def test_a_count_behind_a_code_is_not_of_it(text: str, values: set[float]) -> None:
    assert numbers.values(text) == values

"""What a host speaks of where it is not named, and of what else a line is said."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.mine.course import Course
from millstream.mine.measures import divided, measured, thousands
from millstream.records import Lang
from shops import mined, rules

ROOMS = """room|price per night (GBP)|menu price (GBP)|bed|sleeps|breakfast|cancellation
Heron Nook|61|70|single|1|included|free until 2 days before
Otter Room|84|95|double|2|included|free until 2 days before
Badger Room|99|120|twin|2|not included|free until 4 days before
Mill Loft|147|160|king|3|included|non-refundable"""
CARE = """服务|价格(元)|时长|适合|含
基础洁牙|168|30分钟|成人|抛光
深度洁牙|398|60分钟|成人|抛光和涂氟
儿童涂氟|99|20分钟|3到12岁|卡通礼物
冷光美白|1280|90分钟|成人|护理套装"""
INN = """酒店|房型|每晚价格(元)|床铺|可住人数|早餐|取消政策
云栖水舍|望湖房|420|大床|2|含双早|入住前2天免费取消
云栖水舍|竹影房|460|一大两小|4|含四早|入住前2天免费取消
云栖水舍|亲水套房|880|大床|2|含双早|入住前5天免费取消
松风山居|观云房|520|双床|2|不含早餐|不可取消
松风山居|听泉房|580|大床|2|含双早|不可取消"""
VANS = """model|fuel|price (USD)|seats
Lark|electric|24950|5
Kite|electric|31500|7
Wren|petrol|16450|2"""


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        (["the hair one nook", "it's a single", "sixty one pounds"], ("Heron Nook", "price", "sixty one pounds")),
        (["up the stairs then", "twin beds ninety nine"], ("Badger Room", "bed", "twin")),
        (
            ["the otter room", "the mill loft", "no refunds on the loft"],
            ("Mill Loft", "cancellation", "non-refundable"),
        ),
        (["the heron nook", "sixty one and that's with breakfast"], ("Heron Nook", "breakfast", "included")),
        (["the badger room", "sleeps two ninety nine a night"], ("Badger Room", "price", "ninety nine a night")),
        (["heron nook", "otter room", "these two it's two days before"], ("Heron Nook", "cancellation", "two days")),
        (["otter room ninety five normally"], ("Otter Room", "menu_price", "ninety five")),
    ],
)
def test_rooms_that_are_hardly_named(said: list[str], fact: tuple[str, str, str]) -> None:
    assert fact in mined(rules(ROOMS, "en", "hotel"), *said)


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        (["深度的呢 三百九十八"], ("深度洁牙", "price", "三百九十八")),
        (["小朋友的看这个 九十九块", "二十分钟 有卡通贴纸"], ("儿童涂氟", "时长", "二十分钟")),
        (["基础洁牙", "深度洁牙", "这两个都是成人做的"], ("基础洁牙", "适合", "成人")),
    ],
)
def test_services_by_a_piece_of_their_names(said: list[str], fact: tuple[str, str, str]) -> None:
    assert fact in mined(rules(CARE, "zh"), *said)


def test_a_house_its_beds_and_its_meals() -> None:
    found = mined(
        rules(INN, "zh", "hotel"),
        "竹影房 一张大床两张小床",
        "早餐四份",
        "水舍的房 提前两天都能免费取消",
        "听泉房 不退不改",
    )
    assert ("云栖水舍 竹影房", "bed", "一大两小") in found
    assert ("云栖水舍 竹影房", "breakfast", "四份") in found
    assert {entity for entity, slot, value in found if (slot, value) == ("cancellation", "两天")} == {
        "云栖水舍 望湖房",
        "云栖水舍 竹影房",
    }
    assert ("松风山居 听泉房", "cancellation", "不可取消") in found


def test_prices_without_their_thousand() -> None:
    found = mined(rules(VANS, "en", "automotive"), "the lark twenty four nine fifty", "the kite thirty one five")
    assert {("Lark", "price", "twenty four nine fifty"), ("Kite", "price", "thirty one five")} <= found


@pytest.mark.parametrize(
    ("listed", "lang", "said"),
    [
        (ROOMS, "en", ["the otter room", "bring a towel it's wet"]),
        (CARE, "zh", ["基础洁牙", "想做美白是吧"]),
        (ROOMS, "en", ["the mill loft", "we open in April two weeks notice please"]),
    ],
)
def test_what_speaks_for_nothing(listed: str, lang: Lang, said: list[str]) -> None:
    assert mined(rules(listed, lang), *said) == set()


@given(st.lists(st.sampled_from(["", "single", "sixty one pounds", "king", "twin", "ninety nine"]), max_size=12))
def test_what_is_named_is_the_course(said: list[str]) -> None:
    sheet = rules(ROOMS, "en", "hotel").sheet
    lines = [
        (text, [name] if n % 3 == 0 else []) for n, (text, name) in enumerate(zip(said, sheet.names * 3, strict=False))
    ]
    course = Course(sheet).of(lines)
    assert len(course) == len(lines)
    assert all(thing == names[0] for thing, (_, names) in zip(course, lines, strict=True) if names)


def test_one_english_number_may_be_two_or_leave_out_its_thousand() -> None:
    text = "feeds four sixty eight bucks"
    (number,) = measured(text)
    assert (4, 68) in [(first.value, second.value) for first, second in divided(text, number)]
    assert 31_500 in [each.value for (each,) in thousands("thirty one five", measured("thirty one five")[0])]

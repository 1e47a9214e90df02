"""What a host says of things that a table lists, in shops that no rule was written for."""

import pytest

from millstream.mine.clean import Said
from millstream.mine.link import Link
from millstream.mine.rules import Rules
from millstream.mine.sheet import stands
from millstream.records import Lang
from shops import cue, mined, rules

GYM = """plan|monthly fee (USD)|contract (months)|sauna|classes|joining fee (USD)|guest passes
Early Bird|24.50|1|no|none|15|0
Off Peak|32|6|no|yoga and spin|25|1
All Day|49|12|yes|all classes|0|2
Student|19.90|9|no|yoga|10|0"""
CREAM = """产品|到手价(元)|原价(元)|容量(ml)|肤质|香型|保质期|赠品
水感精华|139|219|30|所有肤质|无香|3年|面膜三片
云朵面霜|168.5|268|50|干皮|玫瑰|2年|小样两支
清爽防晒|79.9|129|60|油皮|柑橘|3年|无
修护眼霜|199|329|15|所有肤质|无香|30个月|眼膜一盒"""
ROOMS = """room|price per night (GBP)|bed|sleeps|breakfast|view|cancellation
Garden Double|94|double|2|included|garden|free until 2 days before
Captain's Suite|175|king|4|included|harbour|free until 7 days before
Attic Single|62|single|1|not included|roofs|non-refundable"""
CARS = """model|fuel|price (USD)|warranty
Lark|electric|24950|8 years or 100,000 miles
Kite|electric|31500|8 years or 100,000 miles
Wren|petrol|16450|5 years or 60,000 miles"""


def corrected(by: Rules, *said: str) -> list[tuple[str, str]]:
    found = by.facts([cue(n, text) for n, text in enumerate(said)])
    return [(each.entity, each.value) for each in found if each.kind == "correction"]


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        (["so the early bird", "that's twenty four fifty a month"], ("Early Bird", "price", "twenty four fifty")),
        (["student nineteen ninety"], ("Student", "price", "nineteen ninety")),
        (["the early bird is good", "no sauna on that one"], ("Early Bird", "sauna", "no")),
        (["on the all day plan you get the sauna"], ("All Day", "sauna", "yes")),
        (["all day again", "twelve month contract on it"], ("All Day", "contract", "twelve month")),
        (["off peak has yoga and spin"], ("Off Peak", "classes", "yoga and spin")),
    ],
)
def test_a_gym(said: list[str], fact: tuple[str, str, str]) -> None:
    assert fact in mined(rules(GYM, "en"), *said)


@pytest.mark.parametrize(
    ("said", "fact"),
    [
        (["水感精华", "原价两百一十九 今天到手一百三十九"], ("水感精华", "原价", "两百一十九")),
        (["水感精华", "原价两百一十九 今天到手一百三十九"], ("水感精华", "price", "一百三十九")),
        (["云朵面霜", "一百六十八块五"], ("云朵面霜", "price", "一百六十八块五")),
        (["精华那个保质期三年 眼霜三十个月"], ("修护眼霜", "保质期", "三十个月")),
        (["修护眼霜", "一支十五毫升"], ("修护眼霜", "容量", "十五毫升")),
        (["云朵面霜", "干皮姐妹闭眼入 玫瑰味的"], ("云朵面霜", "肤质", "干皮")),
    ],
)
def test_a_shop_of_creams(said: list[str], fact: tuple[str, str, str]) -> None:
    assert fact in mined(rules(CREAM, "zh"), *said)


def test_rooms_of_a_known_trade() -> None:
    said = mined(
        rules(ROOMS, "en", "hotel"),
        "now the captain's suite",
        "sleeps four comfortably king bed",
        "that one you'd have to cancel seven days before",
        "and the attic single",
        "breakfast isn't included sorry",
        "non refundable at that price",
    )
    suite, attic = "Captain's Suite", "Attic Single"
    assert {(suite, "capacity", "four"), (suite, "bed", "king"), (suite, "cancellation", "seven days")} <= said
    assert {(attic, "breakfast", "not included"), (attic, "cancellation", "non-refundable")} <= said


@pytest.mark.parametrize(
    ("listed", "lang", "said"),
    [
        (GYM, "en", ["off peak", "the place down the road wants 49 for theirs"]),
        (GYM, "en", ["student", "can we do 49 for you?"]),
        (GYM, "en", ["off peak", "there is a locker room", "my kids are 6"]),
        (CREAM, "zh", ["水感精华", "满三百减三十"]),
        (CREAM, "zh", ["水感精华", "隔壁卖一百三十九的别买"]),
        (CREAM, "zh", ["修护眼霜", "不是一百九十九"]),
        (ROOMS, "en", ["garden double", "you get the wifi for free"]),
    ],
)
def test_what_only_looks_like_a_cell(listed: str, lang: Lang, said: list[str]) -> None:
    assert mined(rules(listed, lang), *said) == set()


def test_a_list_heard_in_parts_is_one_fact_with_all_its_lines() -> None:
    parts = "car|gift\nPlover|mats, boot liner and dog guard\nWren|none at all"
    cues = [cue(0, "with the plover you get mats"), cue(1, "and a dog guard")]
    facts = [each for each in rules(parts, "en").facts(cues) if each.slot == "gift"]
    assert [(each.value, len(each.evidence)) for each in facts] == [("mats, dog guard", 2)]


def test_all_of_a_kind_and_things_named_together() -> None:
    by = rules(CARS, "en", "automotive")
    told = mined(by, "battery warranty is eight years on all the electrics")
    assert {entity for entity, slot, _ in told if slot == "warranty"} == {"Lark", "Kite"}
    told = mined(by, "full electric yes that's the lark and the kite")
    assert {entity for entity, slot, _ in told if slot == "energy"} == {"Lark", "Kite"}


def test_an_answer_is_about_what_the_viewer_named() -> None:
    by = rules(CARS, "en", "automotive")
    asked, answer = cue(0, "how much is the kite", "chat"), cue(1, "31,500 my friend")
    link = Link(Said(asked, (asked,)), (answer,), 0.9)
    found = {(each.entity, each.value) for each in by.facts([cue(0, "the wren"), answer], [link])}
    assert ("Kite", "31,500") in found


@pytest.mark.parametrize(
    ("listed", "lang", "said", "right"),
    [
        (CARS, "en", ["the wren is 16,950", "I've misread the sheet", "it's 16,450"], ("Wren", "16,450")),
        (CARS, "en", ["the wren is 16,950", "no it isn't 16,950 it's 16,450"], ("Wren", "16,450")),
        (CARS, "en", ["the wren is 16,950", "and free coffee", "thanks Jo", "the wren is 16,450"], ("Wren", "16,450")),
        (CREAM, "zh", ["修护眼霜一百八十九", "诶看错了 眼霜是一百九十九"], ("修护眼霜", "一百九十九")),
        (
            CREAM,
            "zh",
            ["修护眼霜一百八十九", "云朵面霜", "我报错价了 不是一百八十九 是一百九十九"],
            ("修护眼霜", "一百九十九"),
        ),
        (CREAM, "zh", ["精华保质期两年", "精华那个更正一下 保质期三年 我说成两年了"], ("水感精华", "三年")),
    ],
)
def test_a_value_taken_back(listed: str, lang: Lang, said: list[str], right: tuple[str, str]) -> None:
    by = rules(listed, lang, "automotive" if lang == "en" else "")
    assert corrected(by, *said) == [right]


ROOMS_OF_TWO_PRICES = """房型|工作日价(元)|周末价(元)|床型|可住人数
溪景房|580|680|一张大床|2
星空房|780|980|一张圆床|2
家庭房|720|860|一大一小|3"""


@pytest.mark.parametrize("first", ["星空房周末880一晚", "星空房880一晚"])
def test_a_number_taken_back_is_of_the_slot_put_right(first: str) -> None:
    """Whichever price it was taken for, nothing else rests on it."""
    by = rules(ROOMS_OF_TWO_PRICES, "zh", "hotel")
    found = mined(by, first, "欢迎新来的家人", "不好意思说错了 星空房周末是980 不是880")
    assert {(entity, slot) for entity, slot, value in found if value == "880"} == {("星空房", "周末价")}


def test_what_a_table_has_so_is_not_taken_back() -> None:
    by = rules(ROOMS_OF_TWO_PRICES, "zh", "hotel")
    found = mined(by, "星空房平时780一晚", "说错了 星空房周末是980 不是780")
    assert ("星空房", "price", "780") in found


def test_a_value_said_again_is_no_correction() -> None:
    by = rules(CARS, "en", "automotive")
    assert corrected(by, "the wren is 16,450", "sorry the wren again", "it's 16,450") == []
    assert corrected(by, "the wren is 16,450", "the kite is 31,500 not 16,450") == []


@pytest.mark.parametrize(
    ("part", "text", "there"),
    [
        ("plug-in hybrid", "it's a plug in hybrid", True),
        ("free until 2 days before", "you can cancel free two days before", True),
        ("free until 2 days before", "you can cancel free three days before", False),
        ("随时退过期退", "随时退 过期也自动退", True),
        ("入住前1天免费取消", "入住前一天免费取消", True),
        ("hot", "the hotel is nice", False),
        ("", "anything", False),
    ],
)
def test_words_of_a_cell_in_a_line(part: str, text: str, there: bool) -> None:
    assert (stands(part, text) >= 0) == there

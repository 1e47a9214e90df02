"""Which lines are evidence of what, and which only look like it: articles, counts of other things, other things."""

import pytest

from shops import mined, rules

INN = """房型|平日价(元)|周末价(元)|床型|浴缸|可住人数
溪景房|580|680|一张大床|无|2
星空房|780|980|一张圆床|有|2
茶香房|460|560|两张单人床|无|2"""
PHONES = """phone|price (£)|storage (GB)|colour|grade|5G|dual SIM
Google Pixel 7|225|128|black|A|yes|no
iPhone 12|215|64|white|B|yes|no
Samsung S21|175|128|grey|B|yes|yes
iPhone SE 2020|110|64|red|A|no|no
Nokia 2660|39|0.1|blue|A|no|yes"""


def slots(found: set[tuple[str, str, str]]) -> set[tuple[str, str]]:
    return {(entity, slot) for entity, slot, _ in found}


@pytest.mark.parametrize(
    "text", ["可以带狗 但是要提前说一声", "老人我给您安排一楼", "住两晚以上可以", "过年价格翻一倍"]
)
def test_a_count_of_something_else_is_no_value(text: str) -> None:
    by = rules(INN, "zh", "hotel")
    found = slots(mined(by, "溪景房平时580一晚", text))
    assert not found & {("溪景房", "room_type"), ("溪景房", "capacity")}


def test_a_count_with_its_unit_is_a_value() -> None:
    assert ("溪景房", "capacity") in slots(mined(rules(INN, "zh", "hotel"), "溪景房 可以住两个人"))


@pytest.mark.parametrize(
    ("text", "graded"),
    [
        ("google pixel 7, 128 gig, grade A.", True),
        ("the google pixel 7 grade is A", True),
        ("one tiny scratch on the google pixel 7, you won't see it in a case", False),
        ("the google pixel 7 has a grade that nobody reads", False),
    ],
)
def test_an_article_is_no_grade(text: str, graded: bool) -> None:
    assert (("Google Pixel 7", "grade") in slots(mined(rules(PHONES, "en"), text))) is graded


def test_a_line_that_names_one_thing_is_no_evidence_of_another() -> None:
    by = rules(INN, "zh", "hotel")
    assert ("溪景房", "room_type") in slots(mined(by, "溪景房平时580一晚", "一张大床"))
    assert ("溪景房", "room_type") not in slots(mined(by, "溪景房平时580一晚", "星空房 不是一般的房 有一张大床"))

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


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("the S21 is dual SIM yes", {"Samsung S21"}),
        ("s21 please", {"Samsung S21"}),
        ("twelve months on everything except the Nokia.", {"Nokia 2660"}),
        ("the SE has a small screen", {"iPhone SE 2020"}),
        ("got an old iPhone 8", set()),
        ("a cracked iPhone 8 I would give you twenty quid", set()),
        ("the Pixel 8 is new", set()),
        ("the Pixel 7 is two hundred", {"Google Pixel 7"}),
        ("the iPhone 64 gb one", set()),
        ("nokia is a town", set()),
    ],
)
def test_a_part_that_one_name_alone_has_names_it_and_another_number_does_not(text: str, names: set[str]) -> None:
    about = rules(PHONES, "en").topics.about(text)
    assert about.names == names and about.strange == ("8" in text)


def test_a_day_and_the_first_word_of_a_sentence_are_no_names() -> None:
    topics = rules("dish|price\nSunday Roast|18\nGreen Curry|14\nMild Korma|12", "en", "restaurant").topics
    assert topics.about("see you on Sunday then. Green is nice. Mild evening").names == set()
    assert topics.about("one more Korma").names == {"Mild Korma"}


def test_a_row_called_by_a_word_of_the_domain_is_named_by_it() -> None:
    assert rules(INN + "\n家庭房|720|860|一大一小|无|3", "zh", "hotel").topics.about("建议家庭房").names == {"家庭房"}


def test_what_is_said_of_a_thing_of_another_number_is_of_none() -> None:
    by = rules(PHONES, "en")
    for_another = "for an iPhone 8 I would give you 20 pounds"
    assert mined(by, "the iPhone 12 is unlocked", for_another, "it's 20 pounds") == set()
    assert ("Nokia 2660", "dual_sim") not in slots(mined(by, "the Nokia 2660 is £39", "the S21 is dual SIM yes"))

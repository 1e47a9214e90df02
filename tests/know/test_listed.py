"""Columns that list what things have: which ones they are, what they become, and what is left as it was."""

from random import Random

import pytest

from millstream import domain as domains
from millstream.know import listed
from millstream.know.tables import facts_of, from_headers, slots_of
from millstream.labels import Labels
from millstream.records import Act
from millstream.shapes import Table

HOTEL = domains.read("hotel")
HAS = (
    "健身房、会议室", "会议室、温泉", "健身房、温泉", "健身房、会议室、温泉", "会议室", "健身房、会议室",
    "温泉、会议室", "健身房、温泉",
)  # fmt: skip
ROWS = tuple((f"{name}酒店", "300", has) for name, has in zip("甲乙丙丁戊己庚辛", HAS, strict=True))
TABLE = Table("hotels", ("名称", "价格（元）", "设施"), ROWS)


def test_each_item_is_a_slot_that_can_be_wished_for_and_asked() -> None:
    more = slots_of(TABLE, HOTEL, "zh")
    gym = more.by_name["健身房"]
    assert gym.is_had
    assert gym.use == ("constrain", "request")
    assert slots_of(TABLE, more, "zh") == more


def test_what_a_row_does_not_list_it_has_not() -> None:
    facts = [fact for fact in facts_of(TABLE, slots_of(TABLE, HOTEL, "zh"), "zh") if fact.entity == "甲酒店"]
    told = {fact.attribute: fact.value for fact in facts}
    assert told == {"price": "300元", "健身房": "是", "会议室": "是", "温泉": "否"}
    assert all(fact.evidence[0].quote == "设施: 健身房、会议室" for fact in facts[1:])


def test_an_empty_cell_says_nothing() -> None:
    rows = (*ROWS, ("壬酒店", "300", ""))
    table = Table("hotels", TABLE.headers, rows)
    told = [fact.attribute for fact in facts_of(table, slots_of(table, HOTEL, "zh"), "zh") if fact.entity == "壬酒店"]
    assert told == ["price"]


@pytest.mark.parametrize("cell", ["未知", "n/a", "N/A", "-", "暂无", "null"])
def test_what_is_not_known_is_no_no_and_no_item(cell: str) -> None:
    table = Table("hotels", TABLE.headers, (*ROWS, ("壬酒店", "300", cell)))
    more = slots_of(table, HOTEL, "zh")
    assert more == slots_of(TABLE, HOTEL, "zh")
    assert [fact.attribute for fact in facts_of(table, more, "zh") if fact.entity == "壬酒店"] == ["price"]


def test_who_says_that_there_is_nothing_has_nothing_of_the_list() -> None:
    table = Table("hotels", TABLE.headers, (*ROWS, ("壬酒店", "300", "无")))
    facts = facts_of(table, slots_of(table, HOTEL, "zh"), "zh")
    told = {fact.attribute: fact.value for fact in facts if fact.entity == "壬酒店"}
    assert told == {"price": "300元", "健身房": "否", "会议室": "否", "温泉": "否"}


def test_what_each_row_lists_for_itself_stays_a_text() -> None:
    assert listed.items([f"景点{n}、公园{n}、寺{n}" for n in range(9)]) == ()


def test_few_rows_show_no_list() -> None:
    assert listed.items(HAS[:4]) == ()


def test_a_figure_in_one_cell_is_no_list() -> None:
    assert listed.items(["1,200", "1,300", "1,200", "1,300", "1,200", "1,300", "1,200", "1,300"]) == ()


def test_the_wordings_carry_their_labels_in_both_languages() -> None:
    for lang, yes, no, item in (("zh", "是", "否", "健身房"), ("en", "yes", "no", "a gym")):
        domain = HOTEL.model_copy(update={"slots": (*HOTEL.slots, listed.slot(item, lang))})
        slot, labels = domain.slots[-1], Labels(domain, lang)
        for key, value in (("tell_yes", yes), ("tell_no", no), ("want", yes)):
            for text in getattr(slot, key)[lang]:
                said = text.replace("$entity", "X").replace("$slot", item)
                assert not labels.lost(said, [Act(act="inform", slot=slot.name, value=value)]), said


def test_a_shops_line_is_told_and_a_mobile_telephone_is_not() -> None:
    rows = (("甲酒店", "010-63559988"), ("乙酒店", "13900001234"), ("丙酒店", "400-800-1234"))
    table = Table("hotels", ("名称", "电话"), rows)
    told = {fact.entity: fact.value for fact in facts_of(table, slots_of(table, HOTEL, "zh"), "zh")}
    assert told == {"甲酒店": "010-63559988", "丙酒店": "400-800-1234"}


def test_a_column_that_only_speaks_of_phones_is_one_like_others() -> None:
    rows = (("Lark", "black", "yes", "07700 900123"), ("Kite", "red", "no", "020 7946 0958"))
    table = Table("phones", ("Model", "Phone colour", "Headphone jack", "Phone number"), rows)
    told = facts_of(table, slots_of(table, HOTEL, "en"), "en")
    assert {fact.attribute for fact in told} == {"phone_colour", "headphone_jack"}
    assert [slot.name for slot in from_headers(table, "en", "phones").slots] == ["phone_colour", "headphone_jack"]


def test_a_clause_of_its_own_is_known_and_never_worded() -> None:
    assert listed.slot("所有房间提供wifi", "zh").use == ()
    assert not listed.slot("all rooms have wifi", "en").is_had


def test_what_lies_near_goes_by_its_own_name_unless_it_is_such_a_thing() -> None:
    rows = (("甲酒店", "故宫", "乙酒店"), ("乙酒店", "天坛", "甲酒店"))
    table = Table("hotels", ("名称", "周边景点", "周边酒店"), rows)
    names = {slot.names["zh"][0]: slot.names["zh"] for slot in slots_of(table, HOTEL, "zh").slots if "zh" in slot.names}
    assert names["周边景点"] == ("周边景点", "景点")
    assert names["周边酒店"] == ("周边酒店",)


DISHES = ("年糕、豆汁、焦圈", "烤鸭、鸭汤", "炒肝、豆汁、卤煮", "羊肉串、烧饼") * 2


def test_what_each_row_lists_for_itself_is_a_list_of_which_one_may_be_wished_for() -> None:
    table = Table("places", ("名称", "小吃", "地址"), tuple(
        (f"{n}号店", dishes, f"长街{n}号、{n}楼") for n, dishes in enumerate(DISHES)
    ))  # fmt: skip
    slots = slots_of(table, HOTEL, "zh").by_name
    assert (slots["小吃"].kind, slots["小吃"].use) == ("list", ("constrain", "request"))
    assert not listed.is_various([row[2] for row in table.rows])


def test_of_a_long_list_a_few_things_are_told_and_of_a_short_one_all() -> None:
    long = "、".join("甲乙丙丁戊己庚")
    told = {listed.some(long, Random(seed)) for seed in range(20)}
    assert len(told) > 5
    assert all(listed.has(long, each) and len(listed.listed(each)) == listed.TOLD for each in told)
    assert listed.some("甲、乙、丙", Random(0)) == "甲、乙、丙"
    assert not listed.has("甲、乙", "甲、丙")
    assert listed.some("tea, milk, rice, soy, oats, nuts", Random(0)).count(", ") == listed.TOLD - 1


def test_a_column_of_yes_and_no_is_what_a_thing_has() -> None:
    table = Table("inns", ("name", "price", "parking"), (("The Mill", "$80", "yes"), ("Park", "$90", "no")))
    hotel = slots_of(table, domains.read("hotel"), "en").by_name
    assert hotel["parking"].is_had and hotel["parking"].tell_no["en"]
    assert not any("$value" in text for text in hotel["parking"].assure["en"])
    assert hotel["parking"].query == domains.read("hotel").by_name["parking"].query
    paid = Table("inns", ("name", "price", "parking"), (("The Mill", "$80", "free"), ("Park", "$90", "no")))
    assert not slots_of(paid, domains.read("hotel"), "en").by_name["parking"].is_had

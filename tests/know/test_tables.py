"""Tables become facts with units and rows as evidence; a table nobody wrote a domain for makes one."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import domain as domains
from millstream.errors import InputError
from millstream.know.tables import entity_columns, facts_of, from_headers, slots_of
from millstream.records import Fact, Lang
from millstream.shapes import Table

CARS = domains.read("automotive")
FOOD = domains.read("restaurant")

GYM = Table(
    "gym",
    ("课程", "类型", "价格(元/月)", "每周次数", "编号", "咨询电话"),
    (
        ("燃脂搏击", "操课", "299", "3", "1", "010-1"),
        ("流瑜伽", "瑜伽", "259", "2", "2", "010-2"),
        ("力量入门", "操课", "399", "4", "3", "010-3"),
        ("产后修复", "瑜伽", "599", "", "4", "010-4"),
    ),
)
PHONE = Table(
    "phone",
    ("Plan", "Type", "Monthly fee ($)", "Data (GB)", "Contract", "Link"),
    (
        ("Swift 10", "prepaid", "15", "10", "none", "x.example"),
        ("Swift 40", "prepaid", "25.50", "40", "none", "x.example"),
        ("Home Base", "postpaid", "35", "80", "12 months", "x.example"),
        ("Family Four", "postpaid", "1,060", "200", "24 months", "x.example"),
    ),
)


def facts(table: Table, **lang: str) -> dict[tuple[str, str], Fact]:
    domain = {"cars": CARS, "food": FOOD}[table.key]
    made = facts_of(table, domain, "zh" if table.key == "cars" else "en")
    return {(fact.entity, fact.attribute): fact for fact in made}


def test_a_surface_carries_the_unit_of_its_header_or_of_its_slot() -> None:
    headers = ("车型", "指导价(万元)", "续航", "座位数", "月供(元)")
    cars = facts(Table("cars", headers, (("E5", "13.98", "510", "5座", "1,980"),)))
    told = {slot: (fact.value, fact.number) for (_, slot), fact in cars.items()}
    assert told == {
        "price": ("13.98万元", 139_800),
        "range": ("510公里", 510),
        "seats": ("5座", 5),
        "monthly": ("1,980元", 1980),
    }


def test_a_currency_stands_before_its_number_and_other_units_behind() -> None:
    food = facts(Table("food", ("Dish", "Price (USD)", "Rating"), (("Corn Ribs", "9.5", "4.5"), ("Tart", "$7", "4"))))
    assert food["Corn Ribs", "price"].value == "$9.5" and food["Corn Ribs", "price"].number == 9.5
    assert food["Tart", "price"].value == "$7" and food["Tart", "price"].number == 7
    assert food["Tart", "rating"].value == "4"


def test_each_fact_rests_on_its_row() -> None:
    table = Table("cars", ("车型", "首付(万元)"), (("E5", "2"), ("E7", "3")))
    proof = facts(table)["E7", "down_payment"].evidence
    assert [(each.source, each.kind, each.at, each.quote) for each in proof] == [("cars", "row", (2,), "首付(万元): 3")]


@pytest.mark.parametrize("cell", ["", " ", "-", "—", "/", "N/A", "none", "NULL", "无", "未知", "暂无"])
def test_an_absent_cell_is_no_fact(cell: str) -> None:
    assert facts(Table("cars", ("车型", "续航"), (("C5", cell),))) == {}


@pytest.mark.parametrize(
    ("cell", "value"),
    [("true", "yes"), ("Yes", "yes"), ("1", "yes"), ("FALSE", "no"), ("n", "no"), ("vegan only", "vegan only")],
)
def test_a_flag_is_yes_or_no(cell: str, value: str) -> None:
    assert facts(Table("food", ("Dish", "Vegetarian"), (("Tart", cell),)))["Tart", "vegetarian"].value == value


def test_an_empty_flag_is_not_known_and_a_chinese_no_is_a_no() -> None:
    table = Table("t", ("菜品", "是否素食"), (("青菜", "是"), ("牛肉", "无"), ("汤", "")))
    told = {fact.entity: fact.value for fact in facts_of(table, FOOD, "zh")}
    assert told == {"青菜": "是", "牛肉": "否"}


def test_a_row_that_names_nothing_is_one_clear_line() -> None:
    with pytest.raises(InputError, match=r"^cars row 2: the row names nothing"):
        facts(Table("cars", ("车型", "续航"), (("E5", "510"), (" ", "610"))))


def test_the_columns_that_name_a_row() -> None:
    one = Table("t", ("编号", "车型", "级别"), (("1", "E5", "SUV"), ("2", "E7", "SUV")))
    assert entity_columns(one, CARS) == (1,)
    two = Table("t", ("级别", "车型", "版本"), (("SUV", "E5", "长续航"), ("SUV", "E5", "标准")))
    assert entity_columns(two, CARS) == (1, 2)


def test_two_columns_name_what_one_does_not_tell_apart() -> None:
    rooms = Table("t", ("酒店", "房型", "每晚价格(元)"), (("栖木酒店", "大床房", "328"), ("栖木酒店", "双床房", "388")))
    told = {fact.entity for fact in facts_of(rooms, domains.read("hotel"), "zh")}
    assert told == {"栖木酒店 大床房", "栖木酒店 双床房"}


def test_a_header_no_slot_goes_by_becomes_a_slot() -> None:
    rows = (("E5", "13.98", "全景", "1"), ("E7", "19.98", "全景", "2"))
    table = Table("t", ("车型", "指导价(万元)", "天窗", "编号"), rows)
    more = slots_of(table, CARS, "zh")
    assert [slot.name for slot in more.slots if slot not in CARS.slots] == ["天窗"]
    assert slots_of(table, more, "zh") == more
    assert more.slot_named("天窗") and ("E5", "天窗", "全景") in {
        (fact.entity, fact.attribute, fact.value) for fact in facts_of(table, more, "zh")
    }


def test_a_domain_of_an_unseen_chinese_table() -> None:
    domain = from_headers(GYM, "zh", "gym")
    kinds = {slot.name: slot.kind for slot in domain.slots}
    assert kinds == {"类型": "category", "price": "money", "每周次数": "number"}
    assert domain.entity == {"zh": "课程"}
    assert {"课程", "类型", "价格"} <= set(domain.words["zh"])
    told = {(fact.entity, fact.attribute): fact.value for fact in facts_of(GYM, domain, "zh")}
    assert told["流瑜伽", "price"] == "259元/月" and ("产后修复", "每周次数") not in told
    assert not [value for value in told.values() if value.startswith("010")]


def test_a_domain_of_an_unseen_english_table() -> None:
    domain = from_headers(PHONE, "en", "phone plans")
    by_name = domain.by_name
    assert domain.entity == {"en": "plan"}
    assert by_name["price"].names == {"en": ("monthly fee",)} and by_name["price"].better == "low"
    assert by_name["type"].values == {"en": ("prepaid", "postpaid")} and "constrain" in by_name["type"].use
    assert by_name["contract"].use == ("request",)
    told = {(fact.entity, fact.attribute): (fact.value, fact.number) for fact in facts_of(PHONE, domain, "en")}
    assert told["Swift 40", "price"] == ("$25.50", 25.5) and told["Family Four", "price"] == ("$1,060", 1060)
    assert told["Home Base", "data"] == ("80 GB", 80) and ("Swift 10", "contract") not in told


def test_english_headers_become_common_nouns() -> None:
    """"As for Data" would read, and be checked, as a name."""
    table = Table("t", ("Plan", "Wi-Fi Hotspot", "HD TV"), (("A", "no", "x"), ("B", "yes", "y")))
    assert [slot.names["en"] for slot in from_headers(table, "en", "t").slots] == [("wi-fi hotspot",), ("HD TV",)]


@pytest.mark.parametrize(
    ("lang", "cells", "told"),
    [
        ("zh", ("有", "无", "有"), ("是", "否", "是")),
        ("zh", ("是", "否", ""), ("是", "否")),
        ("en", ("Yes", "no", "yes"), ("yes", "no", "yes")),
    ],
)
def test_a_column_of_yes_and_no_is_a_flag_and_nobody_wishes_for_it(
    lang: Lang, cells: tuple[str, ...], told: tuple[str, ...]
) -> None:
    table = Table("t", ("plan", "泊位" if lang == "zh" else "parking"), tuple(zip("ABC", cells, strict=True)))
    domain = from_headers(table, lang, "t")
    (slot,) = domain.slots
    assert slot.kind == "flag" and slot.use == ("request",) and slot.tell_yes[lang] and slot.tell_no[lang]
    assert tuple(fact.value for fact in facts_of(table, domain, lang)) == told


def test_a_column_of_nothing_or_of_counts_is_no_flag() -> None:
    table = Table("t", ("plan", "notes", "rooms"), (("A", "无", "1"), ("B", "无", "0")))
    kinds = {slot.name: slot.kind for slot in from_headers(table, "zh", "t").slots}
    assert kinds == {"notes": "text", "rooms": "number"}


@pytest.mark.parametrize(
    ("headers", "rows", "fault"),
    [
        (("1", "2"), (("3", "4"),), "no column names what the rows are about"),
        (("name",), (("x",),), "the table says nothing about its rows"),
        (("name", "id"), (("x", "1"),), "the table says nothing about its rows"),
        ((), (), "no column names what the rows are about"),
    ],
)
def test_a_table_of_nothing_is_one_clear_line(
    headers: tuple[str, ...], rows: tuple[tuple[str, ...], ...], fault: str
) -> None:
    with pytest.raises(InputError, match=fault):
        from_headers(Table("empty", headers, rows), "en", "empty")


CELLS = st.text(alphabet="价格ab$€%,.-()（ 1239万元\n\0", max_size=8)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(CELLS, CELLS, CELLS), min_size=1, max_size=4), st.tuples(CELLS, CELLS, CELLS))
def test_any_table_gives_facts_or_one_clear_line(
    rows: list[tuple[str, str, str]], headers: tuple[str, str, str]
) -> None:
    table = Table("t", headers, tuple(rows))
    try:
        domain = from_headers(table, "zh", "t")
        made = list(facts_of(table, domain, "zh"))
    except InputError:
        return
    assert {fact.attribute for fact in made} <= set(domain.by_name)
    assert all(fact.entity and fact.value and fact.evidence for fact in made)

"""What headings say of their columns: the better way, and how people speak of them."""

import pytest

from millstream import phrases
from millstream.know import headings
from millstream.know.tables import from_headers
from millstream.labels import Labels
from millstream.records import Act, Lang
from millstream.shapes import Table


@pytest.mark.parametrize(
    ("heading", "lang", "way"),
    [
        ("重量", "zh", "low"), ("快门数", "zh", "low"), ("表显里程", "zh", "low"), ("续航里程", "zh", "high"),
        ("评分", "zh", "high"), ("每周次数", "zh", ""), ("weight", "en", "low"), ("weight limit", "en", "high"),
        ("battery", "en", "high"), ("lights", "en", ""), ("orange", "en", ""),
    ],
)  # fmt: skip
def test_which_way_a_figure_is_better(heading: str, lang: Lang, way: str) -> None:
    assert headings.better(heading, lang) == way


@pytest.mark.parametrize(
    ("heading", "lang", "yes", "no", "asked"),
    [
        ("防抖", "zh", "XT4带防抖的。", "XT4没有防抖。", "XT4有防抖吗？"),
        ("支持货到付款", "zh", "XT4支持货到付款的。", "XT4不支持货到付款。", "XT4支持货到付款吗？"),
        ("是否防水", "zh", "XT4防水的。", "XT4不防水。", "XT4防水吗？"),
        ("全新", "zh", "XT4是全新的。", "XT4不是全新的。", "XT4是全新的吗？"),
        ("lock", "en", "Yes, the XT4 has a lock.", "The XT4 doesn't have a lock.", "Does the XT4 have a lock?"),
        ("lights", "en", "Yes, the XT4 has lights.", "The XT4 doesn't have lights.", "Does the XT4 have lights?"),
        ("electric", "en", "Yes, the XT4 is electric.", "The XT4 isn't electric.", "Is the XT4 electric?"),
        ("foldable", "en", "Yes, the XT4 is foldable.", "The XT4 isn't foldable.", "Is the XT4 foldable?"),
    ],
)
def test_a_yes_and_a_no_are_told_as_a_shopkeeper_says_them(
    heading: str, lang: Lang, yes: str, no: str, asked: str
) -> None:
    cells = ("是", "否") if lang == "zh" else ("yes", "no")
    table = Table("t", ("名称", heading, "包装"), (("XT4", cells[0], "x"), ("GR3", cells[1], "y")))
    domain = from_headers(table, lang, "t")
    slot = next(each for each in domain.slots if each.kind == "flag")
    labels = Labels.of(domain, lang)
    for act, text, value in (("tell_yes", yes, cells[0]), ("tell_no", no, cells[1]), ("query", asked, "")):
        worded = list(phrases.forms(getattr(slot, act)[lang]))
        said = [phrases.fill(each, lang, entity="XT4", slot=slot.names[lang][0]) for each in worded]
        assert text in said
        if value:
            assert all(labels.says(each, slot.name, value) for each in said), said
        else:
            assert all(labels.asks(each) and labels.speaks_of(each, slot.name) for each in said)


def test_a_bound_of_the_wrong_side_is_no_label() -> None:
    table = Table(
        "t", ("bike", "weight (kg)", "battery (Wh)", "rows"), (("A", "13", "400", "3"), ("B", "22", "500", "4"))
    )
    labels = Labels.of(from_headers(table, "en", "t"), "en")

    def lost(text: str, slot: str, value: str) -> list[str]:
        return labels.lost(text, [Act(act="inform", slot=slot, value=value)])

    assert lost("At least 15 kg for the weight.", "weight", "15 kg") == ["inform: '15 kg' is said as a least"]
    assert lost("At most 400 Wh for the battery.", "battery", "400 Wh") == ["inform: '400 Wh' is said as a most"]
    assert not lost("No more than 15 kg for the weight.", "weight", "15 kg")
    assert not lost("At least 400 Wh for the battery.", "battery", "400 Wh")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_general_wishes_keep_to_their_bound(lang: Lang) -> None:
    table = Table(
        "t",
        ("bike", "weight" if lang == "en" else "重量", "range" if lang == "en" else "续航"),
        (("A", "13", "40"), ("B", "9", "5")),
    )
    domain = from_headers(table, lang, "t")
    for slot in domain.slots:
        for each in phrases.forms(phrases.wordings(domain, lang, "want", slot)):
            text = phrases.fill(each, lang, slot=slot.names[lang][0], value="15")
            lost = Labels.of(domain, lang).lost(text, [Act(act="inform", slot=slot.name, value="15")])
            assert not lost, (text, lost)


def test_a_gift_has_its_article_where_it_is_one_thing() -> None:
    assert any("$a_value" in text for text in headings.spoken("gift", "en", ("lock", "pump"), "bike")["tell"]["en"])
    assert not any("$a_value" in text for text in headings.spoken("gift", "en", ("lights",), "bike")["tell"]["en"])


def test_a_type_is_wished_for_by_what_the_rows_are() -> None:
    assert "I'd like $a_value bike." in headings.spoken("type", "en", ("city", "kids"), "bike")["want"]["en"]
    without = headings.spoken("type", "en", ("city",), "name")["want"]["en"]
    assert without and not any("$kind" in text or "name" in text for text in without)


@pytest.mark.parametrize(
    ("header", "lang", "noun"),
    [("名称", "zh", "商品"), ("name", "zh", "商品"), ("商品名称", "zh", "商品"), ("Name", "en", "product"),
     ("Product name", "en", "product"), ("菜名", "zh", "菜"), ("Desk", "en", "desk"), ("车型", "zh", "车型")],
)  # fmt: skip
def test_a_heading_that_says_name_is_no_word_for_the_thing(header: str, lang: Lang, noun: str) -> None:
    table = Table("t", (header, "价格"), (("甲", "20"), ("乙", "30")))
    domain = from_headers(table, lang, "")
    assert domain.entity[lang] == noun
    assert domain.names[lang] == (noun if lang == "zh" else f"{noun}s")


def test_marks_and_owners_are_no_part_of_a_heading() -> None:
    rows = (("Glass kettle", "£39.90", "yes", "family"), ("Pan", "£19.99", "no", "singles"))
    table = Table("t", ("Kettle", "Our price (incl. VAT)", "In stock? ✅", "适合人群？"), rows)
    price, stock, people = from_headers(table, "en", "").slots
    assert price.name == "price" and price.names["en"] == ("price",) and not price.unit and price.kind == "money"
    assert price.tell["en"] == headings.spoken("price", "en", (), "kettle")["tell"]["en"]
    assert stock.names["en"] == ("in stock",) and "Is the $entity $slot?" in stock.query["en"]
    assert people.names["en"] == ("适合人群",)


@pytest.mark.parametrize(
    ("header", "unit"),
    [("Price (£)", "£"), ("价格（元/月）", "元/月"), ("价格(元起)", "元起"),
     ("Price (incl. VAT)", ""), ("价格(含税)", "")],
)  # fmt: skip
def test_a_bracket_that_is_no_unit_is_no_unit(header: str, unit: str) -> None:
    assert headings.unit(header) == unit

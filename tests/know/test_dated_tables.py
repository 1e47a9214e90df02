"""Rows that hold for a time, and columns that mix what cannot be compared."""

from pathlib import Path

import pytest

from millstream import domain as domains
from millstream.documents.table import read
from millstream.errors import InputError
from millstream.know.build import LISTED, build
from millstream.know.tables import facts_of, slots_of
from millstream.shapes import Table

CARS = domains.read("automotive")


def table(*rows: tuple[str, ...]) -> Table:
    return Table("prices", ("车型", "指导价(万元)", "有效期至"), rows)


def test_a_row_holds_until_its_day_and_the_column_is_no_slot() -> None:
    dated = table(("E5", "13.98", "2026年5月31日"), ("E7", "15.98", ""))
    facts = {fact.entity: fact for fact in facts_of(dated, slots_of(dated, CARS, "zh"), "zh")}
    assert facts["E5"].valid_to == "2026-05-31" and facts["E7"].valid_to == "" and len(facts) == 2
    assert slots_of(dated, CARS, "zh") == CARS


def test_a_date_that_cannot_be_read_is_named_with_its_row() -> None:
    with pytest.raises(InputError, match=r"prices row 2, '有效期至': '03/04/2026' may be two days"):
        list(facts_of(table(("E5", "13.98", "2026-05-31"), ("E7", "15.98", "03/04/2026")), CARS, "zh"))


def test_two_currencies_in_one_column_are_refused_with_the_row(tmp_path: Path) -> None:
    path = tmp_path / "menu.csv"
    path.write_text("dish,price\nsoup,$4\ncake,€5\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"menu\.csv row 2: column 'price' mixes \$ and €"):
        list(read(path))
    path.write_text("dish,price\nsoup,$4\ncake,$5\n", encoding="utf-8")
    assert len(next(iter(read(path))).rows) == 2


def test_two_units_in_one_column_of_numbers_are_refused_with_the_row() -> None:
    cars = Table("cars", ("车型", "续航"), (("E5", "510公里"), ("E7", "600公里"), ("E9", "370英里")))
    with pytest.raises(InputError, match=r"cars row 3, '续航': '370英里' counts miles, the rows above kms"):
        list(facts_of(cars, CARS, "zh"))
    mixed = Table("cars", ("车型", "指导价"), (("E5", "13.98万元"), ("E7", "99800元"), ("E9", "$36000")))
    with pytest.raises(InputError, match=r"cars row 3, .* counts dollars, the rows above yuans"):
        list(facts_of(mixed, CARS, "zh"))
    listed = Table("menu", ("Dish", "Price (USD)"), (("Corn Ribs", "9.5"), ("Tart", "£7")))
    with pytest.raises(InputError, match=r"menu row 2, .* counts pounds, the rows above dollars"):
        list(facts_of(listed, domains.read("restaurant"), "en"))


def test_what_merged_cells_leave_empty_is_one_clear_line() -> None:
    rows = (("栖木", "大床房", "328"), ("", "双床房", "388"), ("望潮", "大床房", "588"), ("", "套房", "988"))
    rooms = Table("rooms", ("酒店", "房型", "价格"), rows)
    with pytest.raises(InputError, match=r"rooms row 2: '酒店' is empty; merged cells\? write the name in every row"):
        list(facts_of(rooms, domains.read("hotel"), "zh"))


def test_of_two_lists_the_first_counts_and_the_other_is_kept_as_lost() -> None:
    prices = (("may", "13.98"), ("june", "12.98"))
    lists = [Table(name, ("车型", "指导价(万元)"), (("E5", price),)) for name, price in prices]
    tabled = [fact for each in lists for fact in facts_of(each, CARS, "zh")]
    made = build(CARS, tabled, [])
    assert [fact.value for fact in made.knowledge.facts] == ["13.98万元"]
    assert [(each.loser.value, each.winner, each.rule) for each in made.lost] == [("12.98万元", tabled[0].id, LISTED)]
    assert [each.reason for each in made.rejects] == ["june row 1 has '12.98万元', but may row 1 '13.98万元'"]
    assert build(CARS, [tabled[0], tabled[0]], []).lost == ()


def test_a_time_is_a_value_and_no_day() -> None:
    lasting = Table("sets", ("套餐", "有效期"), (("双人餐", "90天"), ("四人餐", "180天")))
    of = slots_of(lasting, domains.read("restaurant"), "zh")
    assert [(fact.attribute, fact.value) for fact in facts_of(lasting, of, "zh")] == [
        ("validity", "90天"),
        ("validity", "180天"),
    ]

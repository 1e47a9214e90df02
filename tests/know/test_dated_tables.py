"""Rows that hold for a time, and columns that mix what cannot be compared."""

from pathlib import Path

import pytest

from millstream import domain as domains
from millstream.documents.table import read
from millstream.errors import InputError
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

"""Prices with a decimal comma are read; a comma or point that may be either is refused, never guessed."""

import pytest

from millstream.errors import InputError
from millstream.know.build import build
from millstream.know.tables import facts_of, from_headers
from millstream.records import Evidence, Signal
from millstream.shapes import Table


def priced(*cells: str, header: str = "Price") -> Table:
    return Table("pans", ("Pan", header), tuple((f"Pan {n}", cell) for n, cell in enumerate(cells)))


def read(table: Table) -> list[float | None]:
    return [fact.number for fact in facts_of(table, from_headers(table, "en", "pans"), "en")]


@pytest.mark.parametrize(
    ("table", "numbers"),
    [
        (priced("£39,90", "£12.50", "£1,299"), [39.9, 12.5, 1299]),
        (priced("1.299,00 €", "49,95 €"), [1299, 49.95]),
        (priced("39,90", "1.299,00", header="Price (€)"), [39.9, 1299]),
        (priced("28,000", "1,299.50"), [28_000, 1299.5]),
    ],
)
def test_a_decimal_comma_beside_a_currency_is_read(table: Table, numbers: list[float]) -> None:
    assert read(table) == numbers


def test_what_the_host_says_agrees_with_a_comma_of_the_table() -> None:
    table = priced("£39,90", "£12,50")
    domain = from_headers(table, "en", "pans")
    proof = Evidence(source="live", kind="cues", track="speech", at=(4,), quote="it is 39.90", start=3.0, end=4.0)
    said = Signal(
        kind="fact", text="it is 39.90", entity="Pan 0", slot="price", value="£39.90", evidence=(proof,), confidence=1.0
    )
    assert build(domain, tuple(facts_of(table, domain, "en")), (said,), ()).rejects == ()


@pytest.mark.parametrize(
    ("table", "cell", "remedy"),
    [
        (priced("39,90", "20"), "39,90", "write 39.90"),
        (priced("1,5 litres", "2 litres", header="Volume"), "1,5 litres", "write 1.5"),
        (priced("1,5", "2", header="Volume (l)"), "1,5 l", "write 1.5"),
        (priced("1.299 €", "49 €"), "1.299 €", "write 1299"),
        (priced("€1.299.000", "€5"), "€1.299.000", "write 1299000"),
        (priced("1,5 €", "2 €"), "1,5 €", "write 1.5"),
    ],
)
def test_what_may_be_either_is_one_clear_line(table: Table, cell: str, remedy: str) -> None:
    with pytest.raises(InputError) as told:
        read(table)
    assert "pans row 1" in str(told.value) and repr(cell) in str(told.value) and remedy in str(told.value)


@pytest.mark.parametrize("cell", ["5, 7", "38,40,42", "black,white", "2,4 or 6", "E5,5", "12.680", "10,000 km"])
def test_lists_and_plain_figures_stay(cell: str) -> None:
    table = priced(cell, "other", header="Notes")
    assert [fact.value for fact in facts_of(table, from_headers(table, "en", "pans"), "en")] == [cell, "other"]

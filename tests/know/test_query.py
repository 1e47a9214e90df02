"""The query form beside SQL over the same table, and beside a reading by brute force; amounts that add up."""

from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import domain as domains
from millstream.errors import ItemError
from millstream.know.amounts import Amount, instalments, read, reduced, total
from millstream.know.base import Knowledge
from millstream.know.query import Query, ask, compare
from millstream.records import Constraint, Evidence, Fact

CARS = domains.read("automotive")
Row = tuple[int | None, int | None, str]
"""price, range and class of a car; None: not known."""
ROWS = st.lists(
    st.tuples(
        st.none() | st.integers(8, 20), st.none() | st.integers(300, 700), st.sampled_from(["SUV", "轿车", "MPV"])
    ),
    min_size=1,
    max_size=8,
)
WISHES = st.lists(
    st.one_of(
        st.builds(lambda n: Constraint(slot="price", op="max", value=f"{n}"), st.integers(7, 21)),
        st.builds(lambda n: Constraint(slot="range", op="min", value=f"{n}"), st.integers(250, 750)),
        st.builds(lambda c: Constraint(slot="class", op="eq", value=c), st.sampled_from(["SUV", "轿车"])),
    ),
    max_size=3,
    unique_by=lambda wish: wish.slot,
)


def known(rows: list[Row]) -> Knowledge:
    return Knowledge(CARS, tuple(fact for n, row in enumerate(rows) for fact in facts(f"car {n}", row)))


def facts(entity: str, row: Row, **dates: str) -> list[Fact]:
    proof = (Evidence(source="list", kind="row", at=(1,)),)
    price, reach, kind = row
    cells = {"price": price, "range": reach, "class": kind}
    return [
        Fact(
            entity=entity,
            attribute=slot,
            value=str(value),
            number=float(value) if isinstance(value, int) else None,
            evidence=proof,
            **dates,
        )
        for slot, value in cells.items()
        if value is not None
    ]


def by_hand(rows: list[Row], wishes: list[Constraint]) -> list[int]:
    """Which rows meet every wish."""
    at = {"price": 0, "range": 1, "class": 2}

    def meets(row: Row, wish: Constraint) -> bool:
        value: Any = row[at[wish.slot]]
        if value is None or wish.op == "eq":
            return bool(value == wish.value)
        return bool(value <= int(wish.value) if wish.op == "max" else value >= int(wish.value))

    return [n for n, row in enumerate(rows) if all(meets(row, wish) for wish in wishes)]


@settings(max_examples=40)
@given(ROWS, WISHES)
def test_a_filter_finds_what_a_reading_by_hand_finds(rows: list[Row], wishes: list[Constraint]) -> None:
    answer = ask(known(rows), Query(where=tuple(wishes)))
    assert answer.entities == tuple(f"car {n}" for n in by_hand(rows, wishes)) and answer.count == len(answer.entities)
    for relaxed in answer.relaxed:
        rest = [wish for wish in wishes if wish != relaxed.without]
        assert relaxed.entities == tuple(f"car {n}" for n in by_hand(rows, rest)) != ()
    if not answer.entities:
        helps = [w for w in wishes if by_hand(rows, [o for o in wishes if o != w])]
        assert {r.without for r in answer.relaxed} == set(helps)


@settings(max_examples=25)
@given(ROWS, WISHES, st.booleans(), st.integers(0, 3))
def test_a_query_answers_as_sql_does(rows: list[Row], wishes: list[Constraint], largest: bool, first: int) -> None:
    duckdb = pytest.importorskip("duckdb", reason="the extra `store` is not installed")
    base = duckdb.connect()
    base.execute("create table cars (n integer, price integer, range integer, class varchar)")
    base.executemany("insert into cars values (?, ?, ?, ?)", [(n, *row) for n, row in enumerate(rows)])
    terms = {"max": "{} <= {}", "min": "{} >= {}", "eq": "{} = '{}'"}
    where = " and ".join(["price is not null", *(terms[w.op].format(w.slot, w.value) for w in wishes)])
    order = f"order by price {'desc' if largest else 'asc'}, n {f'limit {first}' if first else ''}"
    wanted = [f"car {n}" for (n,) in base.execute(f"select n from cars where {where} {order}").fetchall()]
    query = Query(where=tuple(wishes), by="price", largest=largest, first=first)
    assert list(ask(known(rows), query).entities) == wanted


def test_the_wish_that_is_missed_by_least_is_given_up_first() -> None:
    cars = known([(15, 500, "SUV"), (9, 320, "SUV")])
    wishes = (Constraint(slot="price", op="max", value="14"), Constraint(slot="range", op="min", value="490"))
    answer = ask(cars, Query(where=wishes))
    assert answer.entities == () and [each.without.slot for each in answer.relaxed] == ["price", "range"]
    assert answer.relaxed[0].entities == ("car 0",)


def test_what_does_not_hold_on_the_day_is_not_known_on_it() -> None:
    old = facts("car", (12, 500, "SUV"), valid_to="2026-05-31")
    new = facts("car", (14, 500, "SUV"), valid_from="2026-06-01")
    cars = Knowledge(CARS, (*old, *new))
    wish = Constraint(slot="price", op="max", value="13")
    assert ask(cars, Query(where=(wish,), day="2026-05-31")).entities == ("car",)
    answer = ask(cars, Query(where=(wish,), day="2026-06-01"))
    assert answer.entities == () and [each.without for each in answer.relaxed] == [wish]


def test_what_is_taken_on_a_day_is_not_free_on_it() -> None:
    proof = (Evidence(source="book", kind="row", at=(1,)),)
    day = {"valid_from": "2026-05-02", "valid_to": "2026-05-02"}
    taken = Fact(entity="table 1", attribute="free", value="no", evidence=proof, **day)
    room = Knowledge(CARS, (taken, Fact(entity="table 2", attribute="free", value="yes", evidence=proof)))
    assert ask(room, Query(free="free", day="2026-05-02")).entities == ("table 2",)
    assert ask(room, Query(free="free", day="2026-05-02", among=("table 1",))).count == 0


def test_two_things_are_compared_by_their_numbers() -> None:
    cars = known([(15, 500, "SUV"), (9, None, "SUV")])
    compared = compare(cars, "car 0", "car 1", "price")
    assert compared is not None and compared.by == 6 and [fact.value for fact in compared.facts] == ["15", "9"]
    assert compare(cars, "car 0", "car 1", "range") is None and compare(cars, "car 0", "nobody", "price") is None


MONEY = st.decimals(0, 100_000, places=2).map(lambda n: Amount(n, "yuan"))


@given(MONEY, st.integers(1, 60), st.data())
def test_instalments_add_up_and_differ_by_a_cent(price: Amount, months: int, data: st.DataObject) -> None:
    down = Amount(data.draw(st.decimals(0, price.number, places=2)), "yuan")
    paid = instalments(price, months, down)
    assert len(paid) == months and total([down, *paid]) == price.paid
    assert max(each.number for each in paid) - min(each.number for each in paid) <= Decimal("0.01")


@given(st.lists(MONEY, min_size=1, max_size=6))
def test_a_total_does_not_hang_on_the_order(parts: list[Amount]) -> None:
    assert total(parts) == total(parts[::-1]) and not total(parts) < parts[0]


def test_amounts_are_read_reduced_and_never_mixed() -> None:
    assert read("13.98万元") == Amount(Decimal("139800.0"), "yuan") and read("2 nights for $80") is None
    assert reduced(Amount(Decimal("99.99"), "dollar"), Decimal(15)) == Amount(Decimal("84.99"), "dollar")
    with pytest.raises(ItemError, match="dollar and yuan do not mix"):
        total([Amount(Decimal(1), "dollar"), Amount(Decimal(1), "yuan")])
    with pytest.raises(ItemError):
        total([])
    with pytest.raises(ItemError):
        reduced(Amount(Decimal(1)), Decimal(101))
    with pytest.raises(ItemError):
        instalments(Amount(Decimal(1)), 0)

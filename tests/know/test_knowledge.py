"""What is known and what is asked of it; who wins where a table and two hosts disagree."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import domain as domains
from millstream.know.base import Knowledge, constraint_on, satisfies
from millstream.know.build import Built, agree, build
from millstream.know.tables import facts_of
from millstream.records import Constraint, Evidence, Fact, Signal, SignalKind
from millstream.shapes import Table

CARS = domains.read("automotive")
TABLE = Table(
    "prices",
    ("车型", "级别", "指导价(万元)", "续航(公里)"),
    (("E5", "轿车", "13.98", "520"), ("X7", "SUV", "18.98", "110"), ("S6", "SUV", "11.98", "")),
)
TABLED = tuple(facts_of(TABLE, CARS, "zh"))
KNOWN = Knowledge(CARS, TABLED)


def wish(slot: str, value: str) -> Constraint:
    return constraint_on(CARS, slot, value)


def said(value: str, at: float, kind: SignalKind = "fact", slot: str = "price", entity: str = "E5") -> Signal:
    proof = Evidence(source="room", kind="cues", track="speech", at=(int(at),), start=at, end=at + 2, quote=value)
    return Signal(kind=kind, text=value, value=value, slot=slot, entity=entity, evidence=(proof,))


def price(built: Built, entity: str = "E5") -> Fact:
    fact = built.knowledge.fact(entity, "price")
    assert fact is not None
    return fact


def test_what_meets_every_wish() -> None:
    assert KNOWN.entities == ("E5", "X7", "S6")
    assert KNOWN.matching([wish("price", "14万"), wish("class", "轿车")]) == ("E5",)
    assert KNOWN.matching([wish("price", "12万")]) == ("S6",)
    assert KNOWN.matching([]) == KNOWN.entities


def test_what_is_not_known_does_not_match() -> None:
    assert KNOWN.matching([wish("range", "100公里")]) == ("E5", "X7")
    assert KNOWN.fact("S6", "range") is None and KNOWN.fact("nobody", "price") is None
    assert KNOWN.of("nobody") == ()


def test_a_relaxation_names_the_wish_whose_loss_alone_helps() -> None:
    wishes = [wish("price", "12万"), wish("class", "SUV"), wish("range", "100公里")]
    assert KNOWN.matching(wishes) == ()
    assert {dropped.slot: found for dropped, found in KNOWN.relaxations(wishes)} == {"price": ("X7",), "range": ("S6",)}


def test_where_no_single_loss_helps_there_is_no_relaxation() -> None:
    assert list(KNOWN.relaxations([wish("price", "5万"), wish("range", "900公里")])) == []


@pytest.mark.parametrize(
    ("slot", "value", "op"),
    [("price", "15万", "max"), ("range", "500公里", "min"), ("class", "SUV", "eq"), ("seats", "5座", "min")],
)
def test_a_wish_is_compared_the_way_its_slot_is(slot: str, value: str, op: str) -> None:
    assert wish(slot, value).op == op


def test_a_bound_on_what_has_no_number_is_not_met() -> None:
    text = Fact(entity="E5", attribute="price", value="私信", evidence=TABLED[0].evidence)
    assert not satisfies(text, wish("price", "15万"))
    assert not satisfies(TABLED[1], Constraint(slot="price", op="max", value="便宜点"))


@settings(max_examples=50, deadline=None)
@given(st.floats(1, 40).map(lambda number: round(number, 2)), st.sampled_from(["12万", "14万", "20万"]))
def test_a_relaxation_really_matches(bound: float, other: str) -> None:
    wishes = [wish("price", f"{bound}万"), wish("class", "SUV"), wish("range", "300公里")]
    for dropped, found in KNOWN.relaxations(wishes):
        rest = [each for each in wishes if each != dropped]
        assert found and all(KNOWN.meets(entity, each) for entity in found for each in rest)


# --- who wins ----------------------------------------------------------------------------------------------


def test_a_table_beats_speech_and_the_loser_is_recorded() -> None:
    built = build(CARS, TABLED, [said("12.5万", 10)])
    assert price(built).value == "13.98万元" and not price(built).claimed
    assert [(each.step, each.reason) for each in built.rejects] == [
        ("knowledge", "said '12.5万', but the table has '13.98万元'")
    ]


def test_speech_that_agrees_adds_its_evidence() -> None:
    built = build(CARS, TABLED, [said("十三万九千八", 10), said("139,800元", 20)])
    assert price(built).value == "13.98万元" and built.rejects == ()
    assert [each.kind for each in price(built).evidence] == ["row", "cues", "cues"]


def test_the_same_evidence_is_not_added_twice() -> None:
    assert len(price(build(CARS, TABLED, [said("13.98万", 10), said("13.98万", 10)])).evidence) == 2


def test_what_no_table_holds_is_kept_as_claimed() -> None:
    fact = price(build(CARS, (), [said("12.5万", 10)]))
    assert fact.claimed and fact.number == 125_000


@pytest.mark.parametrize("order", [1, -1])
def test_a_later_correction_beats_what_was_said_before(order: int) -> None:
    built = build(CARS, (), [said("12.5万", 10), said("13.5万", 300, "correction")][::order])
    assert price(built).value == "13.5万"
    assert [each.reason for each in built.rejects] == ["said '12.5万', later '13.5万'"]


def test_what_was_beaten_for_one_slot_stands_for_no_other() -> None:
    """A cue of a price that is taken back may have been heard as the price and as the down payment."""
    twice = [said("12.5万", 10), said("12.5万", 10, slot="down_payment"), said("13.5万", 300, "correction")]
    for tabled in ((), TABLED):
        built = build(CARS, tabled, twice)
        assert built.knowledge.fact("E5", "down_payment") is None
        of = {each.loser.attribute: each.winner for each in built.lost if each.loser.value == "12.5万"}
        assert of == {"price": price(built).id, "down_payment": price(built).id}


def test_what_it_was_heard_instead_of_stands_again() -> None:
    before = said("2万", 5, slot="down_payment")
    twice = [before, said("12.5万", 10), said("12.5万", 10, slot="down_payment"), said("13.5万", 300, "correction")]
    fact = build(CARS, (), twice).knowledge.fact("E5", "down_payment")
    assert fact and fact.value == "2万"


def test_what_other_cues_say_too_stands() -> None:
    again = said("12.5万", 20, slot="down_payment")
    built = build(CARS, TABLED, [said("12.5万", 10), said("12.5万", 10, slot="down_payment"), again])
    assert built.knowledge.fact("E5", "down_payment") is not None


def test_a_remark_of_nothing_known_is_no_fact() -> None:
    lone = [said("12万", 1, entity=""), said("12万", 1, slot="colour"), said("12万", 1, "user_question"), said("", 1)]
    assert build(CARS, (), lone).knowledge.facts == ()


def test_of_two_rows_of_one_thing_the_first_stands() -> None:
    doubled = Table("t", ("车型", "指导价(万元)"), (("E5", "13.98"), ("E5", "12.98")))
    assert price(build(CARS, tuple(facts_of(doubled, CARS, "zh")), ())).value == "13.98万元"


def test_offers_and_passages_go_along() -> None:
    offer = said("送脚垫", 5, "offer", "gift")
    assert build(CARS, TABLED, [offer]).knowledge.offers == (offer,)


def test_the_order_of_the_table_is_kept() -> None:
    built = build(CARS, TABLED, [said("9万", 1, entity="New"), said("13.98万", 2)])
    assert built.knowledge.entities == ("E5", "X7", "S6", "New")
    assert [(f.entity, f.attribute) for f in built.knowledge.facts][:3] == [(f.entity, f.attribute) for f in TABLED][:3]


def test_values_agree_however_they_are_written() -> None:
    one, other = TABLED[1], TABLED[1].model_copy(update={"value": "十三万九千八"})
    assert agree(one, other) and not agree(one, TABLED[4])
    text = Fact(entity="E5", attribute="warranty", value="三电终身 ", evidence=one.evidence)
    assert agree(text, text.model_copy(update={"value": "三电终身"}))


@pytest.mark.parametrize(
    ("value", "backs"), [("脚垫", True), ("两千块", True), ("脚垫、充电卡", True), ("三千块", False), ("贴膜", False)]
)
def test_parts_and_numbers_of_a_list_back_it(value: str, backs: bool) -> None:
    listed = tuple(facts_of(Table("prices", ("车型", "礼包"), (("E5", "脚垫加2000元充电卡"),)), CARS, "zh"))
    built = build(CARS, listed, [said(value, 1.0, slot="gift")])
    fact = built.knowledge.fact("E5", "gift")
    assert fact is not None and not fact.claimed and (len(fact.evidence) == 2) == backs
    assert bool(built.lost) != backs

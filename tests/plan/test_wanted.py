"""Wishes that a thing meets or just misses, each of a kind that somebody has."""

from random import Random

from millstream import domain as domains
from millstream.domain import SlotSpec
from millstream.know.base import Knowledge, constraint_on
from millstream.plan.wanted import Wanted
from millstream.records import Evidence, Fact

HERE = (Evidence(source="menu", kind="row", at=(1,), quote="row"),)
DOMAIN = domains.read("restaurant")


def fact(entity: str, attribute: str, value: str, number: float | None = None) -> Fact:
    return Fact(entity=entity, attribute=attribute, value=value, number=number, evidence=HERE)


KNOWN = Knowledge(DOMAIN, (
    fact("南门小馆", "signature", "当地口味、豆汁、焦圈"), fact("南门小馆", "rating", "4.6分", 4.6),
    fact("南门小馆", "price_level", "50-100元"),
    fact("河畔居", "signature", "当地口味、烤鱼"), fact("河畔居", "rating", "4.2分", 4.2),
    fact("河畔居", "price_level", "150-500元"),
))  # fmt: skip


def test_of_a_list_one_thing_is_wished_for_that_users_spoke_of() -> None:
    wanted = Wanted(KNOWN, "zh", ("signature",), "我想吃豆汁，来点烤鱼也行")
    assert {wanted.of(Random(0), each)["signature"].value for each in KNOWN.entities} == {"豆汁", "烤鱼"}
    assert KNOWN.matching([wanted.of(Random(0), "河畔居")["signature"]]) == ("河畔居",)


def test_without_talks_nobody_wishes_for_what_is_listed() -> None:
    assert "signature" not in Wanted(KNOWN, "zh").of(Random(0), "南门小馆")


def test_nobody_wishes_for_a_figure_as_it_happens_to_be_unless_users_did() -> None:
    spoons = SlotSpec(name="spoons", names={"zh": ("勺数",)}, kind="number", use=("constrain", "request"))
    known = Knowledge(
        DOMAIN.model_copy(update={"slots": (*DOMAIN.slots, spoons)}),
        (*KNOWN.facts, fact("南门小馆", "spoons", "22把", 22), fact("河畔居", "spoons", "9把", 9)),
    )
    assert "spoons" not in Wanted(known, "zh").of(Random(0), "南门小馆")
    assert "spoons" in Wanted(known, "zh", ("spoons",)).of(Random(0), "南门小馆")


def test_nobody_wishes_for_more_than_the_most_there_is() -> None:
    plain = {"price_level": constraint_on(DOMAIN, "price_level", "150-500元")}
    plain["rating"] = constraint_on(DOMAIN, "rating", "4分")
    unmet = Wanted(KNOWN, "zh").unmet("河畔居", plain, ("rating",), 2, 2.0)
    (floor,) = (wish for wish in unmet if wish.slot == "rating")
    assert floor.op == "min" and KNOWN.matching([floor]) == ("南门小馆",)
    top = Wanted(KNOWN, "zh").unmet("南门小馆", plain, ("rating",), 1, 2.0)
    assert top == ()


def test_of_ranges_the_next_one_is_missed() -> None:
    third = (fact("云起", "price_level", "100-150元"), fact("云起", "rating", "4.0分", 4.0))
    more = Knowledge(DOMAIN, (*KNOWN.facts, *third))
    plain = {"price_level": constraint_on(DOMAIN, "price_level", "50-100元")}
    plain["rating"] = constraint_on(DOMAIN, "rating", "4.5分")
    wishes = Wanted(more, "zh").unmet("南门小馆", plain, ("price_level",), 2, 9.0)
    assert {wish.value for wish in wishes} == {"100-150元", "4.5分"}
    assert not more.matching(wishes)


def test_a_list_price_is_no_budget_and_a_down_payment_is() -> None:
    names = {"listed": "门市价", "down": "订金"}
    slots = [
        SlotSpec(name=name, names={"zh": (said,)}, kind="money", better="low", use=("constrain", "request"))
        for name, said in names.items()
    ]
    known = Knowledge(
        DOMAIN.model_copy(update={"slots": (*DOMAIN.slots, *slots)}),
        tuple(
            fact(entity, slot, f"{cost}元", cost)
            for entity, costs in {"南门小馆": (128, 216, 20), "河畔居": (88, 88, 40)}.items()
            for slot, cost in zip(("price", "listed", "down"), costs, strict=True)
        ),
    )
    for aim in known.entities:
        wishes = Wanted(known, "zh").of(Random(0), aim)
        assert "listed" not in wishes
    assert "down" in Wanted(known, "zh").of(Random(0), "南门小馆")


def test_nobody_wishes_for_what_is_not_allowed() -> None:
    pets = SlotSpec(name="pets", names={"zh": ("宠物",)}, kind="category", use=("constrain", "request"))
    known = Knowledge(
        DOMAIN.model_copy(update={"slots": (*DOMAIN.slots, pets)}),
        (fact("南门小馆", "pets", "可以"), fact("河畔居", "pets", "不可以"), fact("桥头", "pets", "不限")),
    )
    wished = {aim: "pets" in Wanted(known, "zh").of(Random(0), aim) for aim in known.entities}
    assert wished == {"南门小馆": True, "河畔居": False, "桥头": True}

"""Questions in talks of two: as often as they were asked, and as often in vain."""

from random import Random

from millstream import domain as domains
from millstream.frames import Frame
from millstream.know import listed
from millstream.know.base import Knowledge
from millstream.plan.asking import Asking
from millstream.records import Evidence, Fact
from millstream.turns import OF, Turns

HOTEL = domains.read("hotel")
LISTED = HOTEL.model_copy(update={"slots": (*HOTEL.slots, *(listed.slot(each, "zh") for each in ("健身房", "温泉")))})
ROW = (Evidence(source="rooms", kind="row", at=(1,), quote="健身房"),)


def fact(entity: str, attribute: str, value: str) -> Fact:
    return Fact(entity=entity, attribute=attribute, value=value, evidence=ROW)


FACTS = [fact(each, slot, "是") for each in ("京华", "京都") for slot in ("健身房", "温泉")]
PHONES = [fact("京华", "phone", "010"), fact("京都", "phone", "011")]
KNOWLEDGE = Knowledge(LISTED, [*FACTS, *PHONES, fact("京华", "price", "805元")])


def frame(role: str, act: str, slot: str, demand: int, text: str = "") -> Frame:
    return Frame(
        text=text, lang="zh", family=role, act=act, slot=slot, stage="", delivery=(), manners=(), demand=demand,
        evidence=ROW,
    )  # fmt: skip


ASKED = frame(OF["user"], "request", "phone", 8), frame(OF["user"], "request", "+健身房", 2)


def drawn(asking: Asking, aim: str) -> list[tuple[str, ...]]:
    slots = ("健身房", "温泉", "price", "phone")
    unknown = [slot for slot in slots if not KNOWLEDGE.fact(aim, slot)]
    return [asking.kept(Random(n), slots, unknown, 4) for n in range(200)]


def test_what_a_thing_may_have_is_asked_for_as_often_as_it_was() -> None:
    kept = drawn(Asking(KNOWLEDGE, Turns(ASKED)), "京华")
    had = sum(slot in ("健身房", "温泉") for slots in kept for slot in slots) / len(kept)
    assert 0.5 < had < 1.1, "a fifth of four, two at most"
    assert all("phone" in slots for slots in kept)


def test_nobody_asks_in_vain_but_in_words_of_theirs() -> None:
    told = frame(OF["agent"], "inform", "price", 1)
    denied = frame(OF["agent"], "notify_unknown", "price", 1, "价格没有查到。")
    silent = drawn(Asking(KNOWLEDGE, Turns((*ASKED, told))), "京都")
    heard = drawn(Asking(KNOWLEDGE, Turns((*ASKED, told, denied))), "京都")
    assert not any("price" in slots for slots in silent)
    assert all("price" in slots for slots in heard), "half of the answers, where half of the things lack it"

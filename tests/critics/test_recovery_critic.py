"""The critic of recovery: it keeps repairs that are whole, and drops those of which a piece is missing or false."""

from collections.abc import Callable

import pytest

import builders
from millstream import domain as domains
from millstream import plugins
from millstream.records import Act, Dialogue, Fact, Lang, Outcome, Role, Slot, Turn, Verdict
from millstream.shapes import Known


def fact(entity: str, slot: str, value: str, number: float | None = None) -> Fact:
    return Fact(entity=entity, attribute=slot, value=value, number=number, evidence=(builders.evidence(value),))


FACTS = (
    fact("青屿E5", "price", "13.98万元", 139_800),
    fact("青屿E5", "range", "520公里", 520),
    fact("青屿E5", "monthly", "1980元", 1980),
    fact("青屿X7", "range", "110公里", 110),
    fact("青屿C3", "price", "7.98万元", 79_800),
)
EN = (fact("Corn Ribs", "price", "$9", 9), fact("Corn Ribs", "category", "side"))


def act(name: str, slot: str = "", value: str = "", entity: str = "") -> Act:
    return Act(act=name, slot=slot, value=value, entity=entity)


def turn(role: Role, text: str, *acts: Act, strategy: str = "", **held: str) -> Turn:
    state = tuple(Slot(slot=slot, value=value) for slot, value in held.items())
    return Turn(role=role, text=text, acts=acts, state=state, stage="x", strategy=strategy, draft=text)


E5, X7 = "青屿E5", "青屿X7"
ASKED = turn("user", "青屿E5续航多少？", act("request", "range", "", E5))
TOLD = act("inform", "range", "520公里", E5)
SORRY = act("apologise")
BOOKED = turn("user", "周日下午可以。", act("inform", "visit_day", "周日下午"), visit_day="周日下午")

SOUND: dict[str, tuple[Turn, ...]] = {
    "misheard": (
        turn("agent", "您说的是40万，对吧？", act("confirm", "price", "40万"), price="14万"),
        turn("user", "不是，我说的是14万。", act("correct", "price", "14万"), price="14万"),
        turn(
            "agent", "抱歉，听错了，是14万。", act("apologise", "price", "14万"),
            strategy="repair:misheard", price="14万",
        ),
    ),
    "wrong_item": (
        ASKED,
        turn("agent", "青屿X7续航是110公里。", act("inform", "range", "110公里", X7)),
        turn("user", "我问的是青屿E5。", act("correct", entity=E5)),
        turn("agent", "抱歉，看串了。青屿E5续航是520公里。", SORRY, TOLD, strategy="repair:wrong_item"),
    ),
    "unavailable": (
        turn("user", "预算7万以内。", act("inform", "price", "7万"), price="7万"),
        turn(
            "agent", "7万以内的没有。最接近的话，青屿C3的价格是7.98万元。",
            act("notify_unavailable", "price", "7万"), act("inform", "price", "7.98万元", "青屿C3"),
            strategy="repair:unavailable", price="7万",
        ),
        turn("user", "那预算12万以内。", act("inform", "price", "12万"), price="12万"),
    ),
    "booking_failed": (
        BOOKED,
        turn(
            "agent", "抱歉，周日下午没登记上。您哪天方便到店？",
            act("notify_booking_failed", "visit_day", "周日下午"), act("request", "visit_day"),
            strategy="repair:booking_failed", visit_day="周日下午",
        ),
        turn("user", "那就明天下午吧。", act("inform", "visit_day", "明天下午"), visit_day="明天下午"),
        turn("agent", "好的，定明天下午。", act("confirm_booking", "visit_day", "明天下午"), visit_day="明天下午"),
    ),
    "off_question": (
        ASKED,
        turn("agent", "青屿E5月供1980元。", act("inform", "monthly", "1980元", E5)),
        turn("user", "我问的不是这个。青屿E5续航多少？", act("correct"), act("request", "range", "", E5)),
        turn("agent", "抱歉，答岔了。青屿E5续航是520公里。", SORRY, TOLD, strategy="repair:off_question"),
    ),
    "complaint": (
        ASKED,
        turn("agent", "稍等啊，我看看。", act("acknowledge")),
        turn("user", "等半天了。青屿E5续航多少？", act("complain"), act("request", "range", "", E5)),
        turn("agent", "抱歉，久等了。青屿E5续航是520公里。", SORRY, TOLD, strategy="repair:complaint"),
        turn("user", "行吧，这回清楚了。", act("accept_apology")),
    ),
}  # fmt: skip


async def judged(turns: tuple[Turn, ...], ended: Outcome = "success", lang: Lang = "zh") -> Verdict:
    known = Known(domains.read("restaurant" if lang == "en" else "automotive"), lang, EN if lang == "en" else FACTS)
    dialogue: Dialogue = builders.altered(builders.dialogue(lang=lang), turns=turns, ended=ended)
    verdict: Verdict = await plugins.load("critics", "recovery")(known)(dialogue)
    assert verdict.critic == "recovery" and verdict.passed == (not verdict.reason)
    return verdict


@pytest.mark.parametrize("kind", SOUND)
async def test_a_whole_repair_is_kept(kind: str) -> None:
    assert (await judged(SOUND[kind])).passed


def says(text: str) -> Callable[[Turn], Turn]:
    return lambda each: builders.altered(each, text=text)


def does(*acts: Act) -> Callable[[Turn], Turn]:
    return lambda each: builders.altered(each, acts=acts)


def holds(**held: str) -> Callable[[Turn], Turn]:
    return lambda each: builders.altered(each, state=tuple(Slot(slot=k, value=v) for k, v in held.items()))


@pytest.mark.parametrize(
    ("kind", "at", "damage", "reason"),
    [
        ("misheard", 0, says("您稍等。"), "nothing was heard wrong"),
        ("misheard", 0, says("您说的是14万，对吧？"), "nothing was heard wrong"),
        ("misheard", 1, says("嗯，对。"), "nothing was heard wrong"),
        ("misheard", 2, says("抱歉，听错了。"), "'14万' is not taken up"),
        ("misheard", 2, says("抱歉，听错了，是40万。"), "'14万' is not taken up"),
        ("misheard", 2, holds(price="40万"), "the state holds '40万'"),
        ("wrong_item", 1, says("好的。"), "no other thing was told of"),
        ("wrong_item", 1, does(TOLD), "no other thing was told of"),
        ("wrong_item", 2, says("好的。"), "no other thing was told of"),
        ("wrong_item", 3, says("抱歉，看串了。"), "range of '青屿E5' is still not told"),
        ("wrong_item", 3, says("抱歉，看串了。青屿E5续航是110公里。"), "is still not told"),
        ("unavailable", 0, does(act("inform", "price", "8万")), "is not said to be missing"),
        ("unavailable", 1, says("青屿C3的价格是7.98万元。"), "is not said to be missing"),
        ("unavailable", 1, says("7万以内的没有。"), "nothing else is proposed"),
        ("unavailable", 1, holds(price="12万"), "the state does not hold what is wanted"),
        ("unavailable", 2, holds(price="7万"), "does not settle"),
        ("unavailable", 2, says("好吧。"), "does not settle"),
        ("booking_failed", 1, says("好的。您哪天方便到店？"), "no failure is reported"),
        ("booking_failed", 1, says("抱歉，周日下午约满了，没登记上。您哪天方便到店？"), "makes up a reason, '约满'"),
        ("booking_failed", 1, says("抱歉，周日下午因为网络没登记上。您哪天方便到店？"), "makes up a reason"),
        ("booking_failed", 1, holds(visit_day="明天下午"), "nothing was booked that could fail"),
        ("booking_failed", 2, holds(visit_day="周日下午"), "'周日下午' is not changed"),
        ("booking_failed", 3, does(act("confirm_booking", "visit_day", "周日下午")), "no booking follows"),
        ("off_question", 1, does(TOLD), "no other question was answered"),
        ("off_question", 2, says("我问的不是这个。"), "no other question was answered"),
        ("off_question", 3, says("青屿E5续航是520公里。"), "nobody apologises"),
        ("off_question", 3, says("抱歉，答岔了。"), "is still not told"),
        ("complaint", 0, does(act("request", "monthly", "", E5)), "range was not asked before"),
        ("complaint", 1, lambda _: turn("agent", "青屿E5续航是520公里。", TOLD), "range was answered already"),
        ("complaint", 2, says("青屿E5续航多少？"), "nobody complains"),
        ("complaint", 3, says("青屿E5续航是520公里。"), "nobody apologises"),
        ("complaint", 3, says("抱歉，久等了。"), "is still not told"),
        ("complaint", 4, says("我还是很生气。"), "neither calmed nor handed over"),
    ],
)
async def test_a_repair_that_is_not_one_is_dropped(
    kind: str, at: int, damage: Callable[[Turn], Turn], reason: str
) -> None:
    turns = SOUND[kind]
    found = await judged((*turns[:at], damage(turns[at]), *turns[at + 1 :]))
    assert reason in found.reason, found.reason
    assert found.turns == (next(n for n, each in enumerate(turns) if each.strategy),)


async def test_the_agent_may_notice_by_itself() -> None:
    text = "青屿E5月供1980元。哎抱歉，您问的不是这个。青屿E5续航是520公里。"
    wrong = act("inform", "monthly", "1980元", E5)
    assert (await judged((ASKED, turn("agent", text, wrong, SORRY, TOLD, strategy="repair:off_question")))).passed
    right = turn("agent", "抱歉，青屿E5续航是520公里。", SORRY, TOLD, strategy="repair:off_question")
    assert "no other question" in (await judged((ASKED, right))).reason


async def test_who_is_not_calmed_is_handed_over() -> None:
    assert (await judged(SOUND["complaint"][:4], "handover")).passed
    chosen = turn("user", "那就定青屿E5吧。", act("select", entity=E5))
    failed = turn("agent", "抱歉，这单没提交上。", act("notify_booking_failed"), strategy="repair:booking_failed")
    over = turn("agent", "我给您转给同事。", act("handover"))
    assert (await judged((chosen, failed, over), "handover")).passed
    assert "nobody takes over" in (await judged((chosen, failed), "handover")).reason
    assert "nothing was booked" in (await judged((failed, over), "handover")).reason


async def test_a_wish_for_what_there_is_was_available() -> None:
    wanted, refused, settled = SOUND["unavailable"]
    there = act("inform", "price", "12万")
    turns = (
        builders.altered(wanted, text="预算12万以内。", acts=(there,)),
        builders.altered(refused, text="12万以内的没有。青屿C3的价格是7.98万元。",
                         acts=(act("notify_unavailable", "price", "12万"), refused.acts[1])),
        settled,
    )  # fmt: skip
    assert "there is '12万'" in (await judged(turns)).reason


async def test_an_english_failure_has_no_reason_either() -> None:
    chosen = turn("user", "I'll go with the Corn Ribs.", act("select", entity="Corn Ribs"))
    done = turn("agent", "It's in now, the Corn Ribs is down for you.", act("confirm_booking", entity="Corn Ribs"))
    for text, passes in (("Sorry, that didn't go through.", True), ("Sorry, it failed, your card is empty.", False)):
        failed = turn("agent", text, act("notify_booking_failed"), strategy="repair:booking_failed")
        assert (await judged((chosen, failed, done), lang="en")).passed == passes


async def test_a_mark_of_no_kind_is_refused() -> None:
    found = await judged((turn("agent", "好的。", act("acknowledge"), strategy="repair:mood"),))
    assert found.reason == "turn 0: no kind of repair is called 'mood'"

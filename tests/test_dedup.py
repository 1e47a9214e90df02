"""Near-duplicates: the first drawn stays, another car is no other conversation, another conversation is."""

import builders
from millstream import dedup
from millstream.records import Dialogue, Reject


def numbered(dialogue: Dialogue, number: int) -> Dialogue:
    return builders.altered(dialogue, scenario=builders.altered(dialogue.scenario, number=number))


def long(*texts: str) -> Dialogue:
    return builders.saying([text * 2 for text in texts])


ABOUT_RANGE = ("这款续航怎么样，冬天会不会掉得厉害？", "标的是五百多公里，冬天会少一些。", "那充电桩包安装吗？")
ABOUT_SEATS = ("家里老人小孩一起，坐得下吗？", "第三排也能坐成年人，后备箱还放得下推车。", "好，周末带他们来看。")


def test_the_same_conversation_about_another_car_at_another_price_is_dropped() -> None:
    one = builders.dialogue(number=0, entity="云帆E5")
    other = builders.dialogue(number=1, entity="云帆E9")
    turns = tuple(builders.altered(each, text=each.text.replace("14.98", "17.58")) for each in other.turns)
    kept, dropped = dedup.distinct([one, builders.altered(other, turns=turns)])
    assert kept == one
    assert isinstance(dropped, Reject) and dropped.step == "dedup"
    assert dropped.item == other.id and dropped.reason == f"nearly the same as {one.id}"


def test_two_conversations_about_one_car_are_both_kept() -> None:
    pair = [numbered(long(*ABOUT_RANGE), 0), numbered(long(*ABOUT_SEATS), 1)]
    assert list(dedup.distinct(pair)) == pair


def test_the_first_drawn_stays_whatever_came_first() -> None:
    pair = [builders.dialogue(number=number) for number in (5, 2)]
    kept, dropped = dedup.distinct(pair)
    assert kept == pair[1] and isinstance(dropped, Reject) and dropped.item == pair[0].id


def test_a_rejected_one_drops_no_other() -> None:
    """B is like A and like C, C is not like A: B goes, C stays."""
    a, c = long(*ABOUT_RANGE), long(*ABOUT_SEATS)
    both = builders.altered(a, turns=a.turns + c.turns)
    made = list(dedup.distinct([numbered(a, 0), numbered(builders.altered(a, turns=a.turns), 1), numbered(c, 2)]))
    assert [isinstance(each, Reject) for each in made] == [False, True, False]
    assert isinstance(list(dedup.distinct([numbered(a, 0), numbered(both, 1)]))[1], Dialogue)


def test_nothing_and_next_to_nothing() -> None:
    assert list(dedup.distinct([])) == []
    short = builders.saying(["好"])
    assert list(dedup.distinct([short])) == [short]

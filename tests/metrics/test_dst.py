"""Hand-worked cases, one for each rule of state tracking metrics."""

from dataclasses import replace
from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.metrics import dst
from millstream.metrics.dst import Counts, Frame


def frame(gold: dict[str, str], said: dict[str, str], turn: int = 0, dialogue: str = "d") -> Frame:
    """`a/b` are two right values."""
    return Frame(dialogue, turn, "Hotels_1", {slot: tuple(v.split("/")) for slot, v in gold.items()}, said)


def test_exact_takes_any_right_value_and_nothing_near_it() -> None:
    assert dst.exact(frame({"date": "march 5th/the 5th"}, {"date": "the 5th"}))
    assert not dst.exact(frame({"date": "march 5th"}, {"date": "March 5th"}))
    assert not dst.exact(frame({"time": "17:00"}, {"time": "7"}))  # partial matching would let this pass
    assert not dst.exact(frame({"date": "x"}, {"date": "x", "city": "y"})), "a slot too many"
    assert not dst.exact(frame({"date": "x", "city": "y"}, {"date": "x"})), "a slot too few"
    assert dst.exact(frame({}, {}))


def test_the_official_joint_goal_is_a_product_of_soft_scores() -> None:
    near = frame({"date": "march 5th"}, {"date": "march 6th"})
    assert dst.official(near) == pytest.approx(0.89) and not dst.exact(near)
    two = frame({"date": "march 5th", "other": "march 5th"}, {"date": "march 6th", "other": "march 6th"})
    assert dst.official(two) == pytest.approx(0.89 * 0.89)
    assert dst.official(frame({"date": "march 5th"}, {"date": "5th March"})) == 1.0, "words in another order"
    assert dst.official(frame({"a": "x"}, {"a": "x", "b": "y"})) == 0.0
    assert dst.official(frame({}, {})) == 1.0


def test_a_categorical_slot_is_right_or_wrong_on_its_first_value() -> None:
    area = replace(frame({"area": "north/the north"}, {"area": "North"}), categorical=frozenset({"area"}))
    assert dst.official(area) == 1.0
    assert dst.official(replace(area, predicted={"area": "the north"})) == 0.0
    assert dst.official(replace(area, predicted={"area": "northeast"})) == 0.0


def test_average_goal_is_over_gold_slots_only() -> None:
    figures = dst.measure([frame({"a": "1", "b": "2"}, {"a": "1", "c": "3"}), frame({}, {"c": "3"}, dialogue="e")])
    assert figures.average == 0.5 and figures.joint == 0.0
    assert figures.slot_precision == pytest.approx(1 / 3) and figures.slot_recall == 0.5


def test_slot_f1_counts_a_wrong_value_on_both_sides() -> None:
    counts = dst.compared(frame({"a": "1", "b": "2"}, {"a": "1", "b": "9"}))
    assert counts == Counts(right=1, wrong=1)
    assert (counts.precision, counts.recall, counts.f1) == (0.5, 0.5, 0.5)


def test_flexible_goal_forgives_an_old_mistake_with_time() -> None:
    states = [
        ({"a": "1"}, {"a": "9"}),  # wrong now: 0
        ({"a": "1", "b": "2"}, {"a": "9", "b": "2"}),  # right update, a mistake one turn old
        ({"a": "1", "b": "2"}, {"a": "9", "b": "2"}),  # ... two turns old
        ({"a": "1", "b": "2", "c": "3"}, {"a": "9", "b": "2"}),  # its own update is missing: 0 again
        ({"a": "1", "b": "2", "c": "3"}, {"a": "1", "b": "2", "c": "3"}),  # exact: 1
    ]
    frames = [frame(gold, said, turn) for turn, (gold, said) in enumerate(states)]
    assert dst.flexible(frames) == pytest.approx([0, 1 - exp(-0.5), 1 - exp(-1), 0, 1])
    assert dst.flexible(frames, 100)[1] == pytest.approx(1)


def test_flexible_goal_does_not_look_into_another_dialogue() -> None:
    frames = [frame({"a": "1"}, {}, 0, "d"), frame({"a": "1"}, {}, 1, "e")]
    assert dst.flexible(frames) == [0, 0]


def test_intents_and_requests() -> None:
    base = frame({}, {})
    frames = [
        replace(base, intent=("Find", "Find"), requested=(frozenset({"phone"}), frozenset({"phone", "address"}))),
        replace(base, intent=("Find", "Book")),
    ]
    figures = dst.measure(frames)
    assert figures.intent == 0.5
    assert figures.requested == pytest.approx(2 / 3), "a frame where neither side asks is left out"
    assert dst.measure([base]).intent is None and dst.measure([base]).requested is None
    assert dst.requested(frozenset({"a"}), frozenset()) == 0.0


def test_seen_and_unseen_services_apart() -> None:
    right, wrong = frame({"a": "1"}, {"a": "1"}), replace(frame({"a": "1"}, {}), seen=False)
    parts = dst.measure_seen([right, wrong])
    assert (parts["all"].joint, parts["seen"].joint, parts["unseen"].joint) == (0.5, 1.0, 0.0)


def test_nothing_to_measure_is_an_error() -> None:
    with pytest.raises(ValueError, match="no frame"):
        dst.measure([])


states = st.dictionaries(st.sampled_from("abc"), st.sampled_from("123"), max_size=3)


@given(states, states)
def test_exact_is_the_strictest(gold: dict[str, str], said: dict[str, str]) -> None:
    one = frame(gold, said)
    figures = dst.measure([one])
    assert figures.joint <= figures.joint_official <= 1
    assert dst.exact(one) == (gold == said)
    assert dst.measure([frame(gold, gold)]).joint == 1.0

"""Strategy accuracy, its trivial baselines and the divergence of transitions, on sequences small enough to count."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.metrics import strategy as told

CODES = ("GT", "IV", "PR", "PS", "AC")
TRAIN = [("GT", "PR", "PS", "AC"), ("GT", "PR", "PR", "AC")]
TEST = {"a": ("GT", "PR", "AC"), "b": ("GT", "PS", "AC")}
SEQUENCES = st.lists(st.lists(st.sampled_from(CODES), min_size=1, max_size=8), min_size=1, max_size=6)


def test_the_majority_is_the_commonest() -> None:
    rows = told.told(TEST, told.majority(TRAIN, CODES))
    assert rows[0].ranked[0] == "PR" and told.accuracy(rows).value == 1 / 6


def test_the_bigram_knows_what_follows_what() -> None:
    rank = told.bigram(TRAIN, CODES)
    assert rank(())[0] == "GT" and rank(("GT",))[0] == "PR" and rank(("GT", "PS"))[0] == "AC"
    assert told.accuracy(told.told(TEST, rank)).value == 4 / 6
    assert told.accuracy(told.told(TEST, rank), 3).value == 5 / 6


def test_in_generated_context_an_error_goes_on() -> None:
    rank = told.bigram([("GT", "PR", "AC"), ("PS", "IV", "PS")], CODES)
    gold = {"a": ("PS", "IV", "PS"), "b": ("GT", "PR", "AC")}
    assert told.accuracy(told.told(gold, rank)).value == 5 / 6
    assert told.accuracy(told.unrolled(gold, rank)).value == 3 / 6


def test_a_neighbour_of_the_stage_counts_for_the_stage_alone() -> None:
    rows = [told.Told("a", "GT", ("IV", "GT")), told.Told("b", "AC", ("GT", "AC"))]
    stages = {"GT": ("connecting",), "IV": ("connecting",), "AC": ("maintaining",)}
    assert told.accuracy(rows).value == 0 and told.stage_accuracy(rows, stages).value == 0.5


def test_a_difference_is_paired() -> None:
    one = [told.Told("a", "GT", ("GT",)), told.Told("b", "AC", ("AC",))]
    other = [told.Told("a", "GT", ("AC",)), told.Told("b", "AC", ("AC",))]
    assert told.difference(one, other).value == 0.5


@given(SEQUENCES, SEQUENCES)
def test_divergence_is_symmetric_and_between_nothing_and_one(ours: list[list[str]], real: list[list[str]]) -> None:
    apart = told.transition_divergence(ours, real)
    assert -1e-9 <= apart <= 1 + 1e-9
    assert math.isclose(apart, told.transition_divergence(real, ours), abs_tol=1e-9)
    assert told.transition_divergence(ours, ours) < 1e-9


def test_divergence_is_scipys_of_the_pairs_with_their_ends() -> None:
    distance = pytest.importorskip("scipy.spatial.distance")
    pairs = [[1, 1, 0, 0], [1, 0, 1, 1]]  # of start-GT, GT-end, GT-AC, AC-end
    expected = float(distance.jensenshannon(*pairs, base=2)) ** 2
    assert math.isclose(told.transition_divergence([("GT",)], [("GT", "AC")]), expected, abs_tol=1e-9)


def test_nothing_shared_is_one_and_nothing_at_all_no_number() -> None:
    assert math.isclose(told.transition_divergence([("GT",)], [("AC",)]), 1.0)
    assert math.isnan(told.transition_divergence([], [("AC",)]))

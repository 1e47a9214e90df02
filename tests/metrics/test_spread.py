"""Divergences equal scipy's, and the floor is what two halves give."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.spatial.distance import jensenshannon
from talkers import CURT, PLAIN, talk

from millstream.conversations import Conversation, Utterance
from millstream.metrics import spread, tokens

COUNTS = st.dictionaries(st.sampled_from("abcdef"), st.integers(1, 50), min_size=1)


@given(COUNTS, COUNTS)
def test_jsd_is_scipys(first: dict[str, int], second: dict[str, int]) -> None:
    p, q = (np.array([side.get(key, 0) for key in "abcdef"], dtype=float) for side in (first, second))
    assert spread.jsd(first, second) == pytest.approx(jensenshannon(p, q, base=2) ** 2, abs=1e-6)
    assert spread.jsd(first, second) == pytest.approx(spread.jsd(second, first))


def test_jsd_at_its_ends() -> None:
    assert spread.jsd({"a": 3}, {"a": 9}) == 0.0
    assert spread.jsd({"a": 3}, {"b": 1}) == pytest.approx(1.0)
    assert spread.jsd({"a": 3}, {}) == 0.0


def test_acts_are_counted_by_role_and_in_pairs() -> None:
    turns = (
        Utterance(role="user", text="hi", acts=("inform", "greet")),
        Utterance(role="agent", text="what?", acts=("request",)),
        Utterance(role="user", text="a car", acts=("inform",)),
    )
    said = [tokens.talk(Conversation(corpus="x", key="1", lang="en", turns=turns))]
    assert spread.acts(said) == Counter(
        {("user", "inform"): 2, ("user", "greet"): 1, ("agent", "request"): 1}
    )
    assert spread.act_pairs(said)[("user", "greet", "inform"), ("agent", "request")] == 1
    assert spread.turn_lengths(said) == Counter({("user", 1): 1, ("agent", 1): 1, ("user", 2): 1})
    assert spread.dialogue_lengths(said) == Counter({3: 1})


def test_what_is_very_long_is_one_length() -> None:
    turns = (Utterance(role="user", text="w " * 90), Utterance(role="agent", text="w " * 50)) * 30
    said = [tokens.talk(Conversation(corpus="x", key="1", lang="en", turns=turns))]
    assert spread.turn_lengths(said) == {("user", spread.LONGEST): 30, ("agent", spread.LONGEST): 30}
    assert spread.dialogue_lengths(said) == {spread.LONGEST: 1}


def test_another_manner_is_above_the_floor_and_the_same_is_not() -> None:
    plain, other, curt = ([tokens.talk(each) for each in talk(name, of, 80, seed)]
                          for name, of, seed in (("a", PLAIN, 0), ("b", PLAIN, 1), ("c", CURT, 0)))  # fmt: skip
    floor = spread.floor(plain, spread.turn_lengths)
    count = spread.turn_lengths
    assert 0 < spread.jsd(count(plain), count(other)) < 2 * floor < spread.jsd(count(plain), count(curt))

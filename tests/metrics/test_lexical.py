"""Measures of wording equal hand-worked cases, plain definitions and scipy."""

import gzip
from statistics import fmean

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.stats import hypergeom

from millstream.conversations import Conversation, Utterance
from millstream.metrics import lexical
from millstream.metrics.tokens import budgeted, talk, tokens

WORDS = st.lists(st.sampled_from("abcdefgh"), min_size=1, max_size=120)


def test_tokens_are_words_numbers_and_single_characters() -> None:
    assert tokens("It's 14.5万, OK?") == ("it's", "14.5", "万", "ok")
    assert tokens("???") == ()


def test_a_budget_takes_the_first_tokens() -> None:
    said = Conversation(corpus="x", key="1", lang="en", turns=(Utterance(role="user", text="a b c"),))
    assert budgeted([talk(said)] * 3, 5) == ["a", "b", "c", "a", "b"]
    assert budgeted([talk(said)], 5) == ["a", "b", "c"]


def test_distinct_by_hand() -> None:
    assert lexical.distinct(["a", "b", "a", "b", "c"], 1) == pytest.approx(3 / 5)
    assert lexical.distinct(["a", "b", "a", "b", "c"], 2) == pytest.approx(3 / 4)
    assert lexical.distinct([], 1) == lexical.distinct(["a"], 2) == 0.0


@given(WORDS)
def test_mattr_is_the_mean_of_its_windows(found: list[str]) -> None:
    windows = [found[n : n + 10] for n in range(max(len(found) - 9, 1))]
    assert lexical.mattr(found, 10) == pytest.approx(fmean(len(set(each)) / len(each) for each in windows), abs=1e-9)


def test_mtld_by_hand() -> None:
    """Forwards a b a closes at the third token (2/3), twice; backwards alike. 6 tokens by 2 factors."""
    assert lexical.mtld(["a", "b", "a", "c", "d", "c"]) == pytest.approx(3.0)
    # forwards: a b a closes; b c d: the rest has ratio 1, no part of a factor: 6/1. Backwards: d c b a b -> 4/5 stays,
    # a -> 4/6 closes: 6/1.
    assert lexical.mtld(["a", "b", "a", "b", "c", "d"]) == pytest.approx(6.0)
    # forwards: closes at a a (1/2), then b c b b: 2/3 closes at the third, b alone is ratio 1: 6/2 = 3.
    # backwards: b b closes, c b a a: 3/4 at the end, a part of (1 - .75) / .28: 6 / (1 + .25 / .28).
    assert lexical.mtld(["a", "a", "b", "c", "b", "b"]) == pytest.approx((3 + 6 / (1 + 0.25 / 0.28)) / 2)
    assert lexical.mtld(["a", "b", "c"]) == 3.0 and lexical.mtld([]) == 0.0


@given(st.lists(st.sampled_from("abcdefgh"), min_size=42, max_size=120))
def test_hdd_is_scipys_hypergeometric(found: list[str]) -> None:
    total = len(found)
    expected = sum(1 - hypergeom.pmf(0, total, found.count(each), 42) for each in set(found)) / 42
    assert lexical.hdd(found) == pytest.approx(expected, abs=1e-6)


def test_hdd_of_too_little_is_nothing() -> None:
    assert lexical.hdd(["a"] * 41) == 0.0


def test_compression_is_gzips_and_rises_with_repetition() -> None:
    text = "the same again and again " * 40
    assert lexical.compression(text) == pytest.approx(len(text) / len(gzip.compress(text.encode(), 9, mtime=0)))
    assert lexical.compression(text) > lexical.compression(" ".join(str(n * 7919) for n in range(150)))
    assert lexical.compression("") == 0.0

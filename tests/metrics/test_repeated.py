"""Repetition among dialogues equals nltk, a plain definition or a hand-worked case."""

import math
from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from talkers import PLAIN, talk

from millstream.metrics import repeated, tokens, vectors

bleu = pytest.importorskip("nltk.translate.bleu_score", reason="nltk is not installed")

TEXTS = st.lists(st.lists(st.sampled_from("abc"), min_size=12, max_size=40), min_size=2, max_size=6)


@settings(deadline=None, max_examples=60)
@given(TEXTS)
def test_self_bleu_is_nltks(texts: list[list[str]]) -> None:
    """Where every order matches; elsewhere it is 0 and nltk warns of it."""
    expected = []
    for n, text in enumerate(texts):
        others = [other for m, other in enumerate(texts) if m != n]
        orders = [bleu.modified_precision(others, text, size).numerator for size in range(1, 5)]
        expected.append(bleu.sentence_bleu(others, text) if all(orders) else 0.0)
    assert repeated.self_bleu(texts) == pytest.approx(sum(expected) / len(expected), abs=1e-6)


def test_self_bleu_of_copies_is_one_and_of_strangers_nothing() -> None:
    assert repeated.self_bleu([["a", "b", "c", "d", "e"]] * 3) == pytest.approx(1.0)
    assert repeated.self_bleu([["a", "b", "c", "d", "e"], ["v", "w", "x", "y", "z"]]) == 0.0
    assert repeated.self_bleu([[], ["a", "b"]]) == 0.0


@given(TEXTS)
def test_repetition_by_its_definition(texts: list[list[str]]) -> None:
    seen = [set(zip(text, text[1:], text[2:], text[3:], strict=False)) for text in texts]
    shares = [
        sum(any(gram in other for m, other in enumerate(seen) if m != n) for gram in each) / len(each)
        for n, each in enumerate(seen)
    ]
    assert repeated.rep4(texts) == pytest.approx(sum(shares) / len(shares))
    df = Counter(gram for each in seen for gram in each)
    logs = [math.log(1 + sum(df[gram] - 1 for gram in each)) for each in seen]
    assert repeated.self_repetition(texts) == pytest.approx(sum(logs) / len(logs))


def test_rep4_by_hand() -> None:
    assert repeated.rep4([text.split() for text in ("a b c d e", "a b c d x", "q r s t")]) == pytest.approx(1 / 3)
    assert repeated.rep4([["a", "b", "c", "d", "a", "b", "c", "d"]]) == repeated.rep4([["a", "b"]]) == 0.0


def test_duplicates_and_openers_by_hand() -> None:
    said = [tokens.talk(each) for each in talk("x", ("I want the %s", "bye"), 40, things="car")]
    turns = [turn for each in said for turn in each.turns]
    assert repeated.duplicates(said) == pytest.approx(1 - 2 / len(turns))
    assert repeated.openers(said) == 1.0
    firsts = Counter(each.turns[0][:3] for each in said)
    assert repeated.openers(said, most=1) == pytest.approx(firsts.most_common(1)[0][1] / 40)


def test_vendi_counts_different_items() -> None:
    """n orthogonal items are n, n copies are 1, and two pairs of copies are two."""
    assert repeated.vendi(np.eye(7)) == pytest.approx(7.0)
    assert repeated.vendi(np.ones((5, 1))) == pytest.approx(1.0)
    assert repeated.vendi(np.eye(2)[[0, 0, 1, 1]]) == pytest.approx(2.0)
    # one of three stands apart: eigenvalues 2/3 and 1/3
    entropy = -2 / 3 * math.log(2 / 3) - math.log(1 / 3) / 3
    assert repeated.vendi(np.eye(2)[[0, 0, 1]]) == pytest.approx(math.exp(entropy))


def test_likeness_is_the_mean_cosine() -> None:
    made = vectors.words([" ".join(turn.text for turn in each.turns) for each in talk("x", PLAIN, 9)])
    pairs = [float(made[n] @ made[m]) for n in range(9) for m in range(9) if n != m]
    assert repeated.likeness(made) == pytest.approx(sum(pairs) / len(pairs), abs=1e-9)
    assert repeated.likeness(made[:1]) == 0.0

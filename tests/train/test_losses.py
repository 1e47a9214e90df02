"""Each loss against a second computation, and its gradient against differences; pairs, and the confident filter."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import approx_fprime
from sklearn.metrics import log_loss

from millstream.train import losses

CHANCE = np.random.default_rng(0)
LOGITS = CHANCE.normal(size=(7, 3))
LABELS = np.array([0, 1, 2, 0, 1, 1, 2])
SCORES = losses.softmax(CHANCE.normal(size=(7, 3)))
DIALOGUES = [0, 0, 0, 1, 1, 2, 2]
PAIRS = losses.within(SCORES, DIALOGUES, 0.05)
WEIGHTS = PAIRS.margin


EVERY = {
    "hard_ce": lambda f: losses.hard_ce(f, LABELS),
    "soft_ce": lambda f: losses.soft_ce(f, SCORES),
    "gce": lambda f: losses.gce(f, LABELS, 0.7),
    "margin_pairs": lambda f: losses.margin_pairs(f, PAIRS, 2.0, WEIGHTS),
    "logistic_pairs": lambda f: losses.logistic_pairs(f, PAIRS, 2.0, WEIGHTS),
}


@pytest.mark.parametrize("name", EVERY)
def test_the_gradient_is_that_of_the_loss(name: str) -> None:
    loss = EVERY[name]
    _, slope = loss(LOGITS)
    near = approx_fprime(LOGITS.ravel(), lambda flat: loss(flat.reshape(LOGITS.shape))[0], 1e-7)
    assert np.allclose(slope.ravel(), near, atol=1e-5) and np.abs(slope).max() > 1e-3


def test_cross_entropies_are_those_of_scikit_learn_and_of_the_sum() -> None:
    likely = losses.softmax(LOGITS)
    assert losses.hard_ce(LOGITS, LABELS)[0] == pytest.approx(log_loss(LABELS, likely))
    by_hand = -sum(
        s * np.log(p) for row, told in zip(SCORES, likely, strict=True) for s, p in zip(row, told, strict=True)
    )
    assert losses.soft_ce(LOGITS, SCORES)[0] == pytest.approx(by_hand / 7)
    assert losses.soft_ce(LOGITS, np.eye(3)[LABELS])[0] == pytest.approx(losses.hard_ce(LOGITS, LABELS)[0])


def test_gce_lies_between_cross_entropy_and_absolute_error() -> None:
    assert losses.gce(LOGITS, LABELS, 1e-6)[0] == pytest.approx(losses.hard_ce(LOGITS, LABELS)[0], rel=1e-4)
    right = losses.softmax(LOGITS)[np.arange(7), LABELS]
    assert losses.gce(LOGITS, LABELS, 1.0)[0] == pytest.approx(np.mean(1 - right))


def test_pair_losses_are_those_of_a_loop() -> None:
    hinge = logistic = 0.0
    for label, high, low, margin in zip(*PAIRS, strict=True):
        short = 2.0 * margin - (LOGITS[high, label] - LOGITS[low, label])
        hinge, logistic = hinge + margin * max(0.0, short), logistic + margin * np.log1p(np.exp(short))
    assert losses.margin_pairs(LOGITS, PAIRS, 2.0, WEIGHTS)[0] == pytest.approx(hinge / WEIGHTS.sum())
    assert losses.logistic_pairs(LOGITS, PAIRS, 2.0, WEIGHTS)[0] == pytest.approx(logistic / WEIGHTS.sum())


def test_pairs_stay_inside_a_dialogue_and_near_ties_are_none() -> None:
    wanted = {
        (c, i, j)
        for c in range(3) for i in range(7) for j in range(7)
        if DIALOGUES[i] == DIALOGUES[j] and SCORES[i, c] - SCORES[j, c] > 0.05
    }  # fmt: skip
    assert set(zip(*PAIRS[:3], strict=True)) == wanted and PAIRS.margin.min() > 0.05
    control = losses.across(SCORES, DIALOGUES, 0.05, 10, seed=1)
    assert len(control) == 10 and all(DIALOGUES[i] != DIALOGUES[j] for i, j in zip(*control[1:3], strict=True))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.floats(-3, 3), min_size=9, max_size=9))
def test_what_a_teacher_adds_all_through_a_dialogue_moves_no_pair_inside_it(bias: list[float]) -> None:
    """The reason for pairs of one dialogue (evaluation of the method): one bias a dialogue and label cancels."""
    moved = SCORES + np.array(bias).reshape(3, 3)[DIALOGUES]
    same = losses.within(moved, DIALOGUES, 0.05)
    assert set(zip(*same[:3], strict=True)) == set(zip(*PAIRS[:3], strict=True))
    assert np.allclose(np.sort(same.margin), np.sort(PAIRS.margin))


def test_the_confident_filter_drops_planted_errors_and_few_others() -> None:
    true = np.repeat([0, 1, 2], 40)
    likely = losses.softmax(3 * np.eye(3)[true] + CHANCE.normal(scale=0.5, size=(120, 3)))
    told = true.copy()
    wrong = CHANCE.choice(120, 20, replace=False)
    told[wrong] = (told[wrong] + 1) % 3
    kept = losses.confident(likely, told)
    assert kept[wrong].sum() <= 4 and (~kept).sum() <= 24
    assert losses.confident(likely, true).mean() > 0.95

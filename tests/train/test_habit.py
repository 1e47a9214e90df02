"""What goes with the dialogue is a habit, what goes with the label or with nothing is none."""

import numpy as np
import pytest

from millstream.train.habit import habit
from millstream.train.losses import Matrix, softmax

GOLD = np.tile(np.array([0, 1, 2, 0]), 60)
OF = np.repeat(np.arange(30), 8)


def scores(spread: float) -> Matrix:
    """Of a teacher that knows the label, errs at random, and likes a label all through a dialogue."""
    chance = np.random.default_rng(1)
    logits = 2 * np.eye(3)[GOLD] + chance.normal(0, 1, (240, 3)) + chance.normal(0, spread, (30, 3))[OF]
    return softmax(logits)


def test_a_habit_is_the_share_of_variance_between_dialogues() -> None:
    none, some, strong = (habit(scores(spread), GOLD, OF) for spread in (0.0, 1.0, 2.0))
    assert none and some and strong
    assert abs(none.share) < 0.1 and 0 < none.chance < 0.1
    assert some.share == pytest.approx(0.5, abs=0.12)  # variances 1 and 1
    assert strong.share == pytest.approx(0.8, abs=0.1)  # 4 and 1


def test_what_goes_with_the_label_is_no_habit() -> None:
    gold = np.arange(30).repeat(8) % 3  # a dialogue of one label each
    chance = np.random.default_rng(2)
    found = habit(softmax(3 * np.eye(3)[gold] + chance.normal(0, 1, (240, 3))), gold, OF)
    assert found and found.share < found.chance


def test_without_labels_or_two_of_a_dialogue_nothing_is_told() -> None:
    made = scores(1.0)
    assert habit(made, np.full(240, -1), OF) is None
    assert habit(made, GOLD, np.arange(240)) is None
    assert habit(made, GOLD, np.zeros(240, int)) is None
    assert habit(np.full((240, 3), 1 / 3), GOLD, OF) is None

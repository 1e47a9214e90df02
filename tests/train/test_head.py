"""A linear head: learns what vectors show, ranks every class, and refuses what cannot be learnt."""

import numpy as np
import pytest

from millstream.errors import InputError
from millstream.train.head import Head

VECTORS = np.array([[1.0, 0.0], [0.9, 0.1], [0.0, 1.0], [0.1, 0.9]])


def test_it_learns_and_ranks_the_unseen_last() -> None:
    made = Head(("PR", "ID", "AC")).fit(VECTORS, ["PR", "PR", "ID", "ID"], seed=0)
    assert made.ranked(np.array([[1.0, 0.0], [0.0, 1.0]])) == [["PR", "ID", "AC"], ["ID", "PR", "AC"]]


def test_known_shares_move_a_close_decision() -> None:
    made = Head(("PR", "ID")).fit(VECTORS, ["PR", "PR", "ID", "ID"], seed=0)
    close = np.array([[0.51, 0.49]])
    assert made.ranked(close)[0][0] == "PR" and made.ranked(close, {"PR": 0.1, "ID": 0.9})[0][0] == "ID"


def test_labels_outside_the_set_and_labels_all_the_same_are_refused() -> None:
    with pytest.raises(InputError, match="no class 'XX'"):
        Head(("PR", "ID")).fit(VECTORS, ["PR", "XX", "ID", "ID"], seed=0)
    with pytest.raises(InputError, match="all labels are the same"):
        Head(("PR", "ID")).fit(VECTORS, ["PR"] * 4, seed=0)

"""Trees in arrays score as the library that made them does, and a torn file is refused."""

from pathlib import Path

import numpy as np
import pytest

from millstream.errors import InputError
from millstream.mine.linking.trees import Model, Trees, load, save, shares

pytest.importorskip("lightgbm")
from millstream.mine.linking.fit import (
    Choices,
    Tuning,
    calibrate,
    fit,
    fit_bag,
    fit_each,
    predict,
    predict_each,
    trees,
    unseen,
)


def choices(seed: int = 1, many: int = 300) -> Choices:
    """Four candidates each; the one with the largest first number is right; one number in ten is missing."""
    chance = np.random.default_rng(seed)
    table = chance.normal(size=(4 * many, 5)).astype(np.float32)
    right = (table[:, 0].reshape(many, 4) == table[:, 0].reshape(many, 4).max(1, keepdims=True)).ravel()
    table[chance.random(table.shape) < 0.1] = np.nan
    return Choices(table, np.full(many, 4), right, np.arange(many) % 6)


def test_arrays_score_as_the_library_does(tmp_path: Path) -> None:
    known = choices()
    learned = fit(known, Tuning(rounds=20, leaves=8))
    other = choices(seed=2)
    made = trees(learned)
    assert np.allclose(made.score(other.table), learned.predict(other.table), atol=1e-5)
    model = Model(made, tuple("abcde"), np.array([0.0, 1.0]), np.array([0.1, 0.8]), 0.5)
    save(model, tmp_path / "it.npz")
    again = load(tmp_path / "it.npz")
    assert np.allclose(again.shares(other.table, other.sizes), predict(learned, other), atol=1e-5)
    assert again.names == model.names and again.sure(np.array([0.5]))[0] == pytest.approx(0.45)


def test_each_row_by_itself_has_odds() -> None:
    known, other = choices(), choices(seed=2)
    learned = fit_each(known, Tuning(rounds=30, leaves=8))
    model = Model(trees(learned), tuple("abcde"), np.array([0.0, 1.0]), np.array([0.0, 1.0]), 0.5)
    odds = model.odds(other.table)
    assert np.allclose(odds, predict_each(learned, other), atol=1e-5)
    assert odds[other.right].mean() > odds[~other.right].mean() + 0.15


def test_what_is_learned_holds_for_recordings_not_seen() -> None:
    known = choices()
    share, learned = unseen(known, Tuning(rounds=30, leaves=8), folds=3)
    best = share.reshape(-1, 4).argmax(1) == known.right.reshape(-1, 4).argmax(1)
    assert len(learned) == 3 and best.mean() > 0.7
    assert np.allclose(share.reshape(-1, 4).sum(1), 1)


def test_what_words_tell_holds_for_lines_not_seen() -> None:
    texts = [f"hello all, number {word}" for word in "abcdefgh"] + [f"then try {word}" for word in "abcdefgh"]
    begins = [1] * 8 + [0] * 8
    odd = [1, -1, 0, -1] * 4
    bag = fit_bag(texts, np.array([begins, odd], dtype=np.int8).T)
    told = bag.told(["hello, number z", "try z"])
    assert told[0, 0] > 0.5 and told[1, 0] < -0.5
    assert {"hello", "try"} <= set(bag.known) and "number h" not in bag.known, "a rare term does not count"


def test_confidence_rises_with_the_share() -> None:
    said, held = calibrate(np.array([0.1, 0.2, 0.8, 0.9]), np.array([False, False, True, True]))
    assert np.interp([0.1, 0.9], said, held).tolist() == [0.0, 1.0]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 torn", b"no arrays at all"])
def test_a_torn_file_is_refused(tmp_path: Path, content: bytes) -> None:
    path = tmp_path / "torn.npz"
    path.write_bytes(content)
    with pytest.raises(InputError, match=r"torn\.npz"):
        load(path)


def test_nothing_scores_nothing() -> None:
    leaf = np.zeros((1, 1))
    one = Trees(leaf.astype("i2"), leaf, leaf.astype("i2"), leaf.astype("i2"), leaf.astype("i1"), leaf.astype("f4"))
    assert one.score(np.zeros((0, 3), dtype=np.float32)).shape == (0,)
    assert shares(np.zeros(0), np.zeros(0, dtype=np.int64)).shape == (0,)

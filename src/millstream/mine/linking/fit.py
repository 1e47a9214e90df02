"""Trains a linker: boosted trees whose scores, by softmax, share one unit of belief among the candidates.

The loss is the cross-entropy of the choice (ListNet's top-one form, Cao et al. 2007), so that the shares mean
something before they are calibrated; calibration is isotonic, on choices the trees have not seen. The only file of
the package that imports lightgbm, scikit-learn and the scipy that comes with it (extra `link`).
"""

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import lightgbm
import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix
from sklearn.isotonic import IsotonicRegression
from sklearn.linear_model import LogisticRegression

from millstream.mine.arrays import Doubles, Floats
from millstream.mine.linking.bag import Bag, terms
from millstream.mine.linking.lines import Ints
from millstream.mine.linking.trees import Trees, shares

Marks = NDArray[np.bool_]
_BINS = 63
_TERM_IN, _LOOSE = 3, 2.0
"""A term counts from so many lines on; how loosely its weight is held (the inverse of the ridge)."""


@dataclass(frozen=True)
class Choices:
    """Rows of candidates, the choices they belong to, which are right, and the recording each choice is of. `start`:
    the score each row has already, of an earlier reading."""

    table: Floats
    sizes: Ints
    right: Marks
    recording: Ints
    start: Doubles | None = None

    def of(self, chosen: Marks) -> "Choices":
        """Those choices alone."""
        rows = np.repeat(chosen, self.sizes)
        start = None if self.start is None else self.start[rows]
        return Choices(self.table[rows], self.sizes[chosen], self.right[rows], self.recording[chosen], start)


@dataclass(frozen=True)
class Tuning:
    """How much the trees may learn; what stands here was tuned by cross-validation over train recordings."""

    rounds: int = 220
    leaves: int = 31
    rate: float = 0.07
    rows_a_leaf: int = 40
    ridge: float = 5.0
    features: float = 0.35
    seed: int = 0


Learn = Callable[[Choices, Tuning], lightgbm.Booster]
Tell = Callable[[lightgbm.Booster, Choices], Doubles]


def fit(choices: Choices, tuning: Tuning) -> lightgbm.Booster:
    """What is learned from the choices that have a right candidate, beyond what `start` says already; `trees` makes
    arrays of it."""
    starts = np.concatenate([[0], np.cumsum(choices.sizes)[:-1]])
    known = choices.of(np.logical_or.reduceat(choices.right, starts))
    data = lightgbm.Dataset(
        known.table, known.right.astype(np.float32), init_score=known.start, params={"max_bin": _BINS, "verbose": -1}
    )
    return lightgbm.train({"objective": _loss(known), **_params(tuning)}, data, tuning.rounds)


def fit_each(choices: Choices, tuning: Tuning) -> lightgbm.Booster:
    """What tells right rows from others, each by itself, as log-odds."""
    data = lightgbm.Dataset(choices.table, choices.right, params={"max_bin": _BINS, "verbose": -1})
    return lightgbm.train({"objective": "binary", **_params(tuning)}, data, tuning.rounds)


def _params(tuning: Tuning) -> dict[str, Any]:
    return {
        "num_leaves": tuning.leaves,
        "learning_rate": tuning.rate,
        "min_data_in_leaf": tuning.rows_a_leaf,
        "lambda_l2": tuning.ridge,
        "feature_fraction": tuning.features,
        "bagging_fraction": 0.8,
        "bagging_freq": 1,
        "seed": tuning.seed,
        "num_threads": 1,
        "max_bin": _BINS,
        "boost_from_average": False,
        "verbose": -1,
    }


def _loss(known: Choices) -> Callable[[Doubles, Any], tuple[Doubles, Doubles]]:
    starts = np.concatenate([[0], np.cumsum(known.sizes)[:-1]])
    many = np.repeat(np.add.reduceat(known.right.astype(np.float64), starts), known.sizes)
    target = known.right / many

    def loss(score: Doubles, _: Any) -> tuple[Doubles, Doubles]:
        share = shares(score, known.sizes)
        return share - target, np.maximum(share * (1 - share), 1e-3)

    return loss


def trees(learned: lightgbm.Booster) -> Trees:
    """What was learned as arrays."""
    rows = [_nodes(tree["tree_structure"]) for tree in learned.dump_model()["tree_info"]]
    width = max(map(len, rows))
    blank = (0, 0.0, 0, 0, -1, 0.0)
    columns = zip(*(zip(*(row + [blank] * (width - len(row))), strict=True) for row in rows), strict=True)
    kinds = (np.int16, np.float64, np.int16, np.int16, np.int8, np.float32)
    return Trees(*(np.array(column, dtype=kind) for column, kind in zip(columns, kinds, strict=True)))


def _nodes(root: dict[str, Any]) -> list[tuple[int, float, int, int, int, float]]:
    flat: list[dict[str, Any]] = [root]
    place: dict[int, int] = {id(root): 0}
    for node in flat:
        for side in ("left_child", "right_child"):
            if side in node:
                place[id(node[side])] = len(flat)
                flat.append(node[side])
    found: list[tuple[int, float, int, int, int, float]] = []
    for at, node in enumerate(flat):
        if "left_child" not in node:
            found.append((0, 0.0, at, at, -1, float(node["leaf_value"])))
            continue
        left, right = place[id(node["left_child"])], place[id(node["right_child"])]
        lost = int(node["default_left"]) if node["missing_type"] == "NaN" else -1
        found.append((int(node["split_feature"]), float(node["threshold"]), left, right, lost, 0.0))
    return found


def predict(learned: lightgbm.Booster, choices: Choices) -> Doubles:
    """As Trees.score and `shares`, only faster."""
    score = np.asarray(learned.predict(choices.table), dtype=np.float64)
    return shares(score if choices.start is None else score + choices.start, choices.sizes)


def predict_each(learned: lightgbm.Booster, choices: Choices) -> Doubles:
    """How likely each row is right, of what `fit_each` learned."""
    return np.asarray(learned.predict(choices.table), dtype=np.float64)


def unseen(
    choices: Choices, tuning: Tuning, folds: int, learn: Learn = fit, tell: Tell = predict
) -> tuple[Doubles, tuple[lightgbm.Booster, ...]]:
    """Shares from trees that have not seen the recording, and what each fold learned."""
    found, made = np.zeros(len(choices.table)), []
    for fold in range(folds):
        held = choices.recording % folds == fold
        made.append(learn(choices.of(~held), tuning))
        found[np.repeat(held, choices.sizes)] = tell(made[-1], choices.of(held))
    return found, tuple(made)


def calibrate(share: Doubles, right: Marks) -> tuple[Doubles, Doubles]:
    """Isotonic regression of being right on the share: its steps."""
    curve = IsotonicRegression(y_min=0.0, y_max=1.0, out_of_bounds="clip").fit(share, right)
    return np.asarray(curve.X_thresholds_, dtype=np.float64), np.asarray(curve.y_thresholds_, dtype=np.float64)


def fit_bag(texts: Sequence[str], kinds: NDArray[np.int8]) -> Bag:
    """What words tell of each kind. kinds: (texts, kinds), 1 holds, 0 does not, -1 is not known."""
    split = [terms(text) for text in texts]
    often = Counter(term for each in split for term in each)
    place = {term: at for at, term in enumerate(sorted(term for term, many in often.items() if many >= _TERM_IN))}
    rows = [[place[term] for term in each if term in place] for each in split]
    ends = np.cumsum([0, *map(len, rows)])
    told = np.concatenate([np.full(len(each), len(each) ** -0.5) for each in rows if each]).astype(np.float32)
    table = csr_matrix((told, [at for each in rows for at in each], ends), shape=(len(rows), len(place)))
    learned = [_line(table, column) for column in kinds.T]
    weight = np.stack([model.coef_[0] for model in learned], axis=1).astype(np.float32)
    return Bag(tuple(place), weight, np.array([model.intercept_[0] for model in learned], dtype=np.float32))


def _line(table: csr_matrix, kind: NDArray[np.int8]) -> LogisticRegression:
    known = np.flatnonzero(kind >= 0)
    return LogisticRegression(C=_LOOSE, solver="liblinear", tol=1e-3).fit(table[known], kind[known])

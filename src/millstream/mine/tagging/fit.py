"""Learning the gate: logistic regression of whether a text holds something of somebody's on its marks (gate.py). The
only file here that imports scikit-learn and scipy (extra `link`).
"""

from collections import Counter
from collections.abc import Iterable, Sequence

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.linear_model import LogisticRegression

from millstream.mine.find import fold
from millstream.mine.spelling import narrow
from millstream.mine.tagging.gate import Gate, marks

_ROUNDS = 60


def fitted(holding: Iterable[str], empty: Iterable[str], least: float, seen: int = 3, strength: float = 1.0) -> Gate:
    """A gate for texts that hold something and texts that hold nothing. Marks of fewer than `seen` texts are not
    counted; `strength` is the inverse of the penalty on weights, `least` the log-odds from which on a text may hold
    something."""
    told = [[marks(fold(narrow(text))) for text in texts] for texts in (holding, empty)]
    often = Counter(mark for some in told for each in some for mark in each)
    places = {mark: n for n, mark in enumerate(sorted(mark for mark, count in often.items() if count >= seen))}
    rows = [[places[mark] for mark in each if mark in places] for some in told for each in some]
    answers = np.repeat([1, 0], [len(some) for some in told])
    model = LogisticRegression(C=strength, max_iter=_ROUNDS, solver="liblinear").fit(
        _matrix(rows, len(places)), answers
    )
    return Gate(dict(zip(places, model.coef_[0].tolist(), strict=True)), least - float(model.intercept_[0]))


def _matrix(rows: Sequence[Sequence[int]], width: int) -> csr_matrix:
    ends = np.cumsum([0, *map(len, rows)])
    places = np.array([place for row in rows for place in row], np.int32)
    return csr_matrix((np.ones(len(places), np.float32), places, ends), (len(rows), width))

"""A small detector: logistic regression that tells one side's windows from the other's, judged where it was not fitted.

Its AUC is the chance that it ranks a window of ours above one of theirs: 0.5 is indistinguishable to it, 1 always told
apart. Features are n-grams of masked tokens by speaker, and delivery (Lopez-Paz and Oquab 2017, "Revisiting classifier
two-sample tests"). Groups never stand on both sides of a split, and the interval resamples groups, because the windows
of one dialogue are no independent evidence. Knows windows; nothing of corpora and of sentences.
"""

import random
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Sequence
from typing import Any, NamedTuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedGroupKFold

from millstream.metrics import delivery
from millstream.metrics.windows import Window

FOLDS = 5
GRAMS = 3
"""Tokens of the longest n-gram."""
RARE = 4
"""Windows an n-gram has to occur in to be a feature."""
DRAWS = 300
"""Resamplings behind an interval."""
SHUFFLES = 5
"""Random labellings behind the floor of shuffled labels."""


class Auc(NamedTuple):
    """An area under the ROC curve with its 95% interval."""

    value: float
    low: float
    high: float


Features = Callable[[Sequence[Window]], tuple[Any, list[str]]]
"""Windows -> a matrix of them and the names of its columns."""


def grams(tokens: Sequence[str]) -> Iterator[tuple[str, ...]]:
    """The n-grams of one masked turn with its two ends; a mark or an end alone says nothing."""
    whole = ("^", *tokens, "$")
    for size in range(1, GRAMS + 1):
        for at in range(len(whole) - size + 1):
            found = whole[at : at + size]
            if any(token not in ("^", "$", "□") for token in found):
                yield found


def everything(windows: Sequence[Window]) -> tuple[Any, list[str]]:
    """N-grams by speaker, each window of length one, and delivery in standard units."""
    wording, names = _wording(windows)
    habits, more = _habits(windows)
    return csr_matrix(hstack([wording, csr_matrix(habits / len(more) ** 0.5)])), names + more


def _wording(windows: Sequence[Window]) -> tuple[Any, list[str]]:
    seen = [{f"{turn.role} {' '.join(gram)}" for turn, said in _both(each) for gram in grams(said)} for each in windows]
    counts = Counter(name for names in seen for name in names)
    names = sorted(name for name, count in counts.items() if count >= RARE)
    column = {name: n for n, name in enumerate(names)}
    cells = [(row, column[name]) for row, found in enumerate(seen) for name in sorted(found) if name in column]
    sizes = Counter(row for row, _ in cells)
    values = [sizes[row] ** -0.5 for row, _ in cells]
    rows, columns = [row for row, _ in cells], [at for _, at in cells]
    return csr_matrix((values, (rows, columns)), shape=(len(windows), len(names))), names


def _both(window: Window) -> Iterator[tuple[Any, tuple[str, ...]]]:
    return zip(window.turns, window.masked, strict=True)


def _habits(windows: Sequence[Window]) -> tuple[Any, list[str]]:
    rows = [delivery.shares(each) for each in windows]
    return standard(np.array([list(row.values()) for row in rows])), list(rows[0])


def standard(table: Any) -> Any:
    """Each column with mean 0 and deviation 1; a constant column becomes 0."""
    spread = table.std(axis=0)
    return (table - table.mean(axis=0)) / np.where(spread > 0, spread, 1)


def fitted(matrix: Any, labels: Any) -> Any:
    return LogisticRegression(C=10.0, solver="liblinear").fit(matrix, labels)


def scores(matrix: Any, labels: Any, groups: Sequence[str], seed: int = 0) -> Any:
    """For each window what a detector says that was fitted without its group."""
    fewest = min(len({g for g, label in zip(groups, labels, strict=True) if label == side}) for side in (0, 1))
    folds = StratifiedGroupKFold(min(FOLDS, fewest), shuffle=True, random_state=seed)
    said = np.zeros(len(labels))
    for fit, judge in folds.split(matrix, labels, groups):
        if len(set(labels[fit])) == 2:
            said[judge] = fitted(matrix[fit], labels[fit]).decision_function(matrix[judge])
    return said


def auc(labels: Any, said: Any) -> float:
    """The share of pairs of a 1 and a 0 in which the 1 has the higher score; a tie counts half (Mann and Whitney)."""
    first, second = said[labels == 1], np.sort(said[labels == 0])
    beaten = np.searchsorted(second, first, "left") + np.searchsorted(second, first, "right")
    return float(beaten.mean() / 2 / len(second))


def judged(ours: Sequence[Window], theirs: Sequence[Window], features: Features = everything) -> Auc:
    """How well a fresh detector tells the two sides apart, with a bootstrap interval over groups."""
    windows = [*ours, *theirs]
    labels = np.array([1] * len(ours) + [0] * len(theirs))
    groups = [each.group for each in windows]
    matrix, _ = features(windows)
    said = scores(matrix, labels, groups)
    low, high = _interval(said, labels, groups)
    return Auc(auc(labels, said), low, high)


def _interval(said: Any, labels: Any, groups: Sequence[str]) -> tuple[float, float]:
    rows: tuple[dict[str, list[int]], ...] = (defaultdict(list), defaultdict(list))
    for n, (group, label) in enumerate(zip(groups, labels, strict=True)):
        rows[label][group].append(n)
    chance, found = random.Random("bootstrap"), []
    for _ in range(DRAWS):
        drawn = [n for side in rows for group in chance.choices(list(side), k=len(side)) for n in side[group]]
        found.append(auc(labels[drawn], said[drawn]))
    low, high = np.quantile(found, [0.025, 0.975])
    return float(low), float(high)


def shuffled(ours: Sequence[Window], theirs: Sequence[Window]) -> float:
    """The mean AUC where each group's label is drawn at random: what the procedure itself gives, about 0.5."""
    windows = [*ours, *theirs]
    groups = [each.group for each in windows]
    matrix, _ = everything(windows)
    found = []
    for seed in range(SHUFFLES):
        names = sorted(set(groups))
        random.Random(f"shuffled {seed}").shuffle(names)
        first = set(names[::2])
        labels = np.array([int(group in first) for group in groups])
        found.append(auc(labels, scores(matrix, labels, groups, seed)))
    return float(np.mean(found))


# --- floors: detectors that see next to nothing -------------------------------------------------------------


def length_only(windows: Sequence[Window]) -> tuple[Any, list[str]]:
    """Words a turn of each side and their variation."""
    names = ["user words", "agent words", "variation"]
    rows = [delivery.shares(each) for each in windows]
    return standard(np.array([[row[name] for name in names] for row in rows])), names


def punctuation_only(windows: Sequence[Window]) -> tuple[Any, list[str]]:
    """Punctuation marks a turn."""
    marks = sorted({c for each in windows for turn in each.turns for c in turn.text if _is_mark(c)})
    rows = [Counter(c for turn in each.turns for c in turn.text if _is_mark(c)) for each in windows]
    return standard(np.array([[row[mark] for mark in marks] for row in rows], dtype=float)), marks


def _is_mark(char: str) -> bool:
    return not char.isalnum() and not char.isspace()

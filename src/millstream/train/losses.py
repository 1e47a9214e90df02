"""What a student is trained to make small: each a plain function of its logits, with its gradient. Knows no model.

Logits are (utterances, labels). Every function gives the mean loss and its gradient by the logits, of the same shape.
Sources: GCE, Zhang and Sabuncu 2018 (arXiv 1805.07836), eq. 6. Pairs: Liu et al. 2025 (arXiv 2503.05620), whose
equations are not known to us; these are our reading of the abstract (docs/recipes/label.md). Confident learning:
Northcutt et al. 2021 (arXiv 1911.00068), section 3.
"""

from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

Matrix = NDArray[np.float64]
Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]
Loss = tuple[float, Matrix]


class Pairs(NamedTuple):
    """For each pair the label, the utterance the teacher scores higher, the other one, and by how much (above 0)."""

    label: Numbers
    higher: Numbers
    lower: Numbers
    margin: Matrix

    def __len__(self) -> int:
        return len(self.label)


def softmax(logits: Matrix) -> Matrix:
    made = np.exp(logits - logits.max(axis=1, keepdims=True))
    return np.asarray(made / made.sum(axis=1, keepdims=True))


def soft_ce(logits: Matrix, scores: Matrix) -> Loss:
    """Cross-entropy with the teacher's probabilities; rows of `scores` sum to 1."""
    likely, count = softmax(logits), len(logits)
    return -float((scores * np.log(likely + 1e-300)).sum()) / count, (likely - scores) / count


def hard_ce(logits: Matrix, labels: Numbers) -> Loss:
    """Cross-entropy with one label an utterance."""
    return soft_ce(logits, np.eye(logits.shape[1])[labels])


def gce(logits: Matrix, labels: Numbers, q: float = 0.7) -> Loss:
    """Generalised cross-entropy (1 - p^q) / q: cross-entropy as q nears 0, mean absolute error at 1."""
    likely, rows = softmax(logits), np.arange(len(logits))
    right = likely[rows, labels] ** q
    slope = likely * right[:, None]
    slope[rows, labels] -= right
    return float((1 - right).sum()) / q / len(logits), slope / len(logits)


def margin_pairs(logits: Matrix, pairs: Pairs, alpha: float = 1.0, weights: Matrix | None = None) -> Loss:
    """Hinge: the higher one's logit is to be above the other's by `alpha` times the margin."""
    short = _short(logits, pairs, alpha)
    return _spread(logits, pairs, np.maximum(short, 0), (short > 0).astype(float), weights)


def logistic_pairs(logits: Matrix, pairs: Pairs, alpha: float = 1.0, weights: Matrix | None = None) -> Loss:
    """Softplus of what is missing to `alpha` times the margin."""
    short = _short(logits, pairs, alpha)
    return _spread(logits, pairs, np.logaddexp(0, short), 1 / (1 + np.exp(-short)), weights)


def _short(logits: Matrix, pairs: Pairs, alpha: float) -> Matrix:
    above = logits[pairs.higher, pairs.label] - logits[pairs.lower, pairs.label]
    return np.asarray(alpha * pairs.margin - above)


def _spread(logits: Matrix, pairs: Pairs, loss: Matrix, slope: Matrix, weights: Matrix | None) -> Loss:
    """The weighted mean over pairs; each pair pulls its two logits apart."""
    weight = np.ones(len(pairs)) if weights is None else weights
    share = weight / weight.sum()
    found = np.zeros_like(logits)
    np.add.at(found, (pairs.higher, pairs.label), -slope * share)
    np.add.at(found, (pairs.lower, pairs.label), slope * share)
    return float((loss * share).sum()), found


def within(scores: Matrix, dialogues: Sequence[int], delta: float = 0.0) -> Pairs:
    """All pairs of utterances of one dialogue whose scores for a label differ by more than `delta`: what a teacher
    adds to a label all through a dialogue cancels in them."""
    of = np.asarray(dialogues)
    return _apart(scores, of[:, None] == of[None, :], delta)


def across(scores: Matrix, dialogues: Sequence[int], delta: float, count: int, seed: int) -> Pairs:
    """The control: `count` pairs, or all there are, of utterances of different dialogues."""
    of = np.asarray(dialogues)
    every = _apart(scores, of[:, None] != of[None, :], delta)
    if len(every) <= count:
        return every
    taken = np.sort(np.random.default_rng(seed).choice(len(every), count, replace=False))
    return Pairs(every.label[taken], every.higher[taken], every.lower[taken], every.margin[taken])


def _apart(scores: Matrix, allowed: Mask, delta: float) -> Pairs:
    margins = scores[:, None, :] - scores[None, :, :]
    higher, lower, label = np.nonzero((margins > delta) & allowed[:, :, None])
    return Pairs(label, higher, lower, margins[higher, lower, label])


def confident(likely: Matrix, labels: Numbers) -> Mask:
    """Which labels to keep: not those that a student which did not learn from them is confident are another one.
    `likely` are its probabilities; confident of a label is what reaches the mean probability, among utterances labelled
    so, of that label."""
    count = likely.shape[1]
    bars = np.array([likely[labels == n, n].mean() if (labels == n).any() else np.inf for n in range(count)])
    sure = np.where(likely >= bars, likely, -1.0)
    other = sure.argmax(axis=1)
    return np.asarray((sure.max(axis=1) < 0) | (other == labels))

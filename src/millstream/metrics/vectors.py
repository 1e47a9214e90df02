"""Texts as vectors of length 1, and what is measured among them: neighbours of the other side, the turn that follows.

The vectors here are of weighted words; an encoder's may be handed in instead, and give other figures. Knows no corpora.
"""

from collections.abc import Callable, Sequence
from random import Random

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.metrics import pairwise_distances

from millstream.metrics.tokens import Talk, tokens

Vectors = NDArray[np.float64]
Encode = Callable[[Sequence[str]], Vectors]
"""Texts -> (texts, dimensions), each of length 1 (or 0, of nothing)."""

NEAREST = 3
"""The neighbour whose distance is the radius of a ball (Kynkäänniemi et al. 2019)."""
AMONG = 10


def words(texts: Sequence[str]) -> Vectors:
    """Term frequency by inverse document frequency of these texts."""
    made = TfidfVectorizer(analyzer=tokens, sublinear_tf=True)
    try:
        return np.asarray(made.fit_transform(texts).todense())
    except ValueError:  # no word in any
        return np.zeros((len(texts), 1))


def dialogues(talks: Sequence[Talk], encode: Encode) -> Vectors:
    """A vector of each dialogue: the mean of its turns', which an encoder reads whole, at length 1."""
    rows = encode([turn.text for each in talks for turn in each.said.turns])
    ends = np.cumsum([len(each.said.turns) for each in talks])
    means = np.array([part.mean(axis=0) for part in np.split(rows, ends[:-1])])
    return np.asarray(means / np.maximum(np.linalg.norm(means, axis=1, keepdims=True), 1e-12))


def precision_recall(ours: Vectors, real: Vectors, nearest: int = NEAREST) -> tuple[float, float]:
    """(precision, recall) of Kynkäänniemi et al. 2019: the share of ours inside a ball of a real one, and of real ones
    inside a ball of ours; a ball reaches to the `nearest`-th neighbour of its own side."""
    across = pairwise_distances(ours, real)
    mine, theirs = (_radii(side, nearest) for side in (ours, real))
    return float((across <= theirs[None, :]).any(axis=1).mean()), float((across <= mine[:, None]).any(axis=0).mean())


def _radii(side: Vectors, nearest: int) -> Vectors:
    return np.asarray(np.sort(pairwise_distances(side), axis=1)[:, min(nearest, len(side) - 1)])


def ranking(talks: Sequence[Talk], encode: Encode, seed: int = 0, shuffled: bool = False) -> list[tuple[int, int]]:
    """For each dialogue (turns that rank first, turns asked): of a turn and nine of its role from other dialogues,
    is the real one the most like the turn before it? Ties are shared out by chance. `shuffled`: the control, the turns
    of each dialogue in random order."""
    chance = Random(f"ranking {seed}")
    texts = [[turn.text for turn in each.said.turns] for each in talks]
    roles = [[turn.role for turn in each.said.turns] for each in talks]
    if shuffled:
        for said in texts:
            chance.shuffle(said)
    vectors = encode([text for said in texts for text in said])
    starts = np.cumsum([0, *map(len, texts)])
    places = {role: [(d, n) for d, found in enumerate(roles) for n, r in enumerate(found) if r == role]
              for role in ("user", "agent")}  # fmt: skip
    found = []
    for d, said in enumerate(texts):
        won = 0
        for n in range(1, len(said)):
            others = _strangers(places[roles[d][n]], d, chance)
            rows = [starts[d] + n, *(starts[other] + at for other, at in others)]
            scores = vectors[rows] @ vectors[starts[d] + n - 1]
            best = np.flatnonzero(scores >= scores.max() - 1e-12)
            won += int(chance.choice(list(best)) == 0)
        found.append((won, len(said) - 1))
    return found


def _strangers(places: Sequence[tuple[int, int]], dialogue: int, chance: Random) -> list[tuple[int, int]]:
    """Nine turns of other dialogues, fewer where there are hardly any others."""
    drawn = [places[chance.randrange(len(places))] for _ in range(4 * AMONG)]
    return [each for each in drawn if each[0] != dialogue][: AMONG - 1]

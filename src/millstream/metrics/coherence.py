"""Does a turn follow from what was said? A joint score of a dialogue, fitted to prefer it to damaged copies of others.

Scoring an original above its own damaged copy is the discrimination test of local coherence (Barzilay and Lapata 2008,
"Modeling local coherence", section 4); the score here is linear: the sum, over the turns, of weights of what a turn
shares with the last turn of the other side, the last of its own and all before. It sees words and who says them: no
label, no clock, and never how many turns there are or who spoke twice, which would give a missing turn away unread.
"""

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import numpy as np
from scipy.sparse import vstack
from sklearn.feature_extraction import DictVectorizer
from sklearn.linear_model import LogisticRegression

from millstream.conversations import Utterance

TOKEN = re.compile(r"[\u4e00-\u9fff]+|[a-z]+\d+|[a-z]+(?:['’][a-z]+)*|\d[\d.,:]*\d|\d")
ASKS = re.compile(
    r"[?？]|[吗呢嘛么](?:[，。！]|$)|什么|多少|几|怎么|哪|如何"
    r"|^(?:what|which|how|where|when|who|do|does|is|are|can|could|would|will)\b",
    re.I,
)
KNOWN = 3
"""Dialogues a token has to occur in for its pairs with others to be features."""
RARE = 2.0
"""From this inverse document frequency on a token is a name, a value or a topic."""
PAIRED = 2.0
"""The length of a turn's vector of word pairs; the other features are at most about 1."""

Features = dict[str, float]
Places = Sequence[tuple[int, int]]
"""(place in one version of a dialogue, place in another) of the same turn."""


class Said(NamedTuple):
    """What is seen of a turn: its tokens (pairs of characters in Chinese), its numbers, whether it asks."""

    tokens: frozenset[str]
    numbers: frozenset[str]
    asks: bool


@lru_cache(maxsize=1 << 16)
def said(text: str) -> Said:
    found: set[str] = set()
    for run in TOKEN.findall(text.casefold()):
        found |= {run[n : n + 2] for n in range(max(len(run) - 1, 1))} if "\u4e00" <= run[0] <= "\u9fff" else {run}
    return Said(frozenset(found), frozenset(each for each in found if each[0].isdigit()), bool(ASKS.search(text)))


class Weighing:
    """Inverse document frequencies of tokens and the commonly known ones, learned from some dialogues."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.counts = Counter(token for each in texts for token in {t for text in each for t in said(text).tokens})
        self._unseen = math.log((len(texts) + 1) / 0.5)
        self._rarities = {token: math.log((len(texts) + 1) / (n + 0.5)) for token, n in self.counts.items()}

    def rarity(self, token: str) -> float:
        return self._rarities.get(token, self._unseen)

    def known(self, turn: Said) -> set[str]:
        """Its common tokens, every number as one."""
        return {"0" if t[0].isdigit() else t for t in turn.tokens if t[0].isdigit() or self.counts[t] >= KNOWN}

    def covered(self, tokens: frozenset[str], by: frozenset[str]) -> float:
        """The share of the weight of `tokens` that `by` has too."""
        whole = sum(map(self.rarity, tokens))
        return sum(map(self.rarity, tokens & by)) / whole if whole > 0 else 0.0

    def names(self, tokens: frozenset[str]) -> float:
        """The weight of those that are rare."""
        return sum(rarity for rarity in map(self.rarity, tokens) if rarity > RARE) / 10


def features(turns: Sequence[Utterance], at: int, weighing: Weighing) -> Features:
    """What is seen of turn `at`, given those before it."""
    return _past(turns, at, weighing) | _last(turns, at, weighing)


def contrast(first: Sequence[Utterance], second: Sequence[Utterance], kept: Places, weighing: Weighing) -> Features:
    """The features of some turns of the first less those of the second, added up; `kept` pairs their places."""
    total: dict[str, float] = defaultdict(float)
    for one, other in kept:
        views = [_past] if _beside(first, one) == _beside(second, other) else [_past, _last]
        for sign, turns, at in ((1, first, one), (-1, second, other)):
            for view in views:
                for name, value in view(turns, at, weighing).items():
                    total[name] += sign * value
    return {name: value for name, value in total.items() if abs(value) > 1e-9}


def _beside(turns: Sequence[Utterance], at: int) -> tuple[str, str, str]:
    """A turn, the last one of the other side and the last of its own."""
    role, before = turns[at].role, turns[:at]
    theirs = next((each.text for each in reversed(before) if each.role != role), "")
    own = next((each.text for each in reversed(before) if each.role == role), "")
    return turns[at].text, theirs, own


def _last(turns: Sequence[Utterance], at: int, weighing: Weighing) -> Features:
    now, theirs, own = _beside(turns, at)
    found: Features = {}
    for side, last in (("other", theirs), ("own", own)):
        relation = _relation(said(now), said(last) if last else None, weighing)
        found |= {f"{turns[at].role} {side} {name}": value for name, value in relation.items()}
    return found


def _past(turns: Sequence[Utterance], at: int, weighing: Weighing) -> Features:
    role = turns[at].role
    theirs = [said(each.text) for each in turns[:at] if each.role != role]
    own = [said(each.text) for each in turns[:at] if each.role == role]
    found = _history(said(turns[at].text), own, theirs, weighing)
    return {f"{role} {name}": value for name, value in found if value}


def _history(now: Said, own: list[Said], theirs: list[Said], weighing: Weighing) -> Iterator[tuple[str, float]]:
    """What is carried on from anywhere before, what is new, what is said again."""
    past: frozenset[str] = frozenset().union(*(each.tokens for each in own + theirs))
    yield "carried on", weighing.covered(now.tokens, past)
    yield "names carried on", weighing.names(now.tokens & past)
    yield "new names", weighing.names(now.tokens - past)
    yield "numbers carried on", len(now.numbers & past)
    yield "new numbers", len(now.numbers - past)
    yield "said before", max((_alike(now, each) for each in own), default=0.0)
    yield "echo", max((_alike(now, each) for each in theirs), default=0.0)


def _relation(now: Said, last: Said | None, weighing: Weighing) -> Features:
    """What a turn and an earlier one have to do with each other, pairs of their words above all."""
    first, second = weighing.known(last) if last else {"^"}, weighing.known(now)
    length = PAIRED / math.sqrt(max(len(first) * len(second), 1))
    found = {f"{one} {other}": length for one in first for other in second}
    if last:
        found["taken up"] = weighing.covered(last.tokens, now.tokens)
        found["taken from"] = weighing.covered(now.tokens, last.tokens)
        found["rarest shared"] = max(map(weighing.rarity, now.tokens & last.tokens), default=0.0) / 5
        found[f"asks: {last.asks}, {now.asks}"] = 1.0
        found[f"asks: {last.asks}, numbers: {bool(last.numbers)}, {bool(now.numbers)}"] = 1.0
    return found


def _alike(one: Said, other: Said) -> float:
    return len(one.tokens & other.tokens) / max(len(one.tokens | other.tokens), 1)


class Preference:
    """Weights under which the first of each pair of feature sums outscores the second (a ranking by differences)."""

    def __init__(self, differences: Sequence[Features]) -> None:
        columns = DictVectorizer()
        rows = columns.fit_transform(differences)
        labels = np.array([1] * len(differences) + [0] * len(differences))
        model = LogisticRegression(fit_intercept=False, solver="liblinear", dual=True, max_iter=5000, random_state=0)
        model.fit(vstack([rows, -rows]), labels)
        self.weights: Features = dict(zip(columns.get_feature_names_out(), model.coef_[0].tolist(), strict=True))

    def score(self, found: Features) -> float:
        return sum(self.weights.get(name, 0.0) * value for name, value in found.items())

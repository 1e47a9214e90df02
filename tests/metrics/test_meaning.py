"""A copy in other words is found by what it means; strangers are not."""

import random
from collections.abc import Sequence

import numpy as np
import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from millstream.conversations import Conversation, Utterance
from millstream.metrics import contamination, meaning
from millstream.metrics.contamination import Canaries, Trained
from millstream.metrics.meaning import Meant
from millstream.metrics.vectors import Vectors

PLAIN = ("i", "we", "you", "they", "want", "need", "book", "find", "table", "room", "please", "with", "for", "a", "the")


def drawn(seed: int) -> Conversation:
    rng = random.Random(seed)
    turns = [" ".join(rng.choices(PLAIN, k=9)) + " Curry Garden" for _ in range(6)]
    return Conversation(
        corpus="x", key=str(seed), lang="en", values=("Curry Garden",),
        turns=tuple(Utterance(role=("user", "agent")[n % 2], text=text) for n, text in enumerate(turns)),
    )  # fmt: skip


TEST = [drawn(seed) for seed in range(20)]
STRANGERS = [drawn(seed) for seed in range(100, 140)]


def topics(texts: Sequence[str]) -> Vectors:
    """An encoder of the tests: what is said by either of two words is the same; all of it points one way."""
    meaning = {"wish": "want", "require": "need", "seek": "find", "reserve": "book"}
    rows = np.full((len(texts), 12), 3.0)
    for n, text in enumerate(texts):
        for word in text.split():
            rows[n, sum(map(ord, meaning.get(word, word))) % 12] += 1
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_a_rephrased_copy_passes_all_but_the_encoder() -> None:
    other = {"want": "wish", "need": "require", "find": "seek", "book": "reserve"}
    told = [
        Utterance(role=turn.role, text=" ".join(other.get(word, word) for word in turn.text.split()))
        for turn in TEST[3].turns
    ]
    copy = TEST[3].model_copy(update={"turns": tuple(told)})
    by_words = contamination.found(Trained([*STRANGERS, copy]), TEST)
    assert by_words.verbatim == 0 and by_words.copied == 0
    meant = Meant(TEST, topics)
    near = meant.nearest([*STRANGERS, copy]) >= meant.bar
    assert near[3] and near.sum() <= 1 + (meant.nearest(STRANGERS) >= meant.bar).sum()
    assert meaning.seen(meant, contamination.canaries(TEST, 10)) >= 5
    assert meaning.seen(meant, Canaries((), ())) == 0


def test_no_training_data_is_near_nothing() -> None:
    meant = Meant(TEST, topics)
    assert set(meant.nearest([])) == {-1.0}

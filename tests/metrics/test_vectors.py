"""Neighbours by a hand-worked case and by brute force; the turn that follows is found where it can be."""

import numpy as np
import pytest
from talkers import talk

from millstream.conversations import Conversation, Utterance
from millstream.metrics import tokens, vectors


def test_precision_and_recall_on_a_line() -> None:
    """Real at 0, 1, 2: balls of radius 1 (nearest neighbour). Ours at 0.5 and 5: one of two inside; balls of radius 4.5
    around ours reach every real one."""
    ours, real = np.array([[0.5], [5.0]]), np.array([[0.0], [1.0], [2.0]])
    assert vectors.precision_recall(ours, real, nearest=1) == (0.5, 1.0)
    assert vectors.precision_recall(real, real, nearest=1) == (1.0, 1.0)


def test_precision_and_recall_by_brute_force() -> None:
    rng = np.random.default_rng(3)
    ours, real = rng.normal(size=(20, 3)), rng.normal(0.8, 1, size=(25, 3))

    def radius(side: np.ndarray, n: int) -> float:
        return float(np.sort([np.linalg.norm(side[n] - other) for m, other in enumerate(side) if m != n])[2])

    def inside(asked: np.ndarray, balls: np.ndarray) -> float:
        hit = [any(np.linalg.norm(each - ball) <= radius(balls, n) for n, ball in enumerate(balls)) for each in asked]
        return sum(hit) / len(hit)

    assert vectors.precision_recall(ours, real) == pytest.approx((inside(ours, real), inside(real, ours)))


def test_the_next_turn_is_found_by_its_words_and_not_when_shuffled() -> None:
    said = []
    for n in range(40):
        turns = tuple(
            Utterance(role=("user", "agent")[at % 2], text=f"thing{n} part{n} place{at // 2} x{at}") for at in range(8)
        )
        said.append(tokens.talk(Conversation(corpus="x", key=str(n), lang="en", turns=turns)))
    won = vectors.ranking(said, vectors.words)
    assert sum(first for first, _ in won) / sum(of for _, of in won) > 0.9
    assert all(of == 7 for _, of in won)


def test_the_ranking_by_hand() -> None:
    """To an encoder that sees of a turn only which dialogue it is of, no stranger is as near as the next turn."""
    said = [tokens.talk(each) for each in talk("x", tuple(f"turn of %s {n}" for n in range(5)), 30)]
    rows = np.repeat(np.eye(30), 8, axis=0)
    won = vectors.ranking(said, lambda texts: rows)
    assert won == [(7, 7)] * 30


def test_where_all_say_the_same_the_ranking_is_chance() -> None:
    said = [tokens.talk(each) for each in talk("x", ("yes",), 60)]
    won = vectors.ranking(said, vectors.words)
    assert sum(first for first, _ in won) / sum(of for _, of in won) == pytest.approx(0.1, abs=0.05)


def test_a_dialogue_is_the_mean_of_its_turns_at_length_one() -> None:
    said = [tokens.talk(each) for each in talk("x", ("a", "b"), 2)]
    rows = np.array([[1.0, 0.0]] * 6 + [[0.0, 1.0]] * 2 + [[0.6, 0.8]] * 8)
    made = vectors.dialogues(said, lambda texts: rows)
    assert made == pytest.approx(np.array([[3 / 10**0.5, 1 / 10**0.5], [0.6, 0.8]]), abs=1e-6)


def test_texts_without_words_are_no_error() -> None:
    assert vectors.words(["???", "!!!"]).shape == (2, 1)

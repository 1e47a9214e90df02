"""Soft scores: probabilities of the answer's first token among the labels, and a teacher that says nothing."""

import math

import pytest

from millstream.chat import Reply
from millstream.errors import InputError
from millstream.label.teacher import check
from millstream.odds import likely

WORDS = ("inform", "question", "other")


def reply(**chances: float) -> Reply:
    top = [{"token": token, "logprob": math.log(chance)} for token, chance in chances.items()]
    return Reply(("inform",), logprobs=([{"token": "x", "logprob": -1.0, "top_logprobs": top}],))


def test_the_labels_share_the_probability_of_their_tokens() -> None:
    assert likely(reply(inform=0.6, Question=0.2, other=0.1, xyz=0.1), WORDS) == pytest.approx(
        (2 / 3, 2 / 9, 1 / 9), abs=1e-4
    )


def test_a_token_that_begins_two_labels_is_shared_and_a_missing_label_gets_the_least() -> None:
    assert likely(reply(o=0.8, q=0.2), ("one", "other", "question")) == pytest.approx((0.4, 0.4, 0.2), abs=1e-4)
    found = likely(reply(inform=0.9, zzz=0.1), WORDS)
    assert found[0] > 0.8 and found[1] == found[2] > 0


def test_without_probabilities_the_answer_itself_counts() -> None:
    assert likely(Reply(("question",)), WORDS) == (0, 1, 0)
    assert likely(Reply(("I would say so",)), WORDS) == pytest.approx((1 / 3, 1 / 3, 1 / 3))


def test_a_teacher_that_always_says_the_same_is_refused() -> None:
    with pytest.raises(InputError, match="says 'question' of all 20 utterances"):
        check([(0.2, 0.7, 0.1)] * 20, WORDS)
    check([(0.2, 0.7, 0.1)] * 19 + [(0.7, 0.2, 0.1)], WORDS)

"""Soft scores: probabilities of the answer's first token among the labels, and a teacher that says nothing."""

import json
import math
from typing import get_args

import pytest

from millstream.chat import Reply, Request
from millstream.errors import InputError
from millstream.label.bank import bank
from millstream.label.tasks import task
from millstream.label.teacher import LOOKS_BACK, View, check, votes
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


async def test_a_teacher_that_sees_the_dialogue_sees_its_labels_and_one_that_sees_lines_does_not() -> None:
    prompt, seen = bank(task("service_act"), "en")[0], list[list[str]]()

    async def chat(asked: Request) -> Reply:
        seen.append([each["content"] for each in json.loads(asked.body)["messages"][len(prompt.head) :]])
        return Reply(("question" if "?" in seen[-1][-1] else "thanks",))

    lines = ["Where is it?", "Thank you."]
    for view in get_args(View):
        (first, second) = await votes(chat, "m", prompt, lines, view=view)
        assert first.index(1) == 1 and second.index(1) == 5
    alone, dialogue = seen[:2], seen[2:]
    assert [len(each) for each in alone] == [1, 1] and [len(each) for each in dialogue] == [1, 3]
    assert "Where is it?" in dialogue[1][0] and dialogue[1][1] == "question" and "Thank you." in dialogue[1][2]


async def test_a_teacher_looks_back_so_far_and_no_farther() -> None:
    prompt, longest = bank(task("service_act"), "en")[0], 0

    async def chat(asked: Request) -> Reply:
        nonlocal longest
        said = json.loads(asked.body)["messages"][len(prompt.head) :]
        assert said[0]["role"] == "user"
        longest = max(longest, len(said))
        return Reply(("thanks",))

    await votes(chat, "m", prompt, [f"Line {n}." for n in range(LOOKS_BACK + 5)], view="dialogue")
    assert longest == 2 * LOOKS_BACK + 1

"""Copies are found as they are and with other values; strangers are not."""

import random

from millstream.conversations import Conversation, Utterance
from millstream.metrics import contamination
from millstream.metrics.contamination import Canaries, Trained

PLAIN = ("i", "we", "you", "they", "want", "need", "book", "find", "table", "room", "please", "with", "for", "a", "the")


def drawn(seed: int, value: str = "Curry Garden") -> Conversation:
    rng = random.Random(seed)
    turns = [" ".join(rng.choices(PLAIN, k=9)) + f" {value}" for _ in range(6)]
    return Conversation(
        corpus="x", key=str(seed), lang="en", values=(value,),
        turns=tuple(Utterance(role=("user", "agent")[n % 2], text=text) for n, text in enumerate(turns)),
    )  # fmt: skip


TEST = [drawn(seed) for seed in range(20)]
STRANGERS = [drawn(seed) for seed in range(100, 140)]


def test_strangers_hold_nothing_of_the_test() -> None:
    found = contamination.found(Trained(STRANGERS), TEST)
    assert (found.turns, found.verbatim, found.runs, found.dialogues, found.copied) == (120, 0, 0, 20, 0)
    assert found.nearest < 0.1


def test_a_copy_is_found_three_ways() -> None:
    found = contamination.found(Trained([*STRANGERS, TEST[3]]), TEST)
    assert (found.verbatim, found.runs, found.copied, found.nearest) == (6, 6, 1, 1.0)


def test_a_copy_about_another_place_is_found_by_its_pieces_and_an_edited_turn_by_its_runs() -> None:
    other = drawn(3, "Pizza Hut")
    found = contamination.found(Trained([other]), TEST)
    assert found.verbatim == 0 and found.runs == 6 and found.copied == 1


def test_canaries_are_seen_and_nothing_is_seen_of_none() -> None:
    put = contamination.canaries(TEST, 10)
    assert contamination.seen(STRANGERS, TEST, put) == len(put.planted) == 10
    assert sum(planted in TEST for planted in put.planted) == 5, "half of them with other values"
    assert contamination.canaries(TEST, 0) == ((), ()) and contamination.seen(STRANGERS, TEST, Canaries((), ())) == 0
    assert contamination.found(Trained([]), TEST).nearest == 0.0

"""Does training data hold the test? Turns word for word, runs of words, and whole dialogues with their values gone.

Each finds what the one before overlooks: an edited turn keeps its runs of words, and the same dialogue about another
hotel keeps the rest of its words. Whether the check can see at all is shown by canaries: dialogues of the test put into
the training data, as they are and with other values. Rephrased or translated copies pass all of it (Yang et al. 2023,
Rethinking Benchmark and Contamination): the rephrased are for meaning.py. Knows conversations; no files and no models.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from itertools import chain
from random import Random
from typing import NamedTuple

from millstream.conversations import Conversation, Utterance
from millstream.metrics import masking
from millstream.metrics.tokens import grams, tokens
from millstream.records import Lang

LONG: dict[Lang, int] = {"en": 6, "zh": 12}
"""Words (characters) from which on a turn is no commonplace."""
RUN: dict[Lang, int] = {"en": 8, "zh": 16}
PIECE = 4
"""Tokens of a piece of a dialogue without its values."""
COPIED = 0.5
"""Share of pieces (Jaccard) from which on two dialogues are one."""
Pieces = frozenset[tuple[str, ...]]


class Found(NamedTuple):
    """Of the test: turns of LONG or more words, those of them that were said in training word for word, and those that
    share RUN words in a row with it; dialogues, those that are one with a training dialogue, and the nearest's share.
    """

    turns: int
    verbatim: int
    runs: int
    dialogues: int
    copied: int
    nearest: float


class Trained:
    """What may be looked for in training data."""

    def __init__(self, dialogues: Iterable[Conversation]) -> None:
        self.turns, self.runs = set[tuple[str, ...]](), set[tuple[str, ...]]()
        self._holders: dict[tuple[str, ...], list[int]] = defaultdict(list)
        self._sizes: list[int] = []
        for n, each in enumerate(dialogues):
            for turn in each.turns:
                words = tokens(turn.text)
                self.turns.add(words)
                self.runs.update(grams(words, RUN[each.lang]))
            found = pieces(each)
            self._sizes.append(len(found))
            for piece in found:
                self._holders[piece].append(n)

    def nearest(self, dialogue: Conversation) -> float:
        """The share of pieces in common with the training dialogue that has most."""
        found = pieces(dialogue)
        shared = Counter(chain.from_iterable(self._holders.get(piece, ()) for piece in found))
        return max((count / (len(found) + self._sizes[n] - count) for n, count in shared.items()), default=0.0)


def pieces(dialogue: Conversation) -> Pieces:
    """Runs of PIECE tokens of its turns; values, numbers and rare words are marks there."""
    made = (masking.masked(turn.text, dialogue.lang, dialogue.values) for turn in dialogue.turns)
    return frozenset(gram for words in made for gram in grams(words, PIECE))


def found(trained: Trained, test: Sequence[Conversation]) -> Found:
    said = [(tokens(turn.text), each.lang) for each in test for turn in each.turns]
    long = [(words, lang) for words, lang in said if len(words) >= LONG[lang]]
    near = [trained.nearest(each) for each in test]
    return Found(
        len(long),
        sum(words in trained.turns for words, _ in long),
        sum(any(gram in trained.runs for gram in grams(words, RUN[lang])) for words, lang in long),
        len(test),
        sum(value >= COPIED for value in near),
        max(near, default=0.0),
    )


class Canaries(NamedTuple):
    """Dialogues of the test (their numbers in it), and what is put into the training data for them."""

    numbers: tuple[int, ...]
    planted: tuple[Conversation, ...]


def canaries(test: Sequence[Conversation], count: int, seed: int = 0) -> Canaries:
    """Half of them as they are, half with their values changed."""
    drawn = Random(f"canaries {seed}").sample(range(len(test)), min(count, len(test)))
    planted = (test[at] if n % 2 else _changed(test[at]) for n, at in enumerate(drawn))
    return Canaries(tuple(drawn), tuple(planted))


def seen(train: Sequence[Conversation], test: Sequence[Conversation], put: Canaries) -> int:
    """How many planted dialogues are found by their pieces."""
    trained = Trained([*train, *put.planted])
    return sum(trained.nearest(test[at]) >= COPIED for at in put.numbers)


def _changed(dialogue: Conversation) -> Conversation:
    """The same with each of its values written otherwise."""
    values = sorted((value for value in dialogue.values if len(value) > 1), key=len, reverse=True)
    others = {value: f"Zed{n}" for n, value in enumerate(values)}
    turns = []
    for turn in dialogue.turns:
        text = turn.text
        for value, other in others.items():
            text = text.replace(value, other)
        turns.append(Utterance(role=turn.role, text=text, acts=turn.acts))
    return dialogue.model_copy(update={"turns": tuple(turns), "values": tuple(others.values())})

"""Plain measures of wording, of ours and of real dialogues on equal footing: as many dialogues, one window of each.

Repetition falls with the number of dialogues and rises with their length, so figures of different tables must not be
compared unless both are equal. Knows windows; fits nothing.
"""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from millstream.metrics import delivery
from millstream.metrics.repeated import rep4
from millstream.metrics.tokens import tokens
from millstream.metrics.windows import Window

DIALOGUES = 100
"""Dialogues compared at most."""


@dataclass(frozen=True)
class Surface:
    """`repetition`: mean share of a dialogue's 4-grams (characters in Chinese) that another dialogue has too ·
    `variation`: standard deviation of turn length by its mean · `openers`: distinct first two words per 100 turns ·
    `top_openers`: share of turns that begin with one of the five commonest · `runs`: share of turns that follow one of
    the same speaker · `short`: share of turns of at most two words."""

    dialogues: int
    repetition: float
    variation: float
    openers: float
    top_openers: float
    runs: float
    short: float


def one_each(windows: Sequence[Window]) -> list[Window]:
    """The first window of each dialogue, at most `DIALOGUES`."""
    first: dict[str, Window] = {}
    for each in windows:
        first.setdefault(each.conversation.key, each)
    return list(first.values())[:DIALOGUES]


def surface(windows: Sequence[Window]) -> Surface:
    turns = [(turn, each.conversation.lang) for each in windows for turn in each.turns]
    begun = Counter(delivery.opener(turn, lang) for turn, lang in turns)
    shown = Counter(name for each in windows for _, name in delivery.habits(each))
    return Surface(
        dialogues=len(windows),
        repetition=rep4([tokens(" ".join(turn.text for turn in each.turns)) for each in windows]),
        variation=delivery.variation([delivery.words(turn.text) for turn, _ in turns]),
        openers=100 * len(begun) / len(turns),
        top_openers=sum(count for _, count in begun.most_common(5)) / len(turns),
        runs=shown["again"] / len(turns),
        short=shown["short"] / len(turns),
    )


"""A conversation cut into tokens, once, for every measure of wording: words, and single characters of Chinese.

Figures over characters and figures over words must never stand in one comparison. Knows no measure.
"""

import re
import sys
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from millstream.conversations import Conversation

TOKEN = re.compile(r"[\u4e00-\u9fff]|[a-z]+(?:['’][a-z]+)*|\d[\d.,:]*")


@dataclass(frozen=True)
class Talk:
    """A conversation and the tokens of each of its turns."""

    said: Conversation
    turns: tuple[tuple[str, ...], ...]

    def flat(self) -> tuple[str, ...]:
        return tuple(token for turn in self.turns for token in turn)


def tokens(text: str) -> tuple[str, ...]:
    """Lower-cased words, numbers and Chinese characters; marks are none."""
    return tuple(map(sys.intern, TOKEN.findall(text.casefold())))


def talk(said: Conversation) -> Talk:
    return Talk(said, tuple(tokens(turn.text) for turn in said.turns))


def grams(found: Sequence[str], size: int) -> Iterator[tuple[str, ...]]:
    """Its n-grams in their order, repeated ones too."""
    return zip(*(found[n:] for n in range(size)), strict=False)


def budgeted(talks: Iterable[Talk], budget: int) -> list[str]:
    """The first `budget` tokens of them; fewer where there are no more."""
    taken: list[str] = []
    for each in talks:
        taken += each.flat()
        if len(taken) >= budget:
            break
    return taken[:budget]

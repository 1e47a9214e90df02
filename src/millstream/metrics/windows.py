"""Equal pieces of dialogues: every detector sees the same number of turns a piece and of pieces a side.

Knows nothing of features; draws everything from a seed.
"""

import random
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property

from millstream.conversations import Conversation, Utterance
from millstream.metrics import masking

PER_DIALOGUE = 2
"""Windows drawn of one dialogue at most: long dialogues do not outvote short ones."""


@dataclass(frozen=True)
class Window:
    """Consecutive turns of one conversation, from turn `start` on. `group` keeps relatives on one side of a split."""

    conversation: Conversation
    start: int
    size: int

    @cached_property
    def turns(self) -> tuple[Utterance, ...]:
        return self.conversation.turns[self.start : self.start + self.size]

    @cached_property
    def masked(self) -> tuple[tuple[str, ...], ...]:
        """The tokens of each turn that a detector may see."""
        said = self.conversation
        return tuple(masking.masked(turn.text, said.lang, said.values) for turn in self.turns)

    @property
    def group(self) -> str:
        return f"{self.conversation.corpus} {self.conversation.group}"


def drawn(conversations: Iterable[Conversation], size: int, seed: int) -> list[Window]:
    """Up to `PER_DIALOGUE` windows of `size` turns a dialogue, that do not overlap, in random order; a shorter dialogue
    gives none."""
    chance, found = random.Random(f"windows {seed}"), []
    for each in conversations:
        spare = len(each.turns) % size
        shift = chance.randint(0, spare)
        starts = list(range(shift, len(each.turns) - size + 1, size))
        found += [Window(each, at, size) for at in chance.sample(starts, min(PER_DIALOGUE, len(starts)))]
    chance.shuffle(found)
    return found


def matched(first: Sequence[Window], second: Sequence[Window], most: int) -> tuple[list[Window], list[Window]]:
    """The same number of windows of both, at most `most` each."""
    count = min(len(first), len(second), most)
    return list(first[:count]), list(second[:count])

"""Conversations of a small generator, whose manner of speaking can be chosen."""

import random
from collections.abc import Sequence

from millstream.conversations import Conversation, Utterance
from millstream.metrics.windows import Window

PLAIN = (
    "could you tell me about the %s",
    "and what does it have",
    "i want the %s",
    "how is it",
    "that is good, thanks",
)
CURT = ("The %s!", "Price?", "No. Other ones!", "Yes! Go!", "Bye!")


def talk(
    name: str, sentences: tuple[str, ...], count: int, seed: int = 0, things: str = "car hotel"
) -> list[Conversation]:
    """`count` dialogues of eight turns, each of a sentence drawn at random about a thing drawn at random."""
    chance = random.Random(f"{name} {seed}")
    made = []
    for n in range(count):
        thing = chance.choice(things.split())
        said = [chance.choice(sentences).replace("%s", thing) for _ in range(8)]
        turns = tuple(Utterance(role=("user", "agent")[at % 2], text=text) for at, text in enumerate(said))
        made.append(Conversation(corpus=name, key=f"{n}", lang="en", turns=turns, group=f"{n}"))
    return made


def halves(windows: Sequence[Window]) -> tuple[list[Window], list[Window]]:
    """Two halves that share no group: what a detector makes of them is chance."""
    groups = sorted({each.group for each in windows})
    random.Random("halves").shuffle(groups)
    first = set(groups[::2])
    return [each for each in windows if each.group in first], [each for each in windows if each.group not in first]

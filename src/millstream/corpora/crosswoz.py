"""CrossWOZ (Zhu et al. 2020): Chinese dialogues of travellers in Beijing, typed by two people for each other.

Reads the turns and, from their acts, what has to be masked. Knows nothing of goals and of the state.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return '"messages"' in head and '"sys-usr"' in head


def read(path: Path) -> Iterator[Conversation]:
    for key, each in corpora.entries(path):
        messages = corpora.listed(each, "messages")
        said = corpora.turns((text.dig(turn, "role"), text.dig(turn, "content"), _acts(turn)) for turn in messages)
        acts = [act for turn in messages for act in corpora.listed(turn, "dialog_act")]
        yield from corpora.made("crosswoz", key, said, corpora.values([text.dig(act, 3) for act in acts]))


def _acts(turn: Any) -> list[Any]:
    """The intents; of a general one what it is (thank, greet, bye)."""
    every = corpora.listed(turn, "dialog_act")
    return [text.dig(act, 1 if text.dig(act, 0) == "General" else 0) for act in every]

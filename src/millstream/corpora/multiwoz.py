"""MultiWOZ (Budzianowski et al. 2018) as ConvLab-2 keeps it: a `log` in which user and system take turns.

English, or the Chinese translation of it. The values of the acts are what has to be masked. Knows nothing of
goals and of the state.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return '"log"' in head and '"metadata"' in head and '"dialog_act"' in head


def read(path: Path) -> Iterator[Conversation]:
    for key, each in corpora.entries(path):
        log = corpora.listed(each, "log")
        sides = (("user", "agent")[n % 2] for n in range(len(log)))
        said = corpora.turns((side, text.dig(turn, "text"), _acts(turn)) for side, turn in zip(sides, log, strict=True))
        acts = [text.dig(turn, "dialog_act") for turn in log]
        pairs = [
            pair for act in acts if isinstance(act, dict) for found in act.values() for pair in corpora.listed(found)
        ]
        yield from corpora.made("multiwoz", key, said, corpora.values([text.dig(pair, 1) for pair in pairs]))


def _acts(turn: Any) -> list[str]:
    """Of "Hotel-Inform" the second part, once for each of its slots."""
    acts = text.dig(turn, "dialog_act")
    named = acts.items() if isinstance(acts, dict) else ()
    return [str(name).rpartition("-")[2] for name, slots in named for _ in corpora.listed(slots)]

"""ConvLab-3's unified form (Zhu et al. 2022), in which DailyDialog lies here: turns of two sides with their acts.

Reads the words and the names of the acts. Knows nothing of states, spans and emotions.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import corpora, text
from millstream.conversations import Conversation
from millstream.formats.convlab import KINDS


def recognises(path: Path, head: str) -> bool:
    return '"dialogue_acts"' in head and '"utt_idx"' in head


def read(path: Path) -> Iterator[Conversation]:
    for number, each in corpora.entries(path):
        spoken = corpora.listed(each, "turns")
        said = corpora.turns((text.dig(turn, "speaker"), text.dig(turn, "utterance"), _acts(turn)) for turn in spoken)
        name = text.line(text.dig(each, "dataset")) or "convlab"
        yield from corpora.made(name, text.line(text.dig(each, "dialogue_id")) or number, said)


def _acts(turn: Any) -> list[Any]:
    return [text.dig(act, "intent") for kind in KINDS for act in corpora.listed(turn, "dialogue_acts", kind)]

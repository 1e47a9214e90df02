"""Schema-Guided Dialogue (Rastogi et al. 2020): outlines drawn by program, worded in English by people.

Reads the turns and the values of their frames. Knows nothing of schemas and states.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return '"frames"' in head and '"utterance"' in head


def read(path: Path) -> Iterator[Conversation]:
    for number, each in corpora.entries(path):
        spoken = corpora.listed(each, "turns")
        said = corpora.turns((text.dig(turn, "speaker"), text.dig(turn, "utterance"), _acts(turn)) for turn in spoken)
        frames = [frame for turn in spoken for frame in corpora.listed(turn, "frames")]
        acts = [act for frame in frames for act in corpora.listed(frame, "actions")]
        names = corpora.values([text.dig(act, "values") for act in acts])
        yield from corpora.made("sgd", text.line(text.dig(each, "dialogue_id")) or number, said, names)


def _acts(turn: Any) -> list[Any]:
    frames = corpora.listed(turn, "frames")
    return [text.dig(act, "act") for frame in frames for act in corpora.listed(frame, "actions")]

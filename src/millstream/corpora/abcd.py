"""ABCD, the Action-Based Conversations Dataset (Chen et al. 2021): customers and agents of a shop, in English.

Reads the `original` turns, in which one side may speak several times in a row; actions are no turns. The whole release
is an object of splits, its sample a list. Knows nothing of flows and their guidelines.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return '"convo_id"' in head and '"original"' in head


def read(path: Path) -> Iterator[Conversation]:
    value = corpora.content(path)
    for each in _listed(value):
        pairs = [(text.dig(turn, 0), text.dig(turn, 1)) for turn in corpora.listed(each, "original")]
        scenario = text.dig(each, "scenario")
        names = corpora.values(*(text.dig(scenario, part) for part in ("personal", "order", "product")))
        yield from corpora.made("abcd", text.line(text.dig(each, "convo_id")), corpora.turns(pairs), names)


def _listed(value: Any) -> Iterator[Any]:
    for part in value.values() if isinstance(value, dict) else [value]:
        yield from corpora.listed(part)

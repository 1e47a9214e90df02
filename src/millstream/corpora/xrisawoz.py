"""X-RiSAWOZ (Moradshahi et al. 2023) and the RiSAWOZ it translates: Chinese and English task dialogues of 12 domains.

A user's and a system's utterance share one entry; in the English files each is a pair of words and spans. Knows
nothing of the belief state and of the database.
"""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import corpora, text
from millstream.conversations import Conversation


def recognises(path: Path, head: str) -> bool:
    return '"dialogue_id"' in head and '"user_utterance"' in head


def read(path: Path) -> Iterator[Conversation]:
    for number, each in corpora.entries(path):
        both = corpora.listed(each, "dialogue")
        pairs = [(role, *_said(turn, name)) for turn in both for role, name in SIDES]
        key = text.line(text.dig(each, "dialogue_id")) or number
        yield from corpora.made("xrisawoz", key, corpora.turns(pairs), corpora.values(*map(_marked, both)))


SIDES = (("user", "user"), ("agent", "system"))


def _words(value: Any) -> Any:
    return text.dig(value, 0) if isinstance(value, list) else value


def _said(turn: Any, name: str) -> tuple[Any, list[Any]]:
    """The words of a side and its acts."""
    acts = [text.dig(act, 0) for act in corpora.listed(turn, f"{name}_actions")]
    return _words(text.dig(turn, f"{name}_utterance")), acts


def _marked(turn: Any) -> list[Any]:
    """The values of the acts, and those that an English utterance marks."""
    acts = [act for _, name in SIDES for act in corpora.listed(turn, f"{name}_actions")]
    spans = [text.dig(turn, f"{name}_utterance", 1) for _, name in SIDES]
    return [text.dig(act, 3) for act in acts] + [list(slot) for span in _objects(spans) for slot in _objects(span)]


def _objects(values: Any) -> list[dict[str, Any]]:
    inner = list(values.values()) if isinstance(values, dict) else values
    return [each for each in inner if isinstance(each, dict)]

"""HR-MultiWOZ (Xu et al. 2024): employees and an assistant of a personnel department, in English, written by a model
and edited by people.

Reads the utterances, each of which begins with the name of its side. Knows nothing of slots and states.
"""

import re
from collections.abc import Iterator
from pathlib import Path

from millstream import corpora, text
from millstream.conversations import Conversation

_SIDE = re.compile(r"^\s*(HR Assistant|Employee)\s*:\s*", re.IGNORECASE)
_ROLES = {"hr assistant": "agent", "employee": "user"}


def recognises(path: Path, head: str) -> bool:
    return '"dialogue_id"' in head and '"HR Assistant:' in head


def read(path: Path) -> Iterator[Conversation]:
    for number, each in corpora.entries(path):
        said = corpora.turns(_sided(text.line(words)) for words in corpora.listed(each, "utterance"))
        key = f"{text.dig(each, 'service', 0)}-{text.dig(each, 'dialogue_id')}-{number}"
        yield from corpora.made("hr_multiwoz", key, said)


def _sided(words: str) -> tuple[str, str]:
    """Who speaks, and the words alone; a line without a name is nobody's and left out."""
    found = _SIDE.match(words)
    return (_ROLES[found[1].casefold()], words[found.end() :]) if found else ("", words)

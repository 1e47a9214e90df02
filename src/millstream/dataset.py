"""What a dataset is, whoever made it and wherever: one hash of its dialogues. Knows no run folder and no format.

Two runs made the same dataset if their hashes are equal: the dialogues are sorted by scenario, and nothing of when,
where, in which order or at what price they were made is in it.
"""

import hashlib
import json
from collections.abc import Iterable

from millstream.records import Dialogue


def digest(dialogues: Iterable[Dialogue]) -> str:
    """The sha256 in hex over the canonical JSON (sorted keys, UTF-8) of each dialogue, in the order of their ids.
    Holds a hash a dialogue in memory, not the dialogues."""
    whole = hashlib.sha256()
    for name, line in sorted((each.id, _line(each)) for each in dialogues):
        whole.update(name.encode() + b" " + line + b"\n")
    return whole.hexdigest()


def _line(dialogue: Dialogue) -> bytes:
    text = json.dumps(dialogue.model_dump(mode="json"), ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest()

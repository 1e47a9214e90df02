"""Near-duplicates among kept dialogues: two that share most of their wording are one too many.

Overlap is that of the sets of n-gram shingles of all turns, entity names and numbers folded to their kinds, so
that the same conversation about another car counts as the same. The first drawn stays.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator

from millstream import heard
from millstream.records import Dialogue, Reject

ALIKE = 0.7
"""Share of shingles from which on two dialogues are the same (Jaccard)."""
SHINGLE = 8
"""Characters of folded text."""


def distinct(dialogues: Iterable[Dialogue]) -> Iterator[Dialogue | Reject]:
    """Every dialogue that is not a near-duplicate of one before it; the others as rejects that name it."""
    seen: dict[str, set[str]] = defaultdict(set)
    sizes: dict[str, int] = {}
    for dialogue in sorted(dialogues, key=lambda each: each.scenario.number):
        mine = shingles(dialogue)
        shared: dict[str, int] = defaultdict(int)
        for shingle in mine:
            for other in seen[shingle]:
                shared[other] += 1
        double = next((o for o, n in shared.items() if n >= ALIKE * (len(mine) + sizes[o] - n)), None)
        if double:
            yield Reject(step="dedup", item=dialogue.id, reason=f"nearly the same as {double}")
            continue
        sizes[dialogue.id] = len(mine)
        for shingle in mine:
            seen[shingle].add(dialogue.id)
        yield dialogue


def shingles(dialogue: Dialogue) -> set[str]:
    names = sorted({act.entity for turn in dialogue.turns for act in turn.acts if act.entity}, key=len, reverse=True)
    text = "|".join(turn.text for turn in dialogue.turns)
    for name in names:
        text = text.replace(name, "E")
    text = re.sub(r"\d[\d.,]*", "N", heard.plain(text))
    return {text[i : i + SHINGLE] for i in range(max(len(text) - SHINGLE + 1, 1))}

"""Columns that list what a thing has ("gym, pool, sauna"): each item is a slot of its own, and a thing has it or not.

A list is closed: what a row does not list its thing does not have (an assumption of ours, docs/knowledge.md). A column
is such a list where its cells draw on few items, each of which many rows have; what each row lists for itself ("near
the museum, the park") stays a text. Knows no domain.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import yaml

from millstream.domain import SlotSpec
from millstream.records import Lang

ROWS, ITEMS, LONGEST = 8, 60, 24
"""Rows that a list needs to show itself, items it has at most, and characters of an item."""
SHARED = 4
"""Rows that have an item, on average over all that is listed, and rows that have one to make it common."""
COMMON = 0.9
"""Share of what is listed that is common."""
_CLAUSE = re.compile(r"提供|\b(?:has|have|is|are|with)\b")
_APART = re.compile(r"\s*[、,，;；|/]\s*")


def items(cells: Sequence[str]) -> tuple[str, ...]:
    """The items that a column's cells list, the most frequent first; () where it is no closed list."""
    lists = [listed(cell) for cell in cells if cell.strip()]
    counts = Counter(item for each in lists for item in dict.fromkeys(each))
    total = sum(counts.values())
    if len(lists) < ROWS or not 2 <= len(counts) <= ITEMS or total < 2 * len(lists):
        return ()
    if max(map(len, counts)) > LONGEST or any(any(map(str.isdigit, item[:1])) and item.isdigit() for item in counts):
        return ()
    common = sum(count for count in counts.values() if count >= SHARED)
    return tuple(item for item, _ in counts.most_common()) if common >= COMMON * total else ()


def listed(cell: str) -> tuple[str, ...]:
    """The items of one cell."""
    return tuple(item for item in _APART.split(cell.strip()) if item)


def slot(item: str, lang: Lang) -> SlotSpec:
    """What a thing may have, as a slot that can be wished for and asked about."""
    worded = {kind: {lang: tuple(texts)} for kind, texts in _wordings()[lang].items()}
    return SlotSpec.model_validate({
        "name": name(item), "names": {lang: (item,)}, "kind": "flag", "use": _use(item), **worded,
    })  # fmt: skip


def _use(item: str) -> tuple[str, ...]:
    """What is a clause of its own ("all rooms have wifi") goes with no wording of ours, and is only known."""
    return () if _CLAUSE.search(item) else ("constrain", "request")


def name(item: str) -> str:
    return re.sub(r"\W+", "_", item.casefold()).strip("_") or "item"


@cache
def _wordings() -> dict[Lang, dict[str, list[str]]]:
    text = (files("millstream") / "know" / "listed.yaml").read_text(encoding="utf-8")
    loaded: dict[Lang, dict[str, list[str]]] = yaml.safe_load(text)
    return loaded

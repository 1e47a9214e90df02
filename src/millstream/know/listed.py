"""Columns that list things. Of what a thing has ("gym, pool, sauna") each item is a slot of its own, and a thing has it
or not; of what each row lists for itself ("noodles, dumplings") one may be wished for, and a few are told.

A list of few items is closed: what a row does not list its thing does not have (an assumption of ours,
docs/knowledge.md). A column is such a list where each of its items is one that many rows have. Knows no domain.
"""

import re
from collections import Counter
from collections.abc import Sequence
from random import Random

from millstream import resources
from millstream.domain import NO, YES, SlotSpec
from millstream.records import Lang

ROWS, ITEMS, LONGEST = 8, 60, 24
"""Rows that a list needs to show itself, items it has at most, and characters of an item."""
SHARED = 4
"""Rows that have an item, on average over all that is listed, and rows that have one to make it common."""
COMMON = 0.9
"""Share of what is listed that is common."""
SEVERAL = 0.6
"""Share of cells with two items or more that makes a column one of lists."""
LONG, TOLD = 6, 3
"""Items from which on a list is long, and those that are told of a long one; all that is in a dish is told."""
ABSENT = frozenset(("", "-", "—", "/", "n/a", "na", "none", "null", "nan", "无", "未知", "未体现", "暂无"))
"""Cells that say nothing; where things are listed, those of `_NONE` say that there are none."""
_NONE = frozenset(("none", "无"))
_CLAUSE = re.compile(r"提供|\b(?:has|have|is|are|with)\b")
_CHINESE = re.compile(r"[\u3400-\u9fff]")
_APART = re.compile(r"\s*[、,，;；|/]\s*")


def items(cells: Sequence[str]) -> tuple[str, ...]:
    """The items that a column's cells list, the most frequent first; () where it is no closed list."""
    lists = [there for cell in cells if (there := listed(cell))]
    counts = Counter(item for each in lists for item in dict.fromkeys(each))
    total = sum(counts.values())
    if len(lists) < ROWS or not 2 <= len(counts) <= ITEMS or total < 2 * len(lists):
        return ()
    if max(map(len, counts)) > LONGEST or any(any(map(str.isdigit, item[:1])) and item.isdigit() for item in counts):
        return ()
    common = sum(count for count in counts.values() if count >= SHARED)
    return tuple(item for item, _ in counts.most_common()) if common >= COMMON * total else ()


def listed(cell: str) -> tuple[str, ...]:
    """The items of one cell; () of one that says nothing, or that there are none."""
    items = () if _folded(cell) in ABSENT else _APART.split(cell.strip())
    return tuple(item for item in items if _folded(item) not in ABSENT)


def says(cell: str) -> bool:
    """Does a cell say what there is, if only that there is nothing? What is not known is no "no"."""
    return bool(listed(cell)) or _folded(cell) in _NONE


def _folded(said: str) -> str:
    return said.strip().casefold()


def is_various(cells: Sequence[str]) -> bool:
    """Whether a column lists several things in most of its cells, in words: no dates, no addresses."""
    lists = [there for cell in cells if (there := listed(cell))]
    every = [item for each in lists for item in each]
    worded = [item for item in every if len(item) <= LONGEST and not any(map(str.isdigit, item))]
    several = sum(len(each) > 1 for each in lists)
    return len(lists) >= ROWS and several >= SEVERAL * len(lists) and len(worded) >= COMMON * len(every)


def some(cell: str, rng: Random) -> str:
    """A few of the items of a cell, in its order, as one says them."""
    there = listed(cell)
    if len(there) < LONG:
        return cell
    picked = sorted(rng.sample(range(len(there)), TOLD))
    return ("、" if _CHINESE.search(cell) else ", ").join(there[n] for n in picked)


def has(cell: str, told: str) -> bool:
    """Whether a cell lists all that is told of it."""
    return {*listed(told)} <= {*listed(cell)}


def wording(lang: Lang) -> dict[str, dict[Lang, tuple[str, ...]]]:
    """How people speak of one of several things, by kind."""
    return {kind: {lang: tuple(texts)} for kind, texts in _wordings()[lang]["one of"].items()}


def slot(item: str, lang: Lang) -> SlotSpec:
    """What a thing may have, as a slot that can be wished for and asked about."""
    worded = {kind: {lang: tuple(texts)} for kind, texts in _wordings()[lang]["has"].items()}
    return SlotSpec.model_validate({
        "name": name(item), "names": {lang: (item,)}, "kind": "flag", "use": _use(item), **worded,
    })  # fmt: skip


def is_yes_or_no(cells: Sequence[str], lang: Lang) -> bool:
    """Whether a column says of each thing only whether it has it."""
    return {cell.strip().casefold() for cell in cells if cell.strip()} in ({YES[lang]}, {YES[lang], NO[lang]})


def had(spec: SlotSpec, lang: Lang) -> SlotSpec:
    """A slot of a domain as what a thing has or has not; its own questions stay, for "yes" is no value one tells."""
    told = {kind: {lang: tuple(texts)} for kind, texts in _wordings()[lang]["has"].items() if kind.startswith("tell")}
    assured = {"assure": {**spec.assure, lang: told["tell_yes"][lang]}} if lang in spec.assure else {}
    use = tuple(dict.fromkeys((*spec.use, "constrain")))
    return spec.model_copy(update={"kind": "flag", "use": use, **told, **assured})


def _use(item: str) -> tuple[str, ...]:
    """What is a clause of its own ("all rooms have wifi") goes with no wording of ours, and is only known."""
    return () if _CLAUSE.search(item) else ("constrain", "request")


def name(item: str) -> str:
    return re.sub(r"\W+", "_", item.casefold()).strip("_") or "item"


def _wordings() -> dict[Lang, dict[str, dict[str, list[str]]]]:
    loaded: dict[Lang, dict[str, dict[str, list[str]]]] = resources.data("know/listed.yaml")
    return loaded

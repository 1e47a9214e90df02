"""A package of items for raters, and its answers: which is better of two, or a rubric of one; no source is shown.

A package is a folder: `items.jsonl` (what raters see), `README.md` (what they are asked to do, zh and en), `key.json`
(what came from where, apart from them), `answers.jsonl` (append-only). Each rater has an order and sides of their own,
drawn from the item's and the rater's name, so a sitting can be left and gone on with. Knows no statistics.
"""

import hashlib
import json
from collections.abc import Iterable, Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from random import Random
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

from millstream.conversations import Conversation
from millstream.errors import InputError
from millstream.records import Lang, Role
from millstream.viewer import journal
from millstream.whole import whole

ITEMS, KEY, LEAFLET, ANSWERS = "items.jsonl", "key.json", "README.md", "answers.jsonl"
DIMENSIONS: Mapping[str, Mapping[Lang, str]] = {
    "coherence": {"en": "Does each turn follow from what was said before?", "zh": "每句话接得上前面说过的内容吗？"},
    "informativeness": {"en": "Do the agent's turns tell the user what they asked for?",
                        "zh": "客服把用户问的都说清楚了吗？"},
    "naturalness": {"en": "Would people in a live chat speak like this?", "zh": "直播间里的人会这样说话吗？"},
    "flexibility": {"en": "Does the agent react to what this user says, or go by a script?",
                    "zh": "客服是顺着这位用户的话说，还是照本宣科？"},
    "overall": {"en": "All in all, how good is the dialogue?", "zh": "总的来说，这段对话好不好？"},
}  # fmt: skip
"""STREAM's dimensions of one dialogue, 1 to 5; diversity is a property of a corpus and is never asked of one."""
Line = tuple[Role, str]


class Item(BaseModel):
    """One thing to be rated: a pair has `b`, a sheet has not."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    id: str
    kind: Literal["pair", "sheet"]
    lang: Lang
    a: tuple[Line, ...] = Field(min_length=1)
    b: tuple[Line, ...] = ()


class Answer(BaseModel):
    """A rater's; `choice` of a pair is in terms of the item, whichever side was shown first."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rater: str = Field(min_length=1, max_length=80)
    item: str
    choice: Literal["first", "second", "tie", ""] = ""
    scores: dict[str, int] = {}
    note: str = Field(default="", max_length=2000)

    @model_validator(mode="after")
    def _is_whole(self) -> "Answer":
        if bool(self.choice) == bool(self.scores):
            raise ValueError("either a choice or scores")
        if self.scores and (set(self.scores) != set(DIMENSIONS) or not all(1 <= n <= 5 for n in self.scores.values())):
            raise ValueError("every dimension has a score of 1 to 5")
        return self


class Package:
    """The items of a folder and what has been answered."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.items = {each.id: each for each in _read(folder / ITEMS)}

    def answers(self) -> dict[tuple[str, str], dict[str, Any]]:
        """The last answer of each (rater, item)."""
        return {(row["rater"], row["item"]): row for row in journal.rows(self.folder / ANSWERS)
                if row.get("item") in self.items and "rater" in row}  # fmt: skip

    def order(self, rater: str) -> list[Item]:
        return sorted(self.items.values(), key=lambda each: _drawn(rater, each.id, "order"))

    def next(self, rater: str) -> dict[str, Any]:
        """The first item of the rater's order without an answer, its sides as this rater sees them."""
        done = {item for who, item in self.answers() if who == rater}
        left = [each for each in self.order(rater) if each.id not in done]
        found: dict[str, Any] = {"done": len(self.items) - len(left), "of": len(self.items)}
        if not left:
            return found | {"item": None, "dimensions": {}}
        item = left[0]
        found["dimensions"] = {name: asked[item.lang] for name, asked in DIMENSIONS.items()}
        sides = [item.b, item.a] if swapped(rater, item.id) else [item.a, item.b]
        return found | {"item": {"id": item.id, "kind": item.kind, "lang": item.lang,
                                 "sides": [side for side in sides if side]}}  # fmt: skip

    def write(self, answer: Answer) -> dict[str, Any]:
        """Append it, the choice turned back to a and b. ValueError for an item or an answer that does not fit."""
        item = self.items.get(answer.item)
        if item is None or (item.kind == "pair") != bool(answer.choice):
            raise ValueError("no such item, or an answer of another kind")
        row: dict[str, Any] = {"rater": answer.rater, "item": item.id, "kind": item.kind, "note": answer.note}
        if item.kind == "pair":
            turned = swapped(answer.rater, item.id)
            sides = {"first": "ab"[turned], "second": "ba"[turned], "tie": "tie"}
            row |= {"choice": sides[answer.choice], "shown_first": "ab"[turned]}
        else:
            row["scores"] = answer.scores
        return journal.append(self.folder / ANSWERS, row)


def swapped(rater: str, item: str) -> bool:
    """Whether this rater sees b first."""
    return _drawn(rater, item, "sides")[0] % 2 == 1


def _drawn(rater: str, item: str, what: str) -> bytes:
    return hashlib.sha256(f"{what}\0{rater}\0{item}".encode()).digest()


def _read(path: Path) -> list[Item]:
    if not path.is_file():
        raise InputError("no package for raters", str(path.parent), "make one: millstream view RUN --package FOLDER")
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
        return [Item.model_validate_json(line) for line in lines if line.strip()]
    except (ValidationError, UnicodeDecodeError) as error:
        raise InputError("not the items of a package", str(path), "make the package again") from error


# --- making one --------------------------------------------------------------------------------------------


def made(ours: Sequence[Conversation], others: Sequence[Conversation], count: int, seed: int) -> list[tuple[Item, Any]]:
    """(item, its key) of `count` items: sheets of ours and of the others alike, and pairs of one of each where the
    language is shared. Without others all are sheets of ours. InputError where there are too few dialogues."""
    chance = Random(f"package {seed}")
    if not ours or (not others and len(ours) < count):
        raise InputError(f"{len(ours)} dialogues are too few for {count} items", remedy="give a longer run")
    pairs = _pairs(ours, others, count // 2, chance)
    pool = chance.sample([*ours, *others], min(count - len(pairs), len(ours) + len(others)))
    items = [*pairs, *((each, None) for each in pool)]
    chance.shuffle(items)
    return [_item(n, first, second) for n, (first, second) in enumerate(items, 1)]


def _pairs(ours: Sequence[Conversation], others: Sequence[Conversation], most: int, chance: Random) -> list[Any]:
    by = {lang: [each for each in others if each.lang == lang] for lang in ("zh", "en")}
    fit = [each for each in ours if by[each.lang]]
    found = []
    for first in chance.sample(fit, min(most, len(fit))):
        pair = [first, chance.choice(by[first.lang])]
        chance.shuffle(pair)
        found.append(tuple(pair))
    return found


def _item(n: int, first: Conversation, second: Conversation | None) -> tuple[Item, Any]:
    lines = [tuple((turn.role, turn.text) for turn in each.turns) if each else () for each in (first, second)]
    item = Item(id=f"item-{n:03}", kind="pair" if second else "sheet", lang=first.lang, a=lines[0], b=lines[1])
    names = {side: f"{each.corpus} {each.key}" for side, each in zip("ab", (first, second), strict=True) if each}
    return item, names


def kept(folder: Path) -> list[tuple[Item, Any]]:
    """(item, its key) of a package that was written. InputError where the key does not fit the items."""
    try:
        key = json.loads((folder / KEY).read_text(encoding="utf-8"))
        return [(item, key[item.id]) for item in Package(folder).items.values()]
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise InputError("not the key of this package's items", str(folder / KEY), "make the package again") from error


def write(items: Iterable[tuple[Item, Any]], folder: Path) -> list[Path]:
    """The package's own three files. InputError where there are answers already: they would no longer fit."""
    if (folder / ANSWERS).exists():
        raise InputError("has answers already", str(folder), "give --package a new folder")
    listed = list(items)
    with whole(folder / ITEMS) as out:
        out.writelines(f"{item.model_dump_json()}\n" for item, _ in listed)
    with whole(folder / KEY) as out:
        out.write(json.dumps({item.id: key for item, key in listed}, ensure_ascii=False, indent=1) + "\n")
    pairs = sum(item.kind == "pair" for item, _ in listed)
    text = (files("millstream") / "viewer" / "leaflet.md").read_text(encoding="utf-8")
    with whole(folder / LEAFLET) as out:
        out.write(text.format(items=len(listed), pairs=pairs, sheets=len(listed) - pairs, folder=folder.name))
    return [folder / ITEMS, folder / KEY, folder / LEAFLET]

"""A package for raters in the forms of other tools: datasets of Argilla 2, tasks and configurations of Label Studio.

Pairs and sheets ask different things and both tools know one set of questions a project, so each kind is a project of
its own, in which every question has to be answered (Argilla publishes no dataset without one that has to be). Only what
raters may see goes along; the key stays behind. Knows both forms as files, and neither tool.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from millstream.records import Lang
from millstream.viewer.blind import DIMENSIONS, Item, Line
from millstream.whole import whole

KINDS = ("pair", "sheet")
ARGILLA, STUDIO, CONFIG = "argilla.json", "label_studio_{}s.json", "label_studio_{}s.xml"
_BETTER = "Which dialogue is better? / 哪一段对话更好？"
_CHOICES = {"a": "the first / 第一段", "b": "the second / 第二段", "tie": "neither / 分不出"}


def write(items: Sequence[Item], folder: Path) -> list[Path]:
    """All files; raters of these tools all see a first, so only our own pages turn the sides round."""
    kinds = [kind for kind in KINDS if any(each.kind == kind for each in items)]
    files = {ARGILLA: _json({f"{kind}s": argilla(items, kind) for kind in kinds})}
    for kind in kinds:
        files |= {STUDIO.format(kind): _json(studio(items, kind)), CONFIG.format(kind): config(kind)}
    for name, text in files.items():
        with whole(folder / name) as out:
            out.write(text)
    return [folder / name for name in files]


def argilla(items: Sequence[Item], kind: str) -> dict[str, Any]:
    """`settings` by the names of rg.Settings, `records` as dataset.records.log takes them."""
    ratings: list[dict[str, Any]] = [
        {"type": "rating", "name": name, "title": _asked(asked), "values": [1, 2, 3, 4, 5], "required": True}
        for name, asked in DIMENSIONS.items()
    ]
    better = {"type": "label_selection", "name": "better", "title": _BETTER, "labels": _CHOICES, "required": True}
    return {
        "settings": {
            "fields": [{"type": "text", "name": side, "required": True} for side in _sides(kind)],
            "questions": [better] if kind == "pair" else ratings,
            "metadata": [{"type": "terms", "name": "lang"}],
        },
        "records": [{"id": each.id, "lang": each.lang} | {side: _text(getattr(each, side)) for side in _sides(kind)}
                    for each in items if each.kind == kind],
    }  # fmt: skip


def studio(items: Sequence[Item], kind: str) -> list[dict[str, Any]]:
    """One task an item; its sides are lists of paragraphs."""
    return [
        {"data": {"item": each.id} | {side: _paragraphs(getattr(each, side)) for side in _sides(kind)}}
        for each in items
        if each.kind == kind
    ]


def config(kind: str) -> str:
    shown = "".join(f'  <Paragraphs name="{side}" value="${side}" layout="dialogue" nameKey="role" textKey="text"/>\n'
                    for side in _sides(kind))  # fmt: skip
    ratings = "".join(
        f"  <Header value={quoteattr(_asked(asked))}/>\n"
        f'  <Rating name={quoteattr(name)} toName="a" maxRating="5" required="true"/>\n'
        for name, asked in DIMENSIONS.items()
    )
    choices = "".join(f"    <Choice value={quoteattr(said)}/>\n" for said in _CHOICES.values())
    better = (
        f"  <Header value={quoteattr(_BETTER)}/>\n"
        f'  <Choices name="better" toName="a" choice="single" required="true">\n{choices}  </Choices>\n'
    )
    return f"<View>\n{shown}{better if kind == 'pair' else ratings}</View>\n"


def _sides(kind: str) -> tuple[str, ...]:
    return ("a", "b") if kind == "pair" else ("a",)


def _asked(question: Mapping[Lang, str]) -> str:
    """In every language: these tools have one wording for all items."""
    return " / ".join(question.values())


def _paragraphs(lines: Sequence[Line]) -> list[dict[str, str]]:
    return [{"role": role, "text": text} for role, text in lines]


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(f"{role}: {text}" for role, text in lines)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

"""A package for raters in the forms of other tools: records of Argilla 2, tasks and a configuration of Label Studio.

Only what raters may see goes along; the key stays behind. Knows both forms as files, and neither tool.
"""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import quoteattr

from millstream.records import Lang
from millstream.viewer.blind import DIMENSIONS, Item, Line
from millstream.whole import whole

ARGILLA, STUDIO, CONFIG = "argilla.json", "label_studio.json", "label_studio.xml"
_CHOICES = {"a": "the first", "b": "the second", "tie": "neither"}


def write(items: Sequence[Item], folder: Path) -> list[Path]:
    """All files; raters of these tools all see a first, so only our own pages turn the sides round."""
    for name, text in ((ARGILLA, _json(argilla(items))), (STUDIO, _json(studio(items))), (CONFIG, config())):
        with whole(folder / name) as out:
            out.write(text)
    return [folder / name for name in (ARGILLA, STUDIO, CONFIG)]


def argilla(items: Sequence[Item]) -> dict[str, Any]:
    """`settings` as rg.Settings takes them, `records` as dataset.records.log takes them."""
    questions: list[dict[str, Any]] = [
        {"type": "rating", "name": name, "title": _asked(asked), "values": [1, 2, 3, 4, 5], "required": False}
        for name, asked in DIMENSIONS.items()
    ]
    better = {"type": "label", "name": "better", "labels": _CHOICES, "required": False}
    fields = [{"type": "text", "name": "a", "required": True}, {"type": "text", "name": "b", "required": False}]
    return {
        "settings": {"fields": fields, "questions": [*questions, better]},
        "records": [{"id": each.id, "a": _text(each.a), "b": _text(each.b) or None,
                     "metadata": {"kind": each.kind, "lang": each.lang}} for each in items],
    }  # fmt: skip


def studio(items: Sequence[Item]) -> list[dict[str, Any]]:
    """One task an item; `a` and `b` are lists of paragraphs."""
    return [
        {"data": {"item": each.id, "kind": each.kind, "a": _paragraphs(each.a), "b": _paragraphs(each.b)}}
        for each in items
    ]


def config() -> str:
    ratings = "".join(
        f'  <Header value={quoteattr(_asked(asked))}/>\n  <Rating name={quoteattr(name)} toName="a" maxRating="5"/>\n'
        for name, asked in DIMENSIONS.items()
    )
    choices = "".join(f"    <Choice value={quoteattr(said)}/>\n" for said in _CHOICES.values())
    shown = "".join(f'  <Paragraphs name="{side}" value="${side}" layout="dialogue" nameKey="role" textKey="text"/>\n'
                    for side in "ab")  # fmt: skip
    return f'<View>\n{shown}{ratings}  <Choices name="better" toName="a">\n{choices}  </Choices>\n</View>\n'


def _asked(question: Mapping[Lang, str]) -> str:
    """In every language: these tools have one wording for all items."""
    return " / ".join(question.values())


def _paragraphs(lines: Sequence[Line]) -> list[dict[str, str]]:
    return [{"role": role, "text": text} for role, text in lines]


def _text(lines: Sequence[Line]) -> str:
    return "\n".join(f"{role}: {text}" for role, text in lines)


def _json(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1) + "\n"

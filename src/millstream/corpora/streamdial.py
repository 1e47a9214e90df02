"""StreamDial's released agent profiles and dialogue plans (arXiv 2605.25162), as seeds for planning.

The release has no one schema: the same thing is a list here, an object there, an arrow string elsewhere. This
file knows all these shapes and gives one; it does not judge what the records say. "未体现" (not shown) is None.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, text
from millstream.errors import InputError
from millstream.records import Record

NOT_SHOWN = ("未体现", "未提及", "")
KNOWLEDGE = "知识信息"
ARROW = re.compile(r"\s*(?:→|->|—>|➡)\s*")
DASH = re.compile(r"\s+[-–—]\s+")
CONSTANT = re.compile(r"(?<=: )(?:true|false|null|nan)(?=\s*[,}])")
NUMBERED = re.compile(r"(?:路径|阶段|场景|节点)\s*[\d一二三四五六七八九十]+\s*[:：、.]?\s*(?=\S)")
BRACKETED = re.compile(r"[（(][^（()）]*[)）]")

CONSTANTS = {"true": "True", "false": "False", "null": "None", "nan": "None"}

NAME = ("名称", "name", "场景", "scenario", "信号", "signal", "节点", "阶段", "stage", "路径", "path", "描述")
FUNCTION = ("功能", "触发", "trigger", "功能与意义")
MEANING = ("意义", "含义", "meaning")
ACTION = ("动作", "action")
NOTE = ("话术", "适配", "strategy", "说明", "风格")
STEPS = ("流程", "步骤", "steps", "path", "路径")


class AgentSeed(Record):
    """A released agent profile; `rows` are its knowledge as (header, value) pairs."""

    key: str
    fields: tuple[tuple[str, str | None], ...]
    rows: tuple[tuple[tuple[str, str], ...], ...] = ()


class PlanSeed(Record):
    """A released plan: its stages in order, (name, function, meaning), (scene, action, note), (path, stages)."""

    key: str
    rhythm: tuple[str, ...]
    nodes: tuple[tuple[str, str, str], ...]
    tactics: tuple[tuple[str, str, str], ...]
    paths: tuple[tuple[str, tuple[str, ...]], ...]


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    return opening.startswith("[{") and ({"plan_id", "plan"} <= keys or {"profile_id", "profile"} <= keys)


def read_profiles(path: Path) -> Iterator[AgentSeed]:
    for key, profile in _records(path, "profile"):
        shown = {name: value for name, value in profile.items() if name != KNOWLEDGE}
        fields = tuple((text.line(name), _shown(value)) for name, value in shown.items())
        yield AgentSeed(key=key, fields=fields, rows=tuple(_knowledge(profile.get(KNOWLEDGE))))


def read_plans(path: Path) -> Iterator[PlanSeed]:
    for key, plan in _records(path, "plan"):
        yield PlanSeed(
            key=key,
            rhythm=_rhythm(_block(plan, "节奏")),
            nodes=tuple(_triples(_block(plan, "节点"), FUNCTION, MEANING)),
            tactics=tuple(_triples(_block(plan, "场景"), ACTION, NOTE)),
            paths=tuple(_paths(_block(plan, "图谱"))),
        )


def _records(path: Path, name: str) -> Iterator[tuple[str, dict[str, Any]]]:
    for n, record in enumerate(pieces.items(path), 1):
        key, body = text.line(text.dig(record, f"{name}_id")), text.dig(record, name)
        if not key or not isinstance(body, dict):
            raise InputError(f"no {name}_id or no {name}", f"{path} item {n}", "is it a file of StreamDial?")
        yield key, body


def _block(plan: dict[str, Any], word: str) -> Any:
    return next((value for key, value in plan.items() if word in key), None)


# --- profiles ----------------------------------------------------------------------------------------------


def _shown(value: Any) -> str | None:
    """A field as text; parts that are not shown are left out of an object, and None is left of nothing."""
    if isinstance(value, dict):
        parts = [f"{text.line(key)}：{said}" for key, each in value.items() if (said := _shown(each)) is not None]
        return "；".join(parts) or None
    if isinstance(value, list):
        return "、".join(said for each in value if (said := _shown(each)) is not None) or None
    if isinstance(value, bool):
        return "是" if value else "否"
    said = text.line(int(value) if isinstance(value, float) and value.is_integer() else value)
    return None if said in NOT_SHOWN else said


def _knowledge(value: Any) -> Iterator[tuple[tuple[str, str], ...]]:
    """Rows of (header, value): objects, objects written as strings of Python, or plain sentences ("" header)."""
    for each in value if isinstance(value, list) else [value]:
        row = _literal(each) if isinstance(each, str) else each
        nested = [part for part in row.values() if _is_rows(part)] if isinstance(row, dict) else []
        for part in nested:
            yield from _knowledge(part)
        flat = row.items() if isinstance(row, dict) else [("", row)]
        pairs = tuple((text.line(k), said) for k, v in flat if not _is_rows(v) and (said := _shown(v)) is not None)
        if pairs:
            yield pairs


def _is_rows(value: Any) -> bool:
    return isinstance(value, list) and any(isinstance(each, dict) for each in value)


def _literal(said: str) -> Any:
    """A dict written as Python (with JSON's constants in it), or the sentence itself."""
    if not said.lstrip().startswith("{") or len(said) > 10_000 or said.count("{") > 20:
        return said
    try:
        return ast.literal_eval(CONSTANT.sub(lambda found: CONSTANTS[found[0]], said.strip()))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return said


# --- plans -------------------------------------------------------------------------------------------------


def stages(said: str) -> tuple[str, ...]:
    """The stage names of an arrow string (or one of spaced dashes). Brackets hold remarks, no part of a name."""
    bare = said
    while BRACKETED.search(bare):
        bare = BRACKETED.sub("", bare)
    cut = DASH if not ARROW.search(bare) and len(DASH.findall(bare)) > 1 else ARROW
    return _merged(text.line(part).strip("。；;，, ") for part in cut.split(bare))


def _merged(names: Iterator[str]) -> tuple[str, ...]:
    """The names that are not empty, each once in a row."""
    kept: list[str] = []
    for name in names:
        if name and name != (kept[-1] if kept else ""):
            kept.append(name)
    return tuple(kept)


def _rhythm(block: Any) -> tuple[str, ...]:
    arrows = next((each for each in _strings(block) if ARROW.search(each)), "")
    if arrows:
        return stages(arrows)
    if isinstance(block, list) and all(isinstance(each, str) for each in block):
        return _merged(name for each in block for name in stages(each))
    return _merged(name for title, _ in _named(block) for name in stages(title))


def _strings(value: Any) -> Iterator[str]:
    """The strings of the two upper levels of a block."""
    inner = list(value.values()) if isinstance(value, dict) else [value]
    for each in inner:
        yield from (part for part in (each if isinstance(each, list) else [each]) if isinstance(part, str))


def _named(block: Any) -> Iterator[tuple[str, Any]]:
    """(name, content) of each entry, whether a block is a list of objects, an object by name, or wraps one."""
    if isinstance(block, list):
        for entry in block:
            if isinstance(entry, dict):
                title = next((key for key in entry if any(word in key for word in NAME)), next(iter(entry), ""))
                yield _title(entry.get(title)), {key: value for key, value in entry.items() if key != title}
        return
    for key, value in block.items() if isinstance(block, dict) else ():
        if _wraps(value):
            yield from _named(value)
        elif not (_is_index(value) and any(_wraps(other) for other in block.values())):
            yield _title(key), value


def _wraps(value: Any) -> bool:
    """Does this hold entries, so that its own key is only a heading?"""
    inner = list(value.values()) if isinstance(value, dict) else value if isinstance(value, list) else []
    return bool(inner) and all(isinstance(each, dict) for each in inner)


def _is_index(value: Any) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


def _title(value: Any) -> str:
    said = _shown(value) or ""
    return NUMBERED.sub("", said, count=1)


def _triples(block: Any, first: tuple[str, ...], second: tuple[str, ...]) -> Iterator[tuple[str, str, str]]:
    for title, content in _named(block):
        if title and not isinstance(content, dict):
            yield title, _shown(content) or "", ""
        elif title:
            yield title, _part(content, first), _part(content, second)


def _part(content: dict[str, Any], words: tuple[str, ...]) -> str:
    found = (_shown(value) for key, value in content.items() if any(word in key for word in words))
    return "；".join(said for said in found if said)


def _paths(block: Any) -> Iterator[tuple[str, tuple[str, ...]]]:
    for title, content in _named(block):
        steps = _steps(content) if content else ()
        if not steps and ARROW.search(title):  # the name is the route
            title, steps = stages(title)[-1], stages(title)
        if len(steps) > 1:
            yield title, steps


def _steps(content: Any) -> tuple[str, ...]:
    if isinstance(content, dict):
        content = next((value for key, value in content.items() if any(word in key for word in STEPS)), "")
    if isinstance(content, list):
        return _merged(name for each in content for name in stages(each if isinstance(each, str) else _name(each)))
    return stages(content) if isinstance(content, str) else ()


def _name(entry: Any) -> str:
    return next(iter(title for title, _ in _named([entry])), "")

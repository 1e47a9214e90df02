"""Transcripts of calls or chats in two columns: who said what, at times when, one recording a dialogue.

CSV with a speaker and a text column (and a time and a dialogue id, if it has them); or JSON: a list of
{speaker, text} or {role, content}, or a list of such lists.
"""

from collections import Counter
from collections.abc import Iterator
from functools import partial
from pathlib import Path
from typing import Any

from millstream import text
from millstream.errors import InputError
from millstream.records import Recording
from millstream.shapes import Reading
from millstream.sources import Line, name_of, of

SPEAKER = ("speaker", "role", "说话人", "角色")
TEXT = ("text", "content", "utterance", "文本", "内容", "话语")
TIME = ("time", "start", "timestamp", "time_in_seconds", "offset", "时间")
END = ("end", "结束")
DIALOGUE = ("dialogue_id", "dialog_id", "conversation_id", "call_id", "session_id", "dialogue", "对话")


def recognises(path: Path, head: str) -> bool:
    if text.ending(path) in (".csv", ".tsv"):
        keys = {name.casefold() for name in text.columns(head)}
        return bool(keys & set(SPEAKER)) and bool(keys & set(TEXT)) and not {"author", "message"} <= keys
    opening, found = text.shape(head)
    timed = {"start", "end"} <= found  # those are a speech recogniser's segments
    listed = opening.startswith("[") and not timed
    return listed and bool(found & set(SPEAKER)) and bool(found & set(TEXT))


def read(path: Path) -> Iterator[Reading]:
    key, lang = name_of(path)
    for name, rows in _dialogues(path):
        recording = Recording(source="transcripts", key=f"{key}#{name}" if name else key, lang=lang)
        yield of(recording, "speech", partial(_lines, rows))


def _dialogues(path: Path) -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """(name, rows) of each dialogue; a file with a single one gives it no name."""
    whole = _rows(path) if text.ending(path) in (".csv", ".tsv") else text.load_json(path)
    if not isinstance(whole, list):
        raise InputError("not a list of utterances", str(path), "write [{speaker, text}, ...]")
    if any(isinstance(each, list) for each in whole):
        for n, rows in enumerate(whole, 1):
            yield str(n), _checked(rows, path)
        return
    by_name: dict[str, list[dict[str, Any]]] = {}
    for row in _checked(whole, path):
        by_name.setdefault(text.line(_field(row, DIALOGUE)), []).append(row)
    yield from by_name.items()


def _checked(rows: Any, path: Path) -> list[dict[str, Any]]:
    """The rows, all of them with a text. Names the first that has none."""
    for n, row in enumerate(rows if isinstance(rows, list) else [rows], 1):
        if not isinstance(row, dict) or _field(row, TEXT) is None:
            remedy = f"name it one of {', '.join(TEXT[:3])}"
            raise InputError("an utterance without text", f"{path} item {n}", remedy)
    return list(rows)


def _rows(path: Path) -> list[dict[str, Any]]:
    return [{name.casefold(): value for name, value in row.items()} for row in text.rows(path)]


def _field(row: dict[str, Any], names: tuple[str, ...]) -> Any:
    return next((row[name] for name in names if row.get(name) is not None), None)


def _lines(rows: list[dict[str, Any]], notes: Counter[str]) -> Iterator[Line]:
    for row in rows:
        speaker, said = text.line(_field(row, SPEAKER)), text.line(_field(row, TEXT))
        start, end = text.seconds(_field(row, TIME)), text.seconds(_field(row, END))
        if said:
            yield Line(said, start, end, speaker=speaker)
        else:
            notes["utterances without text"] += 1

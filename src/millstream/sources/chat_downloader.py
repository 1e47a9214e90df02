"""Chat as chat-downloader stores it: a JSON list of messages, or the CSV twin of one.

The clock is `video_offset_time_msec`, else `time_in_seconds`; a chat recorded while it was live has neither.
Older files name the author by a string, newer ones by an object. Tickers repeat a paid message: dropped.
"""

import csv
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, reading

MARKS = {"time_in_seconds", "video_offset_time_msec", "message_type", "action_type", "time_text"}
SYSTEM = ("viewer_engagement", "mode_change", "ban", "delete", "placeholder", "room_state")


def recognises(path: Path, head: str) -> bool:
    if path.suffix.lower() == ".csv":
        header = set(head.partition("\n")[0].strip().split(","))
        return {"author", "message"} <= header and bool(header & MARKS)
    opening, keys = text.shape(head)
    return opening.startswith("[{") and "message" in keys and bool(keys & (MARKS | {"timestamp"}))


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "chat_downloader", "chat", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    for message in _rows(path) if path.suffix.lower() == ".csv" else text.items(path):
        if not isinstance(message, dict):
            notes["items that are no message"] += 1
        elif message.get("ticker_duration") or _type(message).startswith("ticker"):
            notes["tickers that repeat a message"] += 1
        elif _type(message).startswith(SYSTEM):
            notes["notices of the platform"] += 1
        elif (found := _line(message)).text or found.kind:
            yield found


def _rows(path: Path) -> Iterator[dict[str, Any]]:
    try:
        yield from csv.DictReader(text.read(path).splitlines(keepends=True), strict=True)
    except csv.Error as error:
        raise InputError(f"not CSV, or torn: {error}", str(path), "check that it is complete") from error


def _type(message: dict[str, Any]) -> str:
    return text.line(message.get("message_type"))


def _line(message: dict[str, Any]) -> Line:
    author = message.get("author")
    name = text.line(text.dig(author, "name") if isinstance(author, dict) else author)
    return Line(text.line(message.get("message")), _start(message), author=name, kind=_kind(message))


def _start(message: dict[str, Any]) -> float | None:
    offset = text.seconds(message.get("video_offset_time_msec"))
    return text.seconds(message.get("time_in_seconds")) if offset is None else offset / 1000


def _kind(message: dict[str, Any]) -> str:
    named = _type(message)
    if "sticker" in named:
        return "sticker"
    if message.get("amount") or message.get("money"):
        return "paid"
    return "membership" if "member" in named or "sponsor" in named else ""

"""Chat as chat-downloader stores it: a JSON list of messages, one message a line, or the CSV twin of a list.

The clock is `video_offset_time_msec`, else `time_in_seconds`; a chat recorded while it was live has neither, and its
`timestamp` is counted from the first message.
Older files name the author by a string, newer ones by an object (in CSV: author_name). Tickers repeat a paid message:
dropped. What was deleted, and what a banned author had said, is left out; that takes a look through the file
beforehand.
"""

import math
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, text
from millstream.records import TrackName
from millstream.shapes import Reading
from millstream.sources import Line, from_first, reading

MARKS = {"time_in_seconds", "video_offset_time_msec", "message_type", "action_type", "time_text"}
SYSTEM = ("viewer_engagement", "mode_change", "ban", "delete", "placeholder", "room_state", "donation_announcement")
AUTHOR = ("author", "author_name", "author.name")
DELETES, BANS = ("delete_message", "mark_chat_item_as_deleted", "remove_chat_item"), ("ban_user", "mark_chat_items_by")
TAKES = DELETES + BANS


def recognises(path: Path, head: str) -> bool:
    if text.ending(path) == ".csv":
        header = set(text.columns(head))
        return "message" in header and bool(header & set(AUTHOR)) and bool(header & MARKS)
    opening, keys = text.shape(head)
    ours = bool(keys & MARKS) or {"author", "timestamp"} <= keys
    return opening in ("[{", "{") and "message" in keys and ours and "commenter" not in keys


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "chat_downloader", "chat", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    first = next((each for each in _messages(path) if isinstance(each, dict)), {})
    by_day = _start(first) is None
    yield from from_first(_said(path, notes, _of_day), notes) if by_day else _said(path, notes, _start)


def _said(path: Path, notes: Counter[str], clock: Callable[[dict[str, Any]], float | None]) -> Iterator[Line]:
    gone = _taken_back(path)
    for number, message in enumerate(_messages(path)):
        if not isinstance(message, dict):
            notes["items that are no message"] += 1
            continue
        named = _type(message)
        if message.get("ticker_duration") or named.startswith("ticker"):
            notes["tickers that repeat a message"] += 1
        elif named.startswith(SYSTEM) or _action(message).startswith(TAKES):
            notes["notices of the platform"] += 1
        elif gone and any(gone.get(name, -1) >= number for name in _names(message)):
            notes["messages taken back"] += 1
        elif (found := _line(message, named, clock(message))).text or found.kind:
            yield found


def _messages(path: Path) -> Iterator[Any]:
    if text.ending(path) == ".csv":
        return text.rows(path)
    opening, keys = text.shape(text.head(path))
    return pieces.values(path) if opening == "{" and "message" in keys else pieces.items(path)


def _taken_back(path: Path) -> dict[str, float]:
    """Deleted messages, and banned authors with the number of the notice: what they said later counts."""
    gone: dict[str, float] = {}
    if text.ending(path) == ".csv" or not text.holds(path, *(word.encode() for word in TAKES)):
        return gone
    for number, message in enumerate(_messages(path)):
        if not isinstance(message, dict):
            continue
        if (_type(message) or _action(message)).startswith(DELETES) or _action(message).startswith(DELETES):
            gone[text.line(message.get("target_message_id"))] = math.inf
        if _type(message).startswith(BANS) or _action(message).startswith(BANS):
            gone[text.line(message.get("author_id") or text.dig(message, "author", "id"))] = number
    return gone


def _names(message: dict[str, Any]) -> Iterator[str]:
    """The ids by which a message can be taken back: its own, and its author's."""
    for found in (message.get("message_id"), message.get("author_id"), text.dig(message, "author", "id")):
        if name := text.line(found):
            yield name


def _action(message: dict[str, Any]) -> str:
    return text.line(message.get("action_type"))


def _type(message: dict[str, Any]) -> str:
    return text.line(message.get("message_type"))


def _line(message: dict[str, Any], named: str, start: float | None) -> Line:
    author = message.get("author") or message.get("author_name") or message.get("author.name") or None
    name = text.line(author.get("name") if isinstance(author, dict) else author)
    kind = _kind(message, named)
    track: TrackName | None = "gift" if kind == "sticker" else None
    return Line(text.line(message.get("message")), start, author=name, kind=kind, track=track)


def _start(message: dict[str, Any]) -> float | None:
    offset = text.seconds(message.get("video_offset_time_msec"))
    return text.seconds(message.get("time_in_seconds")) if offset is None else offset / 1000


def _of_day(message: dict[str, Any]) -> float | None:
    return text.moment(message.get("timestamp"))


def _kind(message: dict[str, Any], named: str) -> str:
    if "sticker" in named:
        return "sticker"
    if message.get("amount") or message.get("money"):
        return "paid"
    return "membership" if "member" in named or "sponsor" in named else ""

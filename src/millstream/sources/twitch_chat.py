"""Twitch's chat of a recorded stream: TwitchDownloader's JSON, the pages and comments of the old API (v5), the answers
of the present one, and rechat's messages.

The clock is the comment's offset in the video. Emotes are words. What Twitch words itself (gifted subscriptions,
raids) is no chat; of what is not published nothing is used.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, text
from millstream.records import TrackName
from millstream.shapes import Reading
from millstream.sources import Line, reading

MARKS = ('"content_offset_seconds"', '"contentOffsetSeconds"', '"video-offset"')
HOLDERS = frozenset({"comments", "data", "content_offset_seconds", "contentOffsetSeconds", "attributes"})
NAMES = ("display_name", "displayName", "name")
OWN_WORDS = ("", "highlighted-message", "resub", "sub", "ritual", "announcement")
"""Notices that carry the viewer's own words."""


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    return bool(opening) and bool(keys & HOLDERS) and any(mark in head for mark in MARKS)


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "twitch_chat", "chat", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    for each in _comments(path):
        comment = text.dig(each, "node") or each
        found = _rechat(comment) if text.dig(comment, "attributes") else _comment(comment)
        if found is None:
            notes["messages taken back"] += 1
        elif found.text or found.kind:
            yield found
        else:
            notes["messages without text"] += 1


def _comments(path: Path) -> Iterator[Any]:
    opening, keys = text.shape(text.head(path))
    if "comments" in keys:
        return pieces.items(path, "comments")
    if "data" in keys:
        return pieces.items(path, "edges", "data")
    return pieces.items(path) if opening.startswith("[") else pieces.values(path)


def _comment(comment: Any) -> Line | None:
    message, commenter = text.dig(comment, "message"), text.dig(comment, "commenter")
    if text.line(text.dig(comment, "state")) not in ("", "published"):
        return None
    offset = text.dig(comment, "content_offset_seconds")
    start = text.seconds(text.dig(comment, "contentOffsetSeconds") if offset is None else offset)
    names = (text.line(text.dig(commenter, key)) for key in NAMES)
    notice = text.line(text.dig(message, "user_notice_params", "msg-id"))
    kind = notice or ("paid" if text.seconds(text.dig(message, "bits_spent")) else "")
    track: TrackName = "gift" if "gift" in notice else "system"
    author = next(filter(None, names), "")
    return Line(_said(message), start, author=author, kind=kind, track=None if notice in OWN_WORDS else track)


def _said(message: Any) -> str:
    """The body, else its fragments: words, and emotes by their names."""
    if body := text.line(text.dig(message, "body")):
        return body
    fragments = text.dig(message, "fragments")
    parts = [text.dig(each, "text") for each in fragments] if isinstance(fragments, list) else []
    return text.line("".join(part for part in parts if isinstance(part, str)))


def _rechat(message: Any) -> Line | None:
    told = message["attributes"]
    if text.dig(told, "deleted") is True:
        return None
    name = text.line(text.dig(told, "tags", "display-name")) or text.line(text.dig(told, "from"))
    offset = text.seconds(text.dig(told, "video-offset"))
    return Line(text.line(text.dig(told, "message")), None if offset is None else offset / 1000, author=name)

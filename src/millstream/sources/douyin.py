"""What programs that listen to a Douyin or TikTok live room write down: one event an object, in lines or in a list.

There is no one format. An event has a name (`type`, `event`, `method` ...: chat, gift, like, member ...), a user and,
in a chat, words; all of it at the top, or inside `data`, `payload` or `Data` (which may be JSON in a string). Fields
are looked for by every name that well-known programs give them. Times are times of day, so the first event is the
start, unless there is an offset. Likes, arrivals and the like are counted and left.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, from_first, reading

EVENT = ("event", "type", "Type", "event_type", "eventType", "method", "msg_type", "msgType", "cmd")
INSIDE = ("data", "payload", "Data")
TEXT = ("content", "comment", "Content", "text", "message", "msg")
USER = ("user", "User", "sender", "user_info", "userInfo")
NAME = (
    "nickname", "nickName", "nick_name", "Nickname", "NickName", "user_name", "userName", "username",
    "uniqueId", "unique_id", "display_name", "displayId", "nick",
)  # fmt: skip
TIME = (
    "event_ts_ms", "timestamp", "create_time", "createTime", "event_time", "eventTime", "time", "ts", "time_ms",
    "event_iso", "created_at",
)  # fmt: skip
OFFSET = ("offset", "video_offset", "offset_seconds")
GIFT = ("gift_name", "giftName", "GiftName")
COUNT = ("repeat_count", "repeatCount", "combo_count", "comboCount", "gift_count", "giftCount", "GiftCount", "count")

CHATS = {"chat", "danmaku", "danmu", "comment", "screenchat", "emojichat", "1"}
GIFTS = {"gift", "sendgift", "givegift", "5"}
OTHERS = {
    "like", "member", "enter", "join", "follow", "social", "share", "subscribe", "roomuserseq", "roomuser", "roomstats",
    "fansclub", "control", "emote", "envelope", "questionnew", "2", "3", "4", "6", "7", "8",
}  # fmt: skip


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    if opening not in ("{", "[{") or keys & {"author", "kind", "segments", "comments"}:
        return False
    event = text.first(head)
    told = _told(event)
    somebody = _first(told, USER) is not None or _first(told, NAME) is not None
    if "event_ts_ms" in keys:
        return _first(told, TEXT) is not None
    return somebody and _name(event) in CHATS | GIFTS | OTHERS


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "douyin", "chat", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    relative = any(_first(_told(text.first(text.head(path))), (name,)) is not None for name in OFFSET)
    lines = _said(path, notes, OFFSET if relative else TIME)
    yield from lines if relative else from_first(lines, notes)


def _said(path: Path, notes: Counter[str], times: tuple[str, ...]) -> Iterator[Line]:
    for event in _events(path):
        name, told = _name(event), _told(event)
        at = _first(told, times) or _first(text.dig(told, "common") or {}, times)
        start = text.seconds(at) if times is OFFSET else text.moment(at)
        if name in CHATS or (not name and _first(told, GIFT) is None):
            if said := text.line(_first(told, TEXT)):
                yield Line(said, start, author=_author(told))
            else:
                notes["messages without text"] += 1
        elif name in GIFTS or not name:
            yield Line(_gift(told), start, author=_author(told), kind="gift", track="gift")
        else:
            notes["events that are no message"] += 1


def _events(path: Path) -> Iterator[dict[str, Any]]:
    if text.shape(text.head(path))[0].startswith("["):
        yield from (each for each in pieces.items(path) if isinstance(each, dict))
        return
    for number, row in text.lines(path):
        event = text.parse_json(row, f"{path} line {number}")
        if not isinstance(event, dict):
            raise InputError("not an event", f"{path} line {number}", "write one JSON object a line")
        yield event


def _name(event: dict[str, Any]) -> str:
    """`WebcastChatMessage`, `CommentEvent` and `chat` are all chats; "" where the event has no name."""
    named = text.line(_first(event, EVENT)) or text.line(text.dig(event, "common", "method"))
    inner = named or text.line(text.dig(event, "data", "common", "method"))
    return re.sub(r"^webcast|message$|event$|[_\W]", "", inner.casefold())


def _told(event: dict[str, Any]) -> dict[str, Any]:
    """The event with what is inside it laid beside."""
    inside = _first(event, INSIDE)
    if isinstance(inside, str) and inside.lstrip().startswith("{"):
        try:
            inside = text.parse_json(inside, "event")
        except InputError:
            inside = None
    return {**event, **inside} if isinstance(inside, dict) else event


def _author(told: dict[str, Any]) -> str:
    user = _first(told, USER)
    inner = _first(user, (*NAME, "name", "Name")) if isinstance(user, dict) else user
    return text.line(inner) or text.line(_first(told, NAME))


def _gift(told: dict[str, Any]) -> str:
    gift = _first(told, ("gift", "Gift"))
    name = text.line(_first(told, GIFT)) or text.line(_first(gift, ("name", "describe", "Name")) if gift else None)
    return f"{name} x{text.line(_first(told, COUNT)) or 1}".strip()


def _first(told: Any, names: tuple[str, ...]) -> Any:
    return next((told[name] for name in names if told.get(name) is not None), None) if isinstance(told, dict) else None

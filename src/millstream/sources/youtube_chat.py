"""YouTube's live chat: yt-dlp's .live_chat.json (one replayed action a line), or the answers that its chat page gets.

`videoOffsetTimeMsec` is the media clock; where the first message has none, it is the time of day, counted from the
first. Kept are messages, what came with money or a membership, and polls. What was deleted, hidden or replaced later
in the file is left out, which takes a look through the file beforehand. Tickers (which repeat a message) and the
platform's own notices are counted and left.
"""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, text
from millstream.errors import InputError
from millstream.records import TrackName
from millstream.shapes import Reading
from millstream.sources import Line, from_first, json_named, reading

KINDS: dict[str, tuple[str, TrackName]] = {
    "liveChatTextMessageRenderer": ("", "chat"),
    "liveChatPaidMessageRenderer": ("paid", "chat"),
    "liveChatPaidStickerRenderer": ("sticker", "gift"),
    "liveChatMembershipItemRenderer": ("membership", "system"),
    "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer": ("gift", "gift"),
    "liveChatSponsorshipsGiftRedemptionAnnouncementRenderer": ("gift", "gift"),
}
"""What each kind is called, and the track of what the platform says of it; the viewer's own words are chat."""

BY_ID = ("markChatItemAsDeletedAction", "removeChatItemAction")
BY_AUTHOR = ("markChatItemsByAuthorAsDeletedAction", "removeChatItemByAuthorAction")
REPLACED = "replaceChatItemAction"
POLL = ("showLiveChatActionPanelAction", "panelToShow", "liveChatActionPanelRenderer", "contents", "pollRenderer")

ANSWER = {"contents", "continuationContents"}


def recognises(path: Path, head: str) -> bool:
    _, keys = text.shape(head)
    action = {"replayChatItemAction", "addChatItemAction"} & keys
    answer = bool(keys & ANSWER) and ('"liveChatRenderer"' in head or '"liveChatContinuation"' in head)
    return bool(action) or answer or json_named(path, head, ".live_chat.json")


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "youtube_chat", "chat", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    messages = ((start, action) for _, start, action in _actions(path) if text.dig(action, "addChatItemAction"))
    start, _ = next(messages, (0.0, None))
    yield from _said(path, notes, False) if start is not None else from_first(_said(path, notes, True), notes)


def _said(path: Path, notes: Counter[str], by_day: bool) -> Iterator[Line]:
    gone = _taken_back(path)
    for number, start, action in _actions(path):
        item = text.dig(action, "addChatItemAction", "item") or text.dig(action, REPLACED, "replacementItem")
        if _is_gone(item, number, gone):
            notes["messages taken back"] += 1
        elif found := _line(item, _of_day(item) if by_day else start) or _poll(text.dig(action, *POLL), start):
            yield found
        else:
            notes["actions that are no message"] += 1


# --- the file ----------------------------------------------------------------------------------------------


def _actions(path: Path, *marks: str) -> Iterator[tuple[int, float | None, Any]]:
    """(number of its entry, seconds, action); of a file of lines only those in which one of the `marks` stands."""
    for number, entry in _entries(path, marks):
        replay = entry.get("replayChatItemAction", entry)
        offset = text.dig(replay, "videoOffsetTimeMsec") or entry.get("videoOffsetTimeMsec")
        milliseconds = text.seconds(offset)
        actions = text.dig(replay, "actions")
        for action in actions if isinstance(actions, list) else [replay]:
            yield number, None if milliseconds is None else milliseconds / 1000, action


def _entries(path: Path, marks: tuple[str, ...]) -> Iterator[tuple[int, dict[str, Any]]]:
    opening, keys = text.shape(text.head(path))
    if opening == "[{" or keys & ANSWER:
        listed = pieces.items(path) if opening == "[{" else pieces.items(path, "actions")
        yield from ((n, each) for n, each in enumerate(listed, 1) if isinstance(each, dict))
        return
    for number, row in text.lines(path):
        if not marks or any(mark in row for mark in marks):
            entry = text.parse_json(row, f"{path} line {number}")
            if not isinstance(entry, dict):
                raise InputError("not a chat action", f"{path} line {number}", "is this file of yt-dlp?")
            yield number, entry


# --- what was taken back -----------------------------------------------------------------------------------


def _taken_back(path: Path) -> dict[str, float]:
    """The ids of messages and authors that were taken back, each with the last entry up to which that holds.

    A message is gone for good; of an author what was said until then; what was replaced until its replacement.
    """
    gone: dict[str, float] = {}
    for number, _, action in _actions(path, *BY_ID, *BY_AUTHOR, REPLACED):
        for name in BY_ID:
            gone[text.line(text.dig(action, name, "targetItemId"))] = math.inf
        for name in BY_AUTHOR:
            gone[text.line(text.dig(action, name, "externalChannelId"))] = number
        replaced = text.line(text.dig(action, REPLACED, "targetItemId"))
        gone[replaced] = max(gone.get(replaced, 0), number - 1)
    gone.pop("", None)
    return gone


def _is_gone(item: Any, number: int, gone: dict[str, float]) -> bool:
    if not gone or not isinstance(item, dict):
        return False
    body = next(iter(item.values()), None)
    names = (text.line(text.dig(body, "id")), text.line(text.dig(body, "authorExternalChannelId")))
    return any(gone.get(name, 0) >= number for name in names)


# --- one message -------------------------------------------------------------------------------------------


def _line(item: Any, start: float | None) -> Line | None:
    name = next(iter(item), "") if isinstance(item, dict) else ""
    if name not in KINDS:
        return None
    body, (kind, track) = item[name], KINDS[name]
    author = text.line(text.dig(body, "authorName", "simpleText"))
    if said := _text(text.dig(body, "message")):
        return Line(said, start, author=author, kind=kind)
    return Line(_beside(body), start, author=author, kind=kind, track=track) if kind else None


def _of_day(item: Any) -> float | None:
    body = next(iter(item.values()), None) if isinstance(item, dict) else None
    return text.moment(text.dig(body, "timestampUsec"))


def _poll(poll: Any, start: float | None) -> Line | None:
    """The question that the host puts to all, with its choices."""
    question = _text(text.dig(poll, "header", "pollHeaderRenderer", "pollQuestion"))
    choices = text.dig(poll, "choices")
    named = [_text(text.dig(each, "text")) for each in choices] if isinstance(choices, list) else []
    said = ": ".join(filter(None, (question, " / ".join(filter(None, named)))))
    return Line(said, start, kind="poll", track="system") if said else None


def _beside(body: Any) -> str:
    """What stands in for a message: a sticker's description, or a membership's headline."""
    sticker = text.dig(body, "sticker", "accessibility", "accessibilityData", "label")
    header = text.dig(body, "header", "liveChatSponsorshipsHeaderRenderer", "primaryText")
    headlines = (text.dig(body, "headerPrimaryText"), text.dig(body, "headerSubtext"), header)
    return text.line(sticker) or " ".join(filter(None, map(_text, headlines)))


def _text(message: Any) -> str:
    """The runs of a message; an emoji is its :shortcut:."""
    runs = text.dig(message, "runs")
    if not isinstance(runs, list):
        return text.line(text.dig(message, "simpleText"))
    return text.line("".join(map(_run, runs)))


def _run(run: Any) -> str:
    said = text.dig(run, "text")
    shortcut = text.dig(run, "emoji", "shortcuts", 0) or text.dig(run, "emoji", "emojiId")
    return said if isinstance(said, str) else text.line(shortcut)

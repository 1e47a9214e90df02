"""YouTube's live chat as yt-dlp stores it (.live_chat.json): one replayed action a line.

`videoOffsetTimeMsec` is the media clock. Kept are messages and what came with money or a membership;
deletions, polls, tickers (which repeat a message) and the platform's own notices are counted and left.
"""

from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import text
from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import Line, reading

KINDS = {
    "liveChatTextMessageRenderer": "",
    "liveChatPaidMessageRenderer": "paid",
    "liveChatPaidStickerRenderer": "sticker",
    "liveChatMembershipItemRenderer": "membership",
    "liveChatSponsorshipsGiftPurchaseAnnouncementRenderer": "gift",
    "liveChatSponsorshipsGiftRedemptionAnnouncementRenderer": "gift",
}


def recognises(path: Path, head: str) -> bool:
    return path.name.endswith(".live_chat.json") or (
        head.lstrip().startswith("{") and '"replayChatItemAction"' in head[:4096]
    )


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "youtube_chat", "chat", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    for number, row in text.lines(path):
        entry = text.parse_json(row, f"{path} line {number}")
        if not isinstance(entry, dict):
            raise InputError("not a chat action", f"{path} line {number}", "is this file of yt-dlp?")
        replay = entry.get("replayChatItemAction", entry)
        offset = text.dig(replay, "videoOffsetTimeMsec") or entry.get("videoOffsetTimeMsec")
        milliseconds = text.seconds(offset)
        actions = text.dig(replay, "actions")
        for action in actions if isinstance(actions, list) else [replay]:
            item = text.dig(action, "addChatItemAction", "item")
            found = _line(item, None if milliseconds is None else milliseconds / 1000)
            if found:
                yield found
            else:
                notes["actions that are no message"] += 1


def _line(item: Any, start: float | None) -> Line | None:
    name = next(iter(item), "") if isinstance(item, dict) else ""
    if name not in KINDS:
        return None
    body, kind = item[name], KINDS[name]
    said = _text(text.dig(body, "message")) or _beside(body)
    author = text.line(text.dig(body, "authorName", "simpleText"))
    return Line(said, start, author=author, kind=kind) if said or kind else None


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

"""Live chat as YouTube's Data API answers it (liveChatMessages.list): one answer, several one after the other or in a
list, or the bare messages.

Times are times of day, so the first message is the start. What was deleted, and what a banned viewer had said, is left
out, which takes a look through the file beforehand.
"""

import math
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from millstream import pieces, text
from millstream.records import TrackName
from millstream.shapes import Reading
from millstream.sources import Line, from_first, reading

KINDS: dict[str, tuple[str, TrackName]] = {
    "textMessageEvent": ("", "chat"),
    "superChatEvent": ("paid", "chat"),
    "fanFundingEvent": ("paid", "chat"),
    "memberMilestoneChatEvent": ("membership", "system"),
    "newSponsorEvent": ("membership", "system"),
    "superStickerEvent": ("sticker", "gift"),
    "giftEvent": ("gift", "gift"),
    "membershipGiftingEvent": ("gift", "gift"),
    "giftMembershipReceivedEvent": ("gift", "gift"),
    "pollEvent": ("poll", "system"),
}
"""What each kind is called, and the track of what the platform says of it; the viewer's own words are chat."""

OWN_WORDS = (
    ("textMessageDetails", "messageText"),
    ("superChatDetails", "userComment"),
    ("fanFundingEventDetails", "userComment"),
    ("memberMilestoneChatDetails", "userComment"),
)
DELETED = (("messageDeletedDetails", "deletedMessageId"), ("messageRetractedDetails", "retractedMessageId"))


def recognises(path: Path, head: str) -> bool:
    opening, keys = text.shape(head)
    return bool(opening) and "kind" in keys and '"youtube#liveChatMessage' in head


def read(path: Path) -> Iterator[Reading]:
    yield reading(path, "youtube_live_api", "chat", _lines)


def _lines(path: Path, notes: Counter[str]) -> Iterator[Line]:
    yield from from_first(_messages(path, notes), notes)


def _messages(path: Path, notes: Counter[str]) -> Iterator[Line]:
    gone = _taken_back(path)
    for number, each in enumerate(_items(path)):
        author = text.line(text.dig(each, "snippet", "authorChannelId"))
        if any(gone.get(name, -1) >= number for name in (text.line(text.dig(each, "id")), author) if name):
            notes["messages taken back"] += 1
        elif (found := _line(each)) is not None:
            yield found
        else:
            notes["notices of the platform"] += 1


def _items(path: Path) -> Iterator[Any]:
    opening, keys = text.shape(text.head(path))
    if "snippet" in keys:
        return pieces.items(path) if opening.startswith("[") else pieces.values(path)
    return pieces.items(path, "items")


def _taken_back(path: Path) -> dict[str, float]:
    """Deleted messages, and banned authors with the number of the notice: what they said later counts."""
    gone: dict[str, float] = {}
    if not text.holds(path, b"messageDeletedEvent", b"messageRetractedEvent", b"userBannedEvent"):
        return gone
    for number, each in enumerate(_items(path)):
        told = text.dig(each, "snippet")
        for names in DELETED:
            gone[text.line(text.dig(told, *names))] = math.inf
        gone[text.line(text.dig(told, "userBannedDetails", "bannedUserDetails", "channelId"))] = number
    return gone


def _line(message: Any) -> Line | None:
    told = text.dig(message, "snippet")
    named = text.line(text.dig(told, "type"))
    if named not in KINDS:
        return None
    kind, track = KINDS[named]
    author = text.line(text.dig(message, "authorDetails", "displayName"))
    start = text.moment(text.dig(told, "publishedAt"))
    own = next(filter(None, (text.line(text.dig(told, *path)) for path in OWN_WORDS)), "")
    if own or track == "chat":
        said = own or (text.line(text.dig(told, "displayMessage")) if named == "textMessageEvent" else "")
        return Line(said, start, author=author, kind=kind) if said or kind else None
    return Line(_event(told), start, author=author, kind=kind, track=track)


def _event(told: Any) -> str:
    poll = text.dig(told, "pollDetails", "metadata")
    sticker = text.dig(told, "superStickerDetails", "superStickerMetadata", "altText")
    choices = text.dig(poll, "options")
    named = [text.line(text.dig(each, "optionText")) for each in choices] if isinstance(choices, list) else []
    asked = ": ".join(filter(None, (text.line(text.dig(poll, "questionText")), " / ".join(filter(None, named)))))
    return asked or text.line(sticker) or text.line(text.dig(told, "displayMessage"))

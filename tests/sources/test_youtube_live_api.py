"""The Data API's live chat: kinds, times of day, and what was taken back."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import youtube_live_api


def message(said: str, second: int = 0, named: str = "textMessageEvent", **snippet: Any) -> dict[str, Any]:
    told = {"type": named, "publishedAt": f"2024-05-01T18:00:{second:02}+00:00", "authorChannelId": "UCa"}
    return {
        "kind": "youtube#liveChatMessage",
        "id": said,
        "snippet": {**told, "displayMessage": said, **snippet},
        "authorDetails": {"displayName": "Ann"},
    }


def reading_of(path: Path, *messages: dict[str, Any]) -> Reading:
    path.write_text(json.dumps({"kind": "youtube#liveChatMessageListResponse", "items": messages}), encoding="utf-8")
    return next(youtube_live_api.read(path))


def test_times_of_day_count_from_the_first_message(tmp_path: Path) -> None:
    reading = reading_of(tmp_path / "a.json", message("one", 10), message("two", 22), message("three", 5))
    assert [(cue.start, cue.text) for cue in reading.cues] == [(0.0, "one"), (0.0, "three"), (12.0, "two")]
    assert reading.notes["times of day counted from the first message"] == 3


def test_own_words_are_chat_and_the_platforms_are_not(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path / "a.json",
        message("$5 from Ann", named="superChatEvent", superChatDetails={"userComment": "well done"}),
        message("$5 from Ann", named="superChatEvent", superChatDetails={}),
        message("8 months", named="memberMilestoneChatEvent", memberMilestoneChatDetails={"userComment": "still here"}),
        message("Ann joined", named="newSponsorEvent"),
        message("", named="superStickerEvent", superStickerDetails={"superStickerMetadata": {"altText": "a cat"}}),
        message("", named="chatEndedEvent"),
    )
    assert [(cue.text, cue.kind, cue.track) for cue in reading.cues] == [
        ("well done", "paid", "chat"),
        ("", "paid", "chat"),
        ("still here", "membership", "chat"),
        ("Ann joined", "membership", "system"),
        ("a cat", "sticker", "gift"),
    ]


def test_what_was_deleted_or_said_before_a_ban_is_not_used(tmp_path: Path) -> None:
    banned = {"bannedUserDetails": {"channelId": "UCb"}}
    reading = reading_of(
        tmp_path / "a.json",
        message("gone", 1),
        message("rude", 2, authorChannelId="UCb"),
        message("", 3, named="messageDeletedEvent", messageDeletedDetails={"deletedMessageId": "gone"}),
        message("", 4, named="userBannedEvent", userBannedDetails=banned),
        message("sorry", 5, authorChannelId="UCb"),
    )
    assert [cue.text for cue in reading.cues] == ["sorry"] and reading.notes["messages taken back"] == 2


def test_without_items_it_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "a.json"
    file.write_text('{"kind": "youtube#liveChatMessageListResponse"}', encoding="utf-8")
    with pytest.raises(InputError, match=r"a\.json: holds no list of items"):
        list(next(youtube_live_api.read(file)).cues)

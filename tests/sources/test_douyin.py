"""Events of Douyin and TikTok rooms under the names that several programs give them."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import douyin

CHAT = {"type": "chat", "username": "阿安", "content": "多少钱", "timestamp": 1_700_000_000}


def reading_of(path: Path, *events: Any) -> Reading:
    path.write_text("\n".join(each if isinstance(each, str) else json.dumps(each) for each in events), encoding="utf-8")
    return next(douyin.read(path))


@pytest.mark.parametrize(
    "event",
    [
        CHAT,
        {"event": "chat", "data": {"comment": "多少钱", "nickname": "阿安", "createTime": "1700000000000"}},
        {
            "method": "WebcastChatMessage",
            "user": {"nickName": "阿安"},
            "content": "多少钱",
            "event_time": 1_700_000_000,
        },
        {"Type": 1, "Data": json.dumps({"User": {"Nickname": "阿安"}, "Content": "多少钱"})},
        {"type": "CommentEvent", "user": {"nickname": "阿安"}, "comment": "多少钱", "ts": "2024-05-01T12:00:00Z"},
        {"event_ts_ms": 1_700_000_000_000, "user_name": "阿安", "content": "多少钱"},
    ],
)
def test_a_chat_by_any_name(tmp_path: Path, event: dict[str, Any]) -> None:
    file = tmp_path / "room1.jsonl"
    (cue,) = reading_of(file, event).cues
    assert (cue.author, cue.text, cue.track, cue.kind) == ("阿安", "多少钱", "chat", "")
    assert cue.start == (None if "Type" in event else 0.0)
    assert douyin.recognises(file, file.read_text()) and douyin.recognises(file, f"[{file.read_text()}]")


def test_gifts_are_gifts_and_arrivals_are_counted(tmp_path: Path) -> None:
    gift = {
        **CHAT,
        "type": "gift",
        "content": None,
        "gift_name": "小心心",
        "gift_count": 10,
        "timestamp": 1_700_000_002,
    }
    reading = reading_of(tmp_path / "a.jsonl", CHAT, gift, {**CHAT, "type": "member"}, {**CHAT, "content": ""})
    assert [(cue.start, cue.track, cue.text) for cue in reading.cues] == [
        (0.0, "chat", "多少钱"),
        (2.0, "gift", "小心心 x10"),
    ]
    assert reading.notes["events that are no message"] == 1 and reading.notes["messages without text"] == 1


def test_an_offset_is_the_clock_itself(tmp_path: Path) -> None:
    (cue,) = reading_of(tmp_path / "a.jsonl", {**CHAT, "offset": 12.5}).cues
    assert cue.start == 12.5


def test_a_table_of_gifts_is_no_live_room() -> None:
    assert not douyin.recognises(Path("menu.json"), '[{"type": "gift", "name": "Mug", "price": 12}]')


@pytest.mark.parametrize("row", [json.dumps(CHAT)[:-5], "[1]", '{"type": NaN}', '{"a": "\\udfff"}', '{"a":' * 500])
def test_torn_and_hostile_lines_are_named(tmp_path: Path, row: str) -> None:
    with pytest.raises(InputError, match=r"a\.jsonl line 2: "):
        list(reading_of(tmp_path / "a.jsonl", CHAT, row).cues)


def test_an_empty_file_has_no_cues(tmp_path: Path) -> None:
    assert list(reading_of(tmp_path / "a.jsonl", "").cues) == []

"""Twitch's chat in the shapes of its downloaders: what is a viewer's own words, and what is none of it."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import twitch_chat


def comment(body: str, at: float = 1.5, **message: Any) -> dict[str, Any]:
    return {"content_offset_seconds": at, "commenter": {"display_name": "Ann"}, "message": {"body": body, **message}}


def reading_of(path: Path, whole: Any) -> Reading:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return next(twitch_chat.read(path))


@pytest.mark.parametrize(
    "whole",
    [
        {"streamer": {}, "comments": [comment("hi")], "embeddedData": None},
        [comment("hi")],
        comment("hi"),
        "\n".join(json.dumps({"comments": [comment(said)], "_next": "x"}) for said in ("hi", "")),
        [{"data": {"video": {"comments": {"edges": [{"node": {
            "commenter": {"displayName": "Ann"}, "contentOffsetSeconds": 1.5,
            "message": {"fragments": [{"text": "h"}, {"text": "i"}]},
        }}]}}}}],
        {"data": [{"type": "rechat-message", "attributes": {"from": "Ann", "message": "hi", "video-offset": 1500}}]},
    ],
)  # fmt: skip
def test_every_shape_says_the_same(tmp_path: Path, whole: Any) -> None:
    file = tmp_path / "room1.json"
    (cue,) = reading_of(file, whole).cues
    assert (cue.start, cue.author, cue.text, cue.track, cue.kind) == (1.5, "Ann", "hi", "chat", "")
    assert twitch_chat.recognises(file, file.read_text())


def test_what_twitch_words_itself_is_no_chat(tmp_path: Path) -> None:
    told = [
        comment("Cheer100 nice", bits_spent=100),
        comment("look at me", user_notice_params={"msg-id": "highlighted-message"}),
        comment("Ann gifted 5 subs", user_notice_params={"msg-id": "submysterygift"}),
        comment("20 raiders", user_notice_params={"msg-id": "raid"}),
    ]
    cues = reading_of(tmp_path / "a.json", {"comments": told}).cues
    assert [(cue.kind, cue.track) for cue in cues] == [
        ("paid", "chat"),
        ("highlighted-message", "chat"),
        ("submysterygift", "gift"),
        ("raid", "system"),
    ]


def test_what_is_not_published_is_not_used(tmp_path: Path) -> None:
    reading = reading_of(
        tmp_path / "a.json", [comment("hi"), {**comment("hidden"), "state": "unpublished"}, comment("")]
    )
    assert [cue.text for cue in reading.cues] == ["hi"]
    assert reading.notes == {"messages taken back": 1, "messages without text": 1}


def test_a_torn_file_is_one_line_with_its_item(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"a\.json item 2: not JSON, or torn"):
        list(reading_of(tmp_path / "a.json", json.dumps({"comments": [comment("a"), comment("b")]})[:-40]).cues)

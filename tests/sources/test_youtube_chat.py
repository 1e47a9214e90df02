"""yt-dlp's live chat: messages, emoji, and what came with money; a torn line is named."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.records import Cue
from millstream.sources import youtube_chat

Json = dict[str, Any]


def action(renderer: str, body: Json, ms: int | None = 1500) -> str:
    item = {renderer: {"authorName": {"simpleText": "Ann"}, **body}}
    replay: Json = {"actions": [{"addChatItemAction": {"item": item}}]}
    if ms is not None:
        replay["videoOffsetTimeMsec"] = str(ms)
    return json.dumps({"replayChatItemAction": replay})


def message(said: str, ms: int | None = 1500) -> str:
    return action("liveChatTextMessageRenderer", {"message": {"runs": [{"text": said}]}}, ms)


def cues_of(path: Path, *rows: str) -> list[Cue]:
    path.write_text("\n".join(rows), encoding="utf-8")
    return [cue for reading in youtube_chat.read(path) for cue in reading.cues]


def test_emoji_are_shortcuts(tmp_path: Path) -> None:
    runs = [{"text": "nice "}, {"emoji": {"emojiId": "x/y", "shortcuts": [":car:"]}}, {"emoji": {"emojiId": "🔥"}}]
    (cue,) = cues_of(tmp_path / "a.live_chat.json", action("liveChatTextMessageRenderer", {"message": {"runs": runs}}))
    assert (cue.text, cue.author, cue.start, cue.track, cue.kind) == ("nice :car:🔥", "Ann", 1.5, "chat", "")


@pytest.mark.parametrize(
    ("renderer", "body", "kind", "said"),
    [
        ("liveChatPaidMessageRenderer", {"message": {"runs": [{"text": "price?"}]}}, "paid", "price?"),
        ("liveChatPaidMessageRenderer", {"purchaseAmountText": {"simpleText": "$5"}}, "paid", ""),
        (
            "liveChatPaidStickerRenderer",
            {"sticker": {"accessibility": {"accessibilityData": {"label": "a cat"}}}},
            "sticker",
            "a cat",
        ),
        ("liveChatMembershipItemRenderer", {"headerSubtext": {"simpleText": "Hi!"}}, "membership", "Hi!"),
    ],
)
def test_what_came_with_money(tmp_path: Path, renderer: str, body: Json, kind: str, said: str) -> None:
    (cue,) = cues_of(tmp_path / "a.live_chat.json", action(renderer, body))
    assert (cue.kind, cue.text) == (kind, said)


def test_what_is_no_message_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.live_chat.json"
    file.write_text(action("liveChatViewerEngagementMessageRenderer", {}) + "\n" + message("hi"), encoding="utf-8")
    reading = next(youtube_chat.read(file))
    assert [cue.text for cue in reading.cues] == ["hi"]
    assert reading.notes == {"actions that are no message": 1}


def test_a_chat_without_a_clock_is_read_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.live_chat.json"
    file.write_text(message("one", None) + "\n" + message("two", None), encoding="utf-8")
    reading = next(youtube_chat.read(file))
    assert [(cue.text, cue.start, cue.end) for cue in reading.cues] == [("one", None, None), ("two", None, None)]
    assert reading.notes == {"no clock": 2}
    assert len(list(reading.cues)) == 2 and reading.notes == {"no clock": 2}, "a second iteration counts anew"


@pytest.mark.parametrize(
    ("row", "what"),
    [
        (message("x")[:-20], "line 2: not JSON, or torn"),
        ("[1]", "line 2: not a chat action"),
        ("[" * 100_000, "line 2: JSON nested"),
        ('{"replayChatItemAction": {"a": NaN}}', "line 2: not JSON"),
        ('{"replayChatItemAction": {"a": "\\udc00"}}', "line 2: half a character"),
    ],
)
def test_torn_and_hostile_lines_are_named(tmp_path: Path, row: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        cues_of(tmp_path / "a.live_chat.json", message("fine"), row)
    assert what in str(caught.value) and "\n" not in str(caught.value)


def test_an_empty_chat_has_no_cues(tmp_path: Path) -> None:
    assert cues_of(tmp_path / "a.live_chat.json", "") == []


KEYS = ["actions", "addChatItemAction", "item", "liveChatTextMessageRenderer", "message", "runs", "text", "emoji"]
KEYS += ["shortcuts", "authorName", "simpleText", "videoOffsetTimeMsec", "header", "replayChatItemAction"]
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner, max_size=4),
    max_leaves=12,
)


@settings(deadline=None)
@given(json_values)
def test_no_shape_crashes_it(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    row = json.dumps({"replayChatItemAction": value})
    assert all(cue.text or cue.kind for cue in cues_of(tmp_path_factory.mktemp("chat") / "a.live_chat.json", row))


def other(name: str, **body: Any) -> str:
    return json.dumps({"replayChatItemAction": {"actions": [{name: body}], "videoOffsetTimeMsec": "9000"}})


def said(words: str, own: str, author: str = "UCa", renderer: str = "liveChatTextMessageRenderer") -> str:
    told = {"id": own, "authorExternalChannelId": author, "message": {"runs": [{"text": words}]}}
    return action(renderer, told)


def test_what_was_deleted_is_not_used(tmp_path: Path) -> None:
    file = tmp_path / "a.live_chat.json"
    again = {"liveChatTextMessageRenderer": {"id": "c", "message": {"runs": [{"text": "mended"}]}}}
    held = {"liveChatPlaceholderItemRenderer": {"id": "d"}}
    rows = [
        *(
            said("kept", "a"),
            said("deleted", "b"),
            said("first words", "c"),
            said("hidden", "d"),
            said("rude", "e", "UCx"),
        ),
        other("markChatItemAsDeletedAction", targetItemId="b"),
        other("replaceChatItemAction", targetItemId="c", replacementItem=again),
        other("replaceChatItemAction", targetItemId="d", replacementItem=held),
        other("markChatItemsByAuthorAsDeletedAction", externalChannelId="UCx"),
        said("after the pause", "f", "UCx"),
    ]
    file.write_text("\n".join(rows), encoding="utf-8")
    reading = next(youtube_chat.read(file))
    assert sorted(cue.text for cue in reading.cues) == ["after the pause", "kept", "mended"]
    assert reading.notes["messages taken back"] == 4


def test_what_the_platform_words_is_on_a_track_of_its_own(tmp_path: Path) -> None:
    poll = {"choices": [{"text": {"simpleText": "Blue"}}, {"text": {"runs": [{"text": "White"}]}}]}
    panel = {"liveChatActionPanelRenderer": {"contents": {"pollRenderer": poll}}}
    joined = action("liveChatMembershipItemRenderer", {"headerSubtext": {"simpleText": "New member"}})
    cues = cues_of(
        tmp_path / "a.live_chat.json",
        said("8 months already", "m", renderer="liveChatMembershipItemRenderer"),
        joined,
        other("showLiveChatActionPanelAction", panelToShow=panel),
        other("updateLiveChatPollAction", pollToUpdate={"pollRenderer": poll}),
    )
    assert [(cue.text, cue.kind, cue.track) for cue in cues] == [
        ("8 months already", "membership", "chat"),
        ("New member", "membership", "system"),
        ("Blue / White", "poll", "system"),
    ]


def test_a_chat_recorded_live_counts_from_its_first_message(tmp_path: Path) -> None:
    rows = [
        action(
            "liveChatTextMessageRenderer", {"timestampUsec": f"{at}000000", "message": {"simpleText": str(at)}}, None
        )
        for at in (1_600_000_000, 1_600_000_007)
    ]
    assert [cue.start for cue in cues_of(tmp_path / "a.live_chat.json", *rows)] == [0.0, 7.0]


def test_an_answer_of_the_chat_page(tmp_path: Path) -> None:
    actions = [json.loads(message("one")), json.loads(message("two", 2500))]
    whole = {"responseContext": {}, "continuationContents": {"liveChatContinuation": {"actions": actions}}}
    cues = cues_of(tmp_path / "a.json", json.dumps(whole, indent=1))
    assert [(cue.start, cue.text) for cue in cues] == [(1.5, "one"), (2.5, "two")]

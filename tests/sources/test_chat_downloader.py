"""chat-downloader's JSON, old and new, its CSV twin, and files made to harm."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.clock import WINDOW
from millstream.errors import InputError
from millstream.records import Cue
from millstream.shapes import Reading
from millstream.sources import chat_downloader

OLD = {"author": "Ann", "message": "price?", "time_in_seconds": 4, "video_offset_time_msec": 4250}
NEW = {
    "message_type": "text_message",
    "author": {"name": "Bob", "id": "x"},
    "message": "hello :car:",
    "time_in_seconds": 5.5,
}
TICKER = {"message_type": "ticker_paid_message_item", "author": {"name": "Eve"}, "message": "x", "time_in_seconds": 6}
NOTICE = {"message_type": "viewer_engagement_message", "message": "Welcome to live chat!"}


def reading_of(path: Path, whole: Any) -> Reading:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return next(chat_downloader.read(path))


def cues_of(path: Path, whole: Any) -> list[Cue]:
    return list(reading_of(path, whole).cues)


def test_both_schemas(tmp_path: Path) -> None:
    reading = reading_of(tmp_path / "a.chat.json", [OLD, NEW, TICKER, NOTICE])
    assert [(cue.start, cue.author, cue.text) for cue in reading.cues] == [
        (4.25, "Ann", "price?"),
        (5.5, "Bob", "hello :car:"),
    ]
    assert reading.notes == {"tickers that repeat a message": 1, "notices of the platform": 1}
    assert reading.recording.key == "a"


def test_kinds(tmp_path: Path) -> None:
    paid = {**OLD, "amount": "$5.00", "message": None}
    sticker = {**NEW, "message_type": "paid_sticker", "money": {"amount": 5}}
    member = {**NEW, "message_type": "membership_item"}
    cues = cues_of(tmp_path / "a.json", [paid, sticker, member])
    assert [cue.kind for cue in cues] == ["paid", "sticker", "membership"]


def test_the_csv_twin_says_the_same(tmp_path: Path) -> None:
    said = 'author,message,time_in_seconds,video_offset_time_msec\nAnn,"well, price?",4,4250\n'
    (cue,) = cues_of(tmp_path / "a.csv", said)
    assert (cue.start, cue.author, cue.text) == (4.25, "Ann", "well, price?")


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("", "item 1: not JSON"),
        ("{}", "not a JSON list"),
        ('[{"message": "a"}, {"mess', "item 2: not JSON, or torn"),
        ('[{"message": "a"}] trailing', "not JSON"),
        ('[{"message": "a", "time_in_seconds": NaN}]', "item 1: not JSON"),
        ('[{"message": "\\ud83d"}]', "half a character"),
        ('[{"message": "' + "x" * 65530 + '\\ud83d"}]', "half a character"),
        ("[" * 1000 + "]" * 1000, "nested"),
        ("[" * 100_000, "nested"),
        ('[{"message": "a"}]'.encode("utf-16-le").decode("latin-1"), "not text, or UTF-16"),
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        cues_of(tmp_path / "a.json", said)
    assert what in str(caught.value) and "\n" not in str(caught.value)


@settings(deadline=None)
@given(st.lists(st.text(max_size=6), max_size=6), st.integers(0, 70_000))
def test_any_text_is_read_as_json_reads_it(
    tmp_path_factory: pytest.TempPathFactory, texts: list[str], padding: int
) -> None:
    whole = [{"message": "p" * padding, "time_in_seconds": 0}]
    whole += [{"message": "m" + said, "time_in_seconds": 1} for said in texts]
    file = tmp_path_factory.mktemp("chat") / "a.json"
    escaped = [" ".join(cue.text.split()) for cue in cues_of(file, json.dumps(whole))]
    assert escaped == [cue.text for cue in cues_of(file, json.dumps(whole, ensure_ascii=False))]
    assert len(escaped) == len(texts) + (padding > 0)


def test_one_clock_jump_does_not_move_the_others(tmp_path: Path) -> None:
    times = [1, 99_999, 2, 3]
    reading = reading_of(tmp_path / "a.json", [{"message": str(t), "time_in_seconds": t} for t in times])
    assert [cue.start for cue in reading.cues] == [1.0, 2.0, 3.0, 99_999.0]
    assert reading.notes == {"times that ran backwards": 1}


def test_what_comes_too_late_to_be_sorted_is_clamped(tmp_path: Path) -> None:
    times = [*range(10, 20 + WINDOW), 0]
    cues = cues_of(tmp_path / "a.json", [{"message": "m", "time_in_seconds": t} for t in times])
    starts = [cue.start for cue in cues if cue.start is not None]
    assert len(starts) == len(times) and starts == sorted(starts) and min(starts) == 10.0


def test_times_before_the_start_are_the_start(tmp_path: Path) -> None:
    reading = reading_of(tmp_path / "a.json", [{"message": "early", "time_in_seconds": -30}])
    assert [cue.start for cue in reading.cues] == [0.0] and reading.notes == {"times before the start": 1}


def test_what_was_deleted_is_not_used(tmp_path: Path) -> None:
    told = [
        {**NEW, "message_id": "a", "message": "kept"},
        {**NEW, "message_id": "b", "message": "deleted"},
        {**NEW, "author": {"id": "y"}, "message": "rude"},
        {"action_type": "mark_chat_item_as_deleted", "target_message_id": "b", "message": "[message deleted]"},
        {"message_type": "ban_user", "author": {"id": "y"}},
        {**NEW, "author": {"id": "y"}, "message": "after the pause"},
    ]
    reading = reading_of(tmp_path / "a.json", told)
    assert [cue.text for cue in reading.cues] == ["kept", "after the pause"]
    assert reading.notes["messages taken back"] == 2


def test_a_chat_recorded_live_counts_from_its_first_message(tmp_path: Path) -> None:
    told = [{"author": "Ann", "message": "m", "timestamp": at * 10**6} for at in (1_600_000_000, 1_600_000_007)]
    assert [cue.start for cue in cues_of(tmp_path / "a.json", told)] == [0.0, 7.0]

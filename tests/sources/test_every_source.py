"""What holds of all sources: their names, who recognises what, memory, and the real data sets."""

import difflib
import importlib
import json
import os
import tracemalloc
from collections import Counter
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream import plugins, text
from millstream.errors import InputError
from millstream.shapes import Line, Reading
from millstream.sources import bilibili, chat_downloader, columns, name_of, srt, twitch_chat, vtt, youtube_chat

SEEDS = sorted((Path(__file__).parents[2] / "benchmarks" / "seeds").glob("*/*"))
"""Small files of every shape that each source reads, in a folder of its name; benchmarks/fuzz.py begins with them."""
EVERY = pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: f"{seed.parent.name}/{seed.name}")
ENDINGS = (
    *(".srt", ".vtt", ".ass", ".json", ".jsonl", ".csv", ".tsv", ".xml", ".txt", ".seg.so"),
    *(".live_chat.json", ".chat.json", ".danmaku.xml", ".info.json", ".comments.json"),
)
MAP = {"text": "msg", "author": "nick", "start": "at_ms"}
PRICES = '[{"name": "Set A", "price": 12}]'
SOURCES = {name: plugins.module("sources", name) for name in plugins.names("sources")}


def hear(path: Path, lang: str, notes: Counter[str]) -> Iterator[Line]:
    """A line for each block of sound: no recogniser is needed to tear a film."""
    decode = importlib.import_module("millstream.listen.decode")
    for n, block in enumerate(decode.blocks(path, notes)):
        yield Line(f"{len(block)} samples", float(n))


def read(path: Path, source: str) -> Iterator[Reading]:
    module = SOURCES[source]
    if source == "media":
        pytest.importorskip("av", reason="the extra media is not installed")
        return module.read_by(path, hear)
    return module.read_by(path, MAP) if source == "columns" else module.read(path)


def claims(path: Path, file: Path) -> list[str]:
    """The sources that take the content of `file` for their own under the name of `path`."""
    raw = text.head_bytes(file)
    found = [n for n, each in SOURCES.items() if hasattr(each, "recognises_bytes") and each.recognises_bytes(path, raw)]
    if found:
        return found
    return [name for name, each in SOURCES.items() if each.recognises(path, text.head(file))]


def test_every_source_has_a_seed() -> None:
    assert {seed.parent.name for seed in SEEDS} == set(SOURCES)


@EVERY
def test_a_seed_is_read_and_nobody_else_claims_it(seed: Path) -> None:
    source = seed.parent.name
    assert claims(seed, seed) == ([] if source == "columns" else [source])
    assert columns.fits(seed, MAP) == (source == "columns")
    cues = [cue for each in read(seed, source) for cue in each.cues]
    assert any(cue.text for cue in cues) and all(cue.text or cue.kind for cue in cues)
    assert [cue.n for cue in cues] == [*range(len(cues))]


@EVERY
def test_whatever_its_name_a_file_is_claimed_once(seed: Path) -> None:
    for name in (f"room1{ending}" for ending in ENDINGS):
        found = claims(Path(name), seed)
        assert len(found) <= 1, f"{name}: {found}"
        if seed.suffix == Path(name).suffix and seed.parent.name != "columns":
            assert found == [seed.parent.name], f"its content is not known under the name {name}"


def outcome(path: Path, source: str) -> str:
    """Reads a file as if it were of this source: "" where that goes well, else its one line."""
    try:
        for name, each in SOURCES.items():
            if hasattr(each, "recognises_bytes"):
                each.recognises_bytes(path, text.head_bytes(path))
            elif name != "columns":
                each.recognises(path, text.head(path))
        for reading in read(path, source):
            for cue in reading.cues:
                assert cue.text == text.line(cue.text)
    except InputError as error:
        assert "\n" not in str(error) and path.name in str(error)
        return str(error)
    return ""


@EVERY
def test_torn_and_empty_files_are_one_line_or_nothing(seed: Path, tmp_path: Path) -> None:
    raw, file = seed.read_bytes(), tmp_path / seed.name
    for cut in range(0, len(raw), max(1, len(raw) // 40)):
        file.write_bytes(raw[:cut])
        outcome(file, seed.parent.name)
    file.write_bytes(raw[: raw.rstrip().__len__() - 3])
    torn_is_wrong = seed.suffix in (".json", ".jsonl", ".xml", ".so")
    assert outcome(file, seed.parent.name) or not torn_is_wrong


HOSTILE = {
    "deep": b'{"a":' * 5000,
    "deep list": b"[" * 100_000,
    "zeros": b"\0" * 5000,
    "half a character": b'[{"message": "\\ud83d", "text": "\\udfff", "content": "\\udfff"}]',
    "numbers": b'[{"message": "x", "start": 1e999, "time_in_seconds": 99999999999999999999999, "text": "y"}]',
    "bomb": b'<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;&a;">]><i><d p="1">&b;</d></i>',
    "outside": b'<!DOCTYPE i [<!ENTITY a SYSTEM "file:///etc/hostname">]><i><d p="1,1,1,1,1,1,1,1">&a;</d></i>',
    "long number": b"\x0a" + b"\xff" * 40,
    "long field": b"\x0a\xff\xff\xff\xff\x0f\x3a\x01a",
    "open quote": b'speaker,text\na,"' + b"x," * 100_000,
    "not text": bytes(range(256)) * 40,
}


@pytest.mark.parametrize("source", SOURCES)
@pytest.mark.parametrize("what", HOSTILE)
def test_hostile_files_are_one_line_or_nothing(source: str, what: str, tmp_path: Path) -> None:
    for ending in ("json", "jsonl", "csv", "xml"):
        file = tmp_path / f"room1.{ending}"
        file.write_bytes(HOSTILE[what])
        outcome(file, source)


@given(st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 10**6), st.binary(max_size=4)), max_size=8), st.data())
def test_no_change_of_bytes_crashes_a_source(
    tmp_path_factory: pytest.TempPathFactory, seed: Path, changes: list[tuple[int, bytes]], data: st.DataObject
) -> None:
    raw = bytearray(seed.read_bytes())
    for at, put in changes:
        start = at % (len(raw) + 1)
        raw[start : start + data.draw(st.integers(0, 30))] = put
    file = tmp_path_factory.mktemp("changed") / seed.name
    file.write_bytes(raw)
    outcome(file, seed.parent.name)


def test_no_source_takes_a_price_list() -> None:
    sources = [plugins.module("sources", each) for each in plugins.names("sources")]
    assert not any(module.recognises(Path("prices.json"), PRICES) for module in sources)
    assert not any(module.recognises(Path("prices.csv"), "name,price\nSet A,12\n") for module in sources)


@pytest.mark.parametrize(
    "file", ["room1.srt", "room1.en.vtt", "room1.live_chat.json", "room1.danmaku.xml", "room1.seg.so"]
)
def test_files_of_one_recording_share_its_key(file: str) -> None:
    assert name_of(Path(file))[0] == "room1"


def test_a_name_with_dots_is_kept() -> None:
    assert name_of(Path("v1.2 final.srt")) == ("v1.2 final", "")
    assert name_of(Path("en.srt")) == ("en", "")


def chat_file(file: Path, source: str, messages: int) -> Path:
    """A file of so many equal messages."""
    words = "m" * 50
    runs = {"message": {"runs": [{"text": words}]}}
    action = {"addChatItemAction": {"item": {"liveChatTextMessageRenderer": runs}}}
    comment = {"content_offset_seconds": 1, "commenter": {"name": "a"}, "message": {"body": words}}
    kind = "youtube#liveChatMessage"
    snippet = {"type": "textMessageEvent", "publishedAt": "2024-05-01T18:00:00Z", "displayMessage": words}
    one: dict[str, Any] = {
        "chat_downloader": {"author": "a", "message": words, "time_in_seconds": 1},
        "youtube_chat": {"replayChatItemAction": {"actions": [action], "videoOffsetTimeMsec": "1000"}},
        "twitch_chat": comment,
        "youtube_live_api": {"kind": kind, "snippet": snippet},
        "douyin": {"type": "chat", "username": "a", "content": words, "timestamp": 1_700_000_000},
        "columns": {"msg": words, "nick": "a", "at_ms": 1000},
        "bilibili_subtitle": {"from": 1, "to": 2, "content": words},
    }
    frames = {"chat_downloader": "[%s]", "twitch_chat": '{"comments": [%s]}', "bilibili_subtitle": '{"body": [%s]}'}
    frames["youtube_live_api"] = '{"kind": "youtube#liveChatMessageListResponse", "items": [%s]}'
    if source == "bilibili":
        rows = f'<d p="1,1,25,0,0,0,x,1" user="a">{words}</d>' * messages
        file.write_text(f'<i><BililiveRecorder version="2"/>{rows}</i>')
    else:
        rows = (", " if source in frames else "\n").join([json.dumps(one[source])] * messages)
        file.write_text(frames.get(source, "%s") % rows)
    return file


STREAMED = [
    "bilibili",
    "bilibili_subtitle",
    "chat_downloader",
    "columns",
    "douyin",
    "twitch_chat",
    "youtube_chat",
    "youtube_live_api",
]


@pytest.mark.parametrize("source", STREAMED)
def test_memory_does_not_grow_with_a_chat(tmp_path: Path, source: str) -> None:
    peaks = []
    for messages in (1200, 3600):
        file = chat_file(tmp_path / f"{messages}.jsonl", source, messages)
        reading = next(read(file, source))
        tracemalloc.start()
        assert sum(1 for _ in reading.cues) == messages
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()
    assert peaks[1] < peaks[0] * 1.5


# --- real data ---------------------------------------------------------------------------------------------

DATA = Path(os.environ.get("MILLSTREAM_DATA", Path(__file__).parents[2].parent / "shared" / "data"))


def data(name: str) -> Path:
    if not (DATA / name).exists():
        pytest.skip(f"the data set {name} is not here; MILLSTREAM_DATA names the folder of the sets")
    return DATA / name


@pytest.mark.data
def test_whole_video_captions_all_parse() -> None:
    files = sorted(data("nomadic_samuel_srt").glob("*.srt"))
    assert len(files) == 96
    for file in islice(files, 0, None, 8):
        starts = [cue.start or 0.0 for cue in next(srt.read(file)).cues]
        assert starts and starts == sorted(starts)


@pytest.mark.data
def test_rolling_captions_give_the_words_of_the_gold() -> None:
    folder = data("nomadic_samuel_srt")
    for file in sorted((folder / "derived_rolling_vtt").glob("*.vtt")):
        words = [
            [word for cue in next(read(path)).cues for word in cue.text.split()]
            for read, path in ((vtt.read, file), (srt.read, folder / f"{file.stem}.srt"))
        ]
        matcher = difflib.SequenceMatcher(None, words[0], words[1], autojunk=False)
        assert [code for code in matcher.get_opcodes() if code[0] != "equal"] == []


@pytest.mark.data
def test_one_chat_in_two_formats_is_the_same() -> None:
    folder = data("yt_livechat_chatdownloader")
    first = next(chat_downloader.read(folder / "yt_JIB3JbIIbPU_nasa_300-400s.json"))
    second = next(youtube_chat.read(folder / "derived_JIB3JbIIbPU_300-400s.live_chat.json"))
    told = [[(cue.start, cue.author, cue.text) for cue in reading.cues] for reading in (first, second)]
    assert told[0] == told[1] and len(told[0]) == 318


@pytest.mark.data
def test_real_danmaku() -> None:
    reading = next(bilibili.read(data("bilibili_danmaku/danmaku01.xml")))
    assert sum(1 for _ in reading.cues) == 1200


@pytest.mark.data
def test_real_twitch_comments() -> None:
    files = sorted(data("twitch_vod_comments").glob("*.json"))
    kinds = [(cue.kind, cue.track, cue.start) for file in files for cue in next(twitch_chat.read(file)).cues]
    at = 2345.678
    assert kinds == [("highlighted-message", "chat", at), ("rewardgift", "gift", at), ("", "chat", at)]


@pytest.mark.data
def test_the_csv_twin_of_a_real_chat_is_the_same() -> None:
    file = data("yt_livechat_chatdownloader/yt_97w16cYskVI_superchat_0-100s.json")
    told = [
        [(cue.start, cue.author, cue.text, cue.kind) for cue in next(chat_downloader.read(each)).cues]
        for each in (file, file.with_suffix(".csv"))
    ]
    assert told[0] == told[1] and len(told[0]) == 68


@pytest.mark.data
def test_a_real_live_room() -> None:
    reading = next(bilibili.read(data("bilibili_danmaku/derived/live_room_with_sc.xml")))
    kinds = [cue.kind for cue in reading.cues]
    assert (len(kinds), kinds.count("paid")) == (806, 125)


def test_the_head_of_a_file_may_end_inside_a_character(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a" + "车" * text.HEAD, encoding="utf-8")
    assert text.head(file).startswith("a车")

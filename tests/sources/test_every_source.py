"""What holds of all sources: their names, who recognises what, memory, and the real data sets."""

import difflib
import json
import os
import tracemalloc
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import pytest

from millstream import plugins, text
from millstream.shapes import Reading
from millstream.sources import bilibili, chat_downloader, name_of, srt, vtt, youtube_chat

SEEN = {
    "srt": ("room1.srt", "1\n00:00:01,000 --> 00:00:02,000\nhi\n"),
    "vtt": ("room1.en.vtt", "WEBVTT\n\n00:01.000 --> 00:02.000\nhi\n"),
    "ass": ("room1.ass", "[Script Info]\n"),
    "whisper_json": ("room1.json", '{"text": "hi", "segments": [{"id": 0, "start": 0, "end": 1, "text": "hi"}]}'),
    "youtube_chat": ("room1.live_chat.json", '{"replayChatItemAction": {"actions": []}}'),
    "chat_downloader": ("room1.chat.json", '[{"author": "a", "message": "hi", "time_in_seconds": 1}]'),
    "bilibili": ("room1.danmaku.xml", '<?xml version="1.0"?><i><d p="1,1,25,0,0,0,x,1">hi</d></i>'),
    "comments": ("room1.comments.json", '[{"id": "a", "author": "b", "text": "hi", "parent": "root"}]'),
    "transcripts": ("room1.csv", "speaker,text\na,hi\n"),
}
PRICES = '[{"name": "Set A", "price": 12}]'


def test_every_source_is_seen_here() -> None:
    assert set(SEEN) == set(plugins.names("sources"))


@pytest.mark.parametrize("name", SEEN)
def test_exactly_one_source_recognises_a_file(name: str) -> None:
    file, head = SEEN[name]
    sources = {each: plugins.module("sources", each) for each in plugins.names("sources")}
    assert [each for each, module in sources.items() if module.recognises(Path(file), head)] == [name]
    if file.endswith(".json") and name not in ("youtube_chat", "comments"):
        other = [each for each, module in sources.items() if module.recognises(Path("room1.json"), head)]
        assert other == [name], "it is known by its content too"


def test_no_source_takes_a_price_list() -> None:
    sources = [plugins.module("sources", each) for each in plugins.names("sources")]
    assert not any(module.recognises(Path("prices.json"), PRICES) for module in sources)
    assert not any(module.recognises(Path("prices.csv"), "name,price\nSet A,12\n") for module in sources)


@pytest.mark.parametrize("file", [file for file, _ in SEEN.values()])
def test_files_of_one_recording_share_its_key(file: str) -> None:
    assert name_of(Path(file))[0] == "room1"


def test_a_name_with_dots_is_kept() -> None:
    assert name_of(Path("v1.2 final.srt")) == ("v1.2 final", "")
    assert name_of(Path("en.srt")) == ("en", "")


def chat_file(folder: Path, source: str, messages: int) -> Iterator[Reading]:
    one = {"author": "a", "message": "m" * 50, "time_in_seconds": 1}
    runs = {"message": {"runs": [{"text": "m" * 50}]}}
    action = {"addChatItemAction": {"item": {"liveChatTextMessageRenderer": runs}}}
    line = json.dumps({"replayChatItemAction": {"actions": [action], "videoOffsetTimeMsec": "1000"}})
    file = folder / f"{messages}.json"
    listed = source == "chat_downloader"
    file.write_text(json.dumps([one] * messages) if listed else "\n".join([line] * messages), encoding="utf-8")
    return iter(plugins.load("sources", source)(file))


@pytest.mark.parametrize("source", ["chat_downloader", "youtube_chat"])
def test_memory_does_not_grow_with_a_chat(tmp_path: Path, source: str) -> None:
    peaks = []
    for messages in (1500, 6000):
        reading = next(chat_file(tmp_path, source, messages))
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


def test_the_head_of_a_file_may_end_inside_a_character(tmp_path: Path) -> None:
    file = tmp_path / "a.txt"
    file.write_text("a" + "车" * text.HEAD, encoding="utf-8")
    assert text.head(file).startswith("a车")

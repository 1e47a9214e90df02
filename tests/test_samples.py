"""The samples hold what their gold says they hold.

Reads them with the standard library only, so that a fault of a source cannot hide a fault of a sample.
Knows nothing of the pipeline.
"""

import csv
import json
import re
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

SAMPLES = Path(__file__).parent.parent / "samples"
STREAMS = ("automotive_zh", "restaurant_en")
SHORT = ("restaurant_zh", "automotive_en")
"""Five minutes each, written to score what the others were tuned on."""
ALL = (*STREAMS, "hotel_zh_en", *SHORT)
VIDEOS = tuple(f"video{n}" for n in range(1, 7))
SHORT_TABLES = {
    "restaurant_zh": ("套餐", "sets.csv", {"price": "团购价(元)", "serves": "适用人数", "validity": "有效期"}),
    "automotive_en": ("model", "cars.csv", {"price": "price (USD)", "seats": "seats", "range": "range (miles)",
                                            "monthly": "monthly (USD)", "down_payment": "down payment (USD)"}),
}  # fmt: skip
"""(column of names, file, column of each slot)."""
TIMES = re.compile(r"^(\d+):(\d+):(\d+)[.,](\d+) --> (\d+):(\d+):(\d+)[.,](\d+)")
Cues = list[tuple[float, float, str]]


def timed(path: Path) -> Cues:
    """(start, end, text) of every block of a caption file; the rolling of a .vtt is undone."""
    cues = []
    for block in re.split(r"\n\n+", path.read_text(encoding="utf-8")):
        lines = block.split("\n")
        at = next((i for i, line in enumerate(lines) if TIMES.match(line)), None)
        if at is not None:
            h, m, s, ms, h2, m2, s2, ms2 = map(int, re.findall(r"\d+", lines[at])[:8])
            start, end = h * 3600 + m * 60 + s + ms / 1000, h2 * 3600 + m2 * 60 + s2 + ms2 / 1000
            cues.append((start, end, "\n".join(lines[at + 1 :]).strip()))
    if path.suffix == ".vtt":
        return [(a[0], b[1], b[2]) for a, b in zip(cues[::2], cues[1::2], strict=True)]
    return cues


def yt_dlp(path: Path) -> Cues:
    said = []
    for line in path.read_text(encoding="utf-8").splitlines():
        replay = json.loads(line)["replayChatItemAction"]
        seconds = int(replay["videoOffsetTimeMsec"]) / 1000
        item = replay["actions"][0]["addChatItemAction"]["item"]["liveChatTextMessageRenderer"]
        runs = item["message"]["runs"]
        said.append((seconds, seconds, "".join(run.get("text") or run["emoji"]["emojiId"] for run in runs)))
    return said


def chat_downloader(path: Path) -> Cues:
    rows = json.loads(path.read_text(encoding="utf-8"))
    times = [row["video_offset_time_msec"] / 1000 for row in rows]
    return [(seconds, seconds, row["message"]) for seconds, row in zip(times, rows, strict=True)]


def gold(sample: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((SAMPLES / sample / "gold.json").read_text(encoding="utf-8"))
    return found


def tracks(sample: str) -> dict[tuple[str, str], Cues]:
    """Every track of a sample by (recording, track); a stream is its only recording, named ""."""
    folder = SAMPLES / sample
    if sample == "automotive_zh":
        chat = yt_dlp(folder / "room.live_chat.json")
        return {("", "speech"): timed(folder / "room.srt"), ("", "chat"): chat}
    if sample == "restaurant_en":
        chat = chat_downloader(folder / "kitchen.chat.json")
        return {("", "speech"): timed(folder / "kitchen.vtt"), ("", "chat"): chat}
    if sample == "restaurant_zh":
        return {("", "speech"): timed(folder / "room.srt"), ("", "chat"): yt_dlp(folder / "room.live_chat.json")}
    if sample == "automotive_en":
        chat = chat_downloader(folder / "floor.chat.json")
        return {("", "speech"): timed(folder / "floor.srt"), ("", "chat"): chat}
    found = {}
    for video in VIDEOS:
        threads = json.loads((folder / f"{video}.comments.json").read_text(encoding="utf-8"))
        found[video, "speech"] = timed(folder / f"{video}.srt")
        found[video, "comment"] = [(0.0, 0.0, each["text"]) for each in threads]
    return found


def text_at(cues: dict[tuple[str, str], Cues], at: dict[str, Any]) -> str:
    n: int = at["n"]
    return cues[at.get("recording", ""), at["track"]][n][2]


def table(sample: str) -> dict[tuple[str, str], str]:
    """(entity, attribute) -> value of the sample's table, for attributes told in its words."""
    folder = SAMPLES / sample
    if sample == "restaurant_en":
        menu = json.loads((folder / "menu.json").read_text(encoding="utf-8"))
        columns = {"price": "price (USD)", "spice": "spice", "serves": "serves"}
        plain = {(row["dish"], name): str(row[column]) for row in menu for name, column in columns.items()}
        return plain | {(row["dish"], "allergens"): ", ".join(row["allergens"]) for row in menu}
    if sample == "automotive_zh":
        with (folder / "prices.csv").open(encoding="utf-8", newline="") as lines:
            rows = list(csv.DictReader(lines))
        columns = {"price": "指导价(万元)", "delivery": "提车周期", "down_payment": "首付(万元)"}
        columns |= {"monthly": "月供(元)", "range": "续航(公里)", "seats": "座位数"}
        columns |= {"energy": "能源类型", "class": "级别", "warranty": "质保", "gift": "礼包"}
        return {(row["车型"], name): row[column] for row in rows for name, column in columns.items()}
    if sample in SHORT:
        name, file, columns = SHORT_TABLES[sample]
        with (folder / file).open(encoding="utf-8", newline="") as lines:
            return {(row[name], slot): row[column] for row in csv.DictReader(lines) for slot, column in columns.items()}
    with (folder / "rooms.csv").open(encoding="utf-8", newline="") as lines:
        rooms = list(csv.DictReader(lines))
    return {(f"{row['酒店']}/{row['房型']}", "price"): row["每晚价格(元)"] for row in rooms}


@pytest.mark.parametrize("sample", ALL)
def test_everything_is_marked_as_fiction(sample: str) -> None:
    rights = (SAMPLES / sample / "rights.yaml").read_text(encoding="utf-8").splitlines()
    assert "basis: fiction" in rights and "licence: CC0-1.0" in rights
    assert gold(sample)["fiction"] is True


@pytest.mark.parametrize(
    ("sample", "longest", "messages"), [("automotive_zh", 840, 400), ("restaurant_en", 780, 350)]
)
def test_streams_are_long_and_their_clock_runs_forward(sample: str, longest: int, messages: int) -> None:
    found = tracks(sample)
    speech, chat = found["", "speech"], found["", "chat"]
    assert 600 <= speech[-1][1] <= longest and len(chat) >= messages
    assert all(0.5 <= end - start <= 5.5 for start, end, _ in speech)
    assert all(a[1] <= b[0] + 0.001 for a, b in pairwise(speech))
    assert all(a[0] < b[0] for a, b in pairwise(chat))
    assert not re.search("[，。？！,.?!]( |$)", "\n".join(text for _, _, text in speech).replace("p.m.", ""))


@pytest.mark.parametrize("video", VIDEOS)
def test_videos_are_short_and_their_threads_hang_together(video: str) -> None:
    folder = SAMPLES / "hotel_zh_en"
    assert 60 <= timed(folder / f"{video}.srt")[-1][1] <= 120
    threads = json.loads((folder / f"{video}.comments.json").read_text(encoding="utf-8"))
    roots = {each["id"] for each in threads if each["parent"] == "root"}
    assert 25 <= len(threads) <= 45 and len({each["id"] for each in threads}) == len(threads)
    assert {each["parent"] for each in threads} <= roots | {"root"}
    assert sum(each["author_is_uploader"] for each in threads) >= 8


@pytest.mark.parametrize("sample", ALL)
def test_answers_are_where_the_gold_says_and_follow_their_question(sample: str) -> None:
    cues = tracks(sample)
    answered = gold(sample)["answered"]
    assert len(answered) >= (30 if sample in SHORT else 35)
    for pair in answered:
        question, answer = pair["question"], pair["answer"]
        recording = pair.get("recording", "")
        assert text_at(cues, {**question, "recording": recording}) == question["text"]
        rows = cues[recording, answer["track"]]
        numbers = answer.get("cues") or range(answer["first"], answer["last"] + 1)
        heard = [rows[n][2] for n in numbers]
        assert (numbers[0], numbers[-1]) == (answer["first"], answer["last"])
        assert " ".join(heard) == answer["text"]
        if answer["track"] == "speech":
            assert question["seconds"] < answer["start"] == pytest.approx(rows[answer["first"]][0], abs=0.002)
        else:
            assert question["n"] < answer["first"]


@pytest.mark.parametrize("sample", ALL)
def test_facts_and_mishearings_are_in_their_cues(sample: str) -> None:
    cues, found = tracks(sample), gold(sample)
    assert len(found["facts"]) >= (50 if sample in SHORT else 60)
    for fact in found["facts"]:
        assert fact["said"] and fact["said"] in text_at(cues, fact["at"])
    for slip in found["mishearings"]:
        heard = text_at(cues, {"track": "speech", **slip})
        assert slip["heard"] in heard and slip["heard"] != slip["meant"]


@pytest.mark.parametrize("sample", ALL)
def test_facts_that_the_table_knows_agree_with_it(sample: str) -> None:
    known = table(sample)
    claims = [(fact["entity"], fact["attribute"], fact["value"]) for fact in gold(sample)["facts"]]
    checked = [claim for claim in claims if claim[:2] in known]
    wrong = [(*claim, known[claim[:2]]) for claim in checked if claim[2] not in known[claim[:2]]]
    assert len(checked) >= 10 and wrong == []


@pytest.mark.parametrize("sample", ALL)
def test_corrections_come_later_and_end_at_the_table(sample: str) -> None:
    cues, found, known = tracks(sample), gold(sample), table(sample)
    assert len(found["corrections"]) >= 2
    for each in found["corrections"]:
        assert each["wrong_said"] in text_at(cues, each["wrong_at"])
        assert each["right_said"] in text_at(cues, each["right_at"])
        if each["wrong_at"]["track"] == each["right_at"]["track"]:
            assert each["wrong_at"]["n"] < each["right_at"]["n"]
        place = (each["entity"], each["attribute"])
        assert known.get(place, each["right"]) == each["right"] != each["wrong"]
    assert any((each["entity"], each["attribute"]) in known for each in found["corrections"])


@pytest.mark.parametrize("sample", STREAMS)
def test_noise_names_are_and_repeats_are_real(sample: str) -> None:
    cues, found = tracks(sample), gold(sample)
    noise, chat = found["noise"], [text for _, _, text in cues["", "chat"]]
    for kind, least in [("minors", 1), ("adverts", 5), ("injections", 5), ("insults", 5), ("repeats", 50)]:
        assert len(noise[kind]) >= least, kind
    assert all(re.search(r"岁|才14|六年级|\b1[0-7]\b", chat[n]) for n in noise["minors"])
    bare = [re.sub(r"\s", "", text).casefold() for text in chat]
    assert all(bare[n] in bare[:n] for n in noise["repeats"])
    dropped = {n for kind in ("minors", "adverts", "injections", "insults") for n in noise[kind]}
    assert dropped.isdisjoint(pair["question"]["n"] for pair in found["answered"])
    assert len(found["read_aloud"]) >= 10
    assert all(name["said"] in cues["", "speech"][name["n"]][2] for name in found["read_aloud"])

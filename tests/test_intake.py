"""The way in: what is taken, what is left out and why, and what may be done with it."""

import json
import os
from datetime import date, timedelta
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.intake import Intake, combined, cues, strictest, take
from millstream.records import Cue, Rights

SRT = "1\n00:00:01,000 --> 00:00:02,000\nfirst\n\n2\n00:00:05,000 --> 00:00:06,000\nsecond\n"
CHAT = json.dumps([{"author": "ann", "message": "price?", "time_in_seconds": 3}])
COMMENTS = json.dumps(
    [{"id": "a", "author": "x", "text": "q"}, {"id": "b", "author": "y", "text": "r", "parent": "a"}]
)
BOMB = '<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a "aa">]><i><d p="1,1,25,0,0,0,x,1">&a;</d></i>'


def write(folder: Path, **files: str | bytes) -> Path:
    """Files by name; two underscores stand for a dot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, said in files.items():
        (folder / name.replace("__", ".")).write_bytes(said if isinstance(said, bytes) else said.encode())
    return folder


def told(taken: Intake, left_out: list[tuple[str, str]]) -> list[Cue]:
    return [cue for gathered in taken.readings for cue in cues(gathered, left_out)]


def reasons(taken: Intake) -> dict[str, str]:
    return {Path(file).name: reason for file, reason in taken.left_out}


def test_a_name_that_is_no_utf_8_is_one_clear_line(tmp_path: Path) -> None:
    (tmp_path / os.fsdecode(b"k\xe9tchen.srt")).write_text(SRT)
    with pytest.raises(InputError, match=r"tchen\.srt: its name is no UTF-8; rename it"):
        take([tmp_path])


def test_files_of_one_key_are_one_recording_on_one_clock(tmp_path: Path) -> None:
    folder = write(tmp_path, room1__en__srt=SRT, room1__chat__json=CHAT, room1__comments__json=COMMENTS)
    taken = take([folder])
    (gathered,) = taken.readings
    assert (gathered.recording.source, gathered.recording.key, gathered.recording.lang) == ("stream", "room1", "en")
    found = told(taken, [])
    assert [(cue.track, cue.n, cue.start, cue.text, cue.reply_to) for cue in found] == [
        ("speech", 0, 1.0, "first", None),
        ("chat", 0, 3.0, "price?", None),
        ("speech", 1, 5.0, "second", None),
        ("comment", 0, None, "q", None),
        ("comment", 1, None, "r", 0),
    ]
    assert {cue.recording for cue in found} == {gathered.recording.id} and not taken.left_out


def test_one_file_keeps_its_source_and_other_folders_their_key(tmp_path: Path) -> None:
    write(tmp_path / "a", room1__srt=SRT)
    write(tmp_path / "b", room1__srt=SRT)
    recordings = [gathered.recording for gathered in take([tmp_path]).readings]
    assert [(each.source, each.key) for each in recordings] == [("srt", "a/room1"), ("srt", "b/room1")]


def test_the_same_track_twice_is_read_once(tmp_path: Path) -> None:
    vtt = "WEBVTT\n\n00:01.000 --> 00:02.000\nfirst\n"
    taken = take([write(tmp_path, room1__en__srt=SRT, room1__en__vtt=vtt, room1__txt="first second", x__zh__srt=SRT)])
    assert [gathered.recording.source for gathered in taken.readings] == ["vtt", "srt"]
    assert "speech was already read from room1.en.vtt" in reasons(taken)["room1.en.srt"]


def test_threads_of_two_comment_files_keep_their_answers(tmp_path: Path) -> None:
    taken = take([write(tmp_path, v__comments__json=COMMENTS, v__info__json=f'{{"comments": {COMMENTS}}}')])
    found = told(taken, [])
    assert [cue.n for cue in found] == [0, 1, 2, 3]
    assert all(found[cue.reply_to].text == "q" for cue in found if cue.reply_to is not None)
    assert sum(cue.reply_to is not None for cue in found) == 2


def test_everything_else_finds_its_place(tmp_path: Path) -> None:
    plan = json.dumps([{"plan_id": "p", "plan": {"节奏概览": "甲 → 乙"}}])
    folder = write(
        tmp_path, menu__csv="dish,price\nSoup,5\n", faq__md="# Hours\nFrom 7\n", plan__json=plan,
        profile__json=plan.replace("plan", "profile"), README__md="x", LICENSE="x", gold__json="[]", r__gold__json="[]",
        gold_links__json="[]", __hidden="x", rights__yaml="basis: fiction\n",
    )  # fmt: skip
    taken = take([folder, folder / "menu.csv"])
    assert [table.key for table in taken.tables] == ["menu"] and [each.title for each in taken.passages] == ["Hours"]
    assert [seed.key for seed in taken.plans] == ["p"] and [seed.key for seed in taken.profiles] == ["p"]
    assert not taken.left_out and {Path(file).name for file in taken.rights} == {
        "menu.csv",
        "faq.md",
        "plan.json",
        "profile.json",
    }
    assert {rights.basis for rights in taken.rights.values()} == {"fiction"}


BAD: dict[str, tuple[str | bytes, str]] = {
    "a__srt": (b"", "empty"),
    "b__srt": (SRT.encode("utf-16-le"), "UTF-16 without a byte order mark"),
    "c__srt": (b"\x7fELF\x02\x01\x01\x00\x00\xff\xfe", "not "),
    "d__xml": (BOMB, "document type or entities"),
    "e__comments__json": ("[" * 1000 + "]" * 1000, "nested"),
    "f__chat__json": ('[{"author": "a", "message": "x", "time_in_seconds": NaN}]', "not JSON"),
    "g__chat__json": ('[{"author": "a", "message": "\\ud83d", "time_in_seconds": 1}]', "half a character"),
    "h__csv": ("Set A,12\nSet B,14\n", "no headers"),
    "i__bin": ("some words", "not recognised"),
    "j__srt": (SRT + "\n3\n00:00:07,000 --> 00:", "line 10: torn"),
    "k__live_chat__json": ("[" * 100_000, "line 1: JSON nested"),
    "l__chat__json": ("[]", "not recognised"),
    "m__json": ('{"segments": [{"start": 0, "text": "' + "x" * 10, "not JSON, or torn"),
    "n__json": ("[" * 100_000, "not recognised"),
}


def test_in_a_batch_the_others_still_run(tmp_path: Path) -> None:
    folder = write(tmp_path, good__srt=SRT, **{name: said for name, (said, _) in BAD.items()})
    taken = take([folder, tmp_path / "missing.srt"])
    assert [gathered.recording.key for gathered in taken.readings] == ["good"]
    found = reasons(taken)
    assert "No such file" in found.pop("missing.srt")
    assert set(found) == {name.replace("__", ".") for name in BAD}
    for name, (_, what) in BAD.items():
        assert what in found[name.replace("__", ".")]
    assert all("\n" not in reason and reason.startswith(file) for file, reason in taken.left_out)


@pytest.mark.parametrize("name", BAD)
def test_alone_each_is_an_error_of_one_line(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError) as caught:
        take([write(tmp_path, **{name: BAD[name][0]})])
    assert BAD[name][1] in str(caught.value) and "\n" not in str(caught.value)


def test_nothing_at_all_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="nothing usable"):
        take([tmp_path])


def test_a_reading_torn_further_down_is_dropped_whole(tmp_path: Path) -> None:
    line = '{"replayChatItemAction": {"actions": [{"addChatItemAction": {"item": {"liveChatTextMessageRenderer": '
    line += '{"message": {"runs": [{"text": "hi"}]}}}}}], "videoOffsetTimeMsec": "%d"}}\n'
    rows = "".join(line % (n * 10) for n in range(1000))
    taken = take([write(tmp_path, room1__live_chat__json=rows + rows[:60], room1__srt=SRT)])
    left_out: list[tuple[str, str]] = []
    assert {cue.track for cue in told(taken, left_out)} == {"speech"}
    ((file, reason),) = left_out
    assert file.endswith("room1.live_chat.json") and "line 1001: not JSON, or torn" in reason


# --- rights ------------------------------------------------------------------------------------------------


def test_without_a_rights_file_the_basis_is_unknown(tmp_path: Path) -> None:
    (gathered,) = take([write(tmp_path, room1__srt=SRT)]).readings
    assert gathered.recording.rights == Rights()


def test_the_nearest_rights_file_counts(tmp_path: Path) -> None:
    write(tmp_path, rights__yaml="basis: licensed\nlicence: CC-BY-NC-4.0\nretention: 2999-01-01\n", a__srt=SRT)
    write(tmp_path / "sub", b__srt=SRT, c__en__srt=SRT, d__srt=SRT, c__rights__yaml="basis: owned\n")
    write(tmp_path / "sub", d__srt__rights__yaml="basis: consent\nconsent: by letter\n")
    rights = {Path(file).name: each for file, each in take([tmp_path]).rights.items()}
    assert [rights[name].basis for name in ("a.srt", "b.srt", "c.en.srt", "d.srt")] == [
        "licensed",
        "licensed",
        "owned",
        "consent",
    ]
    assert rights["b.srt"].retention == "2999-01-01"


def test_one_recording_has_the_strictest_rights_of_its_files(tmp_path: Path) -> None:
    write(tmp_path, r__srt=SRT, r__chat__json=CHAT, rights__yaml="basis: owned\nlicence: CC0-1.0\n")
    write(tmp_path, r__chat__json__rights__yaml="basis: licensed\nlicence: CC-BY-NC-4.0\nterms: a site's\n")
    (gathered,) = take([tmp_path]).readings
    assert gathered.recording.rights == Rights(basis="licensed", licence="CC-BY-NC-4.0", terms="a site's")


def test_what_is_opted_out_or_past_its_date_is_not_read(tmp_path: Path) -> None:
    yesterday = (date.today() - timedelta(days=1)).isoformat()
    write(tmp_path, a__srt=SRT, b__srt=b"\0torn", c__srt=b"\0torn")
    write(tmp_path, b__rights__yaml="opted_out: true\n", c__rights__yaml=f"retention: {yesterday}\n")
    taken = take([tmp_path], Rights(basis="owned"))
    assert [gathered.recording.key for gathered in taken.readings] == ["a"]
    assert taken.readings[0].recording.rights.basis == "owned"
    assert "opted out" in reasons(taken)["b.srt"] and yesterday in reasons(taken)["c.srt"]


@pytest.mark.parametrize(
    "said",
    ["basis: stolen", "colour: red", "[1, 2]", "basis: [", "retention: soon", "a: &a [*a]", "[" * 3000, b"\xff", ""],
)
def test_a_bad_rights_file_is_an_error(tmp_path: Path, said: str | bytes) -> None:
    with pytest.raises(InputError) as caught:
        take([write(tmp_path, a__srt=SRT, rights__yaml=said)])
    assert "rights.yaml" in str(caught.value) and "\n" not in str(caught.value)


LADDER = ["CC0-1.0", "MIT", "CC-BY-4.0", "CC BY-SA 4.0", "CC-BY-NC-4.0", "cc-by-nc-sa-3.0", "CC-BY-NC-ND-4.0"]
LADDER += ["House licence", ""]


@settings(deadline=None)
@given(st.lists(st.integers(0, len(LADDER) - 1), min_size=1, max_size=4))
def test_the_strictest_licence_wins(picked: list[int]) -> None:
    assert strictest(LADDER[n] for n in picked) == LADDER[max(picked)]


def test_licences_by_other_names() -> None:
    assert strictest(["Public Domain", "Apache-2.0"]) == "Apache-2.0"
    assert strictest(["MIT with conditions", "CC-BY-NC-ND-4.0"]) == "MIT with conditions"
    assert strictest([]) == ""


def test_combined_rights_forbid_what_any_forbids() -> None:
    both = combined([Rights(basis="owned", retention="2030-01-01"), Rights(retention="2029-01-01", opted_out=True)])
    assert both == Rights(basis="unknown", retention="2029-01-01", opted_out=True)


def test_danmaku_that_are_no_text_are_known_by_their_bytes(tmp_path: Path) -> None:
    seeds = Path(__file__).parents[1] / "benchmarks" / "seeds" / "bilibili_segments"
    file = tmp_path / "room1.bin"
    file.write_bytes((seeds / "room1.seg.so").read_bytes())
    (gathered,) = take([file]).readings
    assert gathered.recording.source == "bilibili_segments"
    assert [cue.text for reading in gathered.readings for cue in reading.cues] == ["第一", "来了", "多少钱"]


def test_gifts_do_not_make_a_chat_another_track(tmp_path: Path) -> None:
    gift = '{"message_type": "paid_sticker", "author": {"name": "A"}, "message": "a cat", "time_in_seconds": 1}'
    chat = '{"author": {"name": "A"}, "message": "hi", "time_in_seconds": 2}'
    (tmp_path / "room.chat.json").write_text(f"[{gift}, {chat}]")
    (tmp_path / "room.json").write_text(f"[{chat}]")
    taken = take([tmp_path])
    assert len(taken.readings) == 1 and "already read from" in taken.left_out[0][1]

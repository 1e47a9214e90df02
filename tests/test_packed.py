"""Packed files, bombs among them, and files that somebody writes while they are read."""

import gzip
import json
from itertools import islice
from pathlib import Path

import pytest

from millstream import intake, packed, pieces, text
from millstream.errors import InputError
from millstream.sources import chat_downloader


def chat(count: int) -> str:
    rows = ({"message": f"how much is set {n}", "author": f"v{n}", "time_in_seconds": n} for n in range(count))
    return json.dumps(list(rows))


def test_a_packed_file_is_read_as_what_is_in_it(tmp_path: Path) -> None:
    plain, file = tmp_path / "plain.json", tmp_path / "room.chat.json.gz"
    plain.write_text(chat(3000))
    file.write_bytes(gzip.compress(chat(3000).encode()))
    (gathered,) = intake.take([file]).readings
    assert gathered.recording.key == "room"
    told = [cue.text for cue in intake.cues(gathered, [])]
    assert told == [cue.text for cue in next(chat_downloader.read(plain)).cues] and len(told) == 3000


def test_several_packs_one_behind_the_other_are_one_file(tmp_path: Path) -> None:
    file, whole = tmp_path / "room.json.gz", chat(50).encode()
    file.write_bytes(gzip.compress(whole[:700]) + gzip.compress(whole[700:]))
    assert len(list(pieces.items(file))) == 50


@pytest.mark.parametrize("cut", [0.02, 0.5, 0.98])
def test_a_torn_pack_is_left_out_with_one_line(tmp_path: Path, cut: float) -> None:
    file, whole = tmp_path / "room.json.gz", gzip.compress(chat(500).encode())
    file.write_bytes(whole[: int(len(whole) * cut)])
    with pytest.raises(InputError, match=r"room\.json\.gz: not gzip, or torn"):
        list(pieces.items(file))


def test_a_bomb_is_refused_before_it_is_out(tmp_path: Path) -> None:
    file = tmp_path / "room.json.gz"
    with gzip.open(file, "wb") as out:
        out.write(b'[{"message": "a", "time_in_seconds": 1}')
        for _ in range(64):
            out.write(b" " * (1 << 20))
    with pytest.raises(InputError, match="unpacks to more than 150 times"):
        list(pieces.items(file))
    with text.opened(file) as bomb, pytest.raises(InputError, match="made to harm"):
        bomb.read()
    assert packed.FREE < 64 << 20


def test_a_file_that_changes_while_it_is_read_is_one_line(tmp_path: Path) -> None:
    file = tmp_path / "room.json"
    file.write_text(chat(20_000))
    begun = pieces.items(file)
    list(islice(begun, 10))
    with file.open("a") as out:
        out.write(" ")
    with pytest.raises(InputError, match="changed while it was read"):
        list(begun)
    assert len(list(pieces.items(file))) == 20_000


def test_half_of_a_file_may_be_read_whatever_happens_to_it(tmp_path: Path) -> None:
    file = tmp_path / "room.json"
    file.write_text(chat(20_000))
    begun = pieces.items(file)
    assert len(list(islice(begun, 10))) == 10
    file.write_text("[]")
    begun.close()


@pytest.mark.parametrize("name", ["room.json", "room.srt", "room.csv", "room.xml", "room.txt"])
def test_four_gigabytes_of_nothing_are_refused_at_once(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    with file.open("wb") as out:
        out.truncate(4 << 30)
    with pytest.raises(InputError, match="not text"):
        intake.take([file])


def test_what_is_read_whole_may_not_be_endless(tmp_path: Path) -> None:
    file = tmp_path / "room.srt"
    with file.open("wb") as out:
        out.write(b"1\n00:00:01,000 --> 00:00:02,000\nhello\n\n" + b" " * text.HEAD)
        out.truncate(text.WHOLE + 2)
    with pytest.raises(InputError, match="longer than 268435456 bytes"):
        intake.take([file])

"""Rows by a map of their columns: only with a map, only where every column is there."""

from pathlib import Path

import pytest

from millstream.errors import InputError
from millstream.intake import take
from millstream.recipe import settings
from millstream.shapes import Reading
from millstream.sources import columns

MAP = {"text": "msg", "author": "nick", "start": "ts"}


def reading_of(path: Path, said: str, by: dict[str, str] = MAP) -> Reading:
    path.write_text(said, encoding="utf-8")
    return next(columns.read_by(path, by))


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("a.csv", 'nick,msg,ts\nAnn,"well, hello",1:02.5\n'),
        ("a.csv", 'nick;msg;ts\nAnn;"well, hello";62.5\n'),
        ("a.tsv", "ts\tnick\tmsg\tmore\n62.5\tAnn\twell, hello\tx\n"),
        ("a.jsonl", '{"nick": "Ann", "msg": "well, hello", "ts": 62.5}\n'),
    ],
)
def test_a_row_is_a_cue(tmp_path: Path, name: str, said: str) -> None:
    (cue,) = reading_of(tmp_path / name, said).cues
    assert (cue.start, cue.author, cue.text, cue.track) == (62.5, "Ann", "well, hello", "chat")
    assert columns.fits(tmp_path / name, MAP) and not columns.fits(tmp_path / name, {**MAP, "end": "until"})


def test_milliseconds_and_times_of_day(tmp_path: Path) -> None:
    (cue,) = reading_of(tmp_path / "a.csv", "m,at_ms\nhi,1500\n", {"text": "m", "start": "at_ms"}).cues
    assert cue.start == 1.5
    said = "m,at\none,2024-05-01 18:00:10\ntwo,2024-05-01 18:00:22\nthree,then\n"
    reading = reading_of(tmp_path / "b.csv", said, {"text": "m", "start": "at"})
    assert [cue.start for cue in reading.cues] == [0.0, 12.0, None]


def test_with_a_speaker_it_is_speech(tmp_path: Path) -> None:
    (cue,) = reading_of(tmp_path / "a.csv", "who,m\nHost,hi\nHost,\n", {"text": "m", "speaker": "who"}).cues
    assert (cue.track, cue.speaker) == ("speech", "Host")


def test_the_way_in_reads_by_the_map(tmp_path: Path) -> None:
    (tmp_path / "room.csv").write_text("nick,msg,ts\nAnn,how much is it,5\n")
    assert take([tmp_path]).readings == [] and len(take([tmp_path]).tables) == 1
    (gathered,) = take([tmp_path], columns=MAP).readings
    assert [cue.text for reading in gathered.readings for cue in reading.cues] == ["how much is it"]


@pytest.mark.parametrize(
    ("name", "said", "what"),
    [
        ("a.csv", 'nick,msg,ts\nAnn,"open', "a.csv line 2: not CSV, or torn"),
        ("a.csv", "nick,msg,ts\nAnn," + "x" * 200_000, "a.csv line 2: not CSV, or torn"),
        ("a.jsonl", '{"msg": "x"}\n{"msg', "a.jsonl line 2: not JSON, or torn"),
        ("a.jsonl", '{"msg": "x"}\n[1]', "a.jsonl line 2: not an object"),
        ("a.jsonl", '{"msg":' + "[" * 5000, "a.jsonl line 1: JSON nested"),
    ],
)
def test_torn_and_hostile_files_give_one_line(tmp_path: Path, name: str, said: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        list(reading_of(tmp_path / name, said).cues)
    assert what in str(caught.value) and "\n" not in str(caught.value)


def test_an_empty_file_has_no_cues(tmp_path: Path) -> None:
    assert list(reading_of(tmp_path / "a.csv", "").cues) == []


def test_without_a_map_it_reads_nothing(tmp_path: Path) -> None:
    assert not columns.recognises(Path("a.csv"), "nick,msg,ts\n") and not columns.fits(tmp_path / "a.csv", {})
    with pytest.raises(InputError, match="no map of its columns"):
        list(columns.read(tmp_path / "a.csv"))


@pytest.mark.parametrize("wrong", [{"author": "nick"}, {"text": "msg", "words": "x"}, {"text": 3}, "msg"])
def test_a_wrong_map_is_one_line(wrong: object) -> None:
    with pytest.raises(InputError, match=r"^settings: columns") as caught:
        settings(None, {"columns": wrong})
    assert "\n" not in str(caught.value)

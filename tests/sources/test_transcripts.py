"""Transcripts: CSV and JSON, one recording a dialogue."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream.errors import InputError
from millstream.sources import transcripts


def read(path: Path, whole: Any) -> list[tuple[str, list[tuple[float | None, str, str]]]]:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return [
        (reading.recording.key, [(cue.start, cue.speaker, cue.text) for cue in reading.cues])
        for reading in transcripts.read(path)
    ]


def test_two_columns_have_no_clock(tmp_path: Path) -> None:
    said = 'Speaker,Text\nagent,"Good day, how can I help?"\ncaller,A room please\n'
    assert read(tmp_path / "call.csv", said) == [
        ("call", [(None, "agent", "Good day, how can I help?"), (None, "caller", "A room please")])
    ]


def test_times_and_dialogues(tmp_path: Path) -> None:
    said = "dialogue_id,time,speaker,text\nd1,0:05,a,one\nd2,1.5,a,two\nd1,0:09,b,three\n"
    assert read(tmp_path / "calls.csv", said) == [
        ("calls#d1", [(5.0, "a", "one"), (9.0, "b", "three")]),
        ("calls#d2", [(1.5, "a", "two")]),
    ]


def test_json_lists_and_lists_of_lists(tmp_path: Path) -> None:
    one = [{"role": "user", "content": "hi"}, {"role": "assistant", "content": "hello"}]
    said = [(None, "user", "hi"), (None, "assistant", "hello")]
    assert read(tmp_path / "a.json", one) == [("a", said)]
    assert read(tmp_path / "b.json", [one, one]) == [("b#1", said), ("b#2", said)]


@pytest.mark.parametrize(
    ("name", "said", "what"),
    [
        ("a.json", "", "not JSON"),
        ("a.json", '[{"speaker": "a", "text": "x"}, {"speaker"', "not JSON, or torn"),
        ("a.json", '[{"speaker": "a", "text": "x"}, 7]', "item 2: an utterance without text"),
        ("a.json", "[[" * 60 + "]]" * 60, "nested"),
        ("a.csv", 'speaker,text\na,"torn', "not CSV, or torn"),
        ("a.csv", "speaker,text\na\n", "item 1: an utterance without text"),
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, name: str, said: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / name, said)
    assert what in str(caught.value) and "\n" not in str(caught.value)

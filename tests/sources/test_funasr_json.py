"""FunASR's results with and without sentences, and its server's answers."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream.errors import InputError
from millstream.records import Cue
from millstream.sources import funasr_json, whisper_json


def cues_of(path: Path, whole: Any) -> list[Cue]:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return [cue for reading in funasr_json.read(path) for cue in reading.cues]


def test_sentences_with_speakers_in_milliseconds(tmp_path: Path) -> None:
    sentences = [
        {"text": "多少钱？", "start": 430, "end": 2670, "spk": 0},
        {"sentence": "两百九。", "start": 2700, "end": 3500},
    ]
    whole = [{"key": "a", "text": "多少钱？两百九。", "sentence_info": sentences}]
    cues = cues_of(tmp_path / "a.json", whole)
    assert [(cue.start, cue.end, cue.speaker, cue.text) for cue in cues] == [
        (0.43, 2.67, "spk0", "多少钱？"),
        (2.7, 3.5, "", "两百九。"),
    ]


def test_marks_of_sensevoice_go_and_its_language_stays(tmp_path: Path) -> None:
    (cue,) = cues_of(tmp_path / "a.json", [{"key": "a", "text": "<|zh|><|HAPPY|><|Speech|>两百九。"}])
    assert (cue.text, cue.lang, cue.start) == ("两百九。", "zh", None)


def test_characters_are_put_together_and_words_are_not(tmp_path: Path) -> None:
    (cue,) = cues_of(
        tmp_path / "a.json", [{"key": "a", "text": "这 台 mini pot 多 少", "timestamp": [[10, 20], [30, 90]]}]
    )
    assert (cue.text, cue.start, cue.end) == ("这台 mini pot 多少", 0.01, 0.09)


def test_the_server_writes_lists_as_text(tmp_path: Path) -> None:
    answers = [{"text": "是", "timestamp": "[[430,670]]", "key": "a"}, {"text": "", "key": "b"}]
    (cue,) = cues_of(tmp_path / "a.json", "\n".join(map(json.dumps, answers)))
    assert (cue.text, cue.start, cue.end) == ("是", 0.43, 0.67)


def test_a_long_file_is_not_taken_for_whispers() -> None:
    head = json.dumps([{"key": "a", "text": "x", "sentence_info": [{"text": "x", "start": 1, "end": 2}] * 9}])[:150]
    assert funasr_json.recognises(Path("a.json"), head) and not whisper_json.recognises(Path("a.json"), head)


@pytest.mark.parametrize("said", ["", "[", '[{"key": "a", "text"', '[{"text": "\\udfff"}]', "[" * 5000])
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str) -> None:
    with pytest.raises(InputError, match=r"a\.json"):
        cues_of(tmp_path / "a.json", said)


def test_a_sentence_whose_list_of_times_is_empty(tmp_path: Path) -> None:
    file = tmp_path / "room.json"
    file.write_text('[{"text": "你好", "timestamp": []}, {"timestamp": [], "x": 0}]', encoding="utf-8")
    (found,) = funasr_json.read(file)
    assert [(cue.text, cue.start) for cue in found.cues] == [("你好", None)]

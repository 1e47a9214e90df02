"""Whisper's JSON in its three dialects."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream.errors import InputError
from millstream.records import Cue
from millstream.sources import whisper_json


def cues_of(path: Path, whole: Any) -> list[Cue]:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return [cue for reading in whisper_json.read(path) for cue in reading.cues]


def test_whisper(tmp_path: Path) -> None:
    whole = {"language": "en", "segments": [{"start": 0.0, "end": 2.5, "text": " Hi all", "avg_logprob": -0.1}]}
    (cue,) = cues_of(tmp_path / "a.json", whole)
    assert (cue.start, cue.end, cue.text, cue.lang, cue.track) == (0.0, 2.5, "Hi all", "en", "speech")
    assert cue.confidence == pytest.approx(0.905, abs=0.001)


def test_whisperx_has_speakers_and_scores(tmp_path: Path) -> None:
    words = [{"word": "Hi", "score": 0.8}, {"word": "all", "score": 0.6}]
    whole = {"segments": [{"start": 1, "end": 2, "text": "Hi all", "speaker": "SPEAKER_01", "words": words}]}
    (cue,) = cues_of(tmp_path / "a.json", whole)
    assert cue.speaker == "SPEAKER_01" and cue.confidence == pytest.approx(0.7)


def test_a_plain_list_of_segments(tmp_path: Path) -> None:
    assert [cue.text for cue in cues_of(tmp_path / "a.json", [{"start": 1, "end": 2, "text": "x"}])] == ["x"]


def test_infinite_times_are_no_times(tmp_path: Path) -> None:
    (cue,) = cues_of(tmp_path / "a.json", '{"segments": [{"start": 1e999, "end": 2, "text": "x"}]}')
    assert cue.start is None and cue.end is None


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        '{"segments": [{"start": 0, "end"',
        '{"segments": [{"start": NaN, "end": 1, "text": "x"}]}',
        '{"segments": [{"start": 0, "end": 1, "text": "\\ud83d"}]}',
        '{"segments": ' + "[" * 100_000 + "]" * 100_000 + "}",
        '{"a":' * 1000 + "1" + "}" * 1000,
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str) -> None:
    with pytest.raises(InputError) as caught:
        cues_of(tmp_path / "a.json", said)
    assert "a.json" in str(caught.value) and "\n" not in str(caught.value)


def test_whisper_cpp_counts_milliseconds(tmp_path: Path) -> None:
    told = {"offsets": {"from": 1500, "to": 2500}, "text": " Hi"}
    (cue,) = cues_of(tmp_path / "a.json", {"result": {"language": "en"}, "transcription": [told]})
    assert (cue.start, cue.end, cue.text, cue.lang) == (1.5, 2.5, "Hi", "en")


def test_chunks_of_transformers(tmp_path: Path) -> None:
    chunks = [{"timestamp": [0.0, 2.5], "text": "Hi"}, {"timestamp": [2.5, None], "text": "all"}]
    cues = cues_of(tmp_path / "a.json", {"text": "Hi all", "chunks": chunks})
    assert [(cue.start, cue.end) for cue in cues] == [(0.0, 2.5), (2.5, 2.5)]

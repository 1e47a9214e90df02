"""Bilibili's subtitles."""

import json
from pathlib import Path
from typing import Any

import pytest

from millstream.errors import InputError
from millstream.shapes import Reading
from millstream.sources import bilibili_subtitle


def reading_of(path: Path, whole: Any) -> Reading:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return next(bilibili_subtitle.read(path))


def test_lines_with_their_times(tmp_path: Path) -> None:
    body = [{"from": 0.5, "to": 2.3, "content": "电煮锅"}, {"from": 2.3, "to": 3, "content": ""}]
    reading = reading_of(tmp_path / "a.zh-CN.json", {"lang": "zh", "body": body})
    assert [(cue.start, cue.end, cue.text, cue.track) for cue in reading.cues] == [(0.5, 2.3, "电煮锅", "speech")]
    assert reading.notes == {"segments without text": 1} and reading.recording.lang == "zh"


@pytest.mark.parametrize(
    "said", ["", "{}", '{"body": [{"from": 1', '{"body": ' + "[" * 5000, '{"body": [{"content": NaN}]}']
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str) -> None:
    with pytest.raises(InputError, match=r"a\.json"):
        list(reading_of(tmp_path / "a.json", said).cues)

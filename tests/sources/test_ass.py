"""ASS: captions and flying danmaku, without comments, drawings and override codes."""

from pathlib import Path

import pytest

from millstream.errors import InputError
from millstream.sources import ass

HEAD = """[Script Info]
ScriptType: v4.00+

[V4+ Styles]
Format: Name, Fontname, Fontsize
Style: Default,Arial,20

[Events]
Format: Layer, Start, End, Style, Name, MarginL, MarginR, MarginV, Effect, Text
"""


def read(path: Path, events: str) -> list[tuple[str, float | None, str, str]]:
    path.write_text(HEAD + events, encoding="utf-8")
    return [(cue.track, cue.start, cue.speaker, cue.text) for reading in ass.read(path) for cue in reading.cues]


def test_speech_with_its_speaker(tmp_path: Path) -> None:
    events = (
        "Dialogue: 0,0:00:01.00,0:00:02.00,Default,Host,0,0,0,,{\\i1}Hello{\\i0}, all\\Nof you\n"
        "Comment: 0,0:00:01.00,0:00:02.00,Default,,0,0,0,,a note\n"
        "Dialogue: 0,0:00:03.00,0:00:04.00,Default,,0,0,0,,{\\p1}m 0 0 l 1 1{\\p0}\n"
    )
    assert read(tmp_path / "a.ass", events) == [("speech", 1.0, "Host", "Hello, all of you")]


def test_what_flies_is_danmaku(tmp_path: Path) -> None:
    events = "Dialogue: 0,0:00:01.00,0:00:09.00,R2L,,0,0,0,,{\\move(2000,0,-200,0)}多少钱\n"
    assert read(tmp_path / "a.ass", events) == [("danmaku", 1.0, "", "多少钱")]


@pytest.mark.parametrize(
    ("events", "what"),
    [
        ("", "holds no captions"),
        ("Dialogue: 0,0:00:01.00,0:00", "line 10: torn caption"),
        ("Dialogue: 0,a,b,Default,,0,0,0,,text\n", "a.ass"),
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, events: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        read(tmp_path / "a.ass", events)
    assert what in str(caught.value) and "\n" not in str(caught.value)

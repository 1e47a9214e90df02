"""SubRip: what is read, what is mended, and what is refused in one line."""

from collections.abc import Iterable
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.sources import srt

PLAIN = """1
00:00:01,000 --> 00:00:02,500
Welcome <i>everyone</i>

2
00:00:02,500 --> 00:00:04,000
{\\an8}two lines
of text
"""


def cues_of(path: Path, said: str | bytes) -> list[tuple[float | None, float | None, str]]:
    path.write_bytes(said if isinstance(said, bytes) else said.encode())
    return [(cue.start, cue.end, cue.text) for reading in srt.read(path) for cue in reading.cues]


def test_tags_and_line_breaks_go(tmp_path: Path) -> None:
    assert cues_of(tmp_path / "a.srt", PLAIN) == [(1.0, 2.5, "Welcome everyone"), (2.5, 4.0, "two lines of text")]


@pytest.mark.parametrize("codec", ["utf-8", "utf-8-sig", "utf-16", "gb18030"])
def test_four_encodings_say_the_same(tmp_path: Path, codec: str) -> None:
    said = "1\r\n00:00:01,000 --> 00:00:02,000\r\n老板们晚上好，这台车多少钱\r\n"
    assert cues_of(tmp_path / "a.srt", said.encode(codec)) == [(1.0, 2.0, "老板们晚上好，这台车多少钱")]


def test_the_recording_is_named_by_the_file(tmp_path: Path) -> None:
    file = tmp_path / "room1.zh-Hans.srt"
    file.write_text(PLAIN, encoding="utf-8")
    recording = next(srt.read(file)).recording
    assert (recording.source, recording.key, recording.lang) == ("srt", "room1", "zh")


def test_times_that_run_backwards_are_sorted_and_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.srt"
    file.write_text(
        "1\n00:00:05,000 --> 00:00:06,000\nlate\n\n2\n00:00:01,000 --> 00:00:00,500\nearly\n", encoding="utf-8"
    )
    reading = next(srt.read(file))
    found = [(cue.n, cue.start, cue.end, cue.text) for cue in reading.cues]
    assert found == [(0, 1.0, 1.0, "early"), (1, 5.0, 6.0, "late")]
    assert reading.notes == {"times that ran backwards": 1}


@pytest.mark.parametrize(
    ("said", "line"),
    [
        (PLAIN + "\n3\n00:00:0", "line 11: torn"),
        (PLAIN + "\n3\n00:00:04,000 --> 00:0\nx\n", "line 11: torn"),
        ("just words\n", "holds no captions"),
        (PLAIN.encode("utf-16-le"), "UTF-16 without a byte order mark"),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", "not "),
        (b"1\n00:00:01,000 --> 00:00:02,000\ncaf\xe9 au lait\n", "line 3: not UTF-8"),
        (b"", "holds no captions"),
    ],
)
def test_torn_and_foreign_files_give_one_line(tmp_path: Path, said: str | bytes, line: str) -> None:
    with pytest.raises(InputError) as caught:
        cues_of(tmp_path / "a.srt", said)
    assert line in str(caught.value) and "\n" not in str(caught.value) and "a.srt" in str(caught.value)


words = st.text(st.characters(categories=["Lu", "Ll", "Lo"]), min_size=1, max_size=12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3000), st.integers(0, 50), words), min_size=1, max_size=20))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, int, str]]) -> None:
    rows.sort(key=lambda row: row[0])
    said = "".join(
        f"{n}\n{stamp(start)} --> {stamp(start + more)}\n{word}\n\n" for n, (start, more, word) in enumerate(rows, 1)
    )
    found = cues_of(tmp_path_factory.mktemp("srt") / "a.srt", said)
    assert found == [(float(start), float(start + more), word) for start, more, word in rows]


def stamp(seconds: int) -> str:
    return f"{seconds // 3600:02}:{seconds % 3600 // 60:02}:{seconds % 60:02},000"


@settings(deadline=None)
@given(st.binary(max_size=300))
def test_no_bytes_crash_it(tmp_path_factory: pytest.TempPathFactory, raw: bytes) -> None:
    try:
        cues_of(tmp_path_factory.mktemp("srt") / "a.srt", b"1\n00:00:01,000 --> 00:00:02,000\n" + raw)
    except InputError as error:
        assert "\n" not in str(error)


ROLLED = [
    "hello and welcome|how are you|how are you|today we cook lamb",
    "欢迎来到直播间|今天讲这台车|今天讲这台车|多少钱呢",
    "one two three|one two|three four|one two three",
]


@pytest.mark.parametrize("said", ROLLED)
@pytest.mark.parametrize("rows", [2, 3])
def test_rolling_captions_that_were_converted_are_undone(tmp_path: Path, said: str, rows: int) -> None:
    lines = said.split("|") * 3
    shown = (lines[max(0, n - rows + 1) : n + 1] for n in range(len(lines)))
    found = cues_of(tmp_path / "a.srt", srt_of("\n".join(each) for each in shown))
    assert [text for _, _, text in found] == lines


def test_captions_that_grow_word_by_word_are_said_once(tmp_path: Path) -> None:
    lines = ["today we cook lamb", "and it serves four people", "come in"]
    shown = (" ".join(line.split()[: n + 1]) for line in lines for n in range(len(line.split())))
    found = cues_of(tmp_path / "a.srt", srt_of(shown))
    assert " ".join(text for _, _, text in found) == " ".join(lines)


def test_a_chorus_is_no_rolling_caption(tmp_path: Path) -> None:
    lines = ["la la la", "la la la", "and then I said", "come in", "la la la", "we cook", "lamb", "today"]
    found = cues_of(tmp_path / "a.srt", srt_of(lines))
    assert [text for _, _, text in found] == lines


def srt_of(shown: Iterable[str]) -> str:
    rows = (f"{n}\n00:00:{n:02},000 --> 00:00:{n:02},900\n{text}\n" for n, text in enumerate(shown, 1))
    return "\n".join(rows)

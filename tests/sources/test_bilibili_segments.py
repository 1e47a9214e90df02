"""Protobuf danmaku: what is written by the wire format's rules is read, all else is one line."""

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.records import Cue
from millstream.sources import bilibili_segments


def varint(value: int) -> bytes:
    out = b""
    while value >= 128:
        out, value = out + bytes([value & 127 | 128]), value >> 7
    return out + bytes([value])


def danmaku(ms: int, said: str, mode: int = 1, sender: str = "a1b2") -> bytes:
    strings = [(6, sender), (7, said), (12, "123")]
    body = b"\x08" + varint(1 << 60) + b"\x10" + varint(ms) + b"\x18" + varint(mode) + b"\x4d\x01\x02\x03\x04"
    for number, value in strings:
        body += varint(number << 3 | 2) + varint(len(value.encode())) + value.encode()
    return b"\x0a" + varint(len(body)) + body


def cues_of(path: Path, raw: bytes) -> list[Cue]:
    path.write_bytes(raw)
    return [cue for reading in bilibili_segments.read(path) for cue in reading.cues]


def test_text_time_and_sender_sorted_by_time(tmp_path: Path) -> None:
    raw = danmaku(7500, "多少钱") + danmaku(2000, "来了", sender="c3") + danmaku(0, "var x", 8) + b"\x12\x02\x08\x01"
    cues = cues_of(tmp_path / "room1.seg.so", raw)
    assert [(cue.start, cue.author, cue.text, cue.track) for cue in cues] == [
        (2.0, "c3", "来了", "danmaku"),
        (7.5, "a1b2", "多少钱", "danmaku"),
    ]
    assert bilibili_segments.recognises_bytes(Path("anything"), raw)


said = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=40)


@given(st.lists(st.tuples(st.integers(0, 10**7), said), max_size=12))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]]) -> None:
    raw = b"".join(danmaku(ms, words) for ms, words in rows)
    cues = cues_of(tmp_path_factory.mktemp("so") / "a.so", raw)
    assert [(cue.start, cue.text) for cue in cues] == [(ms / 1000, w) for ms, w in sorted(rows, key=lambda row: row[0])]
    assert bilibili_segments.recognises_bytes(Path("a"), raw) == bool(rows)


@pytest.mark.parametrize(
    "raw",
    [
        danmaku(1, "torn")[:-1],
        danmaku(1, "ok") + b"\x0a",
        b"\x0a" + b"\xff" * 12,
        b"\x0a\xff\xff\xff\xff\x0f",
        b"\x08\x01",
        b"\x0a\x02\x0b\x00",
        b"\x0a\x02\x00\x00",
        b"text",
    ],
)
def test_torn_and_hostile_files_give_one_line(tmp_path: Path, raw: bytes) -> None:
    with pytest.raises(InputError, match=r"a\.so byte \d+: not danmaku in protobuf, or torn"):
        cues_of(tmp_path / "a.so", raw)


def test_an_empty_file_has_no_cues(tmp_path: Path) -> None:
    assert cues_of(tmp_path / "a.so", b"") == [] and not bilibili_segments.recognises_bytes(tmp_path, b"")


def test_text_is_not_taken_for_danmaku() -> None:
    for head in (b'\n{"a": 1}', b"\n\nhello there, this is a text of some lines\n" * 9, b"\n\x07\x3a\x05hell"):
        assert not bilibili_segments.recognises_bytes(Path("a.txt"), head)

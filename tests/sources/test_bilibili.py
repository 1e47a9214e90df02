"""Danmaku XML: eight or nine fields, paid messages, and no entity of any kind."""

from pathlib import Path
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.records import Cue
from millstream.sources import bilibili

BOMB = """<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>
<i><d p="1,1,25,0,0,0,x,1">&b;</d></i>"""
OUTSIDE = """<?xml version="1.0"?><!DOCTYPE i [<!ENTITY a SYSTEM "file:///etc/hostname">]>
<i><d p="1,1,25,0,0,0,x,1">&a;</d></i>"""


def cues_of(path: Path, said: str) -> list[Cue]:
    path.write_text(said, encoding="utf-8")
    return [cue for reading in bilibili.read(path) for cue in reading.cues]


def test_eight_and_nine_fields_sorted_by_time(tmp_path: Path) -> None:
    said = (
        '<i><chatid>1</chatid><d p="7.5,1,25,16777215,1,0,a1b2,9,10">多少钱</d><d p="2,4,25,0,1,0,c3d4,8">来了</d>'
        '<d p="3,8,25,0,1,0,c3d4,8">var x</d><d p="short">x</d>'
        '<d p="4,7,25,0,1,0,c3d4,8">[0,0,"1-1",4.5,"飘过"]</d><sc ts="9" user="Ann" price="30">加油</sc></i>'
    )
    reading_cues = cues_of(tmp_path / "room1.danmaku.xml", said)
    assert [(cue.start, cue.author, cue.text, cue.kind) for cue in reading_cues] == [
        (2.0, "c3d4", "来了", ""),
        (4.0, "c3d4", "飘过", ""),
        (7.5, "a1b2", "多少钱", ""),
        (9.0, "Ann", "加油", "paid"),
    ]
    reading = next(bilibili.read(tmp_path / "room1.danmaku.xml"))
    assert list(reading.cues) == reading_cues and reading.recording.key == "room1"
    assert reading.notes == {"danmaku that are no text": 2}


@pytest.mark.parametrize(
    ("said", "what"),
    [
        (BOMB, "document type or entities"),
        (OUTSIDE, "document type or entities"),
        ('<i><d p="1,1,25,0,0,0,x,1">hi</d><d p="2', "line 1 column"),
        ("", "not XML, or torn"),
        ('<?xml version="1.0" encoding="no-such"?><i/>', "not XML"),
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str, what: str) -> None:
    with pytest.raises(InputError) as caught:
        cues_of(tmp_path / "a.xml", said)
    assert what in str(caught.value) and "\n" not in str(caught.value)


def test_deep_elements_are_no_danger(tmp_path: Path) -> None:
    deep = "<i>" + "<x>" * 5000 + '<d p="1,1,25,0,0,0,x,1">hi</d>' + "</x>" * 5000 + "</i>"
    assert [cue.text for cue in cues_of(tmp_path / "a.xml", deep)] == ["hi"]


words = st.text(st.characters(categories=["L", "N", "P", "S"]), min_size=1, max_size=12)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 10_000), words), max_size=15))
def test_what_is_written_is_read(tmp_path_factory: pytest.TempPathFactory, rows: list[tuple[int, str]]) -> None:
    body = "".join(f'<d p="{at},1,25,0,0,0,h,1">{escape(said)}</d>' for at, said in rows)
    found = cues_of(tmp_path_factory.mktemp("xml") / "a.xml", f"<i>{body}</i>")
    assert [(cue.start, cue.text) for cue in found] == sorted(rows, key=lambda row: row[0])


def test_gifts_and_memberships_of_a_live_room_are_no_danmaku(tmp_path: Path) -> None:
    said = (
        '<i><BililiveRecorder version="2"/><d p="1,1,25,0,0,0,1,0" user="Ann">多少钱</d>'
        '<gift ts="2" user="Bo" giftname="辣条" giftcount="3"/><guard ts="3" user="Cy" level="3" count="1"/></i>'
    )
    cues = cues_of(tmp_path / "room1.xml", said)
    assert [(cue.start, cue.author, cue.text, cue.track, cue.kind) for cue in cues] == [
        (1.0, "Ann", "多少钱", "danmaku", ""),
        (2.0, "Bo", "辣条 x3", "gift", "gift"),
        (3.0, "Cy", "level 3", "gift", "membership"),
    ]


def test_elements_in_elements_without_end_are_refused(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="XML nested more than"):
        cues_of(tmp_path / "a.xml", "<i>" + "<x>" * 20_000)

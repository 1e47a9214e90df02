"""Comment threads: who answers whom, whatever order or circle the file has them in."""

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.errors import InputError
from millstream.records import Cue
from millstream.sources import comments


def cues_of(path: Path, whole: Any) -> list[Cue]:
    path.write_text(whole if isinstance(whole, str) else json.dumps(whole), encoding="utf-8")
    return [cue for reading in comments.read(path) for cue in reading.cues]


def test_yt_dlp_threads(tmp_path: Path) -> None:
    listed = [
        {"id": "a", "parent": "root", "text": "How much?", "author": "@ann", "timestamp": 1},
        {"id": "b", "parent": "root", "text": "Nice", "author": "@bob"},
        {"id": "a.1", "parent": "a", "text": "300 a night", "author": "@hotel"},
    ]
    cues = cues_of(tmp_path / "video.info.json", {"id": "x", "comments": listed})
    assert [(cue.n, cue.text, cue.reply_to, cue.kind) for cue in cues] == [
        (0, "How much?", None, ""),
        (1, "300 a night", 0, "reply"),
        (2, "Nice", None, ""),
    ]
    assert {cue.start for cue in cues} == {None} and cues[0].track == "comment" and cues[1].author == "@hotel"


def test_nested_replies_without_ids(tmp_path: Path) -> None:
    whole = [{"text": "q", "author": {"name": "Ann"}, "replies": [{"text": "r1", "author": "B"}, {"text": "r2"}]}]
    cues = cues_of(tmp_path / "a.comments.json", whole)
    assert [(cue.text, cue.reply_to, cue.author) for cue in cues] == [("q", None, "Ann"), ("r1", 0, "B"), ("r2", 0, "")]


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), max_size=12))
def test_any_tangle_is_told_once_and_never_circles(
    tmp_path_factory: pytest.TempPathFactory, links: list[tuple[int, int]]
) -> None:
    whole = [{"id": str(own), "parent": str(up), "text": f"t{n}"} for n, (own, up) in enumerate(links)]
    cues = cues_of(tmp_path_factory.mktemp("comments") / "a.comments.json", whole)
    assert sorted(cue.text for cue in cues) == sorted(comment["text"] for comment in whole)
    assert all(cue.reply_to is None or cue.reply_to < cue.n for cue in cues)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{}",
        '{"id": "no comments were written"}',
        '[{"text": "a"',
        '[{"text": NaN}]',
        '[{"text": "\\udfff"}]',
        '{"text": "x", "replies": [' * 1000,
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str) -> None:
    with pytest.raises(InputError) as caught:
        cues_of(tmp_path / "a.comments.json", said)
    assert "a.comments.json" in str(caught.value) and "\n" not in str(caught.value)


def test_what_is_no_comment_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "a.comments.json"
    file.write_text('[1, null, {"text": ["x"]}, {"text": "kept"}]', encoding="utf-8")
    reading = next(comments.read(file))
    assert [cue.text for cue in reading.cues] == ["kept"]
    assert reading.notes == {"comments without text": 3, "no clock": 1}


def test_threads_of_the_data_api(tmp_path: Path) -> None:
    def comment(own: str, said: str, **more: str) -> dict[str, Any]:
        snippet = {"textDisplay": f"<b>{said}</b>", "textOriginal": said, "authorDisplayName": f"@{own}", **more}
        return {"kind": "youtube#comment", "id": own, "snippet": snippet}

    threads = [
        {
            "kind": "youtube#commentThread",
            "id": own,
            "snippet": {"topLevelComment": comment(own, f"How much is {own}?"), "totalReplyCount": 1},
            "replies": {"comments": [comment(f"{own}.1", "30 dollars", parentId=own)]},
        }
        for own in "ab"
    ]
    cues = cues_of(tmp_path / "a.json", {"kind": "youtube#commentThreadListResponse", "items": threads})
    assert [(cue.text, cue.author, cue.reply_to) for cue in cues] == [
        ("How much is a?", "@a", None),
        ("30 dollars", "@a.1", 0),
        ("How much is b?", "@b", None),
        ("30 dollars", "@b.1", 2),
    ]


def test_one_comment_a_line(tmp_path: Path) -> None:
    rows = [{"cid": "a", "text": "q", "author": "A"}, {"cid": "b", "text": "x"}, {"cid": "a.1", "text": "r"}]
    cues = cues_of(tmp_path / "a.jsonl", "\n".join(map(json.dumps, rows)))
    assert [(cue.text, cue.reply_to) for cue in cues] == [("q", None), ("r", 0), ("x", None)]

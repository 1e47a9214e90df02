"""Pairs of personas: released CSV, our YAML, mined users; torn, hostile and empty files are one line."""

import os
from pathlib import Path

import pytest

from builders import persona
from millstream import rows
from millstream.crowd.people import LINES, pairs
from millstream.errors import InputError

SAMPLES = Path(__file__).parents[2] / "samples" / "crowd"
DATA = Path(os.environ.get("MILLSTREAM_DATA", Path(__file__).parents[2].parent / "shared" / "data"))
HEAD = "user 1 personas,user 2 personas,Best Generated Conversation\n"


def written(folder: Path, name: str, text: str) -> Path:
    (folder / name).write_text(text, encoding="utf-8")
    return folder / name


def test_the_sample_has_pairs_and_its_rights_are_none() -> None:
    assert len(list(pairs(SAMPLES))) == 6


def test_released_personas(tmp_path: Path) -> None:
    text = HEAD + '"I bake.\nI have two dogs.","I am a boy.\n\nI  sing.",User 1: Hi!\n'
    assert list(pairs(written(tmp_path, "spc.csv", text))) == [
        (("I bake.", "I have two dogs."), ("I am a boy.", "I sing."))
    ]


def test_mined_users_are_paired_in_a_ring(tmp_path: Path) -> None:
    people = [persona("user", "en", n) for n in range(3)] + [persona("agent", "en")]
    table = tmp_path / "3_personas.jsonl"
    table.write_bytes(b"".join(rows.encoded(each.id, [each]) for each in people))
    found = list(pairs(tmp_path))
    assert len(found) == 3 and found[0][1] == found[1][0] and found[2][1] == found[0][0]
    assert all(len(lines) <= LINES and not any("age" in line for line in lines) for pair in found for lines in pair)


@pytest.mark.parametrize(
    ("name", "text", "why"),
    [
        ("torn.csv", HEAD + '"I bake.\nI have', r"torn\.csv:\d: torn"),
        ("other.csv", "a,b\n1,2\n", "has no column 'user 1 personas'"),
        ("empty.csv", "", "has no column"),
        ("half.csv", HEAD + "I bake.,,x\n", r"half\.csv:2: a pair with an empty persona"),
        ("torn.yaml", "pairs: [", "no list of pairs"),
        ("hostile.yaml", "pairs: [[[1, {a: b}], [x]]]", r"pairs\.0\.0"),
        ("short.yaml", "pairs: [[[], [x]]]", "a pair with an empty persona"),
        ("empty.yaml", "", "no list of pairs"),
        ("talk.srt", "1\n", "no file of personas"),
    ],
)
def test_what_is_wrong_is_one_line(tmp_path: Path, name: str, text: str, why: str) -> None:
    with pytest.raises(InputError, match=why):
        list(pairs(written(tmp_path, name, text)))


@pytest.mark.data
def test_the_released_file_is_read_whole() -> None:
    if not (folder := DATA / "synthetic_persona_chat").is_dir():
        pytest.skip(f"no {folder.name} under MILLSTREAM_DATA")
    found = list(pairs(folder))
    assert len(found) == 1000 and all(one and other for one, other in found)

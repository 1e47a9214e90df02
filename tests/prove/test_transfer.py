"""Transfer between languages: the two sides say the same of the same dialogues, and what is learnt in one is tested in
the other."""

import os
from pathlib import Path

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from typer.testing import CliRunner

from millstream.cli import app
from millstream.prove import transfer
from millstream.prove.transfer import Side
from millstream.prove.trial import learner

DATA = Path(os.environ.get("MILLSTREAM_DATA", "none"))
real = pytest.mark.skipif(not DATA.is_dir(), reason="MILLSTREAM_DATA names no folder")


def test_a_row_is_read_under_the_english_names() -> None:
    hotel = {"semi": {"名称": " A&B 宾馆", "停车处": "免费", "区域": "未提及", "类型": "宾馆"}, "book": {"人数": "2"}}
    row = {"log": [{"text": "你好", "metadata": {}}, {"text": "好", "metadata": {"旅馆": hotel, "餐厅": hotel}}]}
    made = transfer._renamed(row, transfer._names())
    assert made["log"][1]["metadata"] == {
        "hotel": {
            "semi": {"name": "A&B 宾馆", "parking": "yes", "area": "", "type": "宾馆"},
            "book": {"people": "2"},
        }
    }


@pytest.mark.parametrize("lang", ["en", "zh"])
def test_folders_and_backbones_that_are_none(lang: str, tmp_path: Path) -> None:
    for words, what in (
        (("--data", str(tmp_path / lang)), "no folder of data sets"),
        (("--data", str(tmp_path), "--backbone", "lora"), "lora tunes a model of English alone"),
        (("--data", str(tmp_path)), "No such file"),
    ):
        told = CliRunner().invoke(app, ["transfer", *words])
        assert told.exit_code == 2 and what in told.stderr and told.stderr.count("\n") == 1


@pytest.fixture(scope="module")
def both() -> tuple[Side, Side]:
    return transfer.sides(DATA)


@pytest.mark.data
@real
def test_both_sides_are_the_same_dialogues_in_two_languages(both: tuple[Side, Side]) -> None:
    en, zh = both
    assert [each.key for each in en.test] == [each.key for each in zh.test]
    assert not {each.key for each in en.learnt} & {each.key for each in zh.test}
    told = [
        {(d.key, n, f.service) for d in side.test for n, t in enumerate(d.turns) for f in t.frames if f.state}
        for side in both
    ]
    ours = [{place for place in each if place[2] in zh.services} for each in told]
    assert len(ours[0] & ours[1]) > 0.9 * len(ours[0] | ours[1])
    assert zh.lexicons["hotel"].said["市中心"] == {"area": "中心"} and "便宜" not in en.lexicons["hotel"].said


@pytest.mark.data
@real
def test_the_other_language_teaches_less_than_its_own(both: tuple[Side, Side]) -> None:
    en, zh = both
    found = {each.name: each.joint for each in transfer.trials(zh, en, learner(), [0], None)}
    assert found[transfer.OWN] > found[transfer.OTHER] > found["empty state"]

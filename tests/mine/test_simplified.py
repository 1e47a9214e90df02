"""Traditional Chinese read as simplified: the texts and names, and what a run then finds in it."""

from collections import Counter
from pathlib import Path

import pytest

pytest.importorskip("opencc", reason="the extra `zh` is not installed")

from opencc import OpenCC

from millstream import domain, intake
from millstream.mine import door
from millstream.mine.recording import by_rule
from millstream.mine.sheet import Sheet
from millstream.mine.simplified import simplified
from millstream.text import read

SAMPLE = Path(__file__).parents[2] / "samples" / "automotive_zh"


@pytest.mark.parametrize(
    ("written", "told"),
    [
        ("這輛車的價格是多少？", "这辆车的价格是多少？"),
        ("後排空間怎麼樣", "后排空间怎么样"),
        ("皇后為這個乾杯", "皇后为这个干杯"),
        ("这辆车多少钱", "这辆车多少钱"),
        ("この車の価格はいくらですか", "この車の価格はいくらですか"),
        ("how much", "how much"),
        ("", ""),
    ],
)
def test_a_line(written: str, told: str) -> None:
    assert simplified(written) == told


def found(folder: Path, simplify: bool) -> int:
    """The signals that rules find in the room of the sample."""
    names = [f"青屿{code}" for code in ("C3", "C5", "P5", "E5", "S6", "X6", "X7", "E7", "E9", "M8")]
    taken = intake.take([folder / "room.srt", folder / "room.live_chat.json"], simplify=simplify)
    (room,) = taken.readings
    cues = list(door.admit(list(intake.cues(room, [])), b"key", Counter(), names))
    _, _, signals = by_rule(room.recording, cues, domain.read("automotive"), Sheet(names=names), Counter())
    return len(signals)


def test_the_sample_in_traditional_script_gives_what_it_gave(tmp_path: Path) -> None:
    """Its beginning: without the conversion most is lost, with it next to nothing."""
    to = OpenCC("s2t")
    plain, changed = tmp_path / "plain", tmp_path / "changed"
    for name, lines in (("room.srt", 480), ("room.live_chat.json", 120)):
        said = "\n".join(read(SAMPLE / name).split("\n")[:lines]) + "\n"
        for folder, text in ((plain, said), (changed, to.convert(said))):
            folder.mkdir(exist_ok=True)
            (folder / name).write_text(text, encoding="utf-8")
    as_is, lost, back = found(plain, False), found(changed, False), found(changed, True)
    assert lost < 0.6 * as_is, (as_is, lost, back)
    assert abs(back - as_is) <= 0.05 * as_is, (as_is, lost, back)

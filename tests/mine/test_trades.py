"""Which packaged domain the sources are of, and what is drafted where they are of none."""

from pathlib import Path

import pytest

from millstream import domain as domains
from millstream import intake
from millstream.errors import InputError
from millstream.mine import trades
from millstream.mine.drafting import drafted, words
from millstream.prepare import prepared
from millstream.recipe import Settings
from millstream.records import Cue
from millstream.shapes import Table

ROOT = Path(__file__).parents[2]
PACKAGED = [domains.read(name) for name in domains.names()]
CAMERAS = Table(
    "list",
    ("相机", "价格(元)", "快门数", "防抖", "好评数"),
    (("A7M3", "6800", "32000", "是", "7"), ("GR3", "5400", "9000", "否", "9")),
)
SHOP = "质保多久 保修一年 预算多少 能分期吗 电池怎么样 两块电池 有优惠吗 价格 " * 5
CARS = "试驾 上牌 提车 裸车价 首付 月供 "


def said(folder: Path) -> tuple[list[str], list[Table]]:
    taken = intake.take([folder])
    return [cue.text for each in taken.readings for reading in each.readings for cue in reading.cues], taken.tables


@pytest.mark.parametrize(
    ("sample", "name"),
    [
        ("automotive_en", "automotive"),
        ("automotive_zh", "automotive"),
        ("hotel_zh_en", "hotel"),
        ("restaurant_en", "restaurant"),
        ("restaurant_zh", "restaurant"),
    ],
)
def test_each_sample_is_taken_for_what_it_is(sample: str, name: str) -> None:
    assert trades.guess(*said_of(ROOT / "samples" / sample)) == name


def said_of(folder: Path) -> tuple[list[str], list[domains.Domain], list[Table]]:
    texts, tables = said(folder)
    return texts, PACKAGED, tables


def test_words_of_any_trade_are_no_cars() -> None:
    assert trades.guess([SHOP], PACKAGED, [CAMERAS]) is None
    assert trades.guess([SHOP + CARS], PACKAGED) == "automotive"


def test_a_price_list_of_another_thing_is_believed_before_a_few_words() -> None:
    assert trades.guess([CARS], PACKAGED, [CAMERAS]) is None
    named = Table("list", ("车型", "价格"), (("E5", "9"),))
    assert trades.guess(["上牌 月供 多少"], PACKAGED, [named]) == "automotive"
    assert trades.guess(["上牌 月供 多少"], PACKAGED) is None


def test_what_no_packaged_domain_is_of_is_drafted(tmp_path: Path) -> None:
    (tmp_path / "bikes.csv").write_text("bike,price ($),weight (kg)\nGull 3,649,13\nTern E,1899,22\n", encoding="utf-8")
    start = prepared(Settings(domain="auto", model="none"), intake.take([tmp_path]))
    assert start.domain.names == {"en": "bikes"} and start.domain.entity == {"en": "bike"}
    assert start.domain.role == {"en": "a live-stream adviser for bikes"}


def test_a_table_that_was_left_out_is_named(tmp_path: Path) -> None:
    (tmp_path / "talk.srt").write_text("1\n00:00:01,000 --> 00:00:02,000\nhello all\n", encoding="utf-8")
    (tmp_path / "bikes.csv").write_text("bike,price\nGull 3,649,13\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"mend the table that was left out \(.*bikes\.csv line 2: 3 cells"):
        prepared(Settings(domain="auto", model="none"), intake.take([tmp_path]))


def test_words_are_whole() -> None:
    lines = [
        "快门数三万二",
        "这个快门数一万八",
        "快门数几百八",
        "六百八的快门传感器",
        "看看拍视频",
        "想拍视频吗",
        "四千百八",
    ]
    heard = dict(words(lines, "zh"))
    assert {"快门数", "拍视频"} <= set(heard) and not {"门数", "百八", "拍视", "视频"} & set(heard)
    english = dict(words(["bikes by a@b.com", "more bikes at gulls.com", "gulls and gulls"], "en", "gulls 3"))
    assert english == {"bikes": 2}


def cue(n: int, text: str, track: str = "danmaku") -> Cue:
    return Cue.model_validate({"recording": "r", "track": track, "n": n, "start": n, "end": n, "text": text})


def test_a_figure_is_a_wish_where_one_way_is_better_or_viewers_name_a_bound() -> None:
    plain = drafted([CAMERAS], [cue(1, "好评数多少")], "zh")[0].by_name
    assert plain["快门数"].better == "low" and "constrain" in plain["快门数"].use
    assert plain["好评数"].better == "" and "constrain" not in plain["好评数"].use
    bound = drafted([CAMERAS], [cue(1, "好评数至少8个的有吗")], "zh")[0].by_name
    assert bound["好评数"].better == "high" and "constrain" in bound["好评数"].use
    host = drafted([CAMERAS], [cue(1, "好评数至少8个的", "speech")], "zh")[0].by_name
    assert host["好评数"].better == ""

"""Whole turns of a talk of two: what is opened, what is passed over, and whose words are not lent."""

from collections import defaultdict

from millstream import domain as domains
from millstream import turns
from millstream.frames import Frame
from millstream.know.tables import facts_of
from millstream.mine.turns import turned
from millstream.records import Cue, Fact, Recording
from millstream.shapes import Table

HOTEL = domains.read("hotel")
ROWS = (("京华酒店", "805元", "4.7分", "东长安街1号"), ("云天酒店", "383元", "4.2分", "白广路2号"))
TABLE = Table("hotels", ("名称", "价格", "评分", "地址"), ROWS)


def tabled() -> dict[str, list[Fact]]:
    found: dict[str, list[Fact]] = defaultdict(list)
    for fact in facts_of(TABLE, HOTEL, "zh"):
        found[fact.entity].append(fact)
    return found


def read(*lines: str, source: str = "transcripts", key: str = "1") -> list[Frame]:
    """The frames of a talk in which user and agent take turns."""
    cues = [
        Cue(recording=key, track="speech", n=n, start=None, end=None, text=line, speaker=("user", "agent")[n % 2])
        for n, line in enumerate(lines)
    ]
    return [frame for _, frame in turned(Recording(source=source, key=key), cues, HOTEL, "zh", tabled())]


def test_both_sides_are_opened_with_their_acts() -> None:
    asked, offered, more, told = read(
        "你好，帮我推荐一个评分4分以上的酒店。",
        "推荐您去京华酒店。",
        "好的，它的价格和地址是多少？",
        "价格是805元，地址在东长安街1号。",
    )
    assert (asked.text, asked.act) == ("你好，帮我推荐一个评分$value以上的酒店。", "greet inform_intent inform")
    assert (offered.text, offered.act) == ("推荐您去$entity。", "offer")
    assert turns.acts_of(more) == [("acknowledge", ""), ("request", "price"), ("request", "address")]
    assert (told.text, told.slot) == ("价格是$value，地址在$value。", "price,address")


def test_what_a_recogniser_heard_is_not_read() -> None:
    assert read("推荐一个酒店", "推荐您去京华酒店。", source="srt") == []


def test_a_matter_of_its_own_lends_its_acts_alone() -> None:
    (frame,) = read("评分咋样？我姑妈搬来了。", "稍等。")[:1]
    assert (frame.text, frame.slot) == ("", "rating")


def test_a_number_that_nothing_explains_is_passed_over() -> None:
    assert not [frame for frame in read("帮我推荐一个酒店。", "推荐您去京华酒店，走路8分钟。") if frame.act == "offer"]


def test_a_run_of_one_author_loses_its_words() -> None:
    long = "好的，请问这家酒店的价格到底是多少呢？"
    frame = read(long, "价格是805元。")[0]
    mine = list(turns.common([("a", frame), ("b", frame)]))
    assert all(each.text == "" for _, each in mine)
    assert all(each.text for _, each in turns.common([("a", frame), ("b", frame), ("c", frame)]))

"""Whole turns of a talk of two: what is opened, what is passed over, and whose words are not lent."""

from collections import defaultdict

from millstream import domain as domains
from millstream import turns
from millstream.frames import Frame
from millstream.know import listed
from millstream.know.tables import facts_of, slots_of
from millstream.mine.turns import turned
from millstream.records import Cue, Evidence, Fact, Recording
from millstream.shapes import Table

HOTEL = domains.read("hotel")
HERE = (Evidence(source="menu", kind="row", at=(1,), quote="row"),)
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
    every = read(
        "你好，帮我推荐一个评分4分以上的酒店。",
        "推荐您去京华酒店。",
        "好的，它的价格和地址是多少？",
        "价格是805元，地址在东长安街1号。",
    )
    asked, offered, more, told = (frame for frame in every if frame.family in turns.OF.values())
    assert (asked.text, asked.act) == ("你好，帮我推荐一个评分$value以上的酒店。", "greet inform_intent inform")
    assert (offered.text, offered.act) == ("推荐您去$entity。", "offer")
    assert turns.acts_of(more) == [("acknowledge", ""), ("request", "price"), ("request", "address")]
    assert (told.text, told.slot) == ("价格是$value，地址在$value。", "price,address")


def test_what_a_recogniser_heard_is_not_read() -> None:
    assert read("推荐一个酒店", "推荐您去京华酒店。", source="srt") == []


def test_a_matter_of_its_own_lends_its_acts_alone() -> None:
    (frame,) = read("评分咋样？我姑妈搬来了。", "稍等。")[:1]
    ((_, lent),) = turns.common([("1", frame)])
    assert (lent.text, lent.slot, lent.own) == ("", "rating", ())


def test_a_number_that_nothing_explains_is_passed_over() -> None:
    assert not [frame for frame in read("帮我推荐一个酒店。", "推荐您去京华酒店，走路8分钟。") if frame.act == "offer"]


def test_a_run_of_one_author_loses_its_words() -> None:
    long = "好的，请问这家酒店的价格到底是多少呢？"
    frame = read(long, "价格是805元。")[0]
    mine = list(turns.common([("a", frame), ("b", frame)]))
    assert all(each.text == "" for _, each in mine)
    assert all(each.text for _, each in turns.common([("a", frame), ("b", frame), ("c", frame)]))


LISTED = domains.read("hotel").model_copy(
    update={"slots": (*HOTEL.slots, *(listed.slot(each, "zh") for each in ("健身房", "温泉")))}
)


def had(*lines: str) -> list[Frame]:
    """The frames of a talk about 京华酒店, which has a gym and no spring."""
    facts = tabled()
    row = facts["京华酒店"][0]
    for name, value in (("健身房", "是"), ("温泉", "否")):
        facts["京华酒店"].append(row.model_copy(update={"attribute": name, "value": value, "number": None}))
    cues = [
        Cue(recording="1", track="speech", n=n, start=None, end=None, text=line, speaker=("user", "agent")[n % 2])
        for n, line in enumerate(lines)
    ]
    found = turned(Recording(source="transcripts", key="1"), cues, LISTED, "zh", facts)
    return [frame for _, frame in found if frame.family in turns.OF.values()]


def test_what_a_thing_has_is_open_for_anything_it_may_have() -> None:
    wished, _, asked, told, more, denied = had(
        "帮我找一个提供健身房的酒店。", "推荐您去京华酒店。", "这个酒店提供温泉吗？", "抱歉，没有温泉。",
        "有没有健身房？", "有健身房的。",
    )  # fmt: skip
    assert (wished.text, wished.slot) == ("帮我找一个提供$slot的酒店。", ",+健身房")
    assert wished.act == "inform_intent inform"
    assert (asked.text, asked.slot) == ("这个酒店提供$slot吗？", "+温泉")
    assert (told.act, told.slot) == ("inform", "-温泉")
    assert (more.slot, denied.slot) == ("+健身房", "+健身房")
    assert turns.key(turns.acts_of(told)) == (("inform", "-"),)


def test_an_agent_who_says_what_is_not_so_is_passed_over() -> None:
    assert not [frame for frame in had("京华酒店有温泉吗？", "有温泉的。") if frame.family == turns.OF["agent"]]


def test_a_verb_is_no_thing_to_have() -> None:
    assert not [frame for frame in had("这里可以健身房吗？", "稍等。") if "$slot" in frame.text]


def test_a_turn_is_kept_in_pieces_too() -> None:
    found = {frame.family: frame.text for frame in read("好的，记下了，价格是多少？", "价格是805元。")}
    assert found["user lead"] == "好的，记下了，"
    assert found["user core"] == "价格是多少？"


def test_two_things_that_are_offered_are_two_offers() -> None:
    every = read("帮我推荐一个酒店。", "推荐您去京华酒店或者云天酒店。")
    (offered,) = [frame for frame in every if "offer" in frame.act]
    assert (offered.act, offered.text) == ("offer offer", "推荐您去$entity或者$entity。")


def test_words_of_few_authors_lend_nothing() -> None:
    """An odd word is lent once enough authors have said it."""
    said = [pair for key in "12" for pair in keyed("价格咋个整？", key)]
    assert [frame.text for _, frame in turns.common(said)] == ["", ""]
    said += keyed("价格咋个整？", "3")
    assert [frame.text for _, frame in turns.common(said)] == ["价格咋个整？"] * 3


def keyed(line: str, key: str) -> list[tuple[str, Frame]]:
    cues = [
        Cue(recording=key, track="speech", n=n, start=None, end=None, text=text, speaker=("user", "agent")[n])
        for n, text in enumerate((line, "价格是805元。"))
    ]
    found = turned(Recording(source="transcripts", key=key), cues, HOTEL, "zh", tabled())
    return [(author, frame) for author, frame in found if frame.family == turns.OF["user"]]


def test_the_nearest_there_is_is_read_as_such() -> None:
    counted = "没有找到5分的呢，你看京华酒店可以吗？评分是4.7分。"
    every = read("我想住5分的酒店。", counted, "地址呢？", "没有查到，抱歉。")
    assert not [frame for frame in every if "notify_failure" in frame.act]  # "5" stands for nothing that is known
    (near,) = (
        frame for frame in read("我想住高分的酒店。", "没有找到这样的呢，你看京华酒店可以吗？评分是4.7分。")
        if frame.family == turns.OF["agent"]
    )  # fmt: skip
    assert turns.acts_of(near) == [("notify_failure", ""), ("offer", ""), ("inform", "rating")]
    beside = read("我想住高分的酒店。", "您可以去京华酒店，离地铁近。", "周边酒店呢？", "周边的酒店有云天酒店。")
    assert [frame.act for frame in beside if "offer" in frame.act and frame.family == turns.OF["agent"]] == ["offer"]


def test_a_wish_for_one_of_several_things_is_opened() -> None:
    domain = domains.read("restaurant")
    told = {"南门小馆": [Fact(entity="南门小馆", attribute="signature", value="豆汁、焦圈、炸酱面", evidence=HERE)]}
    lines = ("你好，我想吃豆汁，给我推荐一家餐馆。", "推荐您去南门小馆。", "有什么推荐菜？", "推荐菜有焦圈、炸酱面。")
    cues = [
        Cue(recording="1", track="speech", n=n, start=None, end=None, text=line, speaker=("user", "agent")[n % 2])
        for n, line in enumerate(lines)
    ]
    talk = Recording(source="transcripts", key="1")
    every = [frame for _, frame in turned(talk, cues, domain, "zh", told) if frame.family in turns.OF.values()]
    assert every[0].text == "你好，我想吃$value，给我推荐一家餐馆。"
    assert turns.acts_of(every[0])[1:] == [("inform_intent", ""), ("inform", "signature")]
    assert (every[-1].text, every[-1].slot) == ("推荐菜有$value。", "signature")


def test_a_turn_that_does_several_things_is_understood_sentence_by_sentence() -> None:
    """What lies near is asked for beside what a thing costs: no sentence may be strange, and nothing is said twice."""
    asked = had("推荐一个酒店。", "推荐您去京华酒店。", "价格是多少？有健身房吗？", "价格是805元，有健身房的。")[2:]
    assert [turns.acts_of(each) for each in asked] == [
        [("request", "price"), ("request", "+健身房")], [("inform", "price"), ("inform", "+健身房")],
    ]  # fmt: skip
    assert asked[1].text == "价格是$value，有$slot的。"
    assert not [each for each in read("价格是多少？评分是6吗？", "价格是805元。") if each.family == turns.OF["user"]]


def test_a_value_of_anything_stands_open_where_it_is_not_known_of_what() -> None:
    told = [each for each in read("价格是多少？", "价格是383元。") if each.family == turns.OF["agent"]]
    assert [(each.text, each.slot) for each in told] == [("价格是$value。", "price")]


def test_a_dinner_before_is_no_other_service() -> None:
    wished, elsewhere = "吃完饭我想找一个评分4分以上的酒店。", "我想找一个能吃烤鸭的评分4分以上的酒店。"
    assert next(each.act for each in read(wished, "推荐您去京华酒店。")) == "inform_intent inform"
    assert not [each for each in read(elsewhere, "稍等。") if "inform_intent" in each.act]


def test_a_dollar_in_the_text_opens_no_place() -> None:
    first, *_ = read("$aapl 你好，帮我推荐一个酒店。", "推荐您去京华酒店。", "帮我推荐一个$value的酒店。")
    assert first.family == "agent turn"


STAYS = Table(
    "stays",
    ("name", "price range", "stars", "type", "internet", "postcode"),
    (
        ("Acorn House", "cheap", "4", "hotel", "yes", "cb41da"),
        ("Worth House", "expensive", "3", "guesthouse", "no", "cb12dp"),
    ),
)


def heard(*lines: str) -> list[Frame]:
    """The same of a talk in English."""
    facts: dict[str, list[Fact]] = defaultdict(list)
    stays = slots_of(STAYS, HOTEL, "en")
    for fact in facts_of(STAYS, stays, "en"):
        facts[fact.entity].append(fact)
    cues = [
        Cue(recording="1", track="speech", n=n, start=None, end=None, text=line, speaker=("user", "agent")[n % 2])
        for n, line in enumerate(lines)
    ]
    found = turned(Recording(source="transcripts", key="1"), cues, stays, "en", facts)
    return [frame for _, frame in found if frame.family in turns.OF.values()]


def test_a_number_before_the_name_of_its_slot_is_a_value() -> None:
    (wish,) = heard("I am looking for a 4 star place.", "Hold on.")
    assert (wish.text, turns.acts_of(wish)[-1]) == ("I am looking for a $value star place.", ("inform", "stars"))


def test_what_all_of_them_are_called_is_no_wish() -> None:
    (wish,) = heard("I need a hotel with free internet.", "Hold on.")
    assert turns.acts_of(wish) == [("inform_intent", ""), ("inform", turns.HAS + "internet")]


def test_an_agent_asks_whether_there_is_more_or_whether_to_book() -> None:
    _, told, _, booking = heard(
        "What is the postcode of Acorn House?",
        "The postcode is cb41da. Is there anything else I can help you with?",
        "What is the postcode of Worth House?",
        "The postcode is cb12dp. Would you like me to book a room?",
    )
    assert turns.acts_of(told) == [("inform", "postcode"), ("request_more", "")]
    assert turns.acts_of(booking) == [("inform", "postcode"), ("offer_booking", "")]


def test_what_was_asked_about_is_answered_and_not_offered() -> None:
    frames = heard("What is the postcode of that acorn place?", "The postcode for Acorn House is cb41da.")
    assert turns.acts_of(frames[-1]) == [("inform", "postcode")]


def test_a_price_told_by_an_adverb_is_no_act_of_another_slot() -> None:
    assert not heard("I need a moderately priced guesthouse please.", "Hold on.")
    assert heard("I need a guesthouse please.", "Hold on.")

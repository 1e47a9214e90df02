"""What viewers asked and the host settled: of which things it holds, in whose words it is asked, and what is left."""

from collections.abc import Sequence

from millstream import domain as domains
from millstream.know.documents import Topic
from millstream.mine.exchanged import exchanged
from millstream.records import Evidence, Signal

DOMAIN = domains.read("restaurant")


def said(text: str, track: str, at: int, source: str = "a") -> Evidence:
    return Evidence(source=source, kind="cues", track=track, at=(at,), start=float(at), end=at + 1.0, quote=text)


def exchange(asked: str, told: str, settled: str, at: int = 1, entity: str = "", track: str = "chat") -> Signal:
    evidence = (said(asked, track, at), said(told, "speech", at + 1))
    return Signal(
        kind="exchange", text=asked, answer=told, value=settled, entity=entity, lang="zh", evidence=evidence
    )


def named(entity: str, source: str = "a") -> Signal:
    return Signal(kind="fact", text=entity, entity=entity, lang="zh", evidence=(said(entity, "speech", 1, source),))


HERE = (named("番茄锅"), named("毛肚锅"), named("别家的锅", "b"))
CHAIR = exchange("有宝宝椅吗", "宝宝椅有的 店里十几张 我先涮一片", "宝宝椅有的，店里十几张")


def topics(*signals: Signal) -> Sequence[Topic]:
    return exchanged(DOMAIN, [*HERE, *signals], "zh")


def test_what_is_of_the_house_holds_of_all_that_its_recording_speaks_of() -> None:
    (topic,) = topics(CHAIR)
    assert topic.about == {"番茄锅", "毛肚锅"}
    assert topic.answer("有宝宝椅吗") == "宝宝椅有的，店里十几张。"
    assert [(line.text, line.ref) for line in topic.asked] == [("有宝宝椅吗", CHAIR.id)]


def test_what_is_of_a_thing_holds_of_it_alone_and_of_nothing_where_none_is_known() -> None:
    told = ("能加面吗", "加面可以的 十块", "加面可以的，十块")
    (topic,) = topics(exchange(*told, entity="番茄锅"))
    assert topic.about == {"番茄锅"}
    assert not topics(exchange(*told))


def test_a_reply_under_a_video_is_of_all_that_it_shows() -> None:
    (topic,) = exchanged(DOMAIN, [HERE[0], exchange("有窗户吗", "有的 朝南", "有的，朝南", track="comment")], "zh")
    assert topic.about == {"番茄锅"}


def test_the_later_answer_counts_and_one_answer_settles_two_questions() -> None:
    again = exchange("有宝宝椅吗", "宝宝椅没有了", "宝宝椅没有了", at=9)
    assert [topic.passage.text for topic in topics(again, CHAIR)] == ["宝宝椅没有了。"]
    other = exchange("店里有宝宝椅没", "宝宝椅有的 店里十几张", "宝宝椅有的，店里十几张", at=5)
    assert [len(topic.asked) for topic in topics(CHAIR, other)] == [2]


def test_a_word_of_the_house_is_a_word_of_its_own() -> None:
    english = {"lang": "en", "entity": "番茄锅"}
    told = "it is suitable for coeliacs yes"
    lone = exchange("is it suitable for coeliacs", told, told).model_copy(update=english)
    tables = exchange("are tables outside", "tables are outside", "tables are outside").model_copy(update=english)
    found = exchanged(DOMAIN, [*HERE, lone, tables], "en")
    assert [topic.about for topic in found] == [{"番茄锅"}, {"番茄锅", "毛肚锅"}], "sui-table"


def test_a_reply_under_a_video_of_several_houses_is_of_none() -> None:
    rooms = (named("望潮 大床房"), named("云栖 大床房"))
    reply = exchange("有窗户吗", "有的 朝南", "有的，朝南", track="comment")
    assert exchanged(DOMAIN, [rooms[0], reply], "zh")
    assert not exchanged(DOMAIN, [*rooms, reply], "zh")


def test_the_later_recording_counts_and_two_wordings_are_one_question() -> None:
    before = exchange("店里有宝宝椅没", "宝宝椅没有了", "宝宝椅没有了", at=900)
    after = exchange("有宝宝椅吗", "宝宝椅有的", "宝宝椅有的", at=3)
    later = after.model_copy(update={"evidence": tuple(e.model_copy(update={"source": "b"}) for e in after.evidence)})
    shared = named("番茄锅", "b")
    assert [topic.passage.text for topic in exchanged(DOMAIN, [*HERE, before, shared, later], "zh")] == ["宝宝椅有的。"]


def test_what_does_not_stand_in_the_source_or_is_somebodys_own_is_left() -> None:
    assert not topics(CHAIR.model_copy(update={"value": "宝宝椅有的，二十张"}))
    own = "我们家两个小的还有爷爷奶奶你们这有宝宝椅吗谢谢了"
    assert not topics(exchange(own, "宝宝椅有的", "宝宝椅有的"))

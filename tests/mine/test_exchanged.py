"""What viewers asked and the host settled: of which things it holds, in whose words it is asked, and what is left."""

from collections.abc import Sequence
from time import process_time

import pytest

from millstream import domain as domains
from millstream.know.documents import Topic
from millstream.mine.exchanged import exchanged
from millstream.records import Evidence, Lang, Signal

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


@pytest.mark.parametrize(
    ("domain", "lang", "asked", "told"),
    [
        ("restaurant", "en", "is it ok for kids", "it's fine for kids"),
        ("restaurant", "en", "does it come with wine", "yes it comes with wine"),
        ("restaurant", "en", "is it on the table menu", "it's on the table menu"),
        ("restaurant", "en", "is it suitable for coeliacs", "it is suitable for coeliacs yes"),
        ("restaurant", "zh", "带孩子能吃吗", "带孩子能吃的，不辣"),
        ("restaurant", "zh", "能打包吗", "打包可以的"),
        ("automotive", "zh", "有自动停车吗", "自动停车有的"),
        ("automotive", "zh", "保险杠能换吗", "保险杠能换的"),
        ("automotive", "en", "is there a parking camera", "yes there's a parking camera on it"),
    ],
)
def test_what_may_be_of_the_thing_in_mind_is_of_it_alone(domain: str, lang: Lang, asked: str, told: str) -> None:
    own = exchange(asked, told, told, entity="番茄锅").model_copy(update={"lang": lang})
    assert [topic.about for topic in exchanged(domains.read(domain), [*HERE, own], lang)] == [{"番茄锅"}]
    unknown = own.model_copy(update={"entity": ""})
    assert not exchanged(domains.read(domain), [*HERE, unknown], lang)


@pytest.mark.parametrize(
    ("domain", "lang", "asked", "told"),
    [
        ("restaurant", "en", "are tables outside", "tables are outside"),
        ("restaurant", "en", "hi can we bring our dogs", "sure you can bring dogs"),
        ("restaurant", "zh", "店里停车方便吗", "停车方便的"),
        ("automotive", "zh", "保险必须店里买吗", "保险不强制在店里买"),
        ("automotive", "en", "do i need an appointment", "no appointment needed"),
    ],
)
def test_what_is_of_the_house_is_so_whatever_is_in_mind(domain: str, lang: Lang, asked: str, told: str) -> None:
    for entity in ("番茄锅", ""):
        signal = exchange(asked, told, told, entity=entity).model_copy(update={"lang": lang})
        (topic,) = exchanged(domains.read(domain), [*HERE, signal], lang)
        assert topic.about == {"番茄锅", "毛肚锅"}


def test_what_names_a_thing_is_of_it_even_where_it_is_of_the_house() -> None:
    (topic,) = topics(exchange("有宝宝椅吗", "宝宝椅配番茄锅有的", "宝宝椅配番茄锅有的", entity="番茄锅"))
    assert topic.about == {"番茄锅"}


def test_of_several_houses_in_a_recording_the_one_in_mind_counts() -> None:
    rooms = (named("望潮 大床房"), named("望潮 双床房"), named("云栖 大床房"))
    told = "停车方便的"
    (topic,) = exchanged(DOMAIN, [*rooms, exchange("停车方便吗", told, told, entity="望潮 大床房")], "zh")
    assert topic.about == {"望潮 大床房", "望潮 双床房"}
    assert not exchanged(DOMAIN, [*rooms, exchange("停车方便吗", told, told)], "zh")


def test_a_reply_that_points_at_one_of_several_rooms_is_of_none() -> None:
    rooms = (named("望潮 大床房"), named("望潮 双床房"))
    reply = exchange("is it quiet", "it is quiet yes", "it is quiet yes", track="comment")
    english = reply.model_copy(update={"lang": "en"})
    assert not exchanged(DOMAIN, [*rooms, english], "en")
    assert exchanged(DOMAIN, [rooms[0], english], "en")


def test_another_question_is_not_answered_otherwise() -> None:
    english = {"lang": "en", "entity": "番茄锅"}
    parking = exchange("do you have parking", "yes there's parking", "yes there's parking")
    disabled = exchange("is there disabled parking", "no disabled parking", "no disabled parking", at=5)
    told = [each.model_copy(update=english) for each in (parking, disabled)]
    assert len(exchanged(DOMAIN, [*HERE, *told], "en")) == 2


def test_many_exchanges_are_read_in_a_moment() -> None:
    numbers = [f"{n:04}".translate(str.maketrans("0123456789", "abcdefghij")) for n in range(1500)]
    told = [f"there is {n} parking" for n in numbers]
    many = [exchange(f"is {each[6:]} there", each, each, entity="番茄锅") for each in told]
    english = [each.model_copy(update={"lang": "en"}) for each in many]
    started = process_time()
    found = exchanged(DOMAIN, [*HERE, *english], "en")
    assert len(found) == 1500 and process_time() - started < 3


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

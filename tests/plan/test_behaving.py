"""What a mined line does, and in which stage: the label under which a player is shown it."""

import builders
from millstream.behaviours import Behaviour
from millstream.plan.behaving import behaviours
from millstream.records import Signal


def mined(kind: str, text: str, **fields: str | int) -> Signal:
    return Signal.model_validate({"kind": kind, "text": text, "evidence": (builders.evidence(text),), **fields})


def only(*signals: Signal) -> list[Behaviour]:
    return list(behaviours((), signals, "zh"))


def test_a_frame_is_labelled_as_what_it_may_stand_for() -> None:
    said = builders.evidence("有点小贵哦")
    frame = builders.frame(text="有点小贵哦", slot="", act="object", family="dear", evidence=(said,))
    (found,) = behaviours([frame], (), "zh")
    assert found == ("user", "有点小贵哦", {"object"}, "price", {"objection"})


def test_a_question_a_doubt_and_what_compares() -> None:
    doubt = mined("objection", "别家便宜", label="elsewhere")
    question, compared = mined("user_question", "续航多少", slot="range"), mined("user_question", "E5和E7怎么选")
    assert [(each.acts, each.slot, each.moves) for each in only(question, doubt, compared)] == [
        ({"request"}, "range", {"inform"}),
        ({"object"}, "price", {"objection"}),
        ({"request_compare"}, "", {"compare"}),
    ]


def test_the_hosts_line_by_its_strategy_and_by_what_it_answers() -> None:
    held = mined("strategy", "全国一口价", label="holds_price", slot="price")
    asked, doubt = mined("exchange", "续航多少", answer="五百二", slot="range"), mined("objection", "太贵了")
    met = mined("exchange", "太贵了", answer="理解，东西在这", label="empathy")
    agent = [each for each in only(held, asked, doubt, met) if each.role == "agent"]
    assert [(each.text, each.acts, each.moves) for each in agent] == [
        ("全国一口价", {"refuse"}, {"negotiate"}),
        ("五百二", {"inform"}, {"inform"}),
        ("理解，东西在这", {"empathise", "inform"}, {"objection"}),
    ]


def test_what_presses_and_what_is_ones_own_is_no_example() -> None:
    assert only(mined("strategy", "只剩两台了", label="urgency")) == []
    own = "我家娃上个月刚上小学天天要接送想问续航多少"
    assert only(mined("user_question", own, slot="range")) == []
    assert len(only(mined("user_question", own, slot="range", demand=3))) == 1

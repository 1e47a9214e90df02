"""Behaviour examples: of the right side, of the same thing first, short, each once."""

import builders
from millstream.frames import Frame
from millstream.play.examples import LONGEST, examples
from millstream.records import Act, Role, Signal, Step


def mined(kind: str, text: str, slot: str = "", answer: str = "") -> Signal:
    evidence = (builders.evidence(text),)
    return Signal.model_validate({"kind": kind, "text": text, "slot": slot, "answer": answer, "evidence": evidence})


def frame(said: str, slot: str = "", act: str = "request") -> Frame:
    return builders.frame(text=said, slot=slot, act=act, evidence=(builders.evidence(said),))


def asking(role: Role, draft: str, slot: str = "") -> Step:
    return Step(role=role, acts=(Act(act="request", slot=slot),), state=(), stage="x", draft=draft)


FRAMES = [
    frame("首付多少", "down_payment"),
    frame("续航咋样啊", "range"),
    frame("有点小贵哦", act="object"),
]
MINED = [
    mined("exchange", "续航咋样啊", "range", "标的五百二，市区够用"),
    mined("strategy", "咱不玩虚的"),
    mined("fact", "E5十三万九"),
    mined("account", "我们是直营店"),
]


def test_each_side_has_its_own_lines_about_the_same_thing() -> None:
    lines = examples(FRAMES, MINED)
    assert lines.like(asking("user", "x", "range"), 9) == ["续航咋样啊"]
    assert lines.like(asking("agent", "续航520公里", "range"), 9) == ["标的五百二，市区够用"]
    assert lines.like(asking("user", "x", "seats"), 9) == []


def test_a_line_about_no_slot_is_an_example_of_its_act() -> None:
    dear = Step(role="user", acts=(Act(act="object"),), state=(), stage="x", draft="太贵")
    assert examples(FRAMES, MINED).like(dear) == ["有点小贵哦"]


def test_of_lines_about_the_same_thing_the_one_with_shared_words_comes_first() -> None:
    said = ("续航咋样啊", "充满电能跑多远", "电池咋样")
    lines = examples([frame(text, "range") for text in said], [])
    assert lines.like(asking("user", "这款充满电能跑多远？", "range"))[0] == "充满电能跑多远"
    assert lines.like(asking("user", "无关", "range"), 1) == ["续航咋样啊"], "ties keep the order of the stream"


def test_a_line_is_whole_on_one_line_and_there_once() -> None:
    said = ("好\n\n长" * (LONGEST // 2), "有点\n贵", " 贵 ", "贵")
    lines = examples([frame(text, "price") for text in said], [])
    assert lines.like(asking("user", "x", "price"), 9) == ["有点 贵", "贵"]


def test_a_line_with_a_thing_or_a_number_of_its_own_is_not_shown() -> None:
    said = ("首付三万", "E5首付", "首付呢")
    lines = examples([frame(text, "down_payment") for text in said], [], names=["青屿 E5"])
    assert lines.like(asking("user", "首付要多少？", "down_payment"), 9) == ["首付呢"]
    assert lines.like(asking("user", "青屿 E5首付要多少？", "down_payment"), 9) == ["E5首付", "首付呢"]


def test_nothing_mined_gives_no_example() -> None:
    assert examples([], []).like(asking("user", "x")) == []

"""Behaviour examples: of the right side, act and stage, of the same thing, short, each once."""

from millstream.behaviours import Behaviour
from millstream.play.examples import LONGEST, Examples, examples
from millstream.records import Act, Move, Role, Step


def line(role: Role, text: str, act: str, slot: str = "", move: Move = "inform") -> Behaviour:
    return Behaviour(role, text, frozenset([act]), slot, frozenset([move]))


def asked(text: str, slot: str = "down_payment") -> Behaviour:
    return line("user", text, "request", slot)


def step(role: Role, draft: str, act: str = "request", slot: str = "", stage: str = "答疑") -> Step:
    return Step(role=role, acts=(Act(act=act, slot=slot),), state=(), stage=stage, draft=draft)


MOVES: dict[str, Move] = {"答疑": "inform", "议价": "negotiate", "方案推荐": "recommend", "异议处理": "objection"}
LINES = [
    asked("首付多少"),
    asked("续航咋样啊", "range"),
    line("user", "有点小贵哦", "object", "price", "objection"),
    line("agent", "标的五百二，市区够用", "inform", "range"),
    line("agent", "再送您脚垫呗", "offer", "", "negotiate"),
    line("agent", "理解，买车是大事", "empathise", "", "objection"),
]
INDEX = examples(LINES, moves=MOVES)


def test_each_side_has_its_own_lines_about_the_same_thing() -> None:
    assert INDEX.like(step("user", "x", slot="range"), 9) == ["续航咋样啊"]
    assert INDEX.like(step("agent", "续航520公里", "inform", "range"), 9) == ["标的五百二，市区够用"]
    assert INDEX.like(step("user", "x", slot="seats"), 9) == []


def test_a_line_of_another_act_is_no_example() -> None:
    assert INDEX.like(step("user", "要续航长的", "inform", "range")) == []
    assert INDEX.like(step("user", "太贵", "object", "price")) == ["有点小贵哦"]
    assert INDEX.like(step("user", "有点怕", "object")) == [], "another doubt is put in other words"


def test_what_an_act_is_depends_on_the_stage_but_for_courtesies() -> None:
    assert INDEX.like(step("agent", "送您脚垫", "offer", stage="议价")) == ["再送您脚垫呗"]
    assert INDEX.like(step("agent", "推荐E5", "offer", stage="方案推荐")) == []
    assert INDEX.like(step("agent", "理解您", "empathise", stage="异议处理")) == ["理解，买车是大事"]
    thanks = examples([line("user", "谢啦", "thank", "", "close")], moves=MOVES)
    assert thanks.like(step("user", "谢谢。", "thank")) == ["谢啦"]


def test_the_same_stage_comes_first_then_rare_words_of_the_draft() -> None:
    said = ("续航咋样啊", "充满电能跑多远", "电池咋样")
    lines = examples([asked(text, "range") for text in said])
    assert lines.like(step("user", "这款充满电能跑多远？", slot="range"))[0] == "充满电能跑多远"
    assert lines.like(step("user", "无关", slot="range"), 1) == ["续航咋样啊"], "ties keep the order of the stream"
    both = (asked("续航充满多远", "range"), line("user", "跑多远", "request", "range", "compare"))
    compared = Examples(both, moves={"对比": "compare"})
    assert compared.like(step("user", "续航充满多远", slot="range", stage="对比"))[0] == "跑多远"


def test_a_line_is_whole_on_one_line_and_there_once() -> None:
    said = ("好\n\n长" * (LONGEST // 2), "有点\n贵", " 贵 ", "贵")
    assert examples([asked(text) for text in said]).like(step("user", "x", slot="down_payment"), 9) == ["有点 贵", "贵"]


def test_a_line_with_a_thing_or_a_number_of_its_own_is_not_shown() -> None:
    lines = examples([asked(text) for text in ("首付三万", "E5首付", "首付呢")], names=["青屿 E5"])
    assert lines.like(step("user", "首付要多少？", slot="down_payment"), 9) == ["首付呢"]
    assert lines.like(step("user", "青屿 E5首付要多少？", slot="down_payment"), 9) == ["E5首付", "首付呢"]


def test_nothing_mined_gives_no_example() -> None:
    assert examples([]).like(step("user", "x")) == []

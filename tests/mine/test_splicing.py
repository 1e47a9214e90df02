"""Two turns made one: where both say the same the one goes on as the other does, and it is nobody's longer run."""

from hypothesis import given
from hypothesis import strategies as st

from millstream import turns
from millstream.frames import CROWD, Frame
from millstream.mine.splicing import spliced
from millstream.records import Evidence
from millstream.turns import OF, PIECES

NAMES = {"address": ("地址", "在哪"), "price": ("价格",)}


def frame(text: str, act: str = "request", slot: str = "address", role: str = OF["user"]) -> Frame:
    here = (Evidence(source=text, kind="cues", at=(1,), quote=text),)
    return Frame(
        text=text, lang="zh", family=role, act=act, slot=slot, stage="", delivery=(), manners=(), demand=1,
        evidence=here,
    )  # fmt: skip


def made(*texts: str) -> set[str]:
    return {each.text for _, each in spliced([(str(n), frame(text)) for n, text in enumerate(texts)], NAMES)}


def test_one_goes_on_as_the_other_does() -> None:
    first, second = "那酒店的地址在哪啊？", "它家的地址在哪，我想去这。"
    ((author, new),) = list(spliced([("1", frame(first)), ("2", frame(second))], NAMES))[:1]
    assert new.text in ("那酒店的地址在哪，我想去这。", "它家的地址在哪啊？")
    assert author.split(" and ") in (["1", "2"], ["2", "1"])
    assert {each.source for each in new.evidence} == {first, second}  # who removes one of both removes it


def test_what_is_asked_for_does_not_go_on_as_what_is_asked() -> None:
    assert not made("把酒店的地址给我。", "这家的地址是多少？")
    assert "那酒店的地址是多少？" in made("那酒店的地址在哪？", "这家的地址是多少？")  # but for that word it goes on
    assert "酒店的地址是多少吗？" not in made("酒店的地址在哪？", "知道它的地址是多少吗？")


def test_what_is_open_stays_open() -> None:
    wished = "inform_intent inform inform"
    one = frame("找一家$value的酒店，评分$value以上。", wished, ",hotel_type,rating")
    two = frame("想住评分$value以上的$value的酒店，谢谢。", wished + " thank", ",rating,hotel_type,")
    three = frame("找一家$value的酒店，评分得$value以上，谢谢。", wished + " thank", ",hotel_type,rating,")
    new = [each for _, each in spliced([("1", one), ("2", two), ("3", three)], NAMES)]
    assert new
    for each in new:
        assert each.text.count("$value") == 2
        assert sorted(slot for _, slot in turns.acts_of(each) if slot) == ["hotel_type", "rating"]


def test_half_a_question_is_none() -> None:
    assert "好吧，那你帮我查一下。" not in made("好吧，那你帮我查一下地址。", "那你帮我查一下。它的地址。")
    halves = made("好，我查一下。地址在哪？", "行，我查一下。地址呢？", "地址有吗？我查一下。谢谢。")
    assert halves and all("地址" in text for text in halves)


def test_nothing_stands_on_both_sides_of_a_seam() -> None:
    both = made("景点的地址在哪？", "它的地址在景点那边吗？", "酒店的地址在哪啊？")
    assert both and "景点的地址在景点那边吗？" not in both


def test_what_somebody_said_is_not_made_again() -> None:
    """Else a line of one author would count as two authors'."""
    said = ("那酒店的地址在哪啊？", "它家的地址在哪，我想去这。")
    pieces = [frame(text, role=PIECES["user"][1]) for text in made(*said)]
    assert pieces
    turns_of = [(str(n), frame(text)) for n, text in enumerate(said)]
    assert not list(spliced([*turns_of, *(("9", each) for each in pieces)], NAMES))


def test_a_word_of_an_authors_own_is_not_made_again() -> None:
    mine = frame("它家的地址在哪，我闺蜜想去。").model_copy(update={"own": ("闺蜜",)})
    found = [("1", frame("那酒店的地址在哪啊？")), ("2", mine)]
    assert all("闺蜜" not in each.text for _, each in spliced(found, NAMES))


def test_turns_of_other_acts_are_kept_apart() -> None:
    other = frame("它家的地址在哪，价格呢？", "request request", "address,price")
    assert not list(spliced([("1", frame("那酒店的地址在哪啊？")), ("2", other)], NAMES))


@given(st.lists(st.text("好那酒店的地址在哪啊它家，？", min_size=4, max_size=30), min_size=2, max_size=12))
def test_no_long_run_is_one_authors(texts: list[str]) -> None:
    """Of what comes out no run that is an author's own is again one that fewer than CROWD authors said."""
    found = [(str(n), frame(text)) for n, text in enumerate(texts)]
    by = turns.said_by(found)
    for _, each in spliced(found, NAMES):
        assert all(len(by[run]) >= CROWD for run in turns.runs(each.text, "zh") if run in by)
        assert each.text not in texts

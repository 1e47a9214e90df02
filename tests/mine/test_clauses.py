"""A turn taken apart: nothing is lost, and what does something stands in the core."""

from hypothesis import given
from hypothesis import strategies as st

from millstream.mine.clauses import apart, ended, shared

TEXTS = st.text(alphabet="好的价格吗，。？$a ", max_size=30)


def does(clause: str) -> bool:
    return "价" in clause or "$" in clause


def test_before_and_behind_the_core() -> None:
    found = apart("好的，价格是多少？我记一下。谢谢。", does)
    assert found == (("好的，",), ("价格是多少？",), ("我记一下。", "谢谢。"))


def test_one_clause_is_not_taken_apart() -> None:
    assert apart("价格是多少？", does) is None
    assert apart("好的，谢谢。", does) is None


@given(TEXTS)
def test_the_pieces_are_the_turn(text: str) -> None:
    found = apart(text, does)
    if found is not None:
        whole = "".join((*found.lead, *found.core, *found.tail))
        assert whole in text
        assert found.core
        assert not any(does(clause) for clause in (*found.lead, *found.tail))


def test_a_clause_that_stood_before_more_ends_as_a_sentence() -> None:
    assert ended("价格是多少， ", lambda said: True) == "价格是多少？"
    assert ended("评分4分以上，", lambda said: False) == "评分4分以上。"
    assert ended("how much is it, ", lambda said: True) == "how much is it?"
    assert ended("好的。", lambda said: False) == "好的。"


def test_places_go_with_their_clauses() -> None:
    places = (("price", "805元"), ("address", "白广路"))
    assert list(shared(("价格是$value，", "好记。", "地址在$value。"), places)) == [
        ("价格是$value，", places[:1]), ("好记。", ()), ("地址在$value。", places[1:]),
    ]  # fmt: skip

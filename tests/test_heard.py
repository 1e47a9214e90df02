"""Is a value heard? By value where it is a number, by words where it is a name, nearly so where it is a phrase."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import heard

FEW = settings(max_examples=50, deadline=None)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("首付两万八就行", "2.8万元"),
        ("现在28,000块", "2.8万"),
        ("青屿Ｅ５现在有", "青屿E5"),
        ("质保是三电八年或者十五万公里", "三电8年或15万公里"),
        ("we do it for eighteen dollars", "$18"),
        ("I fancy some starters", "starter"),
        ("the kids mini burger", "Kids' Mini Burger"),
        ("it is gluten free", "gluten-free"),
        ("想要一台suv。", "SUV"),
        ("you get a home charger and a charging card", "home charger plus charging card"),
        ("whatever", ""),
    ],
)
def test_said_in_other_words(text: str, value: str) -> None:
    assert heard.says(text, value)


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("首付两万九就行", "2.8万元"),
        ("这是15座的", "5座"),
        ("现在14.98万元", "4.98万元"),
        ("现在1498", "14.98"),
        ("a nice hotel", "hot"),
        ("what remains", "main"),
        ("青屿E7现在有", "青屿E5"),
        ("整车6年", "三电8年或15万公里"),
        ("free parking for all", "two courses, Tuesday to Friday"),
        ("", "现车"),
    ],
)
def test_not_said(text: str, value: str) -> None:
    assert not heard.says(text, value)
    assert heard.missing(text, [value]) == [value]


def test_missing_names_what_is_missing_alone() -> None:
    assert heard.missing("青屿E5现在13.98万", ["13.98万元", "青屿E5", "现车"]) == ["现车"]


def test_strange_numbers_are_those_of_no_known_text() -> None:
    assert heard.strange_numbers("13万9，送2桶油", ["价格139000元"]) == {2.0}
    assert heard.strange_numbers("十三万九", ["139000"]) == set()


def test_plain_folds_width_case_and_marks() -> None:
    assert heard.plain(" ＡＢＣ-1，你好！_") == "abc1你好"


def test_pieces_are_words_and_pairs() -> None:
    assert heard.pieces("Don't 看看车 SUV") == {"don't", "看看", "看车", "suv"}


@FEW
@given(st.text(max_size=20), st.text(max_size=40))
def test_any_two_texts_are_compared_without_an_error(value: str, text: str) -> None:
    assert heard.says(text, value) in (True, False)


@FEW
@given(st.sampled_from(["13.98万元", "510公里", "$18", "三电终身", "half bird over oak", "大床", "6到8周", "mild"]))
def test_a_value_is_heard_in_a_sentence_of_it(value: str) -> None:
    assert heard.says(f"嗯，{value}。", value) and heard.says(f"Well, {value}.", value)


def test_what_a_value_denies_is_not_cut_short() -> None:
    assert not heard.says("What's on this one: no gluten.", "no gluten in the recipe")
    assert heard.says("There's no gluten in the recipe of this one.", "no gluten in the recipe")


def test_a_long_value_loses_no_part() -> None:
    assert not heard.says("放心好了，质保4年或10万公里。", "整车4年或10万公里")
    assert not heard.says("It's chicken and lamb with two desserts.", "chicken, lamb, three sides, two desserts")
    assert heard.says("整车质保4年或者10万公里", "整车4年或10万公里")

"""A detector sees manner and no matter: names, values, numbers and topics are gone before anything is counted."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.metrics import masking
from millstream.metrics.masking import MARK, masked


@pytest.mark.parametrize(
    ("text", "values", "seen"),
    [
        ("The Ember Roast is $32, isn't it?", (), "the □ is □ , isn't it ?"),
        ("I’d go for Blue House.", ("Blue House",), "i'd go for □ ."),
        ("No, two of the EV-9 GT", (), "no , □ of the □"),
        ("Go for Let Me See please", ("Let Me See",), "go for □ please"),
    ],
)
def test_english(text: str, values: tuple[str, ...], seen: str) -> None:
    assert " ".join(masked(text, "en", values)).replace("$ ", "").replace("□ - □", "□") == seen.replace("$ ", "")


def test_chinese() -> None:
    said = masked("您好，青屿S6现在是11.98万元，可以看看吗？", "zh", ("青屿S6",))
    assert said == ("您好", "，", MARK, "现在", "是", MARK, "，", "可以", "看看", "吗", "？")


def test_two_topics_look_the_same() -> None:
    car = masked("我想买一台二十万的纯电轿车。", "zh")
    hotel = masked("我想订一间五百块的海景客房。", "zh")
    assert car == hotel == ("我", "想", MARK, "的", MARK, "。")


def test_a_value_that_is_a_plain_word_stays() -> None:
    assert masked("Yes, please", "en", ("yes",)) == ("yes", ",", "please")


def test_a_value_is_no_part_of_a_word() -> None:
    assert masked("There is one in there", "en", ("he",)) == ("there", "is", "one", "in", "there")


@given(st.text(), st.sampled_from(["zh", "en"]), st.lists(st.text(min_size=2), max_size=3))
def test_nothing_but_plain_words_and_marks_is_left(text: str, lang: str, values: list[str]) -> None:
    for token in masked(text, lang, values):  # type: ignore[arg-type]
        plain = token in masking.plain_words(lang)  # type: ignore[arg-type]
        assert token == MARK or plain or (len(token) == 1 and not token.isalnum())


def test_no_digit_is_a_plain_word() -> None:
    for lang in ("zh", "en"):
        assert not any(char.isdigit() for word in masking.plain_words(lang) for char in word)  # type: ignore[arg-type]

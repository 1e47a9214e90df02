"""The language of chat lines, which are short and mixed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.language import detect


@pytest.mark.parametrize(
    ("text", "lang"),
    [
        ("这个多少钱", "zh"),
        ("Model Y 多少钱", "zh"),
        ("how much is the lamb", "en"),
        ("gluten free?", "en"),
        ("lol", "en"),
        ("hola, cuánto cuesta la habitación doble", "es"),
        ("これはいくらですか", "ja"),
        ("이거 얼마예요", "ko"),
        ("сколько стоит", "ru"),
        ("666", ""),
        ("❤️❤️", ""),
        ("", ""),
    ],
)
def test_short_lines(text: str, lang: str) -> None:
    assert detect(text).lang == lang


def test_two_unclear_words_are_not_sure() -> None:
    assert detect("pho bo").confidence < 0.5 < detect("is there any parking near the restaurant").confidence


@given(st.text(max_size=80))
def test_any_text_has_an_answer(text: str) -> None:
    lang, confidence = detect(text)
    assert 0 <= confidence <= 1
    assert lang or confidence == 0

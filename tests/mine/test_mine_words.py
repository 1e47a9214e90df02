"""Texts in the form in which they are compared, and phrases found in them."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from millstream.mine.find import Phrases, fold
from millstream.mine.words import alike, content, nameless, normal, pairs, spoken


def test_normal_form_forgets_what_no_reader_hears() -> None:
    assert normal("Ｅ７ 多少钱啊！！") == normal("e7多少钱") == "e7多少钱"
    assert normal("soooo good!!! :fire:") == normal("so good")


def test_codes_are_written_as_they_are_meant() -> None:
    assert spoken("C三跟S六") == "c3跟s6"
    assert spoken("一七什么价") == "e7什么价"
    assert spoken("一百七十") == "一百七十"


@pytest.mark.parametrize(("word", "heard"), [("首付", "守付"), ("油耗", "由号"), ("现车", "线车"), ("质保", "纸宝")])
def test_a_recogniser_mixes_up_what_sounds_alike(word: str, heard: str) -> None:
    assert alike(word, heard)


@pytest.mark.parametrize(("word", "heard"), [("首付", "月供"), ("座位", "作为"), ("lamb", "lime"), ("油耗", "油")])
def test_other_words_are_other_words(word: str, heard: str) -> None:
    assert not alike(word, heard)


def test_latin_words_are_alike_by_spelling() -> None:
    assert alike("corkage", "corkidge") and alike("deliver", "delivery")


def test_content_leaves_out_what_says_nothing() -> None:
    assert content("how much is the lamb please") == {"lamb"}
    assert "首付" in content("那这个首付是多少呢") and "这个" not in content("那这个首付是多少呢")
    assert content("is the") == set()


def test_pseudonyms_hold_no_numbers() -> None:
    assert nameless("v123456 asks") == "        asks"
    assert nameless("问v123456的") == "问       的"


def test_the_longest_phrase_wins_and_latin_words_are_whole() -> None:
    phrases = Phrases({"lamb": 1, "lamb shoulder": 2, "羊肉": 3})
    found = [(hit.value, hit.start, hit.end) for hit in phrases.found("Lamb Shoulder, lambs, 烤羊肉串")]
    assert found == [(2, 0, 13), (3, 23, 25)]


def test_a_phrase_may_be_turned_down() -> None:
    assert [hit.value for hit in Phrases({"ab": 1, "abc": 2}).found("abc", lambda phrase, _: phrase != "abc")] == []
    assert list(Phrases[int]({}).found("abc")) == []


@given(st.lists(st.text("ab1羊肉-^] ", min_size=2, max_size=4), max_size=8), st.text("aAbB1羊肉-^] ", max_size=16))
def test_phrases_are_found_as_if_each_place_were_looked_at(phrases: list[str], text: str) -> None:
    low = {phrase.lower(): phrase for phrase in phrases}
    done, slow = 0, []
    for at in range(len(text)):
        for length in (4, 3, 2):
            end = at + length
            inside = (text[at - 1 : at] + text[at]).isalnum() and (text[at - 1 : at] + text[at]).isascii() and at > 0
            goes_on = text[end - 1 : end + 1].isalnum() and text[end - 1 : end + 1].isascii() and end < len(text)
            if at >= done and end <= len(text) and text[at:end].lower() in low and not inside and not goes_on:
                slow.append((at, end))
                done = end
    assert [(hit.start, hit.end) for hit in Phrases(low).found(text)] == slow


@given(st.text(max_size=60))
def test_any_text_has_its_forms(text: str) -> None:
    assert len(fold(text)) == len(text) == len(nameless(text))
    assert normal(normal(text)) == normal(text) or len(text) > 0
    assert content(text) <= pairs(text)

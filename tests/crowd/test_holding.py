"""A line is held to its language's letters, to two sentences, and to the values of its goal."""

import re

import pytest

from millstream.crowd.data import locales
from millstream.crowd.holding import pattern
from millstream.crowd.talk import Goal

EN, FR, ZH, KO = locales("en,fr,zh,ko", ())


def held(text: str, locale: object = FR, *must: str, goal: str = "propose it") -> bool:
    return bool(re.match(pattern(locale, Goal(side=0, text=goal, must=must)), text))  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("locale", "good", "bad"),
    [
        (FR, "Ça va ? Très bien, merci.", "Je suis content d'un新 travail."),
        (ZH, "你好，最近怎么样？我挺好的。", "你好，how are you？"),
        (KO, "안녕하세요. 잘 지냈어요?", "안녕하세요, 你好."),
        (EN, "Hello, how are you? I'm fine.", "Hello, 你好."),
    ],
)
def test_letters_of_another_language_cannot_be_written(locale: object, good: str, bad: str) -> None:
    assert held(good, locale) and not held(bad, locale)


def test_a_line_ends_and_has_two_sentences_at_most() -> None:
    assert held("Un. Deux!") and not held("Un. Deux. Trois.") and not held("Un, deux")


@pytest.mark.parametrize(
    ("locale", "told", "asked"),
    [
        (EN, "I'm fine. I moved here.", "I'm fine. And you?"),
        (ZH, "我挺好的。我去年搬来了。", "我挺好的，你呢？"),
        (FR, "Bonjour. Ça va.", "Ça va. Et toi ?"),
    ],
)
def test_a_goal_to_ask_ends_in_a_question_and_one_to_tell_has_none(locale: object, told: str, asked: str) -> None:
    assert held(told, locale, goal="say how you are") and not held(asked, locale, goal="say how you are")
    assert held(asked, locale, goal="ask how they are") and not held(told, locale, goal="ask how they are")
    assert held("It is $18?", EN, "$18", goal="ask about it") and not held("It is $18?", EN, "$18", goal="say it")


def test_names_and_figures_and_the_languages_words_for_values_have_to_come() -> None:
    must = ("Firepit Prawns", "$18", "shellfish, milk")
    assert held("Les Firepit Prawns coûtent $18 : des crustacé et du lait.", FR, *must)
    assert not held("Les Firepit Prawns coûtent $18 : du lait.", FR, *must)
    assert not held("Les crevettes coûtent $18 : des crustacé et du lait.", FR, *must)
    assert held("这个好。", ZH, "six prawns")  # no word is known for it: any may be said


def test_a_pattern_has_no_escape_that_a_grammar_does_not_know_and_no_quotation_marks() -> None:
    made = pattern(EN, Goal(side=0, text="propose it", must=("Smoked Trout Toast", "$14")))
    assert "Smoked Trout Toast" in made and "\\$14" in made and "\\ " not in made
    assert not re.match(made, 'A "Smoked Trout Toast" is $14.')
    assert re.match(made, "Well-made! Smoked Trout Toast is $14.")


def test_a_language_without_letters_is_held_to_sentences_alone() -> None:
    bare = FR.model_copy(update={"letters": ""})
    assert held("Bonjour 新.", bare) and not held('Un "mot".', bare) and not held("Un. Deux. Trois.", bare)

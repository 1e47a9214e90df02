"""A line is held to its language's letters, to two sentences, and to the values of its goal."""

import re

import pytest

from millstream.crowd.data import locales
from millstream.crowd.holding import pattern
from millstream.crowd.talk import Goal

EN, FR, ZH, KO = locales("en,fr,zh,ko", ())


def held(text: str, locale: object = FR, *must: str) -> bool:
    return bool(re.match(pattern(locale, Goal(side=0, text="say it", must=must)), text))  # type: ignore[arg-type]


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


def test_names_and_figures_and_the_languages_words_for_values_have_to_come() -> None:
    must = ("Firepit Prawns", "$18", "shellfish, milk")
    assert held("Les Firepit Prawns coûtent $18 : des crustacé et du lait.", FR, *must)
    assert not held("Les Firepit Prawns coûtent $18 : du lait.", FR, *must)
    assert not held("Les crevettes coûtent $18 : des crustacé et du lait.", FR, *must)
    assert held("这个好。", ZH, "six prawns")  # no word is known for it: any may be said


def test_a_pattern_has_no_escape_that_a_grammar_does_not_know_and_no_quotation_marks() -> None:
    made = pattern(EN, Goal(side=0, text="say it", must=("Smoked Trout Toast", "$14")))
    assert "Smoked Trout Toast" in made and "\\$14" in made and "\\ " not in made
    assert not re.match(made, 'A "Smoked Trout Toast" is $14.')
    assert re.match(made, "Well-made! Smoked Trout Toast is $14.")


def test_a_language_without_letters_is_held_to_sentences_alone() -> None:
    bare = FR.model_copy(update={"letters": ""})
    assert held("Bonjour 新.", bare) and not held('Un "mot".', bare) and not held("Un. Deux. Trois.", bare)

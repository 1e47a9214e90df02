"""Each check of a line drops what it is for, in every packaged language, and lets plain lines pass."""

from dataclasses import replace

import pytest

from millstream.crowd.checks import Against, strangers
from millstream.crowd.data import chosen, demonstrations, locales
from millstream.crowd.scenarios import localised, opened
from millstream.crowd.talk import Goal
from millstream.records import Act

EVERY = locales("en,zh,fr,ko", ())
GOAL = Goal(side=0, text="greet")


def against(lang: str, *goals: Goal) -> Against:
    (locale,) = (each for each in EVERY if each.code == lang)
    pair = (("I bake my own bread.",), ("I sing in a choir.",))
    (premise,) = opened([pair], chosen("small_talk"), {"neighbours"}, 1, 0)
    cell = localised(premise.model_copy(update={"goals": (*premise.goals, *goals)}), locale, 0)
    return Against(cell, locale, demonstrations(), strangers(locale, EVERY, demonstrations()))


def kinds(lang: str, text: str, goal: Goal = GOAL, said: tuple[str, ...] = ()) -> set[str]:
    return {each.kind for each in against(lang, goal).faults(text, goal, said)}


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("en", "Morning! Bit chilly out here, isn't it?"),
        ("zh", "早啊，今天有点冷，你也出来喝茶？"),
        ("fr", "Bonjour ! Il fait un peu frais ce matin, non ?"),
        ("ko", "안녕하세요, 오늘은 조금 춥네요."),
        ("fr", "Ah oui ?"),
        ("zh", "三块五一斤，便宜！"),
    ],
)
def test_plain_lines_pass(lang: str, text: str) -> None:
    assert not kinds(lang, text)


@pytest.mark.parametrize(
    ("lang", "text", "kind"),
    [
        ("fr", "I think it is going to rain all day long.", "language"),
        ("en", "Bonjour, il fait vraiment très froid ce matin.", "language"),
        ("zh", "你玩 violin badly。", "script"),
        ("ko", "今天天气真不错啊。", "script"),
        ("en", "I am off to the bakery for a饼 with my sister.", "script"),
        ("zh", "I think it is going to rain.", "script"),
        ("en", "Ah. " * 60, "length"),
        ("en", "Well I was going to say that if it keeps on raining like this we " + "really " * 8 + "w", "length"),
        ("en", "[smiles] Hello there, how are you?", "note"),
        ("en", "Let's meet at two. (I moved here last year.)", "note"),
        ("en", "Translation: Hello there, how are you?", "note"),
        ("en", "I've just moved to the coast, me and my dog.", "copy"),
        ("en", "Have you seen Marta at the market today?", "name"),
        ("fr", "Tu as vu Hannah au marché ce matin ?", "name"),
        ("fr", "Le pain coûte trois $ chez la boulangère.", "money"),
    ],
)
def test_each_check_drops_what_it_is_for(lang: str, text: str, kind: str) -> None:
    assert kind in kinds(lang, text)


def test_nobody_speaks_as_with_a_label_or_says_a_thing_twice() -> None:
    name = against("en").cell.names[1]
    assert "note" in kinds("en", f"{name}: Hello there, how are you?")
    assert "repeated" in kinds("en", "Lovely morning, is it not?", said=("Lovely morning, is it not!",))


@pytest.mark.parametrize(
    ("lang", "told", "asked"),
    [
        ("en", "I moved here last year.", "I moved here last year, and you?"),
        ("zh", "我去年搬到了这里。", "我去年搬到了这里，你最近怎么样？"),
        ("zh", "我没什么新鲜事，还是骑车上班。", "你工作有什么新变化，是骑车上班吗？"),
        ("fr", "J'ai déménagé ici.", "J'ai déménagé ici, et toi ?"),
        ("fr", "Je vais bien.", "Comment vas-tu aujourd'hui, et ta famille ?"),
    ],
)
def test_a_goal_to_tell_is_no_question_and_a_goal_to_ask_is_one(lang: str, told: str, asked: str) -> None:
    tell, ask = Goal(side=0, text="say how you have been"), Goal(side=0, text="answer it and ask what is new")
    either = Goal(side=0, text="propose a place")
    assert "form" in kinds(lang, asked, tell) and "form" in kinds(lang, told, ask)
    assert "form" not in kinds(lang, told, tell) | kinds(lang, asked, ask) | kinds(lang, told, either)
    assert lang != "fr" or "form" in kinds(lang, "Comment vas-tu aujourd'hui.", tell)
    assert lang != "zh" or "form" in kinds(lang, "你是否骑车上班了呢。", tell)
    bare = against(lang).locale.model_copy(update={"question": ""})
    assert not list(replace(against(lang), locale=bare)._form(told, ask))


@pytest.mark.parametrize(
    ("lang", "before", "text"),
    [
        ("en", "Let's go to the bakery tomorrow.", "I cycle, so let's go to the bakery tomorrow then."),
        ("zh", "我挺好的。你最近怎么样？", "见到你很高兴。你最近怎么样？"),
        (
            "fr",
            "Très bien. Qu'est-ce que tu as fait hier ?",
            "Ah oui. Qu'as-tu fait hier, et qu'est-ce que tu as fait hier ?",
        ),
        ("zh", "我决定和浩然一起骑自行车上班。", "因为堵车，我决定和浩然一起骑自行车。"),
    ],
)
def test_a_run_of_words_that_was_said_is_said_again(lang: str, before: str, text: str) -> None:
    assert "repeated" in kinds(lang, text, said=(before,)) and "repeated" not in kinds(lang, text)


@pytest.mark.parametrize(
    ("lang", "close", "distant"),
    [
        ("fr", "Tu viens au marché avec moi ?", "Vous venez au marché avec moi ?"),
        ("zh", "你也去菜市场啊？", "您也去菜市场啊？"),
    ],
)
def test_friends_are_not_spoken_to_as_strangers_are(lang: str, close: str, distant: str) -> None:
    assert "address" in kinds(lang, distant) and "address" not in kinds(lang, close)
    far = against(lang)
    far = replace(
        far, cell=far.cell.model_copy(update={"premise": far.cell.premise.model_copy(update={"relation": "strangers"})})
    )
    assert "address" not in {each.kind for each in far.faults(distant, GOAL, ())}
    assert far.locale.address.right("strangers") in ("vous", "您") and not far.locale.address.wrong("")


def test_a_word_of_the_persona_is_not_taken_over_untranslated() -> None:
    own = Goal(side=0, text="say it", own="I bake my own bread and cycle to work.")
    assert "language" in kinds("fr", "Je bake mon propre pain.", own)
    assert "language" in kinds("fr", "Je cycle à work.", own)
    assert "language" not in kinds("fr", "Je cycle et je fais mon pain.", own)
    assert "language" not in kinds("en", "I bake my bread at work.", own)


VALUE = Goal(
    side=1,
    text="tell",
    acts=(Act(act="inform", slot="spice", value="mild", entity="Harbour platter"),),
    must=("$24", "Harbour platter", "milk, sesame"),
)


def test_canonical_values_are_heard_in_the_languages_own_words() -> None:
    assert not kinds("fr", "Le Harbour platter est à 24 $, avec du lait et du sésame.", VALUE)
    assert not kinds("zh", "Harbour platter是24美元，里面有牛奶和芝麻。", VALUE)
    assert "value" in kinds("fr", "Le Harbour platter est à 25 $, avec du lait et du sésame.", VALUE)
    assert "value" in kinds("fr", "Le plateau du port est à 24 $, avec du lait et du sésame.", VALUE)
    assert "value" in kinds("fr", "Le Harbour platter est à 24 $, avec du lait.", VALUE)


def test_a_word_that_the_language_file_does_not_know_is_left_to_it() -> None:
    found = against("fr", VALUE)
    assert found.verified("milk") and found.verified("$24") and not found.verified("corkage")
    assert found.says("Il y a un droit de bouchon.", "corkage")

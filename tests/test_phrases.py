"""The general wordings: which come first, how they are filled, and that both languages say the same things."""

import re
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream import domain as domains
from millstream import phrases
from millstream.domain import Domain, SlotSpec
from millstream.records import Lang

KNOWN = {"entity", "value", "slot", "other", "need", "kind", "old", "options"}


def small(**fields: object) -> Domain:
    named: dict[Lang, str] = {"zh": "课", "en": "class"}
    slot = SlotSpec(name="fee", names={"zh": ("费用",), "en": ("fee",)}, kind="money")
    return Domain.model_validate(
        {"name": "gym", "names": named, "entity": named, "role": named, "slots": (slot,), "words": {}} | fields
    )


def test_both_languages_have_wordings_for_the_same_acts() -> None:
    assert phrases.general("zh").keys() == phrases.general("en").keys()
    assert all(all(each.strip() for each in said) and said for said in phrases.general("en").values())


def every_wording(lang: Lang) -> list[str]:
    said = [text for texts in phrases.general(lang).values() for text in texts]
    for name in domains.names():
        domain = domains.read(name)
        said += [text for words in domain.phrases.values() for text in words.get(lang, ())]
        for slot in domain.slots:
            wordings = (slot.ask, slot.want, slot.query, slot.tell, slot.tell_yes, slot.tell_no)
            said += [text for words in wordings for text in words.get(lang, ())]
    return said


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_placeholder_is_one_that_is_filled(lang: Lang) -> None:
    said = every_wording(lang)
    found = {name.removeprefix("a_") for text in said for name in re.findall(r"\$([a-z_]+)", text)}
    assert found <= KNOWN
    assert not [text for text in said if re.search(r"[{}]|\$(?![a-z])", text)]


def test_the_slots_own_wording_comes_before_the_domains_and_anybodys() -> None:
    own = SlotSpec(name="fee", names={"zh": ("费用",)}, kind="money", query={"zh": ("$entity多少钱一节？",)})
    domain = small(phrases={"query": {"zh": ("$entity呢？",)}, "bye": {"zh": ("练起来！",)}})
    assert phrases.wordings(domain, "zh", "query", own) == ("$entity多少钱一节？",)
    assert phrases.wordings(domain, "zh", "query", domain.slots[0]) == ("$entity呢？",)
    assert phrases.wordings(domain, "zh", "bye") == ("练起来！",)
    assert phrases.wordings(small(), "zh", "bye") == phrases.general("zh")["bye"]


def test_a_kind_of_slot_has_its_own_general_wording() -> None:
    assert phrases.wordings(small(), "en", "want", small().slots[0]) == phrases.general("en")["want_money"]
    text = SlotSpec(name="coach", names={"en": ("coach",)})
    assert phrases.wordings(small(), "en", "want", text) == phrases.general("en")["want"]


def test_filling_is_one_pass() -> None:
    """A value with a dollar sign, or one that looks like a placeholder, is never filled again."""
    filled = phrases.fill("$entity: $value", "en", entity="$value", value="$18 or $entity")
    assert filled == "$value: $18 or $entity"


def test_an_unknown_placeholder_stays_and_a_longer_word_is_none() -> None:
    assert phrases.fill("$valued $price", "zh", value="x") == "$valued $price"


@pytest.mark.parametrize(
    ("noun", "with_article"),
    [
        ("SUV", "an SUV"),
        ("MPV", "an MPV"),
        ("egg dish", "an egg dish"),
        ("8-seater", "an 8-seater"),
        ("11 inch pizza", "an 11 inch pizza"),
        ("hour", "an hour"),
        ("room", "a room"),
        ("one-bed flat", "a one-bed flat"),
        ("the old town", "the old town"),
        ("some tea", "some tea"),
    ],
)
def test_articles(noun: str, with_article: str) -> None:
    assert phrases.article(noun) == with_article
    assert phrases.fill("I'd like $a_value.", "en", value=noun) == f"I'd like {with_article}."
    assert phrases.fill("要$a_value。", "zh", value=noun) == f"要{noun}。"


def test_a_name_that_brings_its_article_gets_no_second_one() -> None:
    assert phrases.fill("I like the $entity.", "en", entity="The Old Mill") == "I like the Old Mill."


def test_a_sentence_begins_with_a_capital() -> None:
    assert phrases.fill("$value, please.", "en", value="mild") == "Mild, please."


def test_a_pronoun_takes_the_article_with_it() -> None:
    assert phrases.with_pronoun("The $entity is $value.", "en", "it") == "It is $value."
    assert phrases.with_pronoun("How much is the $entity?", "en", "this one") == "How much is this one?"
    assert phrases.with_pronoun("$entity多少钱？", "zh", "这款") == "这款多少钱？"


@settings(max_examples=50, deadline=None)
@given(st.text(max_size=20), st.text(max_size=20), st.sampled_from(["zh", "en"]))
def test_no_value_breaks_the_filling(value: str, entity: str, lang: Lang) -> None:
    filled = phrases.fill("x $entity y $value z", lang, value=value, entity=entity)
    if lang == "zh":
        assert filled == f"x {entity} y {value} z"
    else:
        assert value in filled or "the " in value.lower() + entity.lower() + " "


def test_a_wording_with_choices_has_many_forms() -> None:
    wording = "(Hi|Hello) there(, welcome|), $$entity (a|b)."
    every = set(phrases.forms([wording]))
    assert len(every) == 8 and "Hi there, $$entity b." in every
    assert {phrases.form(wording, Random(seed)) for seed in range(60)} == every
    assert list(phrases.forms(["(no choice)", "plain"])) == ["(no choice)", "plain"]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_every_form_of_a_wording_is_whole(lang: Lang) -> None:
    said = every_wording(lang)
    every = list(phrases.forms(said))
    assert len(every) > len(said)
    assert not [text for text in every if re.search(r"[()|]|  |，，|，。|^[，,]| [.,?]", text)]


def test_a_particle_is_not_said_twice() -> None:
    assert phrases.fill("$need的话，看看$entity。", "zh", need="吃顿好的", entity="烤鱼") == "吃顿好的话，看看烤鱼。"
    assert phrases.fill("$need的话，看看$entity。", "zh", need="朋友聚餐", entity="烤鱼") == "朋友聚餐的话，看看烤鱼。"

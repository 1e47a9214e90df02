"""A told value is affirmed in its clause: what a host says passes, what denies, bounds or doubts it does not."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

import builders
from millstream import domain as domains
from millstream.affirmed import Affirmed
from millstream.records import Act, Fact, Lang
from millstream.shapes import Known

Told = tuple[str, str, str]
"""(slot, value, entity)."""
PRICE: dict[Lang, Told] = {"zh": ("price", "13.98万元", "青屿E5"), "en": ("price", "$9", "Corn Ribs")}
RANGE: Told = ("range", "520公里", "青屿E5")
SPICE: Told = ("spice", "mild", "Corn Ribs")
MEATLESS: Told = ("vegetarian", "yes", "Corn Ribs")
MEAT: Told = ("vegetarian", "no", "Dragon Wings")


def known(lang: Lang) -> Known:
    name = "automotive" if lang == "zh" else "restaurant"
    told = [PRICE["zh"], RANGE] if lang == "zh" else [PRICE["en"], SPICE, MEATLESS, MEAT]
    made = (Fact(entity=e, attribute=s, value=v, evidence=(builders.evidence(v),)) for s, v, e in told)
    return Known(domains.read(name), lang, tuple(made))


def faults(lang: Lang, text: str, told: Told, *before: str) -> list[str]:
    acts = [Act(act=name) for name in before]
    slot, value, entity = told
    return list(Affirmed(known(lang)).faults(text, [*acts, Act(act="inform", slot=slot, value=value, entity=entity)]))


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("zh", "青屿E5的价格是13.98万元。", PRICE["zh"]),
        ("zh", "这台我看了下，目前报价13.98万元哈。", PRICE["zh"]),
        ("zh", "不过青屿E5充满电能跑520公里呢。", RANGE),
        ("zh", "续航这块，它有五百二十公里。", RANGE),
        ("en", "The Corn Ribs will set you back $9.", PRICE["en"]),
        ("en", "You're looking at nine dollars for the ribs.", PRICE["en"]),
        ("en", "But it's on the mild side, the Corn Ribs.", SPICE),
        ("en", "Yep, the Corn Ribs are vegetarian.", MEATLESS),
        ("en", "Not vegetarian, I'm afraid, the Dragon Wings.", MEAT),
    ],
)
def test_a_host_may_tell_a_value_in_words_of_its_own(lang: Lang, text: str, told: Told) -> None:
    assert faults(lang, text, told) == []


@pytest.mark.parametrize(
    ("lang", "text", "told"),
    [
        ("zh", "青屿E5的价格哪有13.98万元。", PRICE["zh"]),  # a question that denies
        ("zh", "青屿E5从前是13.98万元。", PRICE["zh"]),  # another time
        ("zh", "青屿E5的价格约摸13.98万元。", PRICE["zh"]),  # a hedge
        ("zh", "青屿E5除非全款才13.98万元。", PRICE["zh"]),  # a condition
        ("zh", "青屿E5续航勉强凑到520公里。", RANGE),  # a bound
        ("zh", "青屿E5续航520公里都悬。", RANGE),  # behind the value
        ("zh", "青屿E5续航是520公里，才怪。", RANGE),  # called off
        ("zh", "青屿E5续航是520英寻。", RANGE),  # a unit nobody listed
        ("en", "The Corn Ribs are scarcely $9.", PRICE["en"]),
        ("en", "The Corn Ribs were $9 in the spring.", PRICE["en"]),
        ("en", "The Corn Ribs are $9 unless you sit outside.", PRICE["en"]),
        ("en", "The Corn Ribs are nothing but $9.", PRICE["en"]),
        ("en", "The Corn Ribs go beyond $9.", PRICE["en"]),
        ("en", "The Corn Ribs are 9 drachmas.", PRICE["en"]),
        ("en", "The Corn Ribs are mild. Only joking!", SPICE),
        ("en", "The Corn Ribs are hardly vegetarian.", MEATLESS),
        ("en", "The Dragon Wings are not lacking vegetarian fans.", MEAT),
    ],
)
def test_what_takes_a_value_back_bounds_it_or_doubts_it(lang: Lang, text: str, told: Told) -> None:
    assert faults(lang, text, told)


def test_a_condition_is_told_where_nothing_fits() -> None:
    text = "价格要是能放到13.98万元，青屿E5就可以看。"
    assert faults("zh", text, PRICE["zh"], "notify_failure") == []


@pytest.mark.parametrize("word", ["seldom", "anything except", "formerly", "twice", "within reach of", "just under"])
def test_no_list_says_what_reverses(word: str) -> None:
    assert faults("en", f"The price of the Corn Ribs is {word} $9.", PRICE["en"])
    assert faults("en", "The price of the Corn Ribs is $9.", PRICE["en"]) == []


@given(st.text(max_size=40))
def test_no_text_makes_it_fall_over(text: str) -> None:
    faults("zh", text, PRICE["zh"])
    faults("en", f"{text}$9{text}", PRICE["en"])

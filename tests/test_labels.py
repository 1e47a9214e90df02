"""The label check: what a text must carry to keep its labels, and every wording of the package carries its own."""

from collections.abc import Iterator

import pytest

from millstream import domain as domains
from millstream import phrases
from millstream.domain import NO, YES, Domain, SlotSpec
from millstream.labels import CONTEXT, Labels, context
from millstream.records import Act, Lang

ZH = Labels(domains.read("automotive"), "zh")
EN = Labels(domains.read("restaurant"), "en")


def act(name: str, slot: str = "", value: str = "", entity: str = "") -> Act:
    return Act(act=name, slot=slot, value=value, entity=entity)


@pytest.mark.parametrize(
    ("labels", "text", "carried"),
    [
        (ZH, "您看青屿E5，13万9。", act("offer", "price", "13.9万元", "青屿E5")),
        (ZH, "哎您好，欢迎。", act("greet")),
        (ZH, "这台落地多少？", act("request", "price")),
        (ZH, "价是真动不了。", act("refuse")),
        (EN, "The Corn Ribs, they're all vegetarian.", act("inform", "vegetarian", "yes", "Corn Ribs")),
        (EN, "I'm afraid the Corn Ribs isn't vegetarian.", act("inform", "vegetarian", "no", "Corn Ribs")),
        (EN, "Thanks a lot!", act("thank")),
    ],
)
def test_a_text_that_carries_its_label(labels: Labels, text: str, carried: Act) -> None:
    assert labels.lost(text, [carried]) == []


@pytest.mark.parametrize(
    ("labels", "text", "act_", "fault"),
    [
        (ZH, "您看青屿E5，15万。", act("offer", "price", "13.9万元", "青屿E5"), "offer: '13.9万元' is not said"),
        (ZH, "您看青屿E7，13.9万元。", act("offer", "price", "13.9万元", "青屿E5"), "'青屿E5' is not named"),
        (ZH, "好嘞。", act("refuse"), "refuse is not heard"),
        (ZH, "座位数有要求吗？", act("request", "range"), "range is not asked for"),
        (EN, "The Corn Ribs is not vegetarian.", act("inform", "vegetarian", "yes", "Corn Ribs"), "'yes' is not said"),
        (EN, "The Corn Ribs is great.", act("inform", "vegetarian", "yes", "Corn Ribs"), "'yes' is not said"),
        (EN, "Sure.", act("bye"), "bye is not heard"),
    ],
)
def test_a_text_that_lost_its_label_says_which(labels: Labels, text: str, act_: Act, fault: str) -> None:
    assert any(fault in each for each in labels.lost(text, [act_]))


def test_an_entity_named_a_moment_ago_may_be_left_to_a_pronoun() -> None:
    told = act("inform", "range", "520公里", "青屿E5")
    assert ZH.lost("这款续航520公里。", [told], ["青屿E5怎么样？"]) == []
    assert ZH.lost("这款续航520公里。", [told], ["青屿E7怎么样？"])


@pytest.mark.parametrize("text", ["多少钱", "行不行？", "有现车没", "能便宜点吗。", "哪款好呢？"])
def test_chinese_that_asks(text: str) -> None:
    assert ZH.asks(text)


@pytest.mark.parametrize("text", ["好的。", "没问题，给您登记。", "13万9。", ""])
def test_chinese_that_does_not_ask(text: str) -> None:
    assert not ZH.asks(text)


def test_english_asks_with_its_mark() -> None:
    assert EN.asks("How much?") and not EN.asks("How much it is.")


# --- every wording of the package --------------------------------------------------------------------------

NAME: dict[Lang, str] = {"zh": "云岭号", "en": "Cedar Three"}
SAID: dict[Lang, str] = {"zh": "一三样", "en": "lantern terms"}
CASES = [(name, lang) for name in domains.names() for lang in domains.read(name).names]


def spoken(domain: Domain, lang: Lang) -> Iterator[tuple[str, str, Act]]:
    """(key, text, act) of every wording of every slot that a dialogue can use."""
    for slot in domain.slots:
        said = slot.values.get(lang, (SAID[lang],))[0]
        if {"constrain", "book"} & set(slot.use):
            yield from filled(domain, lang, slot, "ask", act("request", slot.name))
            yield from filled(domain, lang, slot, "want", act("inform", slot.name, said))
        if "request" in slot.use:
            yield from filled(domain, lang, slot, "query", act("request", slot.name, "", NAME[lang]))
        if "offer" in slot.use:
            yield from filled(domain, lang, slot, "grant", act("offer", slot.name, said, NAME[lang]))
        told = {"tell_yes": YES[lang], "tell_no": NO[lang]} if slot.kind == "flag" else {"tell": said}
        for key, value in told.items():
            used = key if getattr(slot, key).get(lang) else "tell"
            yield from filled(domain, lang, slot, used, act("inform", slot.name, value, NAME[lang]))


def filled(domain: Domain, lang: Lang, slot: SlotSpec, key: str, meant: Act) -> Iterator[tuple[str, str, Act]]:
    for wording in phrases.forms(phrases.wordings(domain, lang, key, slot)):
        left_out = phrases.with_pronoun(wording, lang, "" if lang == "zh" else "it")
        for each in {wording, left_out, phrases.with_pronoun(wording, lang, domain.pronoun[lang])}:
            options = phrases.either(slot.values.get(lang, ())[:3], lang)
            names = {"slot": slot.names.get(lang, (slot.name,))[0], "value": meant.value, "options": options}
            yield key, phrases.fill(each, lang, entity=NAME[lang], **names), meant



@pytest.mark.parametrize(
    ("name", "lang"),
    CASES,
)
def test_every_wording_of_a_domain_carries_its_label(name: str, lang: Lang) -> None:
    domain = domains.read(name)
    labels = Labels(domain, lang)
    all_of_it = list(spoken(domain, lang))
    assert len(all_of_it) > 40
    assert not [text for _, text, _ in all_of_it if text.startswith("的")]
    lost = [(text, faults) for _, text, meant in all_of_it if (faults := labels.lost(text, [meant], [NAME[lang]]))]
    assert not lost


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_every_question_of_a_domain_asks_and_no_answer_does(name: str, lang: Lang) -> None:
    domain = domains.read(name)
    labels = Labels(domain, lang)
    for key, text, _ in spoken(domain, lang):
        assert labels.asks(text) == (key in ("ask", "query")), text


SOUND = {
    "greet": "open welcome",
    "offer": "recommend relax_cap relax_floor relax_eq relax_none grant",
    "notify_unknown": "unknown",
    "notify_failure": "no_match",
    "accept": "accept_relax accept_price accept_held accept_known accept_later accept_booking accept_handover"
    " accept_retry",
    "request_compare": "compare",
    "inform": "compare_tell",
    "object": "objection objection_elsewhere objection_hesitates doubt unmoved",
    "empathise": "empathise empathise_doubt empathise_fear",
    "negotiate": "haggle haggle_again haggle_extra haggle_bid",
    "refuse": "hold_price hold_listed hold_firm",
    "confirm": "confirm_value confirm_line",
    "correct": "correct_value correct_line correct_entity not_asked",
    "apologise": "sorry_value sorry_line sorry_entity sorry_slot oops sorry_slow sorry_ignored sorry_past",
    "complain": "complain_slow complain_ignored complain_past",
    "accept_apology": "calm",
    "notify_unavailable": "unavailable unavailable_cap unavailable_floor",
    "notify_booking_failed": "slot_failed order_failed",
    "offer_booking": "offer_booking try_again",
    "confirm_booking": "confirm_booking confirm_select confirm_retry",
    "select": "select",
    "thank": "thank",
    "delay": "delay",
    "decline": "lose_price lose_other lose_competitor lose_compared abandon",
    "request_handover": "ask_handover ask_handover_cross",
    "handover": "handover",
    "bye": "bye_user bye",
    "request_more": "anything_else",
}
"""The general wordings that are used for each act (moves.py)."""


@pytest.mark.parametrize(("name", "lang"), CASES)
def test_every_general_wording_sounds_like_its_act(name: str, lang: Lang) -> None:
    domain = domains.read(name)
    labels = Labels(domain, lang)
    names = {"entity": NAME[lang], "other": "X", "value": SAID[lang], "old": "Y", "kind": "K", "need": "N", "slot": "S"}
    said = [
        (phrases.fill(wording, lang, **names), meant)
        for meant, keys in SOUND.items()
        for key in keys.split()
        for wording in phrases.forms(phrases.wordings(domain, lang, key))
    ]
    assert not [(text, faults) for text, meant in said if (faults := labels.lost(text, [act(meant)]))]


def test_a_question_for_two_things_that_asks_for_one_has_lost_a_slot() -> None:
    kitchen = Labels(domains.read("restaurant"), "en")
    assert kitchen.tells_slot("how much is the lamb, and what about the spice?", "spice")
    assert not kitchen.tells_slot("how much does the lamb cost?", "spice")
    assert not kitchen.tells_slot("ok, what about the torte?", "allergens")
    assert kitchen.asks_as_user("How much does it cost?", "price")
    assert not kitchen.asks_as_user("How much would you like to spend?", "price")


def test_what_was_named_last_is_meant_until_another_thing_is_named() -> None:
    def said(text: str, entity: str = "") -> tuple[str, tuple[Act, ...]]:
        return text, (Act(act="inform", entity=entity),)

    talk = [said("您看京华酒店？", "京华酒店"), *[said(f"第{n}句") for n in range(2 * CONTEXT)]]
    assert next(context(talk)) == "您看京华酒店？" and len(list(context(talk))) == CONTEXT + 1
    other = [*talk, said("云天酒店也行。", "云天酒店")]
    assert not any("京华" in text for text in context(other))
    pointed = [*talk, said("它是805元。", "京华酒店")]  # an act of it that does not name it
    assert next(context(pointed)) == "您看京华酒店？"

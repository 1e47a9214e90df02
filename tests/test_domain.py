"""The packaged domain files are data that people speak: these tests read every wording of every slot.

They know the files of millstream/domains and nothing of how a dialogue uses them.
"""

import json
import os
import re
import string
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from millstream import domain
from millstream.domain import Domain, SlotSpec
from millstream.errors import InputError
from millstream.records import Lang

LANGS: tuple[Lang, ...] = ("zh", "en")
HOLES = {"entity", "value", "a_value", "slot"}
FILES = domain.names()
EVERY = pytest.mark.parametrize("name", FILES)
NEW = pytest.mark.parametrize("name", ["hotel", "restaurant"])
SLOT = "name: d\nnames: {en: d}\nentity: {en: e}\nrole: {en: r}\nwords: {en: [w]}\n"
SLOT += "slots: [{name: s, names: {en: [s]}}]\n"


def wordings(slot: SlotSpec, act: str, lang: Lang) -> tuple[str, ...]:
    spoken: tuple[str, ...] = getattr(slot, act).get(lang, ())
    return spoken


def holes(wording: str) -> set[str]:
    template = string.Template(wording)
    assert template.is_valid(), wording
    return set(template.get_identifiers())


@cache
def packaged(name: str) -> Domain:
    return domain.read(name)


def every_slot(name: str) -> list[SlotSpec]:
    return list(packaged(name).slots)


def test_three_domains_are_packaged() -> None:
    assert set(FILES) >= {"automotive", "hotel", "restaurant"}


@EVERY
def test_a_packaged_file_parses_and_carries_its_own_name(name: str) -> None:
    read = packaged(name)
    assert read.name == name
    assert len(read.by_name) == len(read.slots)
    for lang in LANGS:
        assert read.names[lang] and read.entity[lang] and read.role[lang]
        assert read.words[lang] and read.claims[lang] and read.needs[lang] and read.concerns[lang]


@EVERY
@pytest.mark.parametrize("lang", LANGS)
def test_each_use_of_a_slot_has_its_wordings(name: str, lang: Lang) -> None:
    needed = dict.fromkeys(("constrain", "book"), ("ask", "want")) | {"request": ("query", "tell")}
    needed |= dict.fromkeys(("offer", "assure"), ("tell",))
    missing = [
        (slot.name, act) for slot in every_slot(name) for use in slot.use for act in needed[use]
        if not wordings(slot, act, lang)
    ]
    assert missing == []


@NEW
@pytest.mark.parametrize("lang", LANGS)
def test_the_newer_domains_offer_three_variants(name: str, lang: Lang) -> None:
    thin = [
        (slot.name, act) for slot in every_slot(name) for act in ("ask", "want", "query", "tell")
        if 0 < len(set(wordings(slot, act, lang))) < 3
    ]
    read = packaged(name)
    assert thin == []
    assert min(len(read.needs[lang]), len(read.concerns[lang])) >= 8
    assert min(len(read.phrases[act][lang]) for act in ("offer_booking", "confirm_booking", "accept_booking")) >= 3


@EVERY
@pytest.mark.parametrize("lang", LANGS)
def test_each_wording_has_the_holes_of_its_act_and_no_other(name: str, lang: Lang) -> None:
    for slot in every_slot(name):
        for wording in wordings(slot, "ask", lang):
            assert holes(wording) <= {"options"}, wording
        for wording in wordings(slot, "query", lang):
            assert holes(wording) == {"entity"}, wording
        for wording in wordings(slot, "want", lang):
            assert holes(wording) in ({"value"}, {"a_value"}), wording
        for wording in wordings(slot, "tell", lang):
            assert holes(wording) in ({"entity", "value"}, {"entity", "a_value"}), wording
            assert holes(wording) <= HOLES and not (lang == "zh" and "a_value" in holes(wording)), wording


@EVERY
@pytest.mark.parametrize("lang", LANGS)
def test_questions_end_as_questions_and_statements_do_not(name: str, lang: Lang) -> None:
    ask, say = {"zh": ("？", "。"), "en": ("?", ".")}[lang]
    for slot in every_slot(name):
        for act, end in (("ask", ask), ("query", ask), ("want", say), ("tell", say)):
            for wording in wordings(slot, act, lang):
                assert wording.endswith(end), (slot.name, act, wording)


@EVERY
def test_each_language_is_written_in_its_own_script(name: str) -> None:
    for slot in every_slot(name):
        for act in ("ask", "want", "query", "tell"):
            for wording in wordings(slot, act, "en"):
                assert wording.isascii(), wording
            for wording in wordings(slot, act, "zh"):
                assert not re.search(r"[?,:;!]", wording), wording
                assert re.search(r"[一-鿿]", wording), wording


@EVERY
def test_what_is_wished_for_or_booked_has_values_to_draw(name: str) -> None:
    drawn = [slot for slot in every_slot(name) if {"constrain", "book"} & set(slot.use)]
    assert [slot.name for slot in drawn if not (slot.values.get("zh") and slot.values.get("en"))] == []
    assert [slot.name for slot in drawn if slot.better and slot.kind not in ("money", "number")] == []


@NEW
def test_yes_and_no_are_never_wished_for(name: str) -> None:
    assert [slot.name for slot in every_slot(name) if slot.kind == "flag" and "constrain" in slot.use] == []


@NEW
def test_no_english_sentence_begins_with_a_value_in_small_letters(name: str) -> None:
    said = [wording for slot in every_slot(name) for act in ("want", "tell") for wording in wordings(slot, act, "en")]
    assert [wording for wording in said if wording.startswith(("$value", "$a_value"))] == []


@NEW
def test_a_flag_is_told_after_a_colon_in_chinese(name: str) -> None:
    said = [wording for slot in every_slot(name) if slot.kind == "flag" for wording in wordings(slot, "tell", "zh")]
    assert [wording for wording in said if "：$value" not in wording] == []


@EVERY
def test_a_booking_is_confirmed_with_its_value_and_offered_without(name: str) -> None:
    phrases = packaged(name).phrases
    for lang in LANGS:
        assert all(holes(wording) == {"value"} for wording in phrases["confirm_booking"][lang])
        assert all(holes(wording) == set() for wording in phrases["offer_booking"][lang])
        assert all(holes(wording) == set() for wording in phrases["accept_booking"][lang])


@EVERY
def test_a_domain_has_its_own_ways_to_begin(name: str) -> None:
    phrases = packaged(name).phrases
    for lang in LANGS:
        assert all(holes(wording) == set() for wording in phrases["open"][lang])
        assert all(holes(wording) == {"need"} for wording in phrases["open_need"][lang])


@NEW
@pytest.mark.parametrize("lang", LANGS)
def test_what_the_agent_says_without_evidence_promises_nothing(name: str, lang: Lang) -> None:
    read = packaged(name)
    said = [wording for slot in read.slots for wording in wordings(slot, "ask", lang)]
    said += read.phrases["offer_booking"][lang] + read.phrases["confirm_booking"][lang]
    edge = r"\b" if lang == "en" else ""
    promised = [
        (claim, wording) for wording in said for claim in read.claims[lang]
        if re.search(edge + re.escape(claim) + edge, wording, re.IGNORECASE)
    ]
    assert promised == []


@EVERY
def test_no_two_slots_go_by_one_name(name: str) -> None:
    read = packaged(name)
    for slot in read.slots:
        for known in (slot.name, *(word for words in slot.names.values() for word in words)):
            assert read.slot_named(known) is slot, known


@EVERY
def test_a_stage_word_means_one_move(name: str) -> None:
    stages = packaged(name).stages
    said = [word for words in stages.values() for lang in words for word in words[lang]]
    assert {word for word in said if said.count(word) > 1} == set()


RESTAURANT = {
    "价格": "price", "售价(元)": "price", "分类": "category", "菜品分类": "category", "辣度": "spice",
    "是否素食": "vegetarian", "过敏原": "allergens", "含有的过敏原": "allergens", "几人份": "serves",
    "主要食材": "ingredients", "份量": "portion", "特色": "highlight", "口味": "highlight", "出餐时间": "wait",
    "用餐人数": "party_size", "用餐时间": "visit_time", "营业时间": "hours", "停车": "parking", "开瓶费": "corkage",
    "位置": "area", "区域": "area", "菜系": "cuisine", "价位": "price_level", "是否地铁直达": "subway",
    "人均消费": "per_person", "地址": "address", "电话号码": "phone", "评分": "rating", "推荐菜": "signature",
    "名称": "", "菜名": "",
    "price": "price", "cuisine": "cuisine", "pricerange": "price_level", "metro_station": "subway",
    "per_capita_consumption": "per_person", "score": "rating", "business_hours": "hours", "operating hours": "hours",
    "dishes": "signature", "phone_number": "phone", "Price per person": "per_person", "Serves": "serves",
    "Spice level": "spice", "Vegetarian": "vegetarian", "Allergens": "allergens", "Category": "category", "Name": "",
}
HOTEL = {
    "区域": "area", "星级": "stars", "价位": "price_level", "酒店类型": "hotel_type", "房型": "room_type",
    "停车场": "parking", "房费": "price", "每晚价格(元)": "price", "地址": "address", "电话号码": "phone",
    "评分": "rating", "早餐": "breakfast", "取消政策": "cancellation", "退改": "cancellation", "入住日期": "check_in",
    "入住时间": "check_in_time", "退房时间": "check_out_time", "住几晚": "nights", "入住人数": "guests",
    "可住人数": "capacity", "名称": "", "酒店": "",
    "hotel": "", "room type": "room_type", "district": "area", "price per night": "price", "breakfast": "breakfast",
    "parking": "parking", "cancellation": "cancellation", "rating": "rating", "stars": "stars", "star": "stars",
    "hotel_type": "hotel_type", "room_charge": "price", "price_per_night": "price", "price_level": "price_level",
    "phone_number": "phone", "score": "rating", "check-in date": "check_in", "check-in time": "check_in_time",
    "Nights": "nights", "guests": "guests", "Name": "",
}
AUTOMOTIVE = {
    "车型": "", "指导价(万元)": "price", "续航(公里)": "range", "首付(万元)": "down_payment", "月供(元)": "monthly",
    "提车周期": "delivery", "质保": "warranty", "礼包": "gift", "座位数": "seats", "级别": "class",
    "能源类型": "energy",
}
HEADERS = [
    (name, *pair)
    for name, headers in (("restaurant", RESTAURANT), ("hotel", HOTEL), ("automotive", AUTOMOTIVE))
    for pair in headers.items()
]


@pytest.mark.parametrize(("name", "header", "slot"), HEADERS)
def test_a_table_header_is_the_slot_it_means(name: str, header: str, slot: str) -> None:
    found = packaged(name).slot_named(f" {header} ")
    assert (found.name if found else "") == slot


NOT_A_DOMAIN = {
    "torn": "name: [a\n",
    "empty": "",
    "a list": "- a\n- b\n",
    "a number": "7",
    "no slots": re.sub(r"slots: .*", "slots: []", SLOT),
    "an unknown key": SLOT + "colour: blue\n",
    "an unknown key of a slot": SLOT.replace("{name: s,", "{name: s, colour: blue,"),
    "an unknown use": SLOT.replace("{name: s,", "{name: s, use: [dream],"),
    "an unknown move": SLOT + "stages: {dance: {en: [a]}}\n",
    "a tag that runs code": "!!python/object/apply:os.getcwd []\n",
    "two documents": SLOT + "---\n" + SLOT,
    "an undefined alias": "name: *who\n",
    "a tab": "name:\n\t- a\n",
    "a control character": "name: \x07\n",
}


@pytest.mark.parametrize("text", NOT_A_DOMAIN.values(), ids=NOT_A_DOMAIN)
def test_what_is_no_domain_is_refused(text: str) -> None:
    with pytest.raises(InputError) as refused:
        domain.parse(text, "mine.yaml")
    assert "mine.yaml" in str(refused.value)


@pytest.mark.parametrize("text", NOT_A_DOMAIN.values(), ids=NOT_A_DOMAIN)
def test_the_refusal_is_one_line(text: str) -> None:
    with pytest.raises(InputError) as refused:
        domain.parse(text, "mine.yaml")
    assert "\n" not in str(refused.value)


def test_the_smallest_domain_is_accepted_from_a_path(tmp_path: Path) -> None:
    file = tmp_path / "mine.yaml"
    file.write_text(SLOT, encoding="utf-8")
    read = domain.read(str(file))
    assert isinstance(read, Domain) and [slot.name for slot in read.slots] == ["s"]


@pytest.mark.parametrize("asked", ["zoo", "zoo.yaml", "../domain", ""])
def test_a_domain_that_is_not_there_is_refused(asked: str) -> None:
    with pytest.raises(InputError):
        domain.read(asked)


DATA = Path(os.environ.get("MILLSTREAM_DATA") or Path(__file__).resolve().parents[2] / "shared" / "data")
PLANS = DATA / "stream_profiles_plans"
ROUTES = ("节奏概览", "流程图谱")


def mentioned(routes: object) -> Iterator[str]:
    """Stage names in a released plan: list items, and what stands between arrows."""
    if isinstance(routes, str):
        yield from (stage.strip() for stage in re.split(r"→|—>|->|=>| - ", routes) if stage.strip())
    elif isinstance(routes, dict | list):
        for part in routes.values() if isinstance(routes, dict) else routes:
            yield from mentioned(part)


@pytest.mark.data
@pytest.mark.parametrize("name", ["hotel", "restaurant"])
def test_stage_words_cover_the_released_plans(name: str) -> None:
    file = PLANS / f"{name}_dialogue_plan.json"
    if not file.is_file():
        pytest.skip(f"no {file.name} under MILLSTREAM_DATA")
    plans = json.loads(file.read_text(encoding="utf-8"))
    stages = [stage for plan in plans for part in ROUTES for stage in mentioned(plan["plan"].get(part, []))]
    words = [word for by_lang in packaged(name).stages.values() for word in by_lang["zh"]]
    unknown = [stage for stage in stages if not any(word in stage for word in words)]
    assert len(stages) > 1000
    assert len(unknown) / len(stages) < 0.05, sorted(set(unknown))


def test_what_is_for_others_is_no_part_of_a_word() -> None:
    client = domain.read("restaurant").need("en", "a meal with a client")
    assert client and client.is_for_others("do you have high chairs") and client.is_for_others("Kids' Mini Burger")
    assert not client.is_for_others("Rothschild Tasting Menu") and not client.is_for_others("Baby Back Ribs")

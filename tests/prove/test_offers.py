"""Which answers offer a row, and which rows a line names."""

import pytest

pytest.importorskip("sklearn", reason="the extra `eval` is not installed")

from millstream.prove.offers import Offers, named
from millstream.services import schema
from millstream.services.knowledge import Knowledge
from millstream.train.candidates import Lexicon


def service(name: str, *slots: dict[str, object]) -> dict[str, object]:
    intent = {"name": f"找{name}", "description": f"找{name}", "is_transactional": False, "required_slots": [],
              "optional_slots": {"名称": "dontcare", **{str(s["name"]): "dontcare" for s in slots}},
              "result_slots": ["名称"]}  # fmt: skip
    told = [{"name": "名称", "description": "名字"}, *slots]
    return {
        "service_name": name,
        "description": f"找{name}",
        "lang": "zh",
        "key": "名称",
        "slots": told,
        "intents": [intent],
    }


SERVICES = schema.made([service("旅店", {"name": "设施", "description": "设施"}), service("茶楼")], "offers")
ROWS = {
    "旅店": ({"名称": "青山望月旅店(河东店)", "设施": "清心"}, {"名称": "白鹭洲客栈", "设施": "停车"}),
    "茶楼": ({"名称": "一品香茶楼"}, {"名称": "清心"}),
}
LEXICONS = {each.name: Lexicon(each, Knowledge(ROWS)) for each in SERVICES}
OFFERS = Offers(LEXICONS)


def test_an_offer_is_heard_through_noise() -> None:
    assert OFFERS("旅店", "推荐您去青山忘月旅店", "找个住的地方")
    assert OFFERS("旅店", "那就是白鹭洲客站不错", "找个住的地方")
    assert not OFFERS("旅店", "电话是零一零六六", "电话多少")
    assert not OFFERS("茶楼", "推荐您去青山望月旅店", "找个住的地方")
    assert OFFERS.anything("推荐您去青山望月旅店", "找个住的地方")


def test_what_the_line_names_itself_is_not_offered() -> None:
    assert not OFFERS("旅店", "有人问白鹭洲客栈电话是零一零六六", "白鹭洲客栈电话多少")


def test_two_rows_of_a_line() -> None:
    found = [each.text for each in named("从白鹭洲客栈到一品香茶楼打车", LEXICONS)]
    assert found == ["白鹭洲客栈", "一品香茶楼"]


def test_a_value_of_another_slot_is_no_name() -> None:
    assert named("白鹭洲客栈有清心吗", LEXICONS)[0].text == "白鹭洲客栈"
    assert len(named("白鹭洲客栈有清心吗", LEXICONS)) == 1

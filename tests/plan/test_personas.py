"""Personas: every field has evidence, or comes from the schema and says so, or is not shown."""

import re
from collections.abc import Iterable
from pathlib import Path

import grounds
import pytest

import builders
from millstream import domain as domains
from millstream.know.base import Knowledge
from millstream.plan.personas import agent, from_seed, users, wants
from millstream.records import Evidence, Fact, Persona, Recording, Signal, SignalKind

CARS = domains.read("automotive")
ANY = Fact(entity="E5", attribute="warranty", value="3年", evidence=(builders.evidence(),))
ROOM = Recording(source="srt", key="room")
BARE = CARS.model_copy(update={"needs": {}, "concerns": {}})


def signal(kind: SignalKind, text: str, at: int, slot: str = "", **more: str) -> Signal:
    proof = Evidence(source=ROOM.id, kind="cues", track="chat", at=(at,), start=1.0, end=2.0, quote=text)
    return Signal.model_validate({"kind": kind, "text": text, "slot": slot, "evidence": (proof,), **more})


ASKED = [
    signal("user_question", "E5续航多少", 0, "range", entity="E5"),
    signal("objection", "太贵了吧", 1, "price"),
    signal("user_question", "首付呢", 2, "down_payment"),
    signal("user_question", "有现车吗", 3, "delivery"),
    signal("user_question", "主播吃了吗", 4),
    signal("user_question", "没名字的人问的", 9, "range"),
]
AUTHORS = {(ROOM.id, "chat", n): name for n, name in enumerate(("va", "va", "va", "vb", "vc"))}


def honest(people: Iterable[Persona]) -> bool:
    fields = [field for person in people for field in person.fields]
    return all(
        (field.value is None and field.origin == "not_shown")
        or (bool(field.value) and (field.origin == "schema" or (field.origin == "mined" and bool(field.evidence))))
        for field in fields
    )


@pytest.mark.parametrize("key", grounds.EVERY)
def test_no_field_is_invented(key: str) -> None:
    base = grounds.ground(key)
    assert base.users and base.agents
    assert honest((*base.users, *base.agents))
    assert all(each.get("age") is None and each.get("occupation") is None for each in base.users)


def test_a_viewer_is_what_it_asked() -> None:
    people = list(users(Knowledge(CARS, ()), "zh", ASKED, AUTHORS))
    assert len(people) == 2, "one without a name and one who asked nothing of the domain are nobody"
    keenest = people[0]
    assert wants(keenest) == ("range", "price", "down_payment")
    assert keenest.get("interested_in") == "E5" and keenest.get("concern") == "太贵了吧"
    assert keenest.get("expression") == "E5续航多少 / 太贵了吧 / 首付呢"
    assert people[1].get("interested_in") is None and people[1].get("concern") is None
    evidence = {field.name: field.evidence for field in keenest.fields}
    assert evidence["concern"] == ASKED[1].evidence and evidence["need"] == ()


def test_the_pseudonym_is_in_no_field() -> None:
    people = users(Knowledge(CARS, ()), "zh", ASKED, AUTHORS)
    assert not [field for each in people for field in each.fields if field.value == "va"]


def test_only_so_many() -> None:
    asked = [signal("user_question", f"续航{n}", n, "range") for n in range(80)]
    authors = {(ROOM.id, "chat", n): f"v{n}" for n in range(80)}
    assert len(list(users(Knowledge(CARS, ()), "zh", asked, authors))) == 60
    assert len(list(users(Knowledge(CARS, ()), "zh", asked, authors, most=5))) == 5


def test_where_nobody_asked_the_schema_speaks_and_says_so() -> None:
    known = Knowledge(CARS, (ANY,))
    people = list(users(known, "zh", (), {}))
    assert [each.get("need") for each in people] == [n.words for n in CARS.needs["zh"] if known.serving(n)] != []
    assert {field.origin for each in people for field in each.fields if field.value} == {"schema"}
    assert wants(people[0]) == ()


def test_a_need_that_nothing_on_offer_serves_is_nobodys() -> None:
    """A need stays where something known serves it and nothing known speaks against it."""
    told = (("seats", "5座", 5.0), ("class", "轿车", None))
    facts = tuple(ANY.model_copy(update={"attribute": s, "value": v, "number": n}) for s, v, n in told)
    said = {each.get("need") for each in users(Knowledge(CARS, facts), "zh", (), {})}
    assert "家里人多了，想换台大点的" not in said and "周末想带家人出去玩" not in said
    assert {"平时上下班代步", "家里第一台车，主要接送孩子"} <= said


def test_a_domain_without_needs_has_a_user_of_whom_nothing_is_known() -> None:
    (nobody,) = users(Knowledge(BARE, ()), "zh", (), {})
    assert all(field.value is None for field in nobody.fields)


def test_an_agent_is_a_role_and_what_the_account_shows() -> None:
    shown = [
        signal("account", "我们是4S店直营", 1, label="dealer"),
        signal("strategy", "理解您", 2, label="empathy"),
        signal("exchange", "续航多少", 3, "range", answer="520"),
        signal("offer", "送脚垫", 4, "gift", value="送全车脚垫"),
    ]
    person = agent(CARS, "zh", ROOM, shown)
    assert person.role == "agent" and person.get("role") == CARS.role["zh"]
    assert person.get("account") == "我们是4S店直营" and person.get("style") == "empathy"
    assert person.get("scope") == "续航" and person.get("promise") == "送全车脚垫"
    assert person.get("qualification") is None
    assert honest([person])


def test_an_agent_of_whom_nothing_is_shown_is_its_role_alone() -> None:
    person = agent(CARS, "en", Recording(source="srt", key="by_anna_lee", title="Anna's room"), ())
    assert [field.name for field in person.fields if field.value] == ["role"]
    assert "anna" not in person.model_dump_json().casefold()


@pytest.mark.parametrize(
    ("key", "chat", "author", "host"),
    [
        ("automotive_zh", "room.live_chat.json", r'"authorName": \{"simpleText": "([^"]{3,})"', "小满"),
        ("restaurant_en", "kitchen.chat.json", r'"author": "([^"]{3,})"', "Dee"),
    ],
)
def test_the_personas_of_a_sample_hold_no_name(key: str, chat: str, author: str, host: str) -> None:
    """Hosts and viewers of the samples have names; personas are made behind the door."""
    written = (Path(__file__).parents[2] / "samples" / key / chat).read_text(encoding="utf-8")
    names = {*re.findall(author, written), host}
    assert len(names) > 20
    people = [*grounds.ground(key).agents, *grounds.ground(key).users]
    text = " ".join(person.model_dump_json() for person in people).casefold()
    assert not [name for name in names if re.search(rf"(?<![a-z]){re.escape(name.casefold())}(?![a-z])", text)]


def test_a_released_profile_keeps_what_it_does_not_show() -> None:
    person = from_seed(CARS, "zh", "p1", [("角色", "销售"), ("资质", None), ("风格", "")])
    assert {field.name: (field.value, field.origin) for field in person.fields} == {
        "角色": ("销售", "mined"),
        "资质": (None, "not_shown"),
        "风格": (None, "not_shown"),
    }
    assert person.fields[0].evidence[0].source == "p1"

"""What a viewer's lines show of a person, how they are written, and that both are heard in the dialogue."""

from statistics import mean

import grounds
import pytest

from millstream import domain as domains
from millstream.know.base import Knowledge
from millstream.manner import SAID_BY_USERS, manner, suited
from millstream.plan import shown
from millstream.plan.personas import plays, type_of, users
from millstream.records import Evidence, Signal, SignalKind

CARS = domains.read("automotive")


def line(text: str, slot: str = "", kind: SignalKind = "user_question", label: str = "") -> Signal:
    proof = Evidence(source="room", kind="cues", track="chat", at=(len(text),), quote=text)
    return Signal(kind=kind, text=text, slot=slot, label=label, evidence=(proof,))


@pytest.mark.parametrize(
    ("text", "slot", "pointed"),
    [
        ("老板来了先撤", "delivery", False),
        ("10万以内代步", "down_payment", False),
        ("首付呢", "down_payment", True),
        ("E9要等多久", "delivery", True),
        ("太贵了 走了", "price", True),
        ("room was tiny, could touch both walls", "warranty", False),
    ],
)
def test_a_line_is_filed_under_a_slot_only_if_it_speaks_of_it(text: str, slot: str, pointed: bool) -> None:
    signal = line(text, slot, "exchange")
    assert shown.to_the_point(CARS, signal) == (pointed or "could" in text)


@pytest.mark.parametrize(
    ("asked", "answer", "moves"),
    [
        ("is the rooftop room quieter than the street one", "it faces the back", ["compare"]),
        ("C3跟S6怎么选", "看您一年跑多少", ["compare"]),
        ("这周末有房吗", "这周末满了，下周六还剩一间", ["conflict"]),
        ("can you hold it for the 20th to 22nd", "20th and 21st are free, 22nd is gone", ["conflict"]),
        ("有停车场吗", "停车免费，还有充电桩", []),
        ("is there parking", "14 spots behind the house, they're free", []),
    ],
)
def test_an_exchange_shows_what_is_compared_and_what_cannot_be_had(asked: str, answer: str, moves: list[str]) -> None:
    exchange = line(asked, kind="exchange").model_copy(update={"answer": answer})
    assert [*shown.moves_of(exchange)] == moves


def test_what_is_filed_wrongly_makes_no_persona_and_is_no_expression() -> None:
    said = [line("老板来了先撤", "delivery"), line("首付多少", "down_payment")]
    authors = {("room", "chat", len(each.text)): name for each, name in zip(said, ("va", "vb"), strict=True)}
    (person,) = users(Knowledge(CARS, ()), "zh", said, authors)
    assert person.get("expression") == "首付多少" and person.get("asks_about") == "down_payment"


@pytest.mark.parametrize(
    ("name", "text", "value"),
    [
        ("knowledge", "官网写的19.98", "informed"),
        ("knowledge", "C5和S6怎么选", "novice"),
        ("patience", "parking???", "impatient"),
        ("patience", "再看看吧 不着急", "patient"),
        ("family", "是不是坐得下两个娃", "children"),
        ("family", "might ask my wife", "a couple"),
        ("family", "续航多少", None),
    ],
)
def test_a_trait_has_the_line_that_shows_it(name: str, text: str, value: str | None) -> None:
    signal = line(text)
    trait = shown.sign(name, [signal])
    assert trait.value == value and trait.evidence == (signal.evidence if value else ())


def test_a_budget_is_a_figure_or_tight_or_not_shown() -> None:
    dear = line("26太贵了", "price", "objection", "price")
    assert shown.budget([dear, line("10万以内代步")]).value == "10万"
    assert shown.budget([dear]).value == "tight" and shown.budget([line("续航多少")]).value is None


def test_a_need_is_mined_where_a_line_speaks_of_it_and_the_schema_s_otherwise() -> None:
    needs = CARS.needs["zh"]
    mined = shown.need("zh", needs, [line("C5和S6怎么选 上下班开")], "给父母买来代步")
    assert (mined.value, mined.origin) == ("平时上下班代步", "mined") and mined.evidence
    assert shown.need("zh", needs, [line("首付多少")], "给父母买来代步").origin == "schema"


def test_manner_is_counted_and_wordings_follow_it() -> None:
    assert manner(["首付呢", "贵吗", "好吧"], "zh") == "short, plain, with particles"
    assert manner(["could you please tell me about the corkage fee"], "en") == "long, polite, without particles"
    choices = ("行。", "好的，非常感谢您的耐心介绍，我再看看吧。", "先这样，我回去再想一想。")
    assert suited(choices, "short, plain, without particles", "zh") == ("行。",)
    assert suited(choices, "long, polite, with particles", "zh") == (choices[1],)
    assert suited(choices, "", "zh") == choices
    assert {"want", "query", "delay"} <= SAID_BY_USERS and "welcome" not in SAID_BY_USERS


@pytest.mark.parametrize("key", ["automotive_zh", "restaurant_en"])
def test_patience_and_budget_are_heard(key: str) -> None:
    base, drawn = grounds.ground(key), grounds.scenarios(key, 400)
    users_by = {user.id: user for user in base.users}
    asks = {
        patience: [len(each.requests) for each in drawn if users_by[each.user].get("patience") == patience]
        for patience in ("impatient", None)
    }
    assert mean(asks["impatient"]) < mean(asks[None]) - 1
    calm = [each for each in drawn if each.outcome != "lost_price"]
    priced = {
        bool(budget): mean(
            any(wish.slot == "price" for wish in each.constraints)
            for each in calm
            if bool(users_by[each.user].get("budget")) == bool(budget)
        )
        for budget in ("20万", None)
    }
    assert priced[True] > priced[False] + 0.15


def test_who_shows_no_doubt_can_have_any() -> None:
    base = grounds.ground("automotive_zh")
    curious = next(user for user in base.users if type_of(user) == "curious")
    thrifty = next(user for user in base.users if type_of(user) == "thrifty")
    assert plays(curious, "hesitant") and plays(thrifty, "thrifty") and plays(thrifty, "")
    assert not plays(thrifty, "hesitant")

"""Every critic of the package: a dialogue it keeps, and dialogues it drops and says why."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
from millstream import domain as domains
from millstream import plugins
from millstream.critics.grounding import counter
from millstream.records import Act, Constraint, Dialogue, Evidence, Fact, Lang, Role, Slot, Turn, Verdict
from millstream.shapes import Known


def fact(entity: str, slot: str, value: str, number: float | None = None) -> Fact:
    return Fact(entity=entity, attribute=slot, value=value, number=number, evidence=(builders.evidence(value),))


KNOWN: dict[Lang, Known] = {
    "zh": Known(
        domains.read("automotive"),
        "zh",
        (
            fact("青屿E5", "price", "13.98万元", 139_800),
            fact("青屿E5", "range", "520公里", 520),
            fact("青屿E5", "class", "轿车"),
            fact("青屿E5", "delivery", "现车"),
            fact("青屿E5", "gift", "家用充电桩"),
            fact("青屿X7", "price", "18.98万元", 189_800),
            fact("青屿X7", "range", "110公里", 110),
            fact("青屿X7", "class", "SUV"),
            fact("青屿X7", "gift", "全车贴膜加脚垫"),
        ),
    ),
    "en": Known(
        domains.read("restaurant"),
        "en",
        (
            fact("Corn Ribs", "price", "$9", 9),
            fact("Corn Ribs", "vegetarian", "yes"),
            fact("Dragon Wings", "price", "$15", 15),
            fact("Dragon Wings", "vegetarian", "no"),
        ),
    ),
}


def act(name: str, slot: str = "", value: str = "", entity: str = "") -> Act:
    return Act(act=name, slot=slot, value=value, entity=entity)


def turn(role: Role, text: str, *acts: Act, state: dict[str, str] | None = None, asks: bool = False) -> Turn:
    held = tuple(Slot(slot=slot, value=value) for slot, value in (state or {}).items())
    return Turn(role=role, text=text, acts=acts or (act("acknowledge"),), state=held, stage="x", draft=text, asks=asks)


def dialogue(*turns: Turn, lang: Lang = "zh", wishes: tuple[Constraint, ...] = ()) -> Dialogue:
    base = builders.dialogue(lang=lang)
    return builders.altered(base, turns=turns, scenario=builders.altered(base.scenario, constraints=wishes))


async def judged(name: str, given: Dialogue, lang: Lang = "zh") -> Verdict:
    verdict: Verdict = await plugins.load("critics", name)(KNOWN[lang])(given)
    assert verdict.critic == name
    assert verdict.passed == (not verdict.reason), "a critic that drops says why, one that keeps says nothing"
    return verdict


BUDGET = {"price": "14万"}
SOUND = (
    turn("user", "主播你好，想看看车。", act("greet")),
    turn("agent", "您好，欢迎。您预算大概在多少？", act("greet"), act("request", "price"), asks=True),
    turn("user", "预算14万以内。", act("inform", "price", "14万"), state=BUDGET),
    turn(
        "agent", "好的。我给您推荐青屿E5。青屿E5的价格是13.98万元。",
        act("acknowledge"), act("offer", entity="青屿E5"), act("inform", "price", "13.98万元", "青屿E5"), state=BUDGET,
    ),
    turn("user", "这款续航多少？", act("request", "range", entity="青屿E5"), state=BUDGET, asks=True),
    turn("agent", "青屿E5续航是520公里。", act("inform", "range", "520公里", "青屿E5"), state=BUDGET),
    turn("user", "好的，谢谢。", act("thank"), state=BUDGET),
    turn("agent", "感谢您来直播间，回见。", act("bye"), state=BUDGET),
)  # fmt: skip
WISH = (Constraint(slot="price", op="max", value="14万"),)


@pytest.mark.parametrize("name", plugins.names("critics"))
async def test_every_critic_keeps_a_sound_dialogue(name: str) -> None:
    verdict = await judged(name, dialogue(*SOUND, wishes=WISH))
    assert verdict.passed and verdict.turns == ()


@pytest.mark.parametrize("name", plugins.names("critics"))
async def test_no_critic_falls_over_an_empty_dialogue(name: str) -> None:
    verdict = await judged(name, dialogue())
    assert verdict.passed == (name != "shape")


@settings(max_examples=50, deadline=None)
@given(st.lists(st.text(max_size=25), max_size=6), st.sampled_from(plugins.names("critics")))
async def test_no_critic_falls_over_a_text(texts: list[str], name: str) -> None:
    await judged(name, builders.saying(texts))


def put(at: int, changed: Turn) -> Dialogue:
    """The sound dialogue with one turn replaced."""
    return dialogue(*SOUND[:at], changed, *SOUND[at + 1 :], wishes=WISH)


def agent(text: str, *acts: Act) -> Dialogue:
    """The sound dialogue with another answer to its question."""
    return put(5, turn("agent", text, *acts, state=BUDGET))


RANGE = act("inform", "range", "520公里", "青屿E5")
GIFT = act("offer", "gift", "家用充电桩", "青屿E5")


# --- shape -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (dialogue(*SOUND[:4]), "4 turns, 8 to 40 wanted"),
        (dialogue(*SOUND * 6), "48 turns"),
        (dialogue(*SOUND[1:], SOUND[0]), "does not open"),
        (dialogue(*SOUND, SOUND[0]), "does not close"),
        (put(3, turn("agent", "  ")), "an empty turn"),
        (dialogue(*SOUND[:3], SOUND[2], *SOUND[3:]), "a speaker twice in a row"),
    ],
)
async def test_shape(given: Dialogue, reason: str) -> None:
    assert reason in (await judged("shape", given)).reason


# --- language ----------------------------------------------------------------------------------------------


async def test_language() -> None:
    found = await judged("language", agent("well the range is really great my friend"))
    assert found.turns == (5,) and found.reason == "turn 5 is not zh"
    assert (await judged("language", agent("青屿E5 PLUS MAX"))).passed
    english = dialogue(turn("user", "Hi"), turn("agent", "Sure, 好的"), lang="en")
    assert (await judged("language", english, "en")).turns == (1,)


async def test_the_names_of_things_are_of_no_language() -> None:
    known = Known(domains.read("restaurant"), "en", (fact("麻婆豆腐", "price", "$9", 9),))
    judge = plugins.load("critics", "language")(known)
    assert (await judge(dialogue(turn("agent", "The 麻婆豆腐 is $9."), lang="en"))).passed


# --- repetition --------------------------------------------------------------------------------------------


async def test_repetition() -> None:
    again = await judged("repetition", put(7, turn("agent", "您好！欢迎。您预算大概在多少呢？")))
    assert again.reason == "turn 7 repeats turn 1" and again.turns == (7,)
    courtesies = builders.saying(["好的。", "好的。", "好的。"])
    assert (await judged("repetition", courtesies)).passed
    by_the_other = builders.saying(["这款续航多少公里啊请问？", "这款续航多少公里啊请问？"])
    assert (await judged("repetition", by_the_other)).passed


# --- answers -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "given",
    [
        agent("好的。", act("acknowledge")),
        agent("青屿E5的价格是13.98万元。", act("inform", "price", "13.98万元", "青屿E5")),
        agent("青屿X7续航是110公里。", act("inform", "range", "110公里", "青屿X7")),
    ],
)
async def test_what_is_asked_and_not_answered(given: Dialogue) -> None:
    found = await judged("answers", given)
    assert found.reason == "turn 4: range is asked and not answered" and found.turns == (4,)


@pytest.mark.parametrize(
    "given", [agent("我核实一下。", act("notify_unknown", "range", "", "青屿E5")), agent("520公里。", RANGE)]
)
async def test_what_is_answered_or_owned_up_to(given: Dialogue) -> None:
    assert (await judged("answers", given)).passed


# --- labels ------------------------------------------------------------------------------------------------


HELD_UNSAID = {"price": "14万", "class": "SUV"}


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (agent("青屿E5续航不错。", RANGE), "turn 5: inform: '520公里' is not said"),
        (agent("青屿E5续航是520公里。", RANGE, act("bye")), "turn 5: bye is not heard"),
        (put(4, turn("user", "这款续航不错。", act("request", "range"), asks=True)), "no question is asked"),
        (
            put(2, turn("user", "预算14万以内。", act("inform", "price", "14万"), state=HELD_UNSAID)),
            "turn 2: state class='SUV' was never said",
        ),
    ],
)
async def test_labels(given: Dialogue, reason: str) -> None:
    assert reason in (await judged("labels", given)).reason


# --- leak --------------------------------------------------------------------------------------------------


async def test_a_user_may_not_know_what_nobody_mentioned() -> None:
    early = put(2, turn("user", "预算14万以内，青屿E5行吗。", act("inform", "price", "14万"), state=BUDGET))
    assert (await judged("leak", early)).reason == "turn 2: the user names '青屿E5', which nobody has mentioned"
    compared = put(4, turn("user", "那青屿X7呢？", act("request_compare", value="青屿X7", entity="青屿E5")))
    assert (await judged("leak", compared)).passed, "seen elsewhere, and labelled so"


async def test_an_agent_may_not_know_a_wish_before_it_is_stated() -> None:
    early = put(1, turn("agent", "您好，欢迎。14万以内的话可以看看。", act("greet")))
    assert (await judged("leak", early)).reason == "turn 1: the agent knows '14万' before the user has said it"


# --- claims ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("given", "reason"),
    [
        (agent("青屿E5续航是620公里。", act("inform", "range", "620公里", "青屿E5")), "no fact says that range"),
        (agent("青屿E5续航是520公里，7座。", RANGE), "the number 7 has no source"),
        (agent("青屿E5续航是520公里，终身质保。", RANGE), "promises '终身'"),
        (agent("青屿E5续航是520公里，青屿X7也行。", RANGE), "names '青屿X7'"),
        (agent("青屿E5续航是520公里，是SUV。", RANGE), "says 'SUV', which is not so for 青屿E5"),
        (agent("青屿E5没有520公里续航。", RANGE), "does not affirm '520公里'"),
        (agent("青屿E5续航不到520公里。", RANGE), "does not affirm '520公里'"),
        (agent("青屿E5续航是520英里。", RANGE), "counts 520 in miles"),
        (agent("青屿E5续航是520公里，我再给您便宜一点。", RANGE), "grants"),
        (agent("青屿E5续航是520公里，下周六涨价。", RANGE), "names a time"),
        (agent("青屿E5的质保是家用充电桩。", GIFT), "puts '家用充电桩' under warranty"),
        (agent("质保这块，青屿E5是520公里。", RANGE), "puts '520公里' under warranty"),
        (agent("青屿E5的提车是520公里。", RANGE, GIFT), "puts '520公里' under delivery"),
        (agent("青屿E5续航是520公里，我替您垫上保费。", RANGE), "undertakes"),
        (agent("青屿E5续航是520公里，眼看就要断货。", RANGE), "counts stock"),
        (agent("青屿E5续航是520公里，邻居们都夸。老客户都买它。", RANGE), "speaks for others"),
        (agent("青屿E5续航是520公里，按您出的价来。", RANGE), "grants"),
        (
            agent("续航上，青屿E5是110公里，青屿X7是520公里。", RANGE, act("inform", "range", "110公里", "青屿X7")),
            "says '520公里' of '青屿X7', but it is of '青屿E5'",
        ),
    ],
)
async def test_a_claim_without_support(given: Dialogue, reason: str) -> None:
    found = await judged("claims", given)
    assert reason in found.reason and found.turns == (5,)


@pytest.mark.parametrize(
    "given",
    [
        agent("青屿E5续航五百二十公里。", RANGE),
        agent("不过青屿E5这边有家用充电桩。", GIFT),
        agent("续航上，青屿E5是520公里，青屿X7是110公里。", RANGE, act("inform", "range", "110公里", "青屿X7")),
        put(4, turn("user", "隔壁给我免费送10年保养，下周六就提车。", act("negotiate"))),
    ],
)
async def test_a_claim_with_support_and_a_users_words(given: Dialogue) -> None:
    assert (await judged("claims", given)).passed


def priced(text: str) -> Dialogue:
    told = [act("inform", "price", value, name) for name, value in (("Corn Ribs", "$9"), ("Dragon Wings", "$15"))]
    return dialogue(turn("user", "How do they compare?"), turn("agent", text, *told), lang="en")


async def test_english_may_put_the_value_before_its_name() -> None:
    right = "On price it's $9 on the Corn Ribs and $15 on the Dragon Wings."
    assert (await judged("claims", priced(right), "en")).passed
    swapped = "On price it's $15 on the Corn Ribs and $9 on the Dragon Wings."
    assert "'$9' of 'Dragon Wings'" in (await judged("claims", priced(swapped), "en")).reason


# --- invented ----------------------------------------------------------------------------------------------


async def test_invented() -> None:
    found = await judged("invented", agent("青屿E5续航是520公里，老板娘弹琵琶唱评弹。", RANGE))
    assert found.turns == (5,) and "nothing vouches for '老板娘弹琵琶唱评弹'" in found.reason
    price = act("inform", "price", "$9", "Corn Ribs")
    told = turn("agent", "The Corn Ribs is $9. A magician juggles torches outside.", price)
    given = dialogue(turn("user", "How much?"), told, lang="en")
    assert "magician" in (await judged("invented", given, "en")).reason
    assert (await judged("invented", put(4, turn("user", "老板娘弹琵琶唱评弹。")))).passed


# --- documents ---------------------------------------------------------------------------------------------


def consulted(told: str, quoted: str = "", asks: bool = True) -> Dialogue:
    """The sound dialogue with a question that a document answers."""
    written = "试驾要提前1天预约。必须带驾照，门口有8个免费车位。"
    proof = Evidence(source="store", kind="span", at=(0, len(written)), quote=written)
    said = turn("agent", told, act("inform_passage", value=quoted or told))
    answer = builders.altered(said, grounding=(proof,)) if asks else turn("agent", told)
    question = turn("user", "试驾怎么说？", act("request_passage", value="试驾"), asks=True)
    return dialogue(*SOUND[:6], question, answer, *SOUND[6:], wishes=WISH)


@pytest.mark.parametrize("name", plugins.names("critics"))
async def test_every_critic_keeps_what_a_document_says(name: str) -> None:
    assert (await judged(name, consulted("必须带驾照，门口有8个免费车位。"))).passed


async def test_what_a_document_does_not_say_is_not_quoted() -> None:
    told = "试驾送您一箱茅台。"
    assert "no document" in (await judged("claims", consulted(told))).reason
    assert (await judged("grounding", consulted(told))).turns == (7,)
    assert "said" in (await judged("labels", consulted("必须带驾照。", "试驾要提前1天预约。"))).reason
    turned = consulted("不必须带驾照，门口没有8个免费车位。", "必须带驾照，门口有8个免费车位。")
    assert "as it stands" in (await judged("claims", turned)).reason


def test_the_agents_turns_without_support_are_counted() -> None:
    sound, wrong = dialogue(*SOUND), dialogue(*SOUND[:5], turn("agent", "青屿E5续航是620公里。"), *SOUND[6:])
    counted = counter(KNOWN["zh"])
    assert counted([sound]) == (4, 0)
    assert counted([sound, wrong]) == (8, 1)


async def test_a_question_for_a_document_wants_a_quote() -> None:
    assert "试驾 is asked" in (await judged("answers", consulted("好的。", asks=False))).reason


@pytest.mark.parametrize(("told", "true"), [("焦圈、豆汁", True), ("焦圈、烤鸭", False)])
async def test_of_a_list_no_more_is_told_than_it_has(told: str, true: bool) -> None:
    menu = fact("南门小馆", "signature", "豆汁、焦圈、炸酱面、爆肚、麻豆腐、年糕")
    known = Known(domains.read("restaurant"), "zh", (menu,))
    said = turn("agent", f"南门小馆的推荐菜是{told}。", act("inform", "signature", told, "南门小馆"))
    asked = turn("user", "南门小馆有什么推荐菜？", act("request", "signature", entity="南门小馆"), asks=True)
    found = await plugins.load("critics", "claims")(known)(dialogue(asked, said))
    assert found.passed is true, found.reason


async def test_a_dish_that_is_wished_for_may_have_the_name_of_a_thing() -> None:
    facts = (
        fact("南门小馆", "signature", "烤鱼、豆汁"),
        fact("烤鱼", "rating", "4分", 4),
    )  # fmt: skip
    known = Known(domains.read("restaurant"), "zh", facts)
    wish = turn("user", "想吃烤鱼。", act("inform", "signature", "烤鱼"), state={"signature": "烤鱼"})
    other = turn("user", "想吃烤鱼。", act("inform_intent"))
    leak = plugins.load("critics", "leak")(known)
    assert (await leak(dialogue(wish))).passed and not (await leak(dialogue(other))).passed

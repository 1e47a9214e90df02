"""What a mined turn may be lent to: the same acts, values that are carried, and nothing the claim checks refuse."""

from millstream import domain as domains
from millstream.frames import Frame
from millstream.know import listed
from millstream.plan.filling import Filling
from millstream.plan.lending import Lender
from millstream.records import Act, Evidence, Fact, Outline, Scenario, Sentence, Step
from millstream.shapes import Known
from millstream.turns import OF, STRIDE, Turns

HERE = (Evidence(source="talk", kind="cues", at=(1,), quote="价格是200元。"),)
FACT = Fact(entity="京华酒店", attribute="price", value="805元", number=805.0, evidence=HERE)
KNOWN = Known(domains.read("hotel"), "zh", (FACT,))
SCENARIO = Scenario(
    domain="hotel", lang="zh", user="u", agent="a", blueprint="b", path="p", outcome="success", aim="京华酒店",
    constraints=(), requests=(), seed=0, number=0,
)  # fmt: skip


def frame(text: str, act: str, slot: str, role: str = "agent turn", demand: int = 1) -> Frame:
    return Frame(
        text=text, lang="zh", family=role, act=act, slot=slot, stage="", delivery=(), manners=(), demand=demand,
        evidence=HERE,
    )  # fmt: skip


def step(draft: str, role: str, *acts: Act) -> Step:
    parts = (Sentence(text=draft, acts=acts),)
    return Step(role=role, acts=acts, state=(), stage="s", draft=draft, parts=parts)


ASKED = step("京华酒店一晚多少钱？", "user", Act(act="request", slot="price", entity="京华酒店"))
TOLD = step("京华酒店是805元。", "agent", Act(act="inform", slot="price", value="805元", entity="京华酒店"))


def said(*frames: Frame) -> list[Step]:
    lent = Lender(Turns(frames), KNOWN).lent(Outline(scenario=SCENARIO, steps=(ASKED, TOLD)))
    return list(lent.steps)


def test_a_turn_of_the_same_acts_is_filled_and_recorded() -> None:
    mined = frame("价格是$value。", "inform", "price")
    told = said(mined)[1]
    assert (told.draft, told.frame) == ("价格是805元。", mined.id)
    assert mined.id in told.refs


def test_what_takes_a_value_back_is_not_lent() -> None:
    assert said(frame("哪里是$value。", "inform", "price"))[1].draft == TOLD.draft


def test_other_acts_are_not_lent() -> None:
    assert said(frame("评分是$value。", "inform", "rating"))[1].draft == TOLD.draft


def test_nobody_begins_by_agreeing() -> None:
    agreeing = frame("好的，$entity的价格是多少？", "acknowledge request", ",price", OF["user"])
    assert said(agreeing)[0].draft == ASKED.draft


def test_no_turns_change_nothing() -> None:
    assert said()[0] is ASKED


def test_what_was_just_named_is_pointed_at() -> None:
    told = said(frame("$entity的价格是$value。", "inform", "price"))[1]
    assert told.draft == "这家的价格是805元。"


def test_a_turn_too_short_gets_what_others_said_before_theirs() -> None:
    long = frame("", "acknowledge request", ",price", OF["user"], demand=3).model_copy(
        update={"evidence": (HERE[0].model_copy(update={"quote": "好的，记下了，那它一晚上的价格是多少？"}),)}
    )
    core = frame("$entity的价格是多少？", "request", "price", "user core")
    lead = frame("好的，记下了，", "acknowledge", "", "user lead", demand=9)
    first = step("京华酒店在哪一片？", "user", Act(act="request", slot="area", entity="京华酒店"))
    steps = Lender(Turns((long, core, lead)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(first, ASKED, TOLD))).steps
    assert steps[1].draft.startswith("好的，记下了，")
    assert [act.act for act in steps[1].acts] == ["acknowledge", "request"]


def test_what_no_turn_says_at_once_is_said_clause_by_clause() -> None:
    other = Fact(entity="京华酒店", attribute="rating", value="4.7分", number=4.7, evidence=HERE)
    both = step(
        "京华酒店是805元，评分4.7分。", "agent", TOLD.acts[0],
        Act(act="inform", slot="rating", value="4.7分", entity="京华酒店"),
    )  # fmt: skip
    frames = (frame("价格是$value。", "inform", "price"), frame("评分是$value。", "inform", "rating"))
    known = Known(KNOWN.domain, "zh", (FACT, other))
    steps = Lender(Turns(frames), known).lent(Outline(scenario=SCENARIO, steps=(ASKED, both))).steps
    assert steps[1].draft in ("价格是805元，评分是4.7分。", "评分是4.7分，价格是805元。")


def test_who_takes_note_does_so_as_after_such_an_answer() -> None:
    """"That one then" is said of an offer, and not to a price."""
    told = frame("行，就这家吧，$entity的价格是多少？", "acknowledge request", ",price", OF["user"])
    after_offer, after_told = (told.model_copy(update={"stage": stage}) for stage in ("offer", "told"))
    offer = step("给您推荐京华酒店。", "agent", Act(act="offer", entity="京华酒店"))
    for mined, before, taken in (
        (after_offer, offer, True), (after_told, offer, False), (after_offer, TOLD, False), (after_told, TOLD, True),
    ):  # fmt: skip
        steps = Lender(Turns((mined,)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(before, ASKED))).steps
        assert (mined.id in steps[1].refs) is taken, (mined.stage, before.draft)


def test_the_nearest_there_is_is_not_said_to_be_as_wished() -> None:
    offer = Act(act="offer", entity="京华酒店")
    near = step("都满足的没有。最接近的是京华酒店。", "agent", Act(act="notify_failure"), offer)
    parts = (
        Sentence(text="都满足的没有。", acts=(Act(act="notify_failure"),)),
        Sentence(text="最接近的是京华酒店。", acts=(offer,)),
    )
    near = near._replace(parts=parts)
    fitting = frame("为您推荐$entity，完全符合您的要求。", "offer", "")
    plain = frame("为您推荐$entity。", "offer", "")
    for mined, lent in (fitting, False), (plain, True):
        steps = Lender(Turns((mined,)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(near,))).steps
        assert (mined.id in steps[0].refs) is lent


def test_a_bound_is_not_put_between_two() -> None:
    want = Act(act="inform", slot="price_level", value="200元以下")
    opening = step("200元以下的就行。", "user", Act(act="inform_intent"), want)
    mined = frame("我想找一家在$value之间的酒店。", "inform_intent inform", ",price_level", OF["user"])
    (lent,) = Lender(Turns((mined,)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(opening,))).steps
    assert lent.draft == opening.draft


def test_an_agent_says_yes_to_who_asked_for_a_yes() -> None:
    yes = frame("是的，价格是$value。", "acknowledge inform", ",price")
    assert said(yes)[1].draft == TOLD.draft
    can = frame("可以，价格是$value。", "acknowledge inform", ",price")
    for mined, asked, told in (
        (yes, "京华酒店的价格是805元吗？", "是的，价格是805元。"),
        (yes, "京华酒店的价格能告诉我吗？", TOLD.draft),
        (can, "京华酒店的价格能告诉我吗？", "可以，价格是805元。"),
        (can, "京华酒店的价格怎么样？", TOLD.draft),
    ):
        polite = step(asked, "user", *ASKED.acts)
        steps = Lender(Turns((mined,)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(polite, TOLD))).steps
        assert steps[1].draft == told


def test_a_line_of_few_is_lent_to_few() -> None:
    """Of so many lines of one kind each is the first choice of one scenario in as many, at whatever turn."""
    lines = [frame(f"第{n}家的价格是$value。", "inform", "price") for n in "甲乙丙丁戊己庚辛壬癸子丑寅卯辰巳午未申酉"]
    bank = Turns(tuple(lines))
    for step_of_it in (1, 9):
        first = [bank.lends("agent", (("inform", "price"),), n * STRIDE + step_of_it)[0].text for n in range(200)]
        assert max(map(first.count, first)) <= 30 and len({*first}) >= 15


def test_what_is_lent_rests_on_no_pseudonym() -> None:
    """Who is called otherwise under another key is lent the same."""
    keys = []
    for key in ("v1", "zz9"):
        lines = [
            frame(f"{lead}价格是$value。", "inform", "price").model_copy(
                update={"evidence": (Evidence(source="talk", kind="cues", at=(n,), quote=f"{key}，价格是200元。"),)}
            )
            for n, lead in enumerate(("它的", "酒店", "这里", "那边", "这家", "咱们"))
        ]
        keys.append([each.text for each in Turns(tuple(lines)).lends("agent", (("inform", "price"),), 5)])
    assert keys[0] == keys[1]


def test_only_the_end_of_what_is_filled_in_is_not_said_twice() -> None:
    act = Act(act="inform", slot="room_type", value="大")
    assert Filling(KNOWN.domain, "zh", "agent").put("房型是$value大床的。", [act]) == "房型是大床的。"


def test_an_article_agrees_with_what_is_filled_in() -> None:
    wish = Act(act="inform", slot="price_level", value="expensive")
    assert Filling(KNOWN.domain, "en", "user").put("I need a $value room.", [wish]) == "I need an expensive room."
    cheap = wish.model_copy(update={"value": "cheap"})
    assert Filling(KNOWN.domain, "en", "user").put("I need an $value room.", [cheap]) == "I need a cheap room."
    assert Filling(KNOWN.domain, "en", "user").put("A $value room.", [wish]) == "An expensive room."
    own = wish.model_copy(update={"value": "the Ivy"})
    assert Filling(KNOWN.domain, "en", "user").put("Is it a $value room?", [own]) == "Is it the Ivy room?"
    assert Filling(KNOWN.domain, "en", "user").put("Is the $value room free?", [own]) == "Is the Ivy room free?"
    assert Filling(KNOWN.domain, "en", "user").put("Is the $value room free?", [wish]) == "Is the expensive room free?"


def test_two_things_that_are_not_there_are_denied_in_one_breath() -> None:
    domain = KNOWN.domain.model_copy(
        update={"slots": (*KNOWN.domain.slots, *(listed.slot(each, "zh") for each in ("健身房", "温泉")))}
    )
    no = [
        Fact(entity="京华酒店", attribute=each, value="否", number=None, evidence=HERE) for each in ("健身房", "温泉")
    ]
    asked = step("京华酒店有健身房吗？有温泉吗？", "user", *(Act(act="request", slot=fact.attribute) for fact in no))
    acts = tuple(Act(act="inform", slot=each.attribute, value="否", entity="京华酒店") for each in no)
    parts = tuple(Sentence(text=f"京华酒店没有{each.slot}。", acts=(each,)) for each in acts)
    told = Step(role="agent", acts=acts, state=(), stage="s", draft="".join(p.text for p in parts), parts=parts)
    mined = frame("抱歉，没有$slot。", "inform", "-泳池")
    steps = Lender(Turns((mined,)), Known(domain, "zh", tuple(no))).lent(
        Outline(scenario=SCENARIO, steps=(asked, told))
    ).steps
    assert (steps[1].draft, steps[1].frame) == ("抱歉，没有健身房和温泉。", mined.id)
    assert [act.slot for act in steps[1].acts] == ["健身房", "温泉"]


def test_of_one_thing_nobody_asks_which() -> None:
    which = frame("这些酒店哪家的价格低？价格是多少？", "request", "price", OF["user"])
    offered = step("推荐您京华酒店。", "agent", Act(act="offer", entity="京华酒店"))
    steps = Lender(Turns((which,)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(offered, ASKED))).steps
    assert steps[1].draft == ASKED.draft


def test_nothing_calls_one_thing_many() -> None:
    many = frame("价格很多的，有$value。", "inform", "price")
    assert said(many)[1].draft == TOLD.draft


def test_nobody_begins_by_going_on() -> None:
    going_on = frame("然后$entity的价格是多少？", "request", "price", OF["user"])
    assert said(going_on)[0].draft == ASKED.draft


def test_who_is_to_take_note_does_so_in_the_words_of_others() -> None:
    noting = step("好的。京华酒店一晚多少钱？", "user", Act(act="acknowledge"), *ASKED.acts)
    asking = frame("$entity的价格是多少？", "request", "price", OF["user"], demand=3)
    lead = frame("知道了，", "acknowledge", "", "user lead", demand=3)
    first = step("京华酒店在哪一片？", "user", Act(act="request", slot="area", entity="京华酒店"))
    lent = Lender(Turns((asking, lead)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(first, noting, TOLD)))
    assert lent.steps[1].draft.startswith("知道了，")
    plain = Lender(Turns((asking, lead)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(first, ASKED, TOLD)))
    assert not plain.steps[1].draft.startswith("知道了，")


def test_two_things_are_not_offered_in_one_wording() -> None:
    offers = [Act(act="offer", entity=each) for each in ("京华酒店", "京都酒店")]
    parts = tuple(Sentence(text=f"可以看看{act.entity}。", acts=(act,)) for act in offers)
    draft = "".join(part.text for part in parts)
    both = Step(role="agent", acts=tuple(offers), state=(), stage="s", draft=draft, parts=parts)
    like = frame("听说$entity不错。", "offer", "")
    lent = Lender(Turns((like,)), KNOWN).lent(Outline(scenario=SCENARIO, steps=(ASKED, both)))
    assert lent.steps[1].draft.count("听说") <= 1

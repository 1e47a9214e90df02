"""Haggling: offers never regress, what is hidden stays hidden, a deal only where the ranges meet."""

from itertools import pairwise
from random import Random

import grounds
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import builders
from millstream import numbers, phrases, records
from millstream.know.base import Knowledge
from millstream.plan import haggling, talk
from millstream.plan.bargain import LEAST_ROUNDS, LOST, MOST_ROUNDS, Bargain, Point, drawn, off
from millstream.plan.moves import MOVES, opening, recommend
from millstream.plan.sampling import Sampler
from millstream.plan.script import Script
from millstream.prepare import Ground
from millstream.records import Blueprint, Fact, Move, Outcome, Path, Record, Scenario, Stage, Step

BEFORE: tuple[Move, ...] = ("greet", "needs", "conflict", "recommend")
OUTCOMES: tuple[Outcome, ...] = ("success", "delayed", "lost_price", "lost_competitor")
HIDDEN = {"reservation", "floor", "worth", "schedule", "bids"}


def scenario_of(base: Ground, outcome: Outcome, seed: int) -> tuple[Scenario, str]:
    """A scenario over a path with a negotiation, and the need of its user."""
    stages = tuple(Stage(name=move, move=move) for move in (*BEFORE, "negotiate", "close"))
    path = Path(name="by hand", stages=tuple(stage.name for stage in stages), outcome=outcome)
    plan = Blueprint(domain=base.knowledge.domain.name, lang=base.lang, stages=stages, paths=(path,))
    (made,) = Sampler(base.knowledge, base.lang, base.users, base.agents, (plan,), {}, seed).draw(1)
    return made, next(user.get("need") or "" for user in base.users if user.id == made.user)


def up_to_it(base: Ground, outcome: Outcome, seed: int, knowledge: Knowledge | None = None) -> Script:
    """The script of a dialogue up to its negotiation: the same each time it is asked for."""
    scenario, need = scenario_of(base, outcome, seed)
    script = Script(
        scenario, knowledge or base.knowledge, Random(seed), need=need, requests=list(scenario.requests)
    )
    script.stage = "before"
    opening(script)
    for move in BEFORE:
        MOVES[move](script)
    return script


def negotiated(
    base: Ground, outcome: Outcome, seed: int, knowledge: Knowledge | None = None
) -> tuple[Bargain, list[Step]]:
    """The hidden ranges of a negotiation, and the steps that it became."""
    looked, played = (up_to_it(base, outcome, seed, knowledge) for _ in range(2))
    recommend(looked)
    talk.settle_price(looked)
    played.stage = "haggling"
    MOVES["negotiate"](played)
    return haggling.bargain(looked), [step for step in played.steps if step.stage == "haggling"]


def haggles(steps: list[Step]) -> list[int]:
    return [n for n, step in enumerate(steps) if any(act.act == "negotiate" for act in step.acts)]


def figures(text: str) -> set[float]:
    return {round(number, 2) for number in numbers.values(text)}


cases = given(st.sampled_from(grounds.EVERY), st.sampled_from(OUTCOMES), st.integers(0, 2**31))


@cases
@settings(max_examples=150, deadline=None)
def test_a_deal_is_made_only_where_the_ranges_meet(key: str, outcome: Outcome, seed: int) -> None:
    deal, steps = negotiated(grounds.ground(key), outcome, seed)
    rounds = len(haggles(steps))
    heard = {act.act for step in steps for act in step.acts}
    assert LEAST_ROUNDS <= rounds == len(list(deal.rounds())) <= MOST_ROUNDS
    assert deal.meets(rounds) == deal.agreed == (outcome not in LOST) == ("accept" in heard) == ("decline" not in heard)
    assert not any(deal.meets(n) for n in range(LEAST_ROUNDS, rounds)), "nobody asks on for what it would take"


@cases
@settings(max_examples=150, deadline=None)
def test_offers_never_regress(key: str, outcome: Outcome, seed: int) -> None:
    """What is asked never rises, nothing granted is taken back or granted twice, and bids never fall."""
    deal, steps = negotiated(grounds.ground(key), outcome, seed)
    asked = [deal.asked(n) for n in range(len(deal.schedule) + 1)]
    assert all(later <= before for before, later in pairwise(asked))
    assert deal.floor == asked[-1] <= asked[0] == deal.listed
    bids = [bid for bid in deal.bids if bid is not None]
    assert all(before < later for before, later in pairwise(bids))
    assert all(bid < min(deal.reservation, deal.floor) for bid in bids)
    granted = [(act.slot, act.entity) for step in steps for act in step.acts if act.act == "offer"]
    assert len(granted) == len(set(granted))


@cases
@settings(max_examples=150, deadline=None)
def test_every_concession_rests_on_a_fact(key: str, outcome: Outcome, seed: int) -> None:
    base = grounds.ground(key)
    facts = {fact.id: fact for fact in base.knowledge.facts}
    _, steps = negotiated(base, outcome, seed)
    for n in haggles(steps):
        answer = steps[n + 1]
        told = [act for act in answer.acts if act.act in ("offer", "inform")]
        assert answer.role == "agent" and "refuse" in {act.act for act in answer.acts}
        assert set(answer.refs) <= set(facts) and bool(answer.refs) == bool(told)
        said = {(facts[ref].entity, facts[ref].attribute, facts[ref].value) for ref in answer.refs}
        assert {(act.entity, act.slot, act.value) for act in told} == said


@cases
@settings(max_examples=150, deadline=None)
def test_what_is_hidden_is_never_said(key: str, outcome: Outcome, seed: int) -> None:
    """Neither the drafts nor the labels of any step hold a figure of either range, to the cent or to the unit; what the
    facts and the wishes say is no secret."""
    base = grounds.ground(key)
    deal, _ = negotiated(base, outcome, seed)
    script = up_to_it(base, outcome, seed)
    MOVES["negotiate"](script)
    wishes = [wish.value for wish in script.scenario.constraints]
    open_ = {number for text in wishes + [fact.value for fact in base.knowledge.facts] for number in figures(text)}
    hidden = {round(each, places) for each in (deal.reservation, *deal.worth, deal.floor) for places in (2, 0)}
    for step in script.steps:
        values = [*step.must, *(act.value for act in step.acts), *(held.value for held in step.state)]
        said = {number for text in (step.draft, *values) for number in figures(text)}
        assert not (said - open_) & hidden, step.draft


def test_no_record_can_hold_what_is_hidden() -> None:
    kinds = [each for each in vars(records).values() if isinstance(each, type) and issubclass(each, Record)]
    assert records.View in kinds and len(kinds) > 20
    assert not [kind for kind in kinds if HIDDEN & set(kind.model_fields)]


def test_an_argument_may_fail_and_the_user_says_so() -> None:
    said = {"object": 0, "acknowledge": 0}
    for seed in range(60):
        _, steps = negotiated(grounds.ground("automotive_zh"), "lost_price", seed)
        for n in haggles(steps)[1:]:
            answered, spoken = steps[n - 1], [act.act for act in steps[n].acts]
            bare = {act.act for act in answered.acts} == {"refuse"}
            assert bare == (spoken == ["negotiate"])
            said[spoken[0]] = said.get(spoken[0], 0) + 1
    assert said["object"] > 5 and said["acknowledge"] > 5


@pytest.mark.parametrize(
    ("value", "taken"),
    [
        ("订车立减3000元", 3000),
        ("满200元减30元", 30),
        ("9折", 1000),
        ("8.5折优惠", 1500),
        ("10% off", 1000),
        ("$500 off", 500),
        ("2 yuan off", 2),
        ("减9000元", 0),
        ("家用充电桩加2000元充电卡", 0),
        ("全车贴膜", 0),
        ("official accessories", 0),
        ("", 0),
    ],
)
def test_what_an_offer_takes_off_the_price(value: str, taken: float) -> None:
    fact = Fact(entity="E5", attribute="gift", value=value, evidence=(builders.evidence(),))
    assert off(fact, 10_000) == pytest.approx(taken)


def test_only_a_fact_lowers_what_is_asked() -> None:
    base = grounds.ground("automotive/zh")
    facts = [
        fact.model_copy(update={"value": "订车立减3000元"}) if fact.attribute == "gift" else fact
        for fact in base.knowledge.facts
        if fact.attribute not in ("down_payment", "monthly", "warranty")
    ]
    lowered = Knowledge(base.knowledge.domain, tuple(facts))
    deal, steps = negotiated(base, "success", 4, lowered)
    answer = next(step for step in steps if "立减3000元" in step.draft)
    assert deal.floor == deal.listed - 3000
    assert any(words.rstrip("。") in answer.draft for words in phrases.forms(phrases.general("zh")["hold_listed"]))
    assert not any(str(round(deal.floor)) in step.draft for step in steps)


def test_nobody_haggles_over_a_price_that_is_not_known() -> None:
    base = grounds.ground("restaurant/en")
    facts = tuple(fact for fact in base.knowledge.facts if fact.attribute != "price")
    script = up_to_it(base, "success", 0, Knowledge(base.knowledge.domain, facts))
    before = len(script.steps)
    MOVES["negotiate"](script)
    assert len(script.steps) == before


def test_one_gift_is_worth_more_to_one_user_than_to_another() -> None:
    """Priorities are the user's own: drawn for each scenario, the same whenever they are drawn."""
    base = grounds.ground("automotive/zh")
    gift = Point(next(fact for fact in base.knowledge.facts if fact.attribute == "gift"), "grant")
    worths = set()
    for seed in range(20):
        scenario, _ = scenario_of(base, "success", seed)
        deal = drawn(scenario, 100_000.0, (gift,), None, 2)
        assert deal == drawn(scenario, 100_000.0, (gift,), None, 2)
        worths.add(deal.worth[-1])
    assert len(worths) > 10 and 0.0 in worths


# --- the price, and what costs less ------------------------------------------------------------------------


def test_a_price_is_found_dear_only_where_it_was_heard_and_nears_the_budget() -> None:
    assert sum(found_dear(key) for key in grounds.EVERY) > 20


def found_dear(key: str) -> int:
    """How often a price is found dear, and each time it was told and is near the budget."""
    base, seen = grounds.ground(key), 0
    dear = set(phrases.forms(phrases.general(base.lang)["objection"]))
    for dialogue in grounds.played(key):
        for n, turn in enumerate(dialogue.turns):
            if turn.text in dear:
                seen += 1
                entity = next(act.entity for each in dialogue.turns[n::-1] for act in each.acts if act.entity)
                price = base.knowledge.fact(entity, "price")
                wish = next((wish for wish in dialogue.scenario.constraints if wish.slot == "price"), None)
                assert price and any(price.value in each.text for each in dialogue.turns[:n])
                most = numbers.first(wish.value) if wish else None
                assert not most or (price.number or 0) >= talk.NEAR_BUDGET * most
    return seen


@pytest.mark.parametrize("key", grounds.EVERY)
def test_what_costs_less_serves_the_need_and_keeps_to_the_budget(key: str) -> None:
    base = grounds.ground(key)
    needs = {need.words: need for need in base.knowledge.domain.needs[base.lang]}
    for dialogue in grounds.played(key):
        need = needs[dialogue.personas[0].get("need") or ""]
        for turn in dialogue.turns:
            shown = [act for act in turn.acts if act.act == "offer" and act.slot == "price"]
            for act in shown if "notify_failure" not in {act.act for act in turn.acts} else ():
                price = base.knowledge.fact(act.entity, "price")
                assert price and act.entity in base.knowledge.serving(need)
                wish = next((wish for wish in dialogue.scenario.constraints if wish.slot == "price"), None)
                most = numbers.first(wish.value) if wish else None
                assert not most or (price.number or 0) <= most

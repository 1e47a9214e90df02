"""Drawing scenarios: the same every time, nothing used much more than anything else, and wishes that make sense."""

from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import TypeVar

import grounds
import pytest

from millstream import prepare
from millstream.frames import Frame
from millstream.know.base import Knowledge, satisfies
from millstream.plan.goals import MOST_REQUESTS
from millstream.plan.personas import demand_of, plays
from millstream.plan.sampling import Sampler
from millstream.prepare import Ground
from millstream.records import Blueprint, Evidence, Persona, Signal, Trait
from millstream.turns import OF, Turns

T = TypeVar("T")
every = pytest.mark.parametrize("key", (*grounds.SAMPLES, "automotive/zh", "hotel/en"))


def sampler(base: Ground, seed: int = 11) -> Sampler:
    return prepare.sampler(grounds.SETTINGS.model_copy(update={"seed": seed}), base)


@every
def test_the_seed_decides(key: str) -> None:
    base = grounds.ground(key)
    one, same, other = (list(sampler(base, seed).draw(12)) for seed in (1, 1, 2))
    assert one == same
    assert [each.aim for each in one] != [each.aim for each in other]


@every
def test_a_scenario_does_not_depend_on_those_after_it(key: str) -> None:
    base, parts = grounds.ground(key), sampler(grounds.ground(key))
    assert list(sampler(base).draw(20))[:8] == list(sampler(base).draw(8))
    assert [*parts.draw(5), *parts.draw(7)] == list(sampler(base).draw(12))


def even(counts: Counter[T], choices: Sequence[T]) -> bool:
    used = [counts[choice] for choice in choices]
    return max(used) <= 2 * max(min(used), 1)


@every
def test_nothing_is_used_much_more_than_anything_else(key: str) -> None:
    """Half of successes book, and routes are drawn by their length first: of one length and kind, none is due twice
    as often as another. A turn at which a move of a route could not be made for anybody counts; they are few."""
    base, turns = grounds.ground(key), sampler(grounds.ground(key))
    drawn = list(turns.draw(200))
    routes = {
        (path.outcome, tuple(map(plan.moves.__getitem__, path.stages)))
        for plan in base.blueprints
        for path in plan.paths
    }
    assert even(Counter(each.outcome for each in drawn), sorted({outcome for outcome, _ in routes}))
    made = Counter({each: turns.used.counts[f"route/{each[0]}"]["+".join(each[1])] for each in routes})
    assert made.total() <= 1.25 * len(drawn)
    for kind in {(outcome, len(moves), "invite" in moves) for outcome, moves in routes}:
        assert even(made, [each for each in routes if (each[0], len(each[1]), "invite" in each[1]) == kind]), kind
    assert max(Counter(each.user for each in drawn).values()) <= 4 * len(drawn) / len(base.users)
    assert {each.user for each in drawn} == {user.id for user in base.users}
    assert even(Counter(each.agent for each in drawn), [agent.id for agent in base.agents])


@every
def test_a_doubt_is_played_by_who_has_it_or_shows_none(key: str) -> None:
    base, users = grounds.ground(key), {user.id: user for user in grounds.ground(key).users}
    made_for = {plan.id: plan.made_for for plan in base.blueprints}
    drawn = grounds.scenarios(key, 200)
    assert {made_for[each.blueprint] for each in drawn} > {""}
    assert all(plays(users[each.user], made_for[each.blueprint]) for each in drawn)


@every
def test_no_thing_dominates_and_each_serves_its_users_need(key: str) -> None:
    """What serves few needs is drawn less often, but it is drawn."""
    base, drawn = grounds.ground(key), grounds.scenarios(key, 200)
    known = [name for name in base.knowledge.entities if len(base.knowledge.of(name)) >= 3]
    aims = Counter(each.aim for each in drawn)
    assert set(aims) == set(known) and max(aims.values()) <= 3 * len(drawn) / len(known)
    needs = {need.words: need for need in base.knowledge.domain.needs[base.lang]}
    said = {user.id: user.get("need") or "" for user in base.users}
    priceless = [each for each in drawn if each.outcome != "lost_price"]
    assert priceless and all(each.aim in base.knowledge.serving(needs[said[each.user]]) for each in priceless)


@every
def test_who_is_lost_over_the_price_misses_the_budget(key: str) -> None:
    known = grounds.ground(key).knowledge
    lost = [each for each in grounds.scenarios(key, 200) if each.outcome == "lost_price"]
    assert lost
    for scenario in lost:
        budget = next(wish for wish in scenario.constraints if wish.slot == "price")
        price = known.fact(scenario.aim, "price")
        assert price is not None and not satisfies(price, budget)
        assert known.matching(scenario.constraints) == ()
        assert all(known.meets(scenario.aim, wish) for wish in scenario.constraints if wish != budget)


@every
def test_everybody_else_can_be_helped_unless_the_path_has_a_conflict(key: str) -> None:
    base = grounds.ground(key)
    moves = {
        (plan.id, path.name): {plan.moves[stage] for stage in path.stages}
        for plan in base.blueprints
        for path in plan.paths
    }
    for scenario in grounds.scenarios(key, 200):
        if scenario.outcome != "lost_price":
            met = base.knowledge.matching(scenario.constraints)
            conflicting = "conflict" in moves[scenario.blueprint, scenario.path]
            assert (scenario.aim in met) != conflicting, scenario
            assert bool(met) != conflicting


@every
def test_wishes_are_of_different_slots_that_a_user_may_want(key: str) -> None:
    domain = grounds.ground(key).knowledge.domain
    for scenario in grounds.scenarios(key, 200):
        slots = [wish.slot for wish in scenario.constraints]
        assert 1 <= len(slots) == len(set(slots)) <= 3
        assert all("constrain" in domain.by_name[slot].use for slot in slots)
        assert not set(slots) & set(scenario.requests)
        assert len(scenario.requests) == len(set(scenario.requests)) <= MOST_REQUESTS + 1


def test_without_a_price_nobody_is_lost_over_it() -> None:
    base = grounds.ground("automotive/zh")
    free = Knowledge(base.knowledge.domain, tuple(f for f in base.knowledge.facts if f.attribute != "price"))
    drawn = Sampler(free, "zh", base.users, base.agents, base.blueprints, {}, 0).draw(40)
    assert "lost_price" not in {each.outcome for each in drawn}


def asked(slot: str, demand: int = 1) -> Signal:
    proof = Evidence(source="room", kind="cues", track="chat", at=(1,), quote=slot)
    return Signal(kind="user_question", text=slot, slot=slot, demand=demand, evidence=(proof,))


def test_what_viewers_asked_comes_first() -> None:
    base = grounds.ground("automotive/zh")
    own = Trait(name="asks_about", value="monthly, delivery", origin="mined", evidence=asked("seats").evidence)
    keen = Persona(role="user", domain="automotive", lang="zh", fields=(own,))
    demand = demand_of([asked("warranty", 9), asked("gift", 2), asked("gift")])
    assert demand == {"warranty": 9, "gift": 3}
    drawn = list(Sampler(base.knowledge, "zh", (keen,), base.agents, base.blueprints, demand, 0).draw(40))
    firsts: dict[int, Counter[str]] = defaultdict(Counter)
    for scenario in drawn:
        known = [slot for slot in scenario.requests if base.knowledge.fact(scenario.aim, slot)]
        for place, slot in enumerate(known[:3]):
            firsts[place][slot] += 1
    assert set(firsts[0]) <= {"monthly", "delivery"}
    assert firsts[2].most_common(1)[0][0] == "warranty"


def turn(act: str, slot: str) -> Frame:
    return Frame(
        text="", lang="en", family=OF["agent" if "offer" in act else "user"], act=act, slot=slot, stage="", delivery=(),
        manners=(), demand=1, evidence=asked("seats").evidence,
    )  # fmt: skip


def test_in_talks_of_two_as_many_wishes_are_just_missed_as_were() -> None:
    base = grounds.ground("hotel/en")
    wished = turn("inform_intent inform inform", ",price,capacity")
    told = [turn("offer", ""), turn("notify_failure offer inform", ",,price")]
    turns = Turns((wished, *told))
    assert turns.missed == 0.5
    plain = Blueprint.model_validate({
        "domain": "hotel", "lang": "en", "origin": "seed", "tactics": (),
        "stages": [{"name": name, "move": name} for name in ("greet", "needs", "recommend", "inform", "close")],
        "paths": [{"name": "p", "stages": ("greet", "needs", "recommend", "inform", "close"), "outcome": "success"}],
    })  # fmt: skip
    drawn = list(Sampler(base.knowledge, "en", base.users, base.agents, (plain,), {}, 0, turns=turns).draw(60))
    missed = [each for each in drawn if not base.knowledge.matching(each.constraints)]
    assert 10 < len(missed) < 50
    assert all({wish.slot for wish in each.constraints} <= {"price", "capacity"} for each in missed)


def test_what_has_no_price_is_not_argued_over() -> None:
    base = grounds.ground("hotel/zh")
    priced = base.knowledge.entities[0]
    facts = [fact for fact in base.knowledge.facts if fact.attribute != "price" or fact.entity == priced]
    sampler = Sampler(Knowledge(base.knowledge.domain, facts), "zh", base.users, base.agents, base.blueprints, {}, 0)
    for scenario in sampler.draw(60):
        if "negotiate" in sampler.values(scenario)["path"] or scenario.outcome == "lost_price":
            assert scenario.aim == priced

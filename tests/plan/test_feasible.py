"""A path is drawn for a goal with which each of its moves can be made, and is named after nothing else."""

from collections import Counter
from dataclasses import replace

import grounds
import pytest

from millstream import prepare
from millstream.domain import Domain
from millstream.know.base import Knowledge, constraint_on
from millstream.plan import slips
from millstream.plan.feasible import Course, Feasible, Goal, left_out
from millstream.plan.outline import path_of
from millstream.records import Dialogue, Evidence, Fact, Move, Recovery, Scenario

EVIDENCE = (Evidence(source="menu", kind="row", at=(1,)),)
samples = pytest.mark.parametrize("key", (*grounds.SAMPLES, "automotive/zh", "restaurant/en"))


def course(key: str, scenario: Scenario) -> Course:
    plan = next(each for each in grounds.ground(key).blueprints if each.id == scenario.blueprint)
    return Course.of(plan, path_of(scenario, plan))


def feasible(key: str) -> Feasible:
    base = grounds.ground(key)
    return Feasible(base.knowledge, base.lang)


@samples
def test_every_move_of_a_path_is_made(key: str) -> None:
    """Of what is drawn all can be made, and what was played shows it: nothing is rejected for a move left out."""
    drawn = grounds.scenarios(key, grounds.COUNT)
    can = feasible(key)
    assert all(can(course(key, each), Goal(each.aim, each.constraints)) for each in drawn)
    played: list[Dialogue] = grounds.words(grounds.ground(key), drawn)
    assert len(played) >= len(drawn) - 1
    assert not [each.id for each in played if left_out(course(key, each.scenario), each.turns)]


def menu(**prices: int) -> Knowledge:
    domain: Domain = grounds.read("restaurant")
    facts = [
        Fact(entity=name, attribute="price", value=f"${cost}", number=cost, evidence=EVIDENCE)
        for name, cost in prices.items()
    ]
    return Knowledge(domain, tuple(facts))


def test_five_people_do_not_become_four() -> None:
    domain = grounds.read("restaurant")
    boards = (
        Fact(entity=f"board {n}", attribute="serves", value=str(n), number=n, evidence=EVIDENCE) for n in (2, 4)
    )
    known = Knowledge(domain, tuple(boards))
    assert "serves" in domain.counted
    assert not slips.missing(known, [constraint_on(domain, "serves", "4")], "en")


def test_nobody_who_wanted_to_spend_five_settles_for_thirty_five() -> None:
    """Where the nearest there is costs $6, only a wish near that is one to settle for."""
    known = menu(slaw=6, lamb=33)
    near, far = (constraint_on(known.domain, "price", value) for value in ("$6", "$35"))
    assert slips.missing(known, [near, far], "en") == [(near, "$5")]
    can, lacking = Feasible(known, "en"), Course(("greet", "recover", "needs", "recommend"), "unavailable", "delayed")
    assert can(lacking, Goal("slaw", (near,)))
    assert not can(lacking, Goal("lamb", (far,)))


@pytest.mark.parametrize(
    ("moves", "recovery"),
    [(("compare",), None), (("conflict",), None), (("recover", "inform"), "wrong_item"), (("recover",), "complaint")],
)
def test_of_one_thing_with_a_price_little_can_happen(moves: tuple[Move, ...], recovery: Recovery | None) -> None:
    known = menu(soup=12)
    goal = Goal("soup", (constraint_on(known.domain, "price", "$15"),))
    assert not Feasible(known, "en")(Course(("greet", *moves), recovery, "success"), goal)
    assert Feasible(known, "en")(Course(("greet", "negotiate"), None, "success"), goal)


def test_what_cannot_be_made_leaves_the_others_as_often() -> None:
    """A table of one thing: no path with a comparison is drawn, and the outcomes keep their shares."""
    base = grounds.ground("automotive_zh")
    one = base.knowledge.entities[0]
    facts = tuple(fact for fact in base.knowledge.facts if fact.entity == one)
    alone = Knowledge(base.knowledge.domain, facts)
    sampler = prepare.sampler(grounds.SETTINGS, replace(base, knowledge=alone))
    drawn = list(sampler.draw(60))
    named = [course("automotive_zh", each).moves for each in drawn]
    assert sum("compare" in moves for moves in named) <= 6
    assert max(Counter(each.outcome for each in drawn).values()) <= 12

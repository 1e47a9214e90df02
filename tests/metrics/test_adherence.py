"""Blueprints followed, by hand; the counterfactual; key facts."""

import pytest

from builders import altered, blueprint, dialogue
from millstream.corpora import millstream as own
from millstream.metrics import adherence
from millstream.metrics.tokens import talk
from millstream.records import Act


def test_common_subsequences() -> None:
    assert adherence.common("abcbdab", "bdcaba") == 4
    assert adherence.common("", "abc") == adherence.common("abc", "xyz") == 0


def test_adherence_is_the_share_of_the_plan_in_its_order() -> None:
    assert adherence.adherence("aabc", "axbbc") == 1.0
    assert adherence.adherence("abc", "cba") == pytest.approx(1 / 3)
    assert adherence.adherence("", "abc") == 0.0


def test_a_dialogue_follows_its_own_path() -> None:
    made = dialogue()
    assert adherence.adherence(adherence.planned(made), adherence.labelled(made)) == 1.0


def test_turns_out_of_order_follow_it_less() -> None:
    made = dialogue()
    turned = altered(made, turns=tuple(reversed(made.turns)))
    assert adherence.followed([adherence.plan(turned)], [adherence.labelled(turned)])[0][0] < 0.5


def test_the_counterfactual_asks_another_path() -> None:
    made, plan = dialogue(), blueprint()
    short = altered(
        plan,
        stages=plan.stages[:2],
        nodes=(),
        paths=tuple(altered(path, stages=path.stages[:2]) for path in plan.paths),
    )
    other = altered(made, blueprint=short)
    plans = [adherence.plan(made), adherence.plan(other)]
    found = adherence.followed(plans, [adherence.labelled(made), adherence.labelled(made)])
    assert found == [(1.0, 1.0), (1.0, 1.0)]  # whoever shows every move follows both
    assert adherence.followed(plans, [["close"], ["greet"]]) == [(1 / 6, 0.0), (0.5, 1 / 6)]
    assert adherence.followed(plans[:1], [["close"]]) == [(1 / 6, 0.0)]  # there is no other


def test_a_fact_told_otherwise_is_not_kept() -> None:
    made = dialogue()
    wish = made.scenario.constraints[0]
    acts = [Act(act="inform", slot=wish.slot, value=value) for value in (wish.value, "x")]
    told = [altered(made.turns[2], acts=(act,)) for act in acts]
    assert adherence.facts_kept(altered(made, turns=(told[0],))) == (1, 1)
    assert adherence.facts_kept(altered(made, turns=(told[0], told[1]))) == (0, 1)
    assert adherence.facts_kept(altered(made, turns=(made.turns[1],))) == (0, 0)


def test_nothing_is_heard_in_too_few() -> None:
    made = dialogue()
    assert adherence.heard([talk(own.conversation(made))], [adherence.plan(made)]) == []

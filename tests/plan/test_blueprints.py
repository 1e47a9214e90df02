"""Blueprints: what a recording shows becomes stages and paths, a released plan is brought to moves or rejected."""

import grounds
import pytest

from millstream import domain as domains
from millstream.plan.blueprints import (
    LEAST_PATHS,
    MOST_PATHS,
    distinct,
    from_plan,
    graph,
    induced,
    move_named,
    outcome_named,
)
from millstream.plan.rhythms import ENDINGS, room
from millstream.records import Blueprint, Evidence, Move, Outcome, Path, Reject, Signal, SignalKind, Tactic

CARS = domains.read("automotive")
ALWAYS = {"greet", "needs", "recommend", "inform", "close"}
"""What every service dialogue has, whatever is shown."""


def shown(kind: SignalKind, label: str = "", slot: str = "", text: str = "还能便宜点吗") -> Signal:
    proof = Evidence(source="room", kind="cues", track="chat", at=(len(text),), start=3.0, end=4.0, quote=text)
    return Signal(kind=kind, text=text, label=label, slot=slot, evidence=(proof,))


def moves(*plans: Blueprint) -> set[str]:
    return {stage.move for plan in plans for stage in plan.stages}


def route(plan: Blueprint, path: Path) -> list[Move]:
    return [plan.moves[stage] for stage in path.stages]


def test_a_silent_recording_shows_what_every_service_dialogue_has() -> None:
    (plan,) = induced(CARS, "zh", ())
    assert moves(plan) == ALWAYS and plan.origin == "schema" and plan.evidence == ()
    assert {path.outcome for path in plan.paths} == {"success", "abandoned", "handover"}


@pytest.mark.parametrize(
    ("signal", "move"),
    [
        (shown("objection"), "objection"),
        (shown("offer"), "negotiate"),
        (shown("correction"), "recover"),
        (shown("strategy", "comparison"), "compare"),
        (shown("strategy", "invitation"), "invite"),
        (shown("strategy", "alternative"), "conflict"),
        (shown("strategy", "holds_price"), "negotiate"),
    ],
)
def test_a_behaviour_that_is_shown_becomes_a_stage_with_its_evidence(signal: Signal, move: str) -> None:
    plans = list(induced(CARS, "zh", [signal]))
    assert moves(*plans) == {*ALWAYS, move} and {plan.origin for plan in plans} == {"mined"}
    with_it = [plan for plan in plans if move in moves(plan)]
    assert with_it
    for plan in with_it:
        node = next(node for node in plan.nodes if plan.moves[node.stage] == move)
        assert node.evidence == signal.evidence and node.signal == signal.text
        assert signal.evidence[0] in plan.evidence


def test_a_tactic_for_each_strategy_the_most_shown_first_where_its_move_is_made() -> None:
    signals = [shown("strategy", label, text=f"{label}{n}") for label, times in (("empathy", 2), ("comparison", 5))
               for n in range(times)]  # fmt: skip
    plans = list(induced(CARS, "zh", signals))
    both = next(plan for plan in plans if {"objection", "compare"} <= moves(plan)).tactics
    assert [tactic.scene for tactic in both] == ["comparison", "empathy"]
    assert [len(tactic.evidence) for tactic in both] == [3, 2]
    plain = next(plan for plan in plans if not {"objection", "compare"} & moves(plan))
    assert plain.tactics == ()


EVERY = list(induced(CARS, "zh", grounds.EVERYTHING))


def test_every_path_begins_and_ends_alike_and_its_outcome_has_its_cause() -> None:
    assert {path.outcome for plan in EVERY for path in plan.paths} == set(ENDINGS)
    for plan in EVERY:
        assert LEAST_PATHS <= len(plan.paths) <= MOST_PATHS
        for path in plan.paths:
            made = route(plan, path)
            plain = [move for move in made if move != "recover"]  # its place depends on what is mended
            assert plain[:2] == ["greet", "needs"] and made[-1] == "close" and {"recommend", "inform"} <= set(made)
            needed, banned = ENDINGS[path.outcome]
            assert not needed or needed & set(made)
            assert not banned & set(made)
            if path.outcome != "handover":  # what is handed over ends early, with a complaint or a failed booking
                assert room(tuple(made[2:-1]), 1) >= 0
            assert path.outcome != "lost_price" or made[-2] == "negotiate"


def test_orders_differ_but_never_against_sense() -> None:
    """Compared before or after the questions, doubted early or late; haggled over once it was compared."""
    routes = {tuple(route(plan, path)) for plan in EVERY for path in plan.paths}
    middles = {made[made.index("recommend") + 1 : -1] for made in routes}
    assert {("compare", "inform"), ("inform", "compare"), ("objection", "inform"), ("inform", "objection")} <= middles
    assert {("recover", "inform"), ("inform", "negotiate"), ("inform", "objection", "inform")} <= middles
    assert any(made.index("recover") < made.index("recommend") for made in routes if "recover" in made)
    for made in routes:
        assert not {"compare", "negotiate"} <= set(made) or made.index("compare") < made.index("negotiate")
        if "invite" in made:
            assert [move for move in made if move != "recover"][-2] == "invite"


def test_only_a_fear_comes_after_haggling() -> None:
    late = [plan for plan in EVERY for path in plan.paths if after(route(plan, path), "negotiate", "objection")]
    assert late
    for plan in late:
        kinds = [node.kind for node in plan.nodes if plan.moves[node.stage] == "objection"]
        assert "hesitates" in kinds


def after(made: list[Move], first: Move, then: Move) -> bool:
    return {first, then} <= set(made) and len(made) - made[::-1].index(then) > made.index(first) + 1


def test_a_kind_of_doubt_that_nobody_showed_is_in_no_blueprint() -> None:
    plans = list(induced(CARS, "zh", [shown("objection", "elsewhere")]))
    kinds = {node.kind for plan in plans for node in plan.nodes if plan.moves[node.stage] == "objection"}
    assert kinds == {"elsewhere"} and {plan.made_for for plan in plans} == {"", "comparing"}


def test_names_and_evidence_make_no_other_blueprint() -> None:
    assert 200 < len({graph(plan) for plan in EVERY}) <= len(EVERY)
    one, others = [shown("objection", "price")], [shown("objection", "price", text=f"太贵了{n}") for n in range(4)]
    assert set(map(graph, induced(CARS, "zh", one))) == set(map(graph, induced(CARS, "zh", others)))


def plan(routes: dict[str, list[str]]) -> Blueprint | Reject:
    return from_plan(CARS, "zh", "plan_7", routes, [Tactic(scene="砍价", action="共情")])


def test_a_released_plan_becomes_a_typed_graph() -> None:
    made = plan(
        {
            "成功试驾": ["建立联系", "需求挖掘", "车型推荐", "试驾邀约", "结束对话"],
            "因价格流失": ["建立联系", "需求挖掘", "价格谈判", "结束对话"],
        }
    )
    assert isinstance(made, Blueprint) and made.origin == "seed"
    assert [path.outcome for path in made.paths] == ["success", "lost_price"]
    assert [made.moves[stage] for stage in made.paths[1].stages] == ["greet", "needs", "negotiate", "close"]
    assert made.tactics[0].scene == "砍价"
    assert made.evidence[0].source == "plan_7"


def test_what_no_word_covers_is_dropped_and_a_move_is_made_once() -> None:
    made = plan({"成功": ["建立联系", "跳一支舞", "需求挖掘", "需求澄清", "车型推荐", "结束对话"]})
    assert isinstance(made, Blueprint)
    assert made.paths[0].stages == ("建立联系", "需求挖掘", "车型推荐", "结束对话")


@pytest.mark.parametrize(
    "routes",
    [
        {},
        {"成功": []},
        {"成功": ["跳舞", "唱歌", "吃饭"]},
        {"成功": ["建立联系", "结束对话"]},
        {"某某": ["建立联系", "需求", "推荐"]},
    ],
)
def test_a_plan_of_which_too_little_is_left_is_rejected_with_the_reason(routes: dict[str, list[str]]) -> None:
    made = plan(routes)
    assert isinstance(made, Reject) and made.step == "blueprints" and made.item == "plan_7"
    assert made.reason.startswith("no whole graph")


@pytest.mark.parametrize(
    ("name", "outcome"),
    [
        ("快速成交路径", "success"),
        ("成功留资", "success"),
        ("用户因竞品流失", "lost_competitor"),
        ("因价格流失", "lost_price"),
        ("转人工（未体现但可预设）", "handover"),
        ("延迟决策", "delayed"),
        ("未达成成交，用户表示考虑", "delayed"),
        ("因配置不满放弃", "abandoned"),
        ("对话结束未成交", "abandoned"),
        ("用户因配置不满意而结束对话", "abandoned"),
        ("Lost over price", "lost_price"),
        ("Decided later", "delayed"),
        ("仅询问信息", None),
        ("", None),
    ],
)
def test_the_outcome_a_path_speaks_of(name: str, outcome: Outcome | None) -> None:
    assert outcome_named(name, "zh") == outcome


def test_a_stage_is_known_by_its_longest_word() -> None:
    assert move_named(CARS, "zh", "二、车型推荐与介绍") == "recommend"
    assert move_named(CARS, "zh", "跳一支舞") is None
    assert move_named(CARS, "en", "Test drive invitation") == "invite"


def test_the_same_graph_twice_is_one_too_many() -> None:
    """Other words, other evidence, the same stages and outcomes: a double."""
    first, *_ = induced(CARS, "zh", [shown("objection")])
    again, *_ = induced(CARS, "zh", [shown("objection", text="太贵了")])
    other, torn = list(induced(CARS, "zh", [shown("offer")]))[1], Reject(step="blueprints", item="x", reason="torn")
    made = list(distinct([first, again, torn, other]))
    assert made[0] == first and made[2] == torn and made[3] == other
    assert isinstance(made[1], Reject) and made[1].reason == f"the same graph as {first.id}"

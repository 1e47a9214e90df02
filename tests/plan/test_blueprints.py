"""Blueprints: what a recording shows becomes stages and paths, a released plan is brought to moves or rejected."""

import pytest

from millstream import domain as domains
from millstream.plan.blueprints import (
    ALWAYS,
    ENDINGS,
    ORDER,
    STAGE_NAMES,
    distinct,
    from_plan,
    induced,
    move_named,
    outcome_named,
    paths_over,
)
from millstream.records import Blueprint, Evidence, Outcome, Reject, Signal, SignalKind, Tactic

CARS = domains.read("automotive")


def shown(kind: SignalKind, label: str = "", slot: str = "", text: str = "还能便宜点吗") -> Signal:
    proof = Evidence(source="room", kind="cues", track="chat", at=(len(text),), start=3.0, end=4.0, quote=text)
    return Signal(kind=kind, text=text, label=label, slot=slot, evidence=(proof,))


def moves(plan: Blueprint) -> set[str]:
    return {stage.move for stage in plan.stages}


def test_a_silent_recording_shows_what_every_service_dialogue_has() -> None:
    plan = induced(CARS, "zh", ())
    assert moves(plan) == set(ALWAYS) and plan.origin == "schema" and plan.evidence == ()
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
    plan = induced(CARS, "zh", [signal])
    assert moves(plan) == {*ALWAYS, move} and plan.origin == "mined"
    node = next(node for node in plan.nodes if plan.move(node.stage) == move)
    assert node.evidence == signal.evidence and node.signal == signal.text
    assert signal.evidence[0] in plan.evidence


def test_a_tactic_for_each_strategy_the_most_shown_first() -> None:
    signals = [shown("strategy", label, text=f"{label}{n}") for label, times in (("empathy", 2), ("comparison", 5))
               for n in range(times)]  # fmt: skip
    tactics = induced(CARS, "zh", signals).tactics
    assert [tactic.scene for tactic in tactics] == ["comparison", "empathy"]
    assert [len(tactic.evidence) for tactic in tactics] == [3, 2]


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_paths_keep_the_order_and_the_rules_of_their_outcome(lang: str) -> None:
    names = STAGE_NAMES["zh" if lang == "zh" else "en"]
    move = {name: each for each, name in names.items()}
    paths = list(paths_over("zh" if lang == "zh" else "en", ORDER))
    assert len({path.name for path in paths}) == len(paths) == len({(path.stages, path.outcome) for path in paths})
    assert {path.outcome for path in paths} == set(ENDINGS)
    for path in paths:
        route = [move[stage] for stage in path.stages]
        kept = [ORDER.index(each) for each in route if each != "recover"]  # its place depends on what is mended
        assert kept == sorted(kept) and (path.recovery is not None) == ("recover" in route)
        assert set(ALWAYS) <= set(route) and len(route) <= len(ALWAYS) + 2
        needed, banned = ENDINGS[path.outcome]
        assert needed & set(route) and not banned & set(route)
        if path.outcome == "lost_price":
            assert "negotiate" in route
        if path.outcome in ("lost_competitor", "delayed"):
            assert set(route) > set(ALWAYS), "nobody leaves for no reason"


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
    assert [made.move(stage) for stage in made.paths[1].stages] == ["greet", "needs", "negotiate", "close"]
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
    first, again = induced(CARS, "zh", [shown("objection")]), induced(CARS, "zh", [shown("objection", text="太贵了")])
    other, torn = induced(CARS, "zh", [shown("offer")]), Reject(step="blueprints", item="x", reason="torn")
    made = list(distinct([first, again, torn, other]))
    assert made[0] == first and made[2] == torn and made[3] == other
    assert isinstance(made[1], Reject) and made[1].reason == f"the same graph as {first.id}"

"""StreamDial's release: its many shapes give one."""

import json
import os
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from millstream.corpora import streamdial
from millstream.corpora.streamdial import AgentSeed, PlanSeed
from millstream.errors import InputError

HOTEL: dict[str, Any] = {
    "节奏概览": "问候 → 需求澄清（星级、房型）→ 需求澄清 → 推荐 -> 结束",
    "关键节点定义": {"首次意图明确": {"功能": "明确需求", "意义": "指明方向"}, "流失风险点": "用户犹豫"},
    "典型场景策略": {"价格顾虑": {"用户意图": "觉得贵", "关键对话动作": "价值强调", "适配说明": "温和"}},
    "流程图谱": {"路径1：成功达成目标": "问候 → 推荐 → 结束", "中途放弃": ["问候", "推荐", "放弃（不满意）"]},
}
CAR: dict[str, Any] = {
    "整体对话节奏概览": {"节奏流程": [{"阶段": "破冰", "核心目标": "拉近"}, {"阶段": "推荐", "核心目标": "合适"}]},
    "关键节点定义": {
        "用户信号": ["换车"],
        "节点详情": [{"用户信号": "换车", "业务含义": "有旧车", "触发价值": "置换"}],
    },
    "典型场景与应对策略": [{"场景": "预算有限", "关键对话动作": "推荐入门款", "话术策略": "理性数据"}],
    "对话流程图谱（含分支）": [
        {"路径": "快速成交", "流程": "破冰 - 推荐 - 成交"},
        {"路径": "只有一步", "流程": "破冰"},
    ],
}


def plans(path: Path, *bodies: Any) -> list[PlanSeed]:
    records = [{"plan_id": f"p{n}", "plan": body} for n, body in enumerate(bodies)]
    path.write_text(json.dumps(records, ensure_ascii=False), encoding="utf-8")
    return list(streamdial.read_plans(path))


def profile(path: Path, body: Any) -> AgentSeed:
    path.write_text(json.dumps([{"profile_id": "a1", "profile": body}], ensure_ascii=False), encoding="utf-8")
    (seed,) = streamdial.read_profiles(path)
    return seed


def test_plans_of_both_kinds(tmp_path: Path) -> None:
    hotel, car = plans(tmp_path / "dialogue_plan.json", HOTEL, CAR)
    assert hotel == PlanSeed(
        key="p0",
        rhythm=("问候", "需求澄清", "推荐", "结束"),
        nodes=(("首次意图明确", "明确需求", "指明方向"), ("流失风险点", "用户犹豫", "")),
        tactics=(("价格顾虑", "价值强调", "温和"),),
        paths=(("成功达成目标", ("问候", "推荐", "结束")), ("中途放弃", ("问候", "推荐", "放弃"))),
    )
    assert car == PlanSeed(
        key="p1",
        rhythm=("破冰", "推荐"),
        nodes=(("换车", "置换", "有旧车"),),
        tactics=(("预算有限", "推荐入门款", "理性数据"),),
        paths=(("快速成交", ("破冰", "推荐", "成交")),),
    )


def test_what_is_not_shown_is_none_and_rows_are_repaired(tmp_path: Path) -> None:
    rows = ["{'名称': '甲车', '座位数': 7, '定速巡航': true, '马力': 204.0, '级别': '未体现'}", "乙车：优惠后6万元起"]
    body = {"角色定位": "销售", "专业资质": "未体现", "业务覆盖": {"环节": "咨询", "区域": "未体现"}, "知识信息": rows}
    seed = profile(tmp_path / "assistant_profile.json", body)
    assert seed.fields == (("角色定位", "销售"), ("专业资质", None), ("业务覆盖", "环节：咨询"))
    assert seed.rows == (
        (("名称", "甲车"), ("座位数", "7"), ("定速巡航", "是"), ("马力", "204")),
        (("", "乙车：优惠后6万元起"),),
    )


@pytest.mark.parametrize("said", ["{'a': __import__('os')}", "{'a': " * 40, "{" * 5000, "{'a'"])
def test_code_in_a_row_is_only_a_sentence(tmp_path: Path, said: str) -> None:
    assert profile(tmp_path / "a.json", {"知识信息": [said]}).rows == ((("", said.strip()),),)


@pytest.mark.parametrize(
    ("said", "what"),
    [
        ("", "not JSON"),
        ('[{"plan_id": "a", "plan": {}}, {"plan_id"', "item 2: not JSON, or torn"),
        ('[{"plan_id": "a"}]', "item 1: no plan_id or no plan"),
        ('[{"plan_id": "a", "plan": ' + "[" * 1000, "nested"),
    ],
)
def test_torn_empty_and_hostile_files_give_one_line(tmp_path: Path, said: str, what: str) -> None:
    file = tmp_path / "p.json"
    file.write_text(said, encoding="utf-8")
    with pytest.raises(InputError, match=what):
        list(streamdial.read_plans(file))


SAID = ["甲 → 乙（丙）-> 乙", "（（→", "未体现", "a - b - c", ""]
KEYS = ["路径", "流程", "阶段", "x"]
values = st.recursive(
    st.none() | st.booleans() | st.integers(-9, 9) | st.sampled_from(SAID),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(KEYS), inner),
    max_leaves=10,
)


@settings(deadline=None)
@given(values)
def test_any_shape_gives_clean_stages(tmp_path_factory: pytest.TempPathFactory, value: Any) -> None:
    body = {"节奏概览": value, "关键节点定义": value, "典型场景策略": value, "流程图谱": value, "知识信息": value}
    folder = tmp_path_factory.mktemp("seeds")
    (plan,) = plans(folder / "p.json", body)
    for stages in (plan.rhythm, *(stages for _, stages in plan.paths)):
        assert all(stage and "→" not in stage for stage in stages)
        assert all(one != two for one, two in pairwise(stages))
    assert all(value is None or value for _, value in profile(folder / "a.json", body).fields)


DATA = Path(os.environ.get("MILLSTREAM_DATA", Path(__file__).parents[2].parent / "shared" / "data"))


@pytest.mark.data
@pytest.mark.skipif(not (DATA / "stream_profiles_plans").exists(), reason="stream_profiles_plans is not here")
@pytest.mark.parametrize(("domain", "count"), [("car", (296, 85)), ("hotel", (152, 99)), ("restaurant", (153, 100))])
def test_the_whole_release(domain: str, count: tuple[int, int]) -> None:
    folder = DATA / "stream_profiles_plans"
    profiles = list(streamdial.read_profiles(folder / f"{domain}_assistant_profile.json"))
    plans = list(streamdial.read_plans(folder / f"{domain}_dialogue_plan.json"))
    assert (len(profiles), len(plans)) == count
    assert all(len(plan.rhythm) > 1 and plan.nodes and plan.tactics for plan in plans)
    assert sum(not plan.paths for plan in plans) <= (8 if domain == "car" else 0)

"""The four files of StreamDial's release: dialogue_{0..}.json, user_profile.json, assistant_profile.json and
dialogue_plan.json, each a JSON array.

The released files drift between domains and records: car says 沟通风格 and 业务覆盖, hotel 沟通技巧 and
业务范围, paths are lists or arrow strings. Here every record has the one shape below, the car form, for every
domain and language; keys stay Chinese in English data, and a string the source does not show is 未体现.

    dialogue   {dialogue_id, user_profile_id, assistant_profile_id, dialogue_plan_id, domain,
                dialogue: [{turn_id, role: user | system, utterance}]}            at most 5,000 a file
    user       {profile_id, profile: {年龄段, 职业推测, 消费心态, 核心需求, 主要顾虑,
                其他信息: [{名称, 内容}]}}
    assistant  {profile_id, profile: {角色定位, 专业资质, 沟通风格, 业务覆盖, 服务承诺,
                知识信息: [{名称, 内容}]}}
    plan       {plan_id, plan: {整体对话节奏概览: {节奏流程: [{阶段, 核心目标, 关键成果}]},
                关键节点定义: {用户信号: [{信号, 业务含义, 触发价值, 阶段}]},
                典型场景与应对策略: {高频场景: [{场景, 关键对话动作, 产品卖点或服务, 话术策略}]},
                对话流程图谱: {对话路径: [{路径, 流程: "a → b", 结果}]}}}

Beyond the release, every record carries `synthetic: true` and `licence`, a node its 阶段 and a path its 结果,
one of the outcomes of records.py. The release does not publish its keys for users; these follow the words of
its README. A persona or plan is stored once; ids are "{domain}_stream_{n}", n counting profiles and plans of
a domain together, so that no two records share one. Labels and evidence have no place here: quadruplets.jsonl
has them.
"""

import json
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from dataclasses import dataclass, field
from itertools import count, islice, takewhile
from pathlib import Path
from typing import Any

from millstream.records import Blueprint, Dialogue, Persona, Trait
from millstream.whole import whole

PER_FILE = 5000
NOT_SHOWN = "未体现"

USER_KEYS = {
    "年龄段": ("age", "age_group"),
    "职业推测": ("occupation", "job"),
    "消费心态": ("mindset",),
    "核心需求": ("needs", "need", "goal"),
    "主要顾虑": ("concerns", "concern"),
}
AGENT_KEYS = {
    "角色定位": ("role", "identity"),
    "专业资质": ("credentials", "qualification", "qualifications"),
    "沟通风格": ("style", "tone", "沟通技巧"),
    "业务覆盖": ("scope", "coverage", "business", "业务范围"),
    "服务承诺": ("promise", "promises", "commitment"),
}
"""The release's key and the names a persona's field may have for it; the key itself always is one."""


@dataclass
class Entry:
    """A persona or blueprint under its id in the files, and every licence it was met under."""

    name: str
    thing: Persona | Blueprint
    licences: set[str] = field(default_factory=set)


@dataclass
class Store:
    """What was met so far. The ids of users, agents and plans come from one counter a domain."""

    entries: dict[str, dict[str, Entry]] = field(default_factory=lambda: defaultdict(dict))
    stored: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(lambda: count(1)))
    played: dict[str, Iterator[int]] = field(default_factory=lambda: defaultdict(count))

    def name(self, kind: str, thing: Persona | Blueprint, licence: str) -> str:
        known = self.entries[kind]
        if thing.id not in known:
            known[thing.id] = Entry(f"{thing.domain}_stream_{next(self.stored[thing.domain])}", thing)
        known[thing.id].licences.add(licence)
        return known[thing.id].name


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    """All files appear together, once the last dialogue has been read; after an error none does."""
    store, stream = Store(), iter(dialogues)
    written: list[Path] = []
    with ExitStack() as files:

        def write(name: str, rows: list[dict[str, Any]]) -> None:
            out = files.enter_context(whole(folder / name))
            json.dump(rows, out, ensure_ascii=False, indent=1)
            out.write("\n")
            written.append(folder / name)

        while (rows := [_dialogue(each, store) for each in islice(stream, PER_FILE)]) or not written:
            write(f"dialogue_{len(written)}.json", rows)
        parts = len(written)
        for kind in ("user_profile", "assistant_profile", "dialogue_plan"):
            write(f"{kind}.json", [_stored(each) for each in store.entries[kind].values()])
    _clear(folder, parts)
    return tuple(written)


def _clear(folder: Path, first: int) -> None:
    """Remove what an earlier, larger export left: its dialogues would point at the wrong profiles."""
    stale = (folder / f"dialogue_{n}.json" for n in count(first))
    for path in takewhile(Path.is_file, stale):
        path.unlink()


def _dialogue(dialogue: Dialogue, store: Store) -> dict[str, Any]:
    domain, licence, (user, agent) = dialogue.scenario.domain, dialogue.licence, dialogue.personas
    return {
        "dialogue_id": f"{domain}_{next(store.played[domain]):03d}",
        "user_profile_id": store.name("user_profile", user, licence),
        "assistant_profile_id": store.name("assistant_profile", agent, licence),
        "dialogue_plan_id": store.name("dialogue_plan", dialogue.blueprint, licence),
        "domain": domain,
        "dialogue": [
            {"turn_id": n, "role": "user" if turn.role == "user" else "system", "utterance": turn.text}
            for n, turn in enumerate(dialogue.turns)
        ],
        "synthetic": True,
        "licence": licence,
    }


def _stored(entry: Entry) -> dict[str, Any]:
    mark = {"synthetic": True, "licence": " AND ".join(sorted(entry.licences - {""}))}
    if isinstance(entry.thing, Blueprint):
        return {"plan_id": entry.name, "plan": _plan(entry.thing), **mark}
    return {"profile_id": entry.name, "profile": _profile(entry.thing), **mark}


def _profile(persona: Persona) -> dict[str, Any]:
    keys, rest = (USER_KEYS, "其他信息") if persona.role == "user" else (AGENT_KEYS, "知识信息")
    left = list(persona.fields)
    known = {key: _taken(left, (key, *names)) for key, names in keys.items()}
    return {**known, rest: [{"名称": trait.name, "内容": trait.value or NOT_SHOWN} for trait in left]}


def _taken(left: list[Trait], names: tuple[str, ...]) -> str:
    """The value of the persona's first field of one of these names, which is no longer left."""
    found = next((trait for trait in left if trait.name in names), None)
    if found is None:
        return NOT_SHOWN
    left.remove(found)
    return found.value or NOT_SHOWN


def _plan(blueprint: Blueprint) -> dict[str, Any]:
    return {
        "整体对话节奏概览": {
            "节奏流程": [
                {"阶段": stage.name, "核心目标": NOT_SHOWN, "关键成果": NOT_SHOWN} for stage in blueprint.stages
            ]
        },
        "关键节点定义": {
            "用户信号": [
                {"信号": node.signal, "业务含义": node.name, "触发价值": node.action, "阶段": node.stage}
                for node in blueprint.nodes
            ]
        },
        "典型场景与应对策略": {
            "高频场景": [
                {
                    "场景": tactic.scene,
                    "关键对话动作": tactic.action,
                    "产品卖点或服务": NOT_SHOWN,
                    "话术策略": tactic.rhetoric or NOT_SHOWN,
                }
                for tactic in blueprint.tactics
            ]
        },
        "对话流程图谱": {
            "对话路径": [
                {"路径": path.name, "流程": " → ".join(path.stages), "结果": path.outcome} for path in blueprint.paths
            ]
        },
    }

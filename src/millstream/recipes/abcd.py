"""Action-Based Conversations (Chen et al. 2021): an agent that follows guidelines, action by action.

Plans of several flows with values that are checked against records; the plan stands beside each dialogue, so that a
model may be given it or not (Raimondo et al. 2023). docs/recipes/abcd.md names each assumption.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import Any

from millstream import taskwork
from millstream.errors import InputError
from millstream.exporters import listed
from millstream.recipe import Recipe, Settings, Task
from millstream.services import guidelines, knowledge
from millstream.services.annotated import Frame, TaskDialogue
from millstream.services.guidelines import Guidelines
from millstream.services.problems import Problem, refuse
from millstream.simulate.guided import Desk, outline
from millstream.taskwork import INVENTED, Ground, Played, Way

FILE, RECORDS = "abcd_dialogues.json", "records"
COUNT = 60
"""Records that are invented where none are given."""


def recipe() -> Recipe:
    return Recipe(
        name="abcd",
        about="agent guidelines and records -> dialogues that take the actions of their plan, values checked",
        make=make,
        check=check,
    )


def check(inputs: Sequence[Path], settings: Settings) -> tuple[str, ...]:
    return tuple(map(str, _problems(*_given(inputs, settings.seed))))


def _given(inputs: Sequence[Path], seed: int) -> tuple[Guidelines, list[knowledge.Row], Ground]:
    """Guidelines of our form or ABCD's, and the records. InputError where there are no guidelines."""
    ours = taskwork.inputs_named(inputs, "guidelines")
    kb, ontology = (taskwork.inputs_named(inputs, name) for name in ("kb", "ontology"))
    if kb and ontology:
        known, file = guidelines.release(kb[0], ontology[0]), f"{kb[0]}, {ontology[0]}"
    elif ours:
        known, file = guidelines.read(ours[0]), str(ours[0])
    else:
        raise InputError("holds no guidelines.yaml", str(inputs[0]), "give one, or ABCD's kb.json and ontology.json")
    files = taskwork.inputs_named(inputs, "rows")
    rows: list[knowledge.Row] = [row for path in files for row in knowledge.read(path).rows.get(RECORDS, ())]
    rows = rows if files else guidelines.invented(known, COUNT, seed)
    services = guidelines.services(known)
    ground = Ground(services, guidelines.records(known, rows), file, ", ".join(map(str, files)) or INVENTED)
    return known, rows, ground


def _problems(known: Guidelines, rows: list[knowledge.Row], ground: Ground) -> list[Problem]:
    none = [Problem(ground.rows, RECORDS, "no record")] if not rows else []
    own = guidelines.problems(known, rows, ground.schema, ground.rows)
    return [*own, *none, *(each for each in ground.problems() if each.what not in ("no row", "no such slot"))]


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    known, rows, ground = _given(task.inputs, task.settings.seed)
    refuse(_problems(known, rows, ground))
    desk = Desk(known, ground.knowledge)
    policy = taskwork.probabilities(task.settings, more=0.25)
    way = Way(partial(outline, desk, policy, task.settings.seed), wrong=partial(astray, desk=desk))
    played = await taskwork.made(task, ground.services, way)
    tools = replace(ground, services=guidelines.callable_only(known, ground.services))
    taskwork.write(task, tools, played, {})
    listed(task.run.folder / FILE, [conversation(each) for each in played])
    plans = [plan for each in played for plan in each.row["plans"]]
    more = {
        "subflows": len({(plan["flow"], plan["subflow"]) for plan in plans}),
        "plans": len(plans),
        "stopped": sum(bool(plan["stopped"]) for plan in plans),
        "actions": dict(Counter(action for plan in plans for action in plan["done"])),
    }
    return taskwork.close(task, played, "abcd", more)


def astray(dialogue: TaskDialogue, desk: Desk) -> list[str]:
    """A line where the actions taken are not the plan's in their order, with its slots, or a check finds otherwise."""
    called = [(frame, frame.call) for turn in dialogue.turns for frame in turn.frames if frame.call]
    found = [fault for frame, call in called for fault in _checked(frame, call.method, desk)]
    taken = [(frame.service, call.method) for frame, call in called if frame.results or not _checks(desk, call.method)]
    wanted: list[tuple[str, str]] = []
    for plan in dialogue.extra["plans"]:
        own = desk.known.plan(plan["flow"], plan["subflow"])
        if list(own) != plan["plan"]:
            found.append(f"{plan['subflow']}: its plan is not that of the guidelines")
        wanted += [(plan["flow"], action) for action in _until(own, plan["stopped"], desk)]
    return found if taken == wanted else [*found, f"the actions are {taken}, and the plan says {wanted}"]


def _checks(desk: Desk, action: str) -> bool:
    return action in desk.known.actions and desk.known.actions[action].checks


def _until(plan: Sequence[str], slot: str, desk: Desk) -> Sequence[str]:
    """The plan up to the action that takes the slot which stopped it."""
    at = next((n for n, action in enumerate(plan, 1) if slot in desk.known.actions[action].slots), len(plan))
    return plan[:at] if slot else plan


def _checked(frame: Frame, action: str, desk: Desk) -> Iterator[str]:
    assert frame.call is not None
    about = desk.known.actions.get(action)
    if about is None or tuple(frame.call.parameters) != about.slots:
        yield f"{action}: its values are not those of its slots"
    elif about.checks:
        rows = desk.records.query(frame.service, {n: (v,) for n, v in frame.call.parameters.items()})
        if rows != frame.results:
            yield f"{action}: the records say otherwise"
    if [act.values for act in frame.acts if act.act == "ACTION"] != [(action,)]:
        yield f"{action}: another action is named"


def conversation(played: Played) -> Mapping[str, Any]:
    """ABCD's form: turns of customer, agent and action, each with its target; there are no candidates to rank."""
    plans = played.row["plans"]
    told, original, delexed = 0, [], []
    for turn in played.row["turns"]:
        user = turn["speaker"] == "USER"
        told += user and any(act["act"] == "INFORM_INTENT" for frame in turn["frames"] for act in frame["actions"])
        intent = plans[max(0, told - 1)]["subflow"]
        for frame in turn["frames"]:
            if call := frame.get("service_call"):
                values = list(call["parameters"].values())
                original.append(["action", f"{call['method']}: {', '.join(values)}".removesuffix(": ")])
                delexed.append(("action", original[-1][1], [intent, "take_action", call["method"], values, -1]))
        original.append(["customer" if user else "agent", turn["utterance"]])
        step = None if user else "retrieve_utterance"
        delexed.append((original[-1][0], turn["utterance"], [intent, step, None, [], -1]))
    delexed[-1][2][1] = "end_conversation"
    rows = [
        {"speaker": who, "text": said.lower(), "turn_count": n, "targets": targets, "candidates": []}
        for n, (who, said, targets) in enumerate(delexed, 1)
    ]
    scenario = {"flow": plans[0]["flow"], "subflow": plans[0]["subflow"], "plans": plans}
    key = played.row["dialogue_id"]
    return {"convo_id": key, "scenario": scenario, "original": original, "delexed": rows, "synthetic": True}

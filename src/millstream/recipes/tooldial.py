"""ToolDial (Shim et al. 2025): clarifying questions and calls across a graph of APIs, by its sixteen actions.

The graph is built of schema and rows, and refused if it has a ring; the retriever that dialogues speak of is asked with
their words. docs/recipes/tooldial.md names each assumption.
"""

from collections import Counter
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from millstream import taskwork
from millstream.recipe import Recipe, Settings, Task
from millstream.services.annotated import TaskDialogue, Turn
from millstream.services.graph import Api, Retriever, circles, edges
from millstream.services.knowledge import Knowledge
from millstream.services.problems import Problem, refuse
from millstream.simulate.tooluse import MAYBE, SURE, Tools, outline, tools
from millstream.taskwork import Ground, Played, Way

FILE = "tooldial.jsonl"


def recipe() -> Recipe:
    return Recipe(
        name="tooldial",
        about="schema and rows -> a graph of APIs, and dialogues that ask, clarify and call across it",
        make=make,
        check=check,
    )


def check(inputs: Sequence[Path], settings: Settings) -> tuple[str, ...]:
    return tuple(map(str, _problems(taskwork.ground(inputs, settings.seed))))


def _problems(ground: Ground) -> list[Problem]:
    found = edges(ground.services, ground.knowledge)
    none = [] if found else [Problem(ground.schema, "APIs", "no output fits an input of another: there is no graph")]
    return [*ground.problems(), *circles(found, ground.schema), *none]


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    ground = taskwork.ground(task.inputs, task.settings.seed)
    refuse(_problems(ground))
    known, policy = tools(ground.world), taskwork.probabilities(task.settings)
    way = Way(
        partial(outline, known, policy, task.settings.seed),
        lambda dialogue, _: noted(dialogue, known.retriever),
        lambda dialogue: misfound(dialogue, known),
    )
    played = await taskwork.made(task, ground.services, way)
    taskwork.write(task, ground, played, {FILE: map(steps, played)})
    done = Counter(step["action"] for each in played for turn in each.row["turns"] for step in turn["actions"])
    orders = {tuple(s["action"] for turn in each.row["turns"] for s in turn["actions"]) for each in played}
    more = {"edges": len(known.edges), "orders of actions": len(orders), "actions": dict(done)}
    return taskwork.close(task, played, "tooldial", more)


def noted(dialogue: TaskDialogue, retriever: Retriever) -> TaskDialogue:
    """The retriever's real answer to each request, noted before what the agent does about it."""
    turns: list[Turn] = []
    for turn in dialogue.turns:
        asked = turns[-1].extra["actions"][0] if turns and turn.role == "agent" else {}
        if "finds" in asked:
            found, score = retriever.best(_bare(turns[-1]))
            call = {"action": "retriever_call", "api": found.name, "score": score}
            turn = replace(turn, extra={"actions": [call, *turn.extra["actions"]]})
        turns.append(turn)
    return replace(dialogue, turns=tuple(turns))


def _bare(turn: Turn) -> str:
    """Its words without the values: what they are says nothing of the API."""
    kept, at = "", 0
    for span in sorted((span for frame in turn.frames for span in frame.spans), key=lambda span: span.start):
        kept += f"{turn.text[at : span.start]} "
        at = span.end
    return kept + turn.text[at:]


_SAID = {
    "inform_intent_clear": {"INFORM_INTENT"}, "inform_intent_clear_add": {"INFORM_INTENT", "INFORM"},
    "inform_intent_vague": {"INFORM_INTENT_VAGUE"}, "inform": {"INFORM"}, "fail_inform": {"FAIL_INFORM"},
    "affirm": {"AFFIRM_INTENT"}, "negate": {"NEGATE_INTENT"}, "user_bye": {"THANK_YOU"}, "clarify": {"CLARIFY"},
    "suggest": {"OFFER_INTENT"}, "response_fail": {"RESPONSE_FAIL"}, "system_bye": {"GOODBYE"},
}  # fmt: skip
"""The acts of a turn with such an action."""
_EITHER = {"request": ({"REQUEST"}, {"OFFER"}), "response": ({"INFORM"}, {"NOTIFY_SUCCESS"})}


def misfound(dialogue: TaskDialogue, known: Tools) -> list[str]:
    """A line where actions, acts and calls disagree, or the agent does what the retriever's score does not allow."""
    found = []
    for n, turn in enumerate(dialogue.turns):
        faults = [*_named(turn), *_called(turn, known.world.knowledge), *_sought(turn, known.givers)]
        if n and "finds" in dialogue.turns[n - 1].extra["actions"][0]:
            later = [frame for t in dialogue.turns[n:] for frame in t.frames if frame.call]
            wanted = {f"{frame.service}.{frame.call.method}" for frame in later if frame.call}
            faults += _allowed(turn, known.retriever.best(_bare(dialogue.turns[n - 1])), wanted)
        found += [f"turn {n}: {fault}" for fault in faults]
    return found


def _allowed(turn: Turn, best: tuple[Api, float], wanted: Container[str]) -> Iterator[str]:
    """What the agent does after a request, against what the retriever says to its words."""
    first, *rest = turn.extra["actions"]
    (api, score), then = best, rest[0]["action"] if rest else ""
    fits = {"clarify": score < MAYBE, "suggest": MAYBE <= score < SURE}.get(then, score >= SURE)
    if first["action"] != "retriever_call":
        yield f"{first['action']} without looking for an API"
    elif (first["api"], first["score"]) != (api.name, score):
        yield f"the retriever finds {api.name} at {score}"
    elif not fits:
        yield f"{then} at a score of {score}"
    elif then not in ("clarify", "suggest") and api.name not in wanted:
        yield f"{api.name} is found, and others are called"


def _sought(turn: Turn, givers: Retriever) -> Iterator[str]:
    """Who gives a parameter is looked up by its name and description."""
    for each in turn.extra["actions"]:
        if "query" in each and (found := givers.best(each["query"])) != (found[0], each["score"]):
            yield f"the retriever finds {found[0].name} at {found[1]}"


def _named(turn: Turn) -> Iterator[str]:
    last = turn.extra["actions"][-1]["action"]
    acts = {act.act for frame in turn.frames for act in frame.acts}
    if acts not in _EITHER.get(last, (_SAID.get(last),)):
        yield f"{last}: its acts are {', '.join(sorted(acts))}"


def _called(turn: Turn, knowledge: Knowledge) -> Iterator[str]:
    """Each call is among the actions as it was made, in this order, and its results are what the rows give."""
    noted = [each for each in turn.extra["actions"] if each["action"] == "call"]
    made = [(frame, frame.call) for frame in turn.frames if frame.call]
    names = [(f"{frame.service}.{call.method}", dict(call.parameters)) for frame, call in made]
    if [(each["api"], each["parameters"]) for each in noted] != names:
        yield "its calls are not those of its actions"
    for found, then in pairwise(turn.extra["actions"]):
        if found["action"] == "retriever_call" and then["action"] == "call" and found["api"] != then["api"]:
            yield f"{found['api']} is found, and {then['api']} is called"
    for frame, call in made:
        if frame.results != knowledge.query(frame.service, {n: (v,) for n, v in call.parameters.items()}):
            yield f"{call.method}: the rows give other results"


def steps(played: Played) -> Mapping[str, Any]:
    """ToolDial's form: one step an action, its message with the last of a turn."""
    made = []
    for turn in played.row["turns"]:
        role = "user" if turn["speaker"] == "USER" else "system"
        called = [frame for frame in turn["frames"] if "service_call" in frame]
        results = {f"{f['service']}.{f['service_call']['method']}": f["service_results"] for f in called}
        state = {frame["service"]: frame["state"]["slot_values"] for frame in turn["frames"] if "state" in frame}
        for n, action in enumerate(turn["actions"], 1):
            step = {"role": role, **action, "message": turn["utterance"] if n == len(turn["actions"]) else ""}
            if action["action"] == "call":
                step["api_response"] = results[action["api"]]
            made.append(step | ({"state": state} if state else {}))
    return {"id": played.row["dialogue_id"], "steps": made, "synthetic": True}

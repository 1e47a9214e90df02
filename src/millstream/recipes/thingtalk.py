"""ThingTalk by Genie's way (Campagna et al. 2022): each turn means an act and a program, and programs are run.

Outlines of the schema-guided engine, sentences by its grammar of templates, paraphrased; a dialogue that tells what its
programs do not give is refused. docs/recipes/thingtalk.md names each assumption.
"""

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import pairwise
from random import Random
from typing import Any

from millstream import taskwork
from millstream.recipe import Recipe, Task
from millstream.services import thingtalk
from millstream.services.annotated import TaskDialogue
from millstream.services.problems import refuse
from millstream.simulate.paraphrase import paraphrased
from millstream.simulate.play import outline
from millstream.taskwork import Played, Way

PAIRS = "pairs.jsonl"


def recipe() -> Recipe:
    return Recipe(
        name="thingtalk",
        about="schema and rows -> dialogues whose turns are executable programs, and pairs for a parser",
        make=make,
        check=taskwork.checked,
    )


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    ground = taskwork.ground(task.inputs, task.settings.seed)
    refuse(ground.problems())
    world, policy, seed = ground.world, taskwork.probabilities(task.settings), task.settings.seed
    services = {each.name: each for each in ground.services}

    def said(dialogue: TaskDialogue, rng: Random) -> TaskDialogue:
        other = dialogue if task.model else paraphrased(dialogue, rng)
        return replace(other, turns=thingtalk.annotated(other, services))

    def wrong(dialogue: TaskDialogue) -> list[str]:
        return thingtalk.executed(dialogue, ground.knowledge, services)

    way = Way(lambda number: outline(world, policy, seed, number), said, wrong)
    played = await taskwork.made(task, ground.services, way)
    pairs = [pair for each in played for pair in parser_pairs(each)]
    taskwork.write(task, ground, played, {PAIRS: pairs})
    acts = Counter(pair["user_target"].partition(";")[0][1:] for pair in pairs)
    return taskwork.close(task, played, "thingtalk", {"pairs for a parser": len(pairs), "acts": dict(acts)})


def parser_pairs(played: Played) -> Iterator[Mapping[str, Any]]:
    """What Genie's parser is trained on: the state before, the agent's words and the user's -> the user's target."""
    before = {"target": "", "utterance": ""}
    state = "null"
    for n, (agent, user) in enumerate(pairwise([before, *played.row["turns"]])):
        if user.get("speaker") != "USER":
            continue
        yield {
            "id": f"{played.row['dialogue_id']}/{n}",
            "context": state,
            "agent": agent["utterance"],
            "agent_target": agent["target"],
            "user": user["utterance"],
            "user_target": user["target"],
        }
        state = user["target"]

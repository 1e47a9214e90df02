"""Task dialogues as a run: schema and rows in, outlines played and worded, labels checked in the text, files out.

What the recipes sgd, thingtalk, tooldial, abcd and salesbot share; each adds how it plays (a Way). Knows no policy,
no templates and nothing of what one recipe wants.
"""

import json
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import Any

from millstream import table, text
from millstream.csconv import realised
from millstream.errors import InputError
from millstream.exporters import line
from millstream.formats import sgd, tools
from millstream.recipe import Settings, Task
from millstream.records import Record, Reject
from millstream.retold import retold
from millstream.services import knowledge, problems, schema
from millstream.services.annotated import TaskDialogue
from millstream.services.knowledge import Knowledge
from millstream.services.schema import ServiceSchema
from millstream.simulate import policy as policies
from millstream.simulate.checked import faults
from millstream.simulate.goals import World
from millstream.simulate.policy import Policy
from millstream.simulate.words import Unsaid, Wording
from millstream.strategies import framework
from millstream.whole import whole

PLAYED, DIALOGUES, TOOLS = "1_played", "dialogues.jsonl", "tools.jsonl"
SPARE = 1.1
"""Outlines drawn for each dialogue asked for: some are refused."""
INVENTED = "invented rows"


class Drawn(Record):
    """One dialogue to be, by its number."""

    number: int


class Played(Record):
    """A worded dialogue whose labels hold, as a row of SGD; `words` counts turns by who worded them."""

    number: int
    row: dict[str, Any]
    words: dict[str, int]


@dataclass(frozen=True)
class Ground:
    """What is played on, and the names of its files."""

    services: tuple[ServiceSchema, ...]
    knowledge: Knowledge
    schema: str
    rows: str

    @property
    def world(self) -> World:
        return World(self.services, self.knowledge)

    def problems(self) -> list[problems.Problem]:
        return problems.problems(self.services, self.knowledge, self.schema, self.rows)


def _as_it_is(dialogue: TaskDialogue, rng: Random) -> TaskDialogue:
    return dialogue


def _nothing(dialogue: TaskDialogue) -> list[str]:
    return []


@dataclass(frozen=True)
class Way:
    """How a recipe plays: an outline by its number, what becomes of the worded dialogue, what else may be wrong."""

    outline: Callable[[int], TaskDialogue]
    said: Callable[[TaskDialogue, Random], TaskDialogue] = _as_it_is
    wrong: Callable[[TaskDialogue], list[str]] = _nothing


def inputs_named(inputs: Iterable[Path], name: str) -> list[Path]:
    """The inputs of such a name (by its stem), and those in folders that were given."""
    found = []
    for path in inputs:
        inside = sorted(path.glob(f"{name}.*")) if path.is_dir() else [path]
        found += [each for each in inside if each.stem == name]
    return found


def ground(inputs: Sequence[Path], seed: int) -> Ground:
    """Of schema.json and, where there is one, rows.json: files or in a folder. InputError where there is no schema."""
    schemas, rows = inputs_named(inputs, "schema"), inputs_named(inputs, "rows")
    if not schemas:
        raise InputError("holds no schema.json", str(inputs[0]), "give a schema.json, or a folder with one in it")
    services = tuple(service for path in schemas for service in schema.read(path))
    found: dict[str, tuple[knowledge.Row, ...]] = {}
    for path in rows:
        found |= knowledge.read(path).rows
    known = Knowledge(found) if rows else knowledge.invented(services, seed=seed)
    return Ground(services, known, ", ".join(map(str, schemas)), ", ".join(map(str, rows)) or INVENTED)


def checked(inputs: Sequence[Path], settings: Settings) -> tuple[str, ...]:
    """What is wrong with schema and rows: the check of recipes that need nothing more."""
    return tuple(map(str, ground(inputs, settings.seed).problems()))


def probabilities(settings: Settings, **changes: float) -> Policy:
    """Those of the settings' file; what it does not name is the recipe's own."""
    if settings.policy == "default":
        return Policy(**changes)
    given = policies.read(Path(settings.policy))
    return given.model_copy(update={k: v for k, v in changes.items() if k not in given.model_fields_set})


async def made(task: Task, services: Sequence[ServiceSchema], way: Way) -> list[Played]:
    """As many dialogues as were asked for, if so many hold; what does not is a reject with its reason."""
    count, seed, wording = task.settings.count, task.settings.seed, Wording(services)
    realiser = None
    if task.model is not None and task.settings.realiser == "llm":
        realiser = realised(task.model, framework(), services[0].lang, task.settings).say

    async def play(drawn: Drawn) -> AsyncIterator[Played | Reject]:
        try:
            worded = wording.worded(way.outline(drawn.number), seed)
        except Unsaid as error:
            yield Reject(step=PLAYED, item=drawn.id, reason=f"a value is not heard: {error}")
            return
        words = Counter(template=len(worded.turns))
        if realiser:
            worded, words = await retold(worded, realiser, wording.services, (seed, drawn.number))
        worded = way.said(worded, Random(f"said {seed} {drawn.number}"))
        found = [*faults(worded, wording.services), *way.wrong(worded)]
        if found:
            yield Reject(step=PLAYED, item=drawn.id, reason=found[0])
        else:
            yield Played(number=drawn.number, row=sgd.row(worded), words=dict(words))

    numbers = [Drawn(number=n) for n in range(round(count * SPARE + 1))]
    found = await task.run.each(PLAYED, numbers, play, Played)
    return sorted(found, key=lambda each: each.number)[:count]


def write(task: Task, ground: Ground, played: Sequence[Played], more: Mapping[str, Iterable[Any]]) -> None:
    """dialogues.jsonl (SGD rows), rows.json, tools.jsonl (messages with tool calls), and a file each of `more`."""
    folder = task.run.folder
    declared = [tools.tool(each, intent) for each in ground.services for intent in each.intents]
    table.write(folder / "rows.json", knowledge.write(ground.knowledge) + "\n")
    files: dict[str, Iterable[Any]] = {
        DIALOGUES: (each.row for each in played),
        TOOLS: (tools.row(bare(sgd.parse(each.row)), declared) for each in played),
    }
    for name, rows in (files | dict(more)).items():
        with whole(folder / name) as out:
            out.writelines(f"{line(row)}\n" for row in rows)


def bare(dialogue: TaskDialogue) -> TaskDialogue:
    """Without what a recipe notes beside its turns: chat messages have no room for it."""
    turns = tuple(type(turn)(turn.role, turn.text, turn.frames) for turn in dialogue.turns)
    return TaskDialogue(dialogue.key, dialogue.services, turns, dialogue.lang, dialogue.synthetic)


def close(task: Task, played: Sequence[Played], name: str, more: Mapping[str, Any]) -> tuple[int, tuple[str, ...]]:
    """NAME.json with the figures of the run, and what is said at the end."""
    turns = sum(len(each.row["turns"]) for each in played)
    words = sum((Counter(each.words) for each in played), Counter[str]())
    refused = Counter(text.line(each.reason.partition(": ")[2] or each.reason)[:80] for each in task.run.rejects)
    told = {"dialogues": len(played), "turns": turns, "words": dict(words), "refused": sum(refused.values())}
    told |= {"reasons": dict(refused.most_common(8)), **more}
    table.write(task.run.folder / f"{name}.json", json.dumps(told, ensure_ascii=False, indent=1) + "\n")
    lines = [f"{len(played)} dialogues, {turns} turns, {told['refused']} refused: labels and text disagree"]
    lines += [f"{key}: {value}" for key, value in more.items() if not isinstance(value, dict)]
    return len(played), tuple(lines)

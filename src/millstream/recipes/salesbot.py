"""SalesBot (Chiu et al. 2022): chit-chat that turns into a task, when a line of it shows what its user might want.

Small talk of ours or conversations that are given, a detector that needs no training, a transition, and the
schema-guided engine's task. docs/recipes/salesbot.md names each assumption.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from millstream import corpora, taskwork
from millstream.recipe import Recipe, Settings, Task
from millstream.services.annotated import TaskDialogue
from millstream.services.problems import Problem, refuse
from millstream.services.shown import Detector
from millstream.simulate.salestalk import Parlour, cut, nouns, outline
from millstream.taskwork import Ground, Played, Way

FILE = "sales.jsonl"


def recipe() -> Recipe:
    return Recipe(
        name="salesbot",
        about="schema, rows and small talk -> dialogues in which chit-chat turns into a task",
        make=make,
        check=check,
    )


def check(inputs: Sequence[Path], settings: Settings) -> tuple[str, ...]:
    ground = taskwork.ground(inputs, settings.seed)
    return tuple(map(str, _problems(ground, _parlour(ground, inputs), _chats(inputs))))


def _chats(inputs: Sequence[Path]) -> list[Path]:
    """Inputs that are neither schema nor rows: files of conversations."""
    files = [each for path in inputs for each in (sorted(path.iterdir()) if path.is_dir() else [path])]
    return [each for each in files if each.stem not in ("schema", "rows") and each.suffix in corpora.ENDINGS]


def _parlour(ground: Ground, inputs: Sequence[Path]) -> Parlour:
    detector = Detector(ground.services)
    found = [each for path in _chats(inputs) for each in corpora.conversations(path)]
    cuts = (cut([(turn.role, turn.text) for turn in each.turns], detector) for each in found)
    return Parlour(ground.world, detector, tuple(each for each in cuts if each))


def _problems(ground: Ground, known: Parlour, chats: Sequence[Path]) -> list[Problem]:
    found = ground.problems()
    if chats and not known.chats:
        found.append(Problem(", ".join(map(str, chats)), "turns", "no talk comes near to an intent of the schema"))
    if not chats and not any(nouns(each, known.detector) for each in ground.services if each.intents):
        found.append(Problem(ground.schema, "descriptions", "no service has a word that is its alone"))
    return found


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    ground = taskwork.ground(task.inputs, task.settings.seed)
    known = _parlour(ground, task.inputs)
    refuse(_problems(ground, known, _chats(task.inputs)))
    policy = taskwork.probabilities(task.settings)
    way = Way(partial(outline, known, policy, task.settings.seed), wrong=partial(unseen, detector=known.detector))
    played = await taskwork.made(task, ground.services, way)
    taskwork.write(task, ground, played, {FILE: map(sales, played)})
    shown = Counter(each.row["sales"]["service"] for each in played)
    before = [each.row["sales"]["position"] + 1 for each in played]
    more = {"lines before the transition": round(sum(before) / max(1, len(before)), 1), "services": dict(shown)}
    return taskwork.close(task, played, "salesbot", more)


def unseen(dialogue: TaskDialogue, detector: Detector) -> list[str]:
    """A line where the transition is not behind the first line of the user that shows an intent of its service."""
    sales, found = dialogue.extra["sales"], []
    at, domain = sales["position"], {each.name: each.domain for each in detector.services}
    shown = [detector.best(turn.text)[0] if turn.role == "user" else None for turn in dialogue.turns[: at + 1]]
    if any(shown[:at]):
        found.append(f"turn {next(n for n, api in enumerate(shown) if api)}: an intent is shown before the transition")
    last = shown[at]
    if last is None or last.service.domain != domain[sales["service"]]:
        found.append(f"turn {at}: shows {last.name if last else 'nothing'}, and {sales['service']} is asked for")
    asked = [act for frame in dialogue.turns[at + 1].frames for act in frame.acts if act.act == "OFFER_INTENT"]
    if [act.values for act in asked] != [(sales["intent"],)]:
        found.append(f"turn {at + 1}: no transition to {sales['intent']}")
    return found


def sales(played: Played) -> Mapping[str, Any]:
    """SalesBot's form: the lines, the intent with the place where it shows, transitions to choose from."""
    told = played.row["sales"]
    return {
        "id": played.row["dialogue_id"],
        "dialog": [turn["utterance"] for turn in played.row["turns"]],
        "intent": {"type": [told["intent"]], "position": told["position"]},
        "transition_candidates": told["transition_candidates"],
        "synthetic": True,
    }

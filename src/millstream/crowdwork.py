"""The recipe crowd, composed: personas and outlines in -> premises -> cells in every language -> talks -> kept talks.

Each step is a table of the run. A model writes every line; without one there is nothing to do. Knows no prompt.
"""

from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import NamedTuple

from millstream import domain as domains
from millstream.crowd import judging, scenarios
from millstream.crowd.asking import Asker
from millstream.crowd.checks import Against, strangers
from millstream.crowd.data import Demonstrations, Locale, chosen, demonstrations, locales
from millstream.crowd.likeness import fitting, sounding
from millstream.crowd.people import MINED, Pair, pairs
from millstream.crowd.talk import Cell, Premise, Talk
from millstream.crowd.writing import Writer
from millstream.errors import InputError
from millstream.recipe import Task
from millstream.records import Dialogue, Reject
from millstream.shapes import Embedding
from millstream.table import Table

DIALOGUES = "8_dialogues.jsonl"


class Work(NamedTuple):
    """All that talks are written of."""

    locales: tuple[Locale, ...]
    demos: Demonstrations
    premises: tuple[Premise, ...]


class Made(NamedTuple):
    """What came of it: the talks that were written whole, and those that hold every check."""

    work: Work
    cells: tuple[Cell, ...]
    written: tuple[Talk, ...]
    kept: tuple[Talk, ...]


async def made(task: Task, encoder: Embedding | None) -> Made:
    """InputError where there is no model, or nothing to write of."""
    if task.model is None:
        raise InputError(
            "the recipe crowd has every line written by a model, and there is none",
            "--model",
            "give --model local or one behind --base-url; no templates exist for languages of your choice",
        )
    work = prepared(task)
    seed = task.settings.seed
    known = {each.code: each for each in work.locales}
    premises = await task.run.each("1_premises", work.premises, _written_down, Premise)
    localised = [scenarios.localised(premise, locale, seed) for premise in premises for locale in work.locales]
    cells = tuple(await task.run.each("2_cells", localised, _cell_down, Cell))
    asker = Asker(
        task.model.chat, task.model.name, min(task.settings.candidates, task.model.live), task.settings.temperature
    )
    sounds = await sounding(encoder.query, work.demos) if encoder else None
    fits = fitting(encoder.query) if encoder else None

    async def write(cell: Cell) -> AsyncIterator[Talk | Reject]:
        locale = known[cell.lang]
        against = Against(cell, locale, work.demos, strangers(locale, work.locales, work.demos))
        writer = Writer(asker, work.demos, sounds, task.settings.wording_tries, seed, fits)
        yield await writer.talk(against)

    async def judge(talk: Talk) -> AsyncIterator[Talk | Reject]:
        who = await judging.contradicts(asker, talk)
        yield Reject(step="consistent", item=talk.id, reason=f"{who} contradicts what is known") if who else talk

    written = tuple(await task.run.each("3_written", cells, write, Talk))
    judged = tuple(await task.run.each("4_judged", written, judge, Talk))
    twins = judging.doubles(judged)
    kept = task.run.whole("5_dialogues", lambda: [_distinct(each, twins) for each in judged], Talk)
    return Made(work, cells, written, tuple(kept))


def _distinct(talk: Talk, twins: dict[str, str]) -> Talk | Reject:
    twin = twins.get(talk.id)
    return Reject(step="distinct", item=talk.id, reason=f"nearly the same as {twin}") if twin else talk


async def _written_down(premise: Premise) -> AsyncIterator[Premise | Reject]:
    yield premise


async def _cell_down(cell: Cell) -> AsyncIterator[Cell | Reject]:
    yield cell


def prepared(task: Task) -> Work:
    """As many premises as the wished number of dialogues needs in all languages; of a run's outlines at most half,
    where there are persona pairs too. What a viewer is looking for is nothing to gossip about: a run's own people
    talk of anything else only where there are no others."""
    settings = task.settings
    events = chosen(settings.events)
    spoken = locales(settings.languages, events)
    shared = set.intersection(*(set(each.relations) for each in spoken))
    people, tasks = list[Pair](), list[Premise]()
    count = -(-settings.count // len(spoken))
    for path in sorted(task.inputs, key=lambda each: (each / MINED).is_file()):
        people += pairs(path) if not people or not (path / MINED).is_file() else ()
        tasks += _outlines(path, count, settings.lines)
    if not people and not tasks:
        raise InputError(
            "holds no pair of personas and no planned dialogue", str(task.inputs[0]), "see docs/recipes/crowd.md"
        )
    few = [each.model_copy(update={"number": n}) for n, each in enumerate(tasks[: count // 2 if people else count])]
    opened = list(scenarios.opened(people, events, shared, count - len(few), settings.seed)) if people else []
    return Work(spoken, demonstrations(), (*opened, *few))


def _outlines(path: Path, count: int, most: int) -> Sequence[Premise]:
    """The outlines of a run's dialogues, where it has any."""
    if not (path / MINED).is_file() or not (path / DIALOGUES).is_file():
        return ()
    known = domains.read(str(path / "domain.yaml"))
    return tuple(scenarios.tasks(list(Table(path / DIALOGUES, Dialogue)), known, count, most))

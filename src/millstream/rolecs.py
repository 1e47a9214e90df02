"""RoleCS's way, composed: settings of topics by people -> outlines -> dialogues -> five points -> distinct ones.

Planned play: coach and director work on an outline (support/planner.py), the core's performer hands each step as a View
to the realiser of its side. Rules and templates suffice; with a model each turn is reworded and checked. Knows no
corpora.
"""

from collections.abc import AsyncIterator, Callable

from millstream import dedup
from millstream.csconv import Annotated, Material, realised
from millstream.play.perform import Cast, perform
from millstream.play.repair import judged
from millstream.recipe import Task
from millstream.records import Dialogue, Record, Reject
from millstream.shapes import Realiser
from millstream.support.cases import cases
from millstream.support.coach import habits
from millstream.support.planner import Setting, planned, settings
from millstream.support.points import points

SPARE = 1.5
"""Settings drawn for each dialogue asked for: some are rejected."""


class Cell(Record):
    """One setting by its number: what a run works on, named by its content."""

    number: int
    case: str
    person: str


async def played(task: Task, real: Annotated, found: Material) -> tuple[Dialogue, ...]:
    """The dialogues that hold all five points, as many as were asked for."""
    count, seed = task.settings.count, task.settings.seed
    drawn = settings(cases(found.lang), round(count * SPARE + 1), seed, found.personas)
    cells = {_cell(each).id: each for each in drawn}
    play = _player(task, real, found, cells)
    made = await task.run.each("6_dialogues", tuple(map(_cell, cells.values())), play, Dialogue)
    kept = list(await task.run.each("7_judged", tuple(made), _judge(real), Dialogue))
    with task.run.scratch() as file:
        doubles = dedup.Compared(file).take(dedup.printed(dedup.said(each)) for each in kept)
    good = [each for each in kept if each.id not in doubles][:count]
    return tuple(task.run.whole("8_dialogues", lambda: [*good, *doubles.values()], Dialogue))


def _cell(setting: Setting) -> Cell:
    return Cell(number=setting.number, case=setting.case.code, person=setting.person.type)


def _player(
    task: Task, real: Annotated, found: Material, cells: dict[str, Setting]
) -> Callable[[Cell], AsyncIterator[Dialogue | Reject]]:
    """The coach's habits are those of the real agents that were annotated."""
    known = habits([turn.strategy for turn in each.agent] for each in real.every)
    realiser, name = _realiser(task, real, found)

    async def work(cell: Cell) -> AsyncIterator[Dialogue | Reject]:
        plan = planned(cells[cell.id], found.lang, real.framework, known, task.settings.seed)
        people = {each.id: each for each in (plan.user, plan.agent)}
        cast = Cast(people, {plan.blueprint.id: plan.blueprint}, plan.evidence)
        yield await perform(plan.outline, realiser, cast, name)

    return work


def _realiser(task: Task, real: Annotated, found: Material) -> tuple[Realiser | None, str]:
    if task.model is None or task.settings.realiser == "template":
        return None, "template"
    return realised(task.model, real.framework, found.lang, task.settings).say, f"llm: {task.model.name}"


def _judge(real: Annotated) -> Callable[[Dialogue], AsyncIterator[Dialogue | Reject]]:
    """All or nothing; what is wrong in a model's words goes back to its draft once."""
    critics = [critic for _, critic in points(real.framework)]

    async def work(dialogue: Dialogue) -> AsyncIterator[Dialogue | Reject]:
        yield await judged(dialogue, critics, "point")

    return work

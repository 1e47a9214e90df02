"""One run from its order to its folder: what `run` and `demo` do. Knows no flag and prints nothing of its own.

Inputs are read to their end before anything is made, so that a wrong one leaves nothing behind.
"""

import asyncio
import shutil
from collections.abc import Callable
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from pathlib import Path

from millstream import intake, plugins
from millstream.chat import Chat, Reply, Request
from millstream.commands import folder as files
from millstream.commands.closing import figures
from millstream.commands.fingerprint import fingerprint
from millstream.commands.progress import Clock, Shown, shown
from millstream.commands.release import version
from millstream.errors import InputError
from millstream.intake import Intake
from millstream.ledger import opened
from millstream.models import opened_model
from millstream.pipeline import Job, Made, synthesise
from millstream.prepare import Start, prepared
from millstream.recipe import Recipe, Settings
from millstream.records import Rights
from millstream.report import card, page
from millstream.report.counts import Summary
from millstream.run import Run
from millstream.summary import Context, failures, summarise

_OWN = ("", "local", "none", "scripted")


@dataclass(frozen=True)
class Order:
    """What is wanted: of which inputs, where, how. `rights` are those declared for all inputs."""

    inputs: list[Path]
    out: Path
    settings: Settings
    base_url: str = ""
    rights: Rights | None = None
    quiet: bool = False


@dataclass(frozen=True)
class Ready:
    """An order whose inputs were read and can be used."""

    order: Order
    taken: Intake
    start: Start
    recipe: Recipe


def ready(order: Order) -> Ready:
    """InputError where the settings, the inputs or their domain are wrong; nothing has been written then."""
    settings = order.settings
    if order.base_url and settings.model.partition(":")[0] in _OWN:
        raise InputError(f"--base-url does not go with --model {settings.model}", remedy="name a model of that server")
    recipe: Recipe = plugins.load("recipes", settings.recipe)()
    taken = intake.take(order.inputs, order.rights, settings.columns)
    _drop_torn(taken)
    return Ready(order, taken, prepared(settings, taken), recipe)


def make(ready: Ready) -> Summary:
    """The whole run, or the rest of it; its folder holds everything when this returns. A folder in which nothing was
    made is removed again if it was not there before."""
    order, out = ready.order, ready.order.out
    there, fresh = out.exists(), files.free_for_a_run(out)
    with Run(out, fingerprint(order.settings, ready.taken.rights)) as run:
        try:
            return _made(ready, run)
        except InputError:
            if fresh and not any(path.stat().st_size for path in files.tables(out)):
                shutil.rmtree(out)  # nobody else writes into it: the run holds its lock
                if there:
                    out.mkdir()
            raise


def _made(ready: Ready, run: Run) -> Summary:
    order, out = ready.order, run.folder
    files.write_settings(out, order.settings, order.base_url, order.inputs, version())
    files.write_rights(out, ready.taken, order.inputs, order.rights)
    files.write_domain(out, ready.start.domain)
    clock = Clock(out / files.CLOCK)
    made: Made

    async def synthesised() -> None:  # asyncio.run writes what it returns into an error it drops: seconds, if large
        nonlocal made
        made = await _synthesised(ready, run, clock)

    try:
        asyncio.run(synthesised())
    finally:
        clock.tick(0)
    context = Context(order.settings, ready.taken, out, clock.seconds, version())
    return _told(made, summarise(made, context), out)


def _told(made: Made, summary: Summary, out: Path) -> Summary:
    """The report, the card and, last, the summary: a run that has one is whole."""
    page.write(summary, made.dialogues, out / files.REPORT)
    card.write(summary, made.dialogues, out / files.CARD)
    files.write_summary(out, summary, figures(summary, sum(failures(out).values())))
    return summary


async def _synthesised(ready: Ready, run: Run, clock: Clock) -> Made:
    order = ready.order
    job = Job(order.settings, ready.recipe, ready.taken, ready.start, run, None)
    async with AsyncExitStack() as stack:
        if _needs_model(order.settings):
            store = await stack.enter_async_context(opened(run.folder / files.CACHE))
            model = await stack.enter_async_context(opened_model(order.settings.model, order.base_url, store))
            run.live, job = model.live, replace(job, model=model)
        view = stack.enter_context(shown(order.quiet))
        run.on_done = _counting(view, clock)
        if job.model:
            job = replace(job, model=replace(job.model, chat=_watched(job.model.chat, view, clock)))
        return await synthesise(job)


def _needs_model(settings: Settings) -> bool:
    return settings.model != "none" and (settings.realiser == "llm" or settings.read > 0)


def _counting(view: Shown, clock: Clock) -> Callable[[str, int, int | None], None]:
    def done(name: str, count: int, total: int | None) -> None:
        clock.tick()
        view.step(name, count, total)

    return done


def _watched(chat: Chat, view: Shown, clock: Clock) -> Chat:
    """A chat whose every answer shows; one from the cache, too."""

    async def ask(asked: Request) -> Reply:
        reply = await chat(asked)
        clock.tick()
        view.answer(asked.stage)
        return reply

    return ask


def _drop_torn(taken: Intake) -> None:
    """Leave out the recordings of which no file can be read to its end. InputError if nothing else is there."""
    sound = []
    for gathered in taken.readings:
        left_out: list[tuple[str, str]] = []
        if next(intake.cues(gathered, left_out), None) is not None:
            sound.append(gathered)
            continue
        taken.left_out += left_out
        for file in gathered.files:
            taken.rights.pop(file, None)
    taken.readings = sound
    if not (sound or taken.tables or taken.passages or taken.profiles or taken.plans):
        first, count = taken.left_out[0][1], len(taken.left_out)
        if count == 1:
            raise InputError(first)
        raise InputError(f"nothing usable found; the first of {count} left out: {first}")

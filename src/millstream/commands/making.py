"""One run from its order to its folder: what `run` and `demo` do. Knows no flag and prints nothing of its own.

Inputs are read to their end before anything is made, so that a wrong one leaves nothing behind.
"""

import asyncio
import shutil
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field, replace
from functools import partial
from pathlib import Path

from millstream import anchored, intake, plugins, prices
from millstream.budget import Cost, Meter
from millstream.chat import Reply, Request
from millstream.commands import folder as files
from millstream.commands import manifest
from millstream.commands.answering import answering
from millstream.commands.closing import figures
from millstream.commands.fingerprint import fingerprint
from millstream.commands.order import Order
from millstream.commands.progress import Clock, Shown, Silent, Troubles, shown
from millstream.commands.release import version
from millstream.commands.spreading import spreading
from millstream.errors import InputError
from millstream.intake import Intake
from millstream.models import Model
from millstream.pipeline import KEY, Job, Made, synthesise
from millstream.pool import Pool
from millstream.prepare import Start, prepared
from millstream.providers import Provider, llama_cpp, provider
from millstream.recipe import Column, Recipe
from millstream.records import Dialogue
from millstream.report import card, page
from millstream.report.counts import Summary
from millstream.run import Run
from millstream.structured import mending
from millstream.summary import Context, Read, failures, read_in_parts, summarise
from millstream.table import Map, Table

_OWN = ("", "local", "none", "scripted")


@dataclass(frozen=True)
class Ready:
    """An order whose inputs were read and can be used; `before` is the table of dialogues that it goes on from."""

    order: Order
    taken: Intake
    start: Start
    recipe: Recipe
    before: list[str] = field(default_factory=list)


def ready(order: Order) -> Ready:
    """InputError where the settings, the inputs or their domain are wrong; nothing has been written then."""
    settings = order.settings
    if order.asking.base_url and settings.model.partition(":")[0] in _OWN:
        raise InputError(f"--base-url does not go with --model {settings.model}", remedy="name a model of that server")
    recipe: Recipe = plugins.load("recipes", settings.recipe)()
    if order.asking.batch and settings.model.partition(":")[0] in (*_OWN, "anthropic"):
        raise InputError(f"--batch does not go with --model {settings.model}", remedy="name a model at --base-url")
    if order.asking.batch and ("," in settings.model or order.asking.ray):
        raise InputError("--batch takes one model and no --ray", remedy="batches are made by one process")
    if order.asking.reuse and order.asking.ray:
        raise InputError("--reuse does not go with --ray", remedy="make the run on one machine")
    if order.asking.reuse and not (files.existing(order.asking.reuse) / files.CACHE).is_file():
        raise InputError("has no cache: it asked no model", str(order.asking.reuse), "give --reuse a run that did")
    if settings.before and (order.asking.ray or order.asking.reuse):
        raise InputError("after goes with neither --ray nor --reuse", remedy="it takes replies over by itself")
    before = [str(files.each_dialogue(settings.before).path)] if settings.before else []
    taken = intake.take(order.inputs, order.rights, settings.columns, settings.simplify)
    _refuse_unread(settings.columns, taken)
    _drop_torn(taken)
    return Ready(order, taken, prepared(settings, taken), recipe, before)


def _refuse_unread(columns: Mapping[Column, str], taken: Intake) -> None:
    """InputError where columns are named that no file has, all together."""
    read = (reading.recording.source for gathered in taken.readings for reading in gathered.readings)
    if columns and "columns" not in read:
        named = ", ".join(repr(each) for each in columns.values())
        remedy = "name columns as the first line of a CSV, or the keys of JSON lines, has them"
        raise InputError(f"columns: no input has {named}", "settings", remedy)


def make(ready: Ready) -> Summary:
    """The whole run, or the rest of it; its folder holds everything when this returns. A folder in which nothing was
    made is removed again if it was not there before."""
    order, out = ready.order, ready.order.out
    there, fresh = out.exists(), files.free_for_a_run(out)
    mark = fingerprint(order.settings, [*ready.taken.rights, *ready.before])
    if files.made_as(out) not in ("", mark) and (out / manifest.MANIFEST).is_file():
        _settle(ready, mark)
    with Run(out, mark) as run:
        if (like := order.asking.replay or order.asking.reuse or order.settings.before) and fresh:
            shutil.copy(like / KEY, out / KEY)  # another key would give viewers other names, and other requests
        try:
            return _made(ready, run)
        except InputError:
            if fresh and not any(path.stat().st_size for path in files.tables(out)):
                shutil.rmtree(out)  # nobody else writes into it: the run holds its lock
                if there:
                    out.mkdir()
            raise


def _settle(ready: Ready, mark: str) -> None:
    """A run whose inputs changed only where somebody was forgotten is made as `mark` from now on. InputError for one
    that was made another way; the manifest knows which."""
    order = ready.order
    now = manifest.pins(order.settings, ready.recipe, ready.taken.rights, prices.read(order.asking.prices))
    found = manifest.changes(manifest.read(order.out), now)
    free = {f"inputs {name}" for name in files.unpinned(order.out)}
    other = [each for each in found if each not in free and each.split()[0] not in manifest.NO_OTHER_RUN]
    if other or free.isdisjoint(found):
        what = f"was made with another {', '.join(found[: manifest.TOLD]) or 'domain file or file of rates'}"
        raise InputError(what, str(order.out), "name a new folder, or run it as it was made")
    with Run(order.out, files.made_as(order.out)):  # nobody else writes meanwhile
        files.renew(order.out, mark)


def _made(ready: Ready, run: Run) -> Summary:
    order, out = ready.order, run.folder
    files.write_settings(out, order.settings, order.asking.base_url, order.inputs, version())
    files.write_rights(out, ready.taken, order.inputs, order.rights)
    files.write_domain(out, ready.start.domain)
    clock, notes = Clock(out / files.CLOCK), Counter[str]()
    made: Made
    kept: Read

    async def synthesised() -> None:  # asyncio.run writes what it returns into an error it drops: seconds, if large
        nonlocal made, kept
        made, kept = await _synthesised(ready, run, clock, notes)

    try:
        asyncio.run(synthesised())
    finally:
        clock.tick(0)
    context = Context(order.settings, ready.taken, out, clock.seconds, version())
    summary = summarise(made, kept, context)
    return _told(kept, replace(summary, notes=(*summary.notes, *sorted(notes.items()))), out)


def _told(kept: Read, summary: Summary, out: Path) -> Summary:
    """The report, the card, the hash of the dataset and, last, the summary: a run that has one is whole."""
    beside = anchored.beside(files.accepted(out)) if kept.tally.dialogues else ()
    page.write(summary, kept.tally, kept.drawn, out / files.REPORT, beside=beside)
    card.write(summary, kept.tally, out / files.CARD)
    manifest.close(out, kept.digest.hex(), kept.tally.dialogues)
    files.write_summary(out, summary, figures(summary, out, sum(failures(out).values())))
    return summary


async def _synthesised(ready: Ready, run: Run, clock: Clock, notes: Counter[str]) -> tuple[Made, Read]:
    """What was made, and what the dialogues are like; `notes` counts what is worth knowing of the model's answers."""
    order = ready.order
    pinned = manifest.pins(order.settings, ready.recipe, ready.taken.rights, prices.read(order.asking.prices))
    async with AsyncExitStack() as stack:
        troubles = Troubles(Silent())  # until the weights are there: a terminal has room for one progress
        answers = await stack.enter_async_context(answering(order, pinned, run.folder, troubles))
        view = troubles.view = stack.enter_context(shown(order.quiet, order.events))
        rights = ready.taken.rights
        bought = partial(_bought, view=view, clock=clock, meter=answers.meter)
        cluster = await stack.enter_async_context(spreading(order, rights, run.folder, bought))
        run.live = answers.model.live if answers.model else run.live
        run.live = cluster.live * cluster.count if cluster else run.live
        run.on_done = _counting(view, clock)
        show = partial(_watched, view=view, clock=clock, meter=answers.meter)
        server = provider(order.asking.base_url)
        watched = partial(_mended, server=server, note=lambda note: notes.update([note]), watch=show)
        aside: Map = cluster.map if isinstance(cluster, Pool) else map
        kept = Read()

        def read(accepted: Sequence[Table[Dialogue]]) -> None:
            nonlocal kept
            kept = read_in_parts(accepted, page.SAMPLE, aside)

        made = await synthesise(
            Job(
                order.settings,
                ready.recipe,
                ready.taken,
                ready.start,
                run,
                watched(answers.model) if answers.model else None,
                {item: watched(model) for item, model in answers.instead.items()},
                order.asking.only,
                cluster.spread if cluster else None,
                files.accepted(order.settings.before) if order.settings.before else (),
                aside,
                read,
            )
        )
        return made, kept


def _counting(view: Shown, clock: Clock) -> Callable[[str, int, int | None], None]:
    def done(name: str, count: int, total: int | None) -> None:
        clock.tick()
        view.step(name, count, total)

    return done


def _watched(model: Model, view: Shown, clock: Clock, meter: Meter) -> Model:
    """A model whose every answer shows; one from the cache, too."""

    async def ask(asked: Request) -> Reply:
        reply = await model.chat(asked)
        clock.tick()
        view.answer(asked.stage, meter.told())
        return reply

    return replace(model, chat=ask)


def _mended(model: Model, server: Provider, note: Callable[[str], None], watch: Callable[[Model], Model]) -> Model:
    """A model whose JSON is mended and flagged; in this process the grammar is llama.cpp's."""
    return watch(replace(model, chat=mending(model.chat, llama_cpp() if model.digest else server, note)))


def _bought(cost: Cost, view: Shown, clock: Clock, meter: Meter) -> None:
    """What the workers of a cluster have bought so far, all of them together."""
    clock.tick()
    view.answer("workers", meter.told(cost))


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

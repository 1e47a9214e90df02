"""A run that its recipe makes by itself: the folder, the model and the end of it; the rest is the recipe's."""

import asyncio
import shutil
from collections.abc import Iterator
from pathlib import Path

from millstream import prices
from millstream.commands import folder as files
from millstream.commands import manifest
from millstream.commands.answering import answering
from millstream.commands.closing import DONE, NOTHING
from millstream.commands.fingerprint import fingerprint
from millstream.commands.order import Order
from millstream.commands.release import version
from millstream.commands.terminal import say
from millstream.dataset import digest
from millstream.errors import InputError
from millstream.recipe import Recipe, Task
from millstream.run import Run


def make_own(order: Order, recipe: Recipe, dry: bool) -> int:
    """Make it, or the rest of it; returns the exit code. A folder in which nothing was made is removed again."""
    used = sorted(map(str, _files(order.inputs)))
    if dry:
        say(f"{recipe.name}: {len(used)} files would be read; it has no rehearsal")
        return DONE
    fresh = files.free_for_a_run(order.out)
    with Run(order.out, fingerprint(order.settings, used)) as run:
        files.write_settings(order.out, order.settings, order.asking.base_url, order.inputs, version())
        try:
            accepted, lines = asyncio.run(_made(order, recipe, run, used))
        except InputError:
            if fresh:
                shutil.rmtree(order.out)  # nobody else writes into it: the run holds its lock
            raise
        manifest.close(order.out, digest(files.dialogues(order.out)), accepted)
    for line in lines:
        say(line)
    return DONE if accepted else NOTHING


async def _made(order: Order, recipe: Recipe, run: Run, used: list[str]) -> tuple[int, tuple[str, ...]]:
    assert recipe.make is not None
    pinned = manifest.pins(order.settings, recipe, dict.fromkeys(used), prices.read(order.asking.prices))
    async with answering(order, pinned, order.out) as answers:
        run.live = answers.model.live if answers.model else run.live
        return await recipe.make(Task(tuple(order.inputs), order.settings, run, answers.model))


def _files(inputs: list[Path]) -> Iterator[Path]:
    """InputError for an input that is not there."""
    for path in inputs:
        if not path.exists():
            raise InputError("No such file or directory", str(path), "check the path")
        yield from (each for each in path.rglob("*") if each.is_file()) if path.is_dir() else (path,)

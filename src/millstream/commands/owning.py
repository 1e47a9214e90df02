"""A run that its recipe makes by itself: the folder, the model and the end of it; the rest is the recipe's."""

import asyncio
import shutil
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from millstream import prices, table, weights
from millstream.commands import folder as files
from millstream.commands import manifest
from millstream.commands.answering import answering
from millstream.commands.closing import DONE, NOTHING, figures
from millstream.commands.fingerprint import fingerprint
from millstream.commands.order import Order
from millstream.commands.progress import Lines, Silent, Troubles
from millstream.commands.release import version
from millstream.commands.terminal import say, tell
from millstream.dataset import digest
from millstream.errors import InputError, RightsError
from millstream.intake import RIGHTS, Intake, rights_of
from millstream.recipe import Recipe, Task
from millstream.records import Rights
from millstream.report.counts import Summary
from millstream.run import Run
from millstream.summary import failures, rejects, spending

WRONG = 2


def make_own(order: Order, recipe: Recipe, dry: bool) -> int:
    """Make it, or the rest of it; returns the exit code. A folder in which nothing was made is removed again."""
    used = sorted(map(str, _files(order.inputs)))
    if dry:
        return _dry(order, recipe, len(used))
    fresh = files.free_for_a_run(order.out)
    _rights(order, used)
    with Run(order.out, fingerprint(order.settings, used)) as run:
        files.write_settings(order.out, order.settings, order.asking.base_url, order.inputs, version())
        try:
            accepted, lines = asyncio.run(_made(order, recipe, run, used))
        except InputError:
            if fresh:
                shutil.rmtree(order.out)  # nobody else writes into it: the run holds its lock
            raise
        _close(order, recipe, used, accepted)
    for line in lines:
        say(line)
    return DONE if accepted else NOTHING


def _dry(order: Order, recipe: Recipe, files_used: int) -> int:
    """Every problem of the inputs on stdout; 2 if there is one."""
    found = recipe.check(order.inputs, order.settings) if recipe.check else ()
    for problem in found:
        tell(problem)
    problems = f", {len(found)} problems" if recipe.check else ""
    say(f"{recipe.name}: {files_used} files would be read{problems}; it has no rehearsal")
    return WRONG if found else DONE


def _close(order: Order, recipe: Recipe, used: list[str], accepted: int) -> None:
    """What other commands read of a run that is whole: rights, manifest, summary."""
    out = order.out
    dialogues = files.dialogues(out) if (out / files.DIALOGUES).is_file() else []  # labels and talks are none of ours
    files.write_rights(out, Intake(rights=_rights(order, used)), order.inputs, order.rights)
    whole = next((out / name for name in (files.TALKS, files.TASKS) if (out / name).is_file()), None)
    manifest.close(out, weights.digest(whole) if whole else digest(dialogues), accepted)
    words = Counter(turn.worded for each in dialogues for turn in each.turns)
    failed = sum(failures(out).values())
    summary = Summary(
        rejects=tuple(rejects(out)),
        spending=tuple(spending(out)),
        target=order.settings.count,
        accepted=accepted,
        drawn=sum(1 for name in (files.PLAYED, "2_cells", "6_dialogues") for _ in table.lines(out / f"{name}.jsonl")),
        words=tuple(sorted(words.items())),
        model=order.settings.model,
        settings=(("recipe", recipe.name), ("seed", str(order.settings.seed))),
    )
    files.write_summary(out, summary, figures(summary, out, failed))


def _rights(order: Order, used: list[str]) -> dict[str, Rights]:
    """Of each file that is used. RightsError for one whose owner opted out."""
    found = {}
    for file in (Path(each) for each in used if not each.endswith(RIGHTS)):
        root = next((each for each in order.inputs if each in file.parents), file.parent)
        found[str(file)] = rights_of(file, root, order.rights)
        if found[str(file)].opted_out:
            raise RightsError("its owner opted out", str(file), "leave it out")
    return found


async def _made(order: Order, recipe: Recipe, run: Run, used: list[str]) -> tuple[int, tuple[str, ...]]:
    assert recipe.make is not None
    pinned = manifest.pins(order.settings, recipe, dict.fromkeys(used), prices.read(order.asking.prices))
    troubles = Troubles(Silent() if order.quiet else Lines())
    async with answering(order, pinned, order.out, troubles) as answers:
        run.live = answers.model.live if answers.model else run.live
        return await recipe.make(Task(tuple(order.inputs), order.settings, run, answers.model))


def _files(inputs: list[Path]) -> Iterator[Path]:
    """InputError for an input that is not there."""
    for path in inputs:
        if not path.exists():
            raise InputError("No such file or directory", str(path), "check the path")
        yield from (each for each in path.rglob("*") if each.is_file()) if path.is_dir() else (path,)

"""`millstream replay`: a run made again from its cache alone, to show that it can be. Opens no connection."""

import json
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import plugins, prices
from millstream.commands import folder as files
from millstream.commands import manifest
from millstream.commands.alone import alone
from millstream.commands.closing import exit_code
from millstream.commands.fingerprint import fingerprint
from millstream.commands.making import Ready, make, ready
from millstream.commands.order import Asking, Order, again
from millstream.commands.terminal import Json, say, tell
from millstream.errors import InputError
from millstream.recipe import Recipe
from millstream.summary import failures


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    out: Annotated[
        Path | None, Option(metavar="FOLDER", help="Keep what is made, here; else it is only compared.")
    ] = None
    as_json: Json = False
    quiet: Annotated[bool, Option("--quiet", "-q", help="No progress.")] = False


def command(options: Options) -> int:
    """Make the dataset of a run again from its cache, with the network closed, and compare the two.

    Prints the hash of the dataset. Code 2 where a reply is missing, or where the dataset is another one.
    """
    order = again(options.run, Asking(replay=options.run), options.quiet or options.as_json)
    pinned = manifest.read(options.run)
    with _place(options.out) as out:
        code = _made(replace(order, out=out), pinned, options.run)
        found, before = manifest.dataset(out), manifest.dataset(options.run)
        if before and found != before:
            remedy = f"compare {options.run / files.DIALOGUES} with that of `millstream replay --out`"
            raise InputError(f"the dataset is another one: {found}, not {before}", str(options.run), remedy)
        count = len(files.each_dialogue(out))
    if options.as_json:
        print(json.dumps({"dataset": found, "equal": found == before, "dialogues": count}))
    else:
        tell(f"{found}  {count} dialogues")
    say("equal to the run's" if before else "the run is not finished: there is nothing to compare it with")
    return code


def _made(order: Order, pinned: dict[str, Any], run: Path) -> int:
    """Make it again; returns the exit code."""
    recipe: Recipe = plugins.load("recipes", order.settings.recipe)()
    if (code := alone(order, recipe)) is not None:
        return code
    wanted = ready(order)
    _compare(wanted, pinned, run)
    summary = make(wanted)
    return exit_code(summary, sum(failures(order.out).values()))


@contextmanager
def _place(out: Path | None) -> Iterator[Path]:
    if out:
        yield out
        return
    with tempfile.TemporaryDirectory(prefix="millstream-replay-") as folder:
        yield Path(folder) / "run"


def _compare(wanted: Ready, pinned: dict[str, Any], run: Path) -> None:
    """InputError where what is here would make another run; other differences are told."""
    settings, rights = wanted.order.settings, wanted.taken.rights
    now = manifest.pins(settings, wanted.recipe, rights, prices.read())
    found = manifest.changes(pinned, now)
    if files.made_as(run) != fingerprint(settings, [*rights, *wanted.before]):
        what = ", ".join(found[:manifest.TOLD]) or "a domain file or a file of rates"
        raise InputError(f"not what the run was made of: {what}", str(run), "bring it back as it was")
    if found:
        say(f"different, and told in case the dataset is: {', '.join(found[:manifest.TOLD])}")

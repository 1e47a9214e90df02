"""`millstream forget`: an author or a recording goes out of a run, for good. Knows no table (forget.py)."""

import json
import shlex
from collections.abc import Collection, Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Annotated

from typer import Argument, Option

from millstream import table
from millstream.commands import folder as files
from millstream.commands.fingerprint import fingerprint
from millstream.commands.terminal import Json, say, tell
from millstream.errors import InputError
from millstream.forget import Forgotten, forget
from millstream.recipe import Settings
from millstream.run import Run

SHOWN = 12
"""Dialogues that are named in the terminal; --json has all."""


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    who: Annotated[str, Argument(metavar="AUTHOR|RECORDING", help="A name, pseudonym, id, key or file.")]
    also: Annotated[
        list[Path] | None, Option(metavar="FOLDER", help="Exports and models of it elsewhere; any number of times.")
    ] = None
    as_json: Json = False


def command(options: Options) -> int:
    """Take all that rests on an author or a recording out of a run, and say what has to be made again.

    Tables, cache and ledger, report and exports in the folder are cleaned; `resume` then makes what is missing:

        millstream forget runs/kitchen nutfree_nadia --also data/kitchen
    """
    also = tuple(options.also or ())
    if lost := next((each for each in also if not each.is_dir()), None):
        raise InputError("is no folder", str(lost), "give the folder of an export or a model")
    with Run(files.existing(options.run), files.made_as(options.run)):  # nobody else writes meanwhile
        done = forget(options.run, options.who, also, lambda keys: _settled(options.run, keys))
    if options.as_json:
        print(json.dumps(asdict(done), ensure_ascii=False))
    else:
        for line in _told(done, options.run):
            tell(line)
    return 0


def _told(done: Forgotten, run: Path) -> Iterator[str]:
    if done.already:
        yield "forgotten before: nothing of it is left"
        return
    yield from (f"{name}: {count} rows gone or changed" for name, count in sorted(done.rows.items()))
    yield from (f"{name}: removed" for name in done.files)
    yield from (f"{name}: may have been trained on it: train it again" for name in done.models)
    if done.dialogues:
        more = f" and {len(done.dialogues) - SHOWN} more" if len(done.dialogues) > SHOWN else ""
        yield f"dialogues to be made again: {' '.join(done.dialogues[:SHOWN])}{more}"
    say(f"take it out of the source, then: millstream resume {shlex.quote(str(run))}")


def _settled(run: Path, keys: Collection[str]) -> None:
    """The run goes on with what is left: the recordings `keys` without an author, else the inputs without one."""
    sources = json.loads((run / files.RIGHTS).read_text(encoding="utf-8"))["sources"]
    if keys:
        names = (Path(each["file"]).name for each in sources)
        files.unpin(run, [name for name in names if name.startswith(tuple(f"{key}." for key in keys))])
    else:
        _without_it(run, [each["file"] for each in sources])


def _without_it(run: Path, left: list[str]) -> None:
    """The run is now one of the inputs that are left: it goes on with those alone, and not with what was forgotten."""
    said = files.settings(run)
    chosen = Settings.model_validate({name: said[name] for name in Settings.model_fields if name in said})
    if all(Path(each).is_file() for each in left):
        table.write(run / "fingerprint", fingerprint(chosen, left))

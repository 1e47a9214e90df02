"""`millstream`: which commands there are, and what an error is to the shell.

A command is a file of commands/ with `Options`, a dataclass of what it may be given, and `command(Options) -> exit
code`; its file is imported when it is chosen, so that `--help` costs nothing. This file knows no command's work.
"""

import errno
import importlib
import inspect
import shlex
import sys
from types import ModuleType
from typing import Annotated, Any, get_type_hints

import typer
from typer.core import TyperGroup
from typer.main import get_command

from millstream import interrupted
from millstream.commands.release import version
from millstream.errors import InputError, ItemError, StoreError

COMMANDS = {
    "run": "Make dialogues of streams and videos: captions, chats, comments, tables, documents.",
    "mine": "Write the signals of recordings, by rules alone; with --follow of a chat that is still being written.",
    "inspect": "Say what sources hold, without a model: languages, noise, questions and answers, rights, cost.",
    "fetch": "Save a recording with yt-dlp, where its rights allow it, with those rights beside it.",
    "resume": "Go on with a run as its folder says, or do again only what failed.",
    "replay": "Make the dataset of a run again from its cache, with the network closed, and compare the two.",
    "export": "Write the dialogues of a run as a dataset.",
    "report": "Write the report and the card of a run again, and say where they lie.",
    "view": "Look at a run in the browser: dialogues beside their evidence; review them, or rate blind.",
    "status": "Say how far a run is: counts by step, failures, rejects by reason.",
    "cost": "Say what the model cost a run, by stage and for each accepted dialogue.",
    "size": "Simulate the makespan of a large run and reckon its tokens and money.",
    "realism": "Learn what tells our dialogues from real ones; let fresh detectors judge.",
    "evaluate": "Put corpora side by side at equal size, with intervals: wording, manner, acts, plan, knowledge.",
    "judge": "Have a model judge dialogues: marks for `evaluate --judged`, or which of two is better.",
    "probe": "Damage dialogues and see whether it is noticed: what can be lost unnoticed says nothing.",
    "simulate": "Play dialogues with services from their schema and rows, with states that are right by construction.",
    "train": "Train a small model: a state tracker that reads the schema, or a student that labels utterances.",
    "prove": "Train a tracker on each arm and test it on real dialogues of a left-out domain.",
    "transfer": "Train a tracker on English dialogues and test it on Chinese ones, and the other way round.",
    "contamination": "Look for the test in training data: turns, runs of words, dialogues, meaning; and plant some.",
    "forget": "Take all that rests on an author or a recording out of a run, and say what has to be made again.",
    "trace": "Print a dialogue with its labels and the words and seconds each turn rests on.",
    "knowledge": "Write what a run knows as one DuckDB file, with Parquet beside it, and say the name of its state.",
    "questions": "Make a retrieval benchmark of a run: knowledge, questions with the passages that answer, baselines.",
    "diff": "Say what changed between two runs: settings, facts with their sources, and dialogues with the reason.",
    "demo": "Run two of the samples with the embedded model and print a dialogue of each.",
    "models": "List the models that run inside this process; fetch one.",
    "recipes": "List the recipes.",
    "domains": "List the packaged domains.",
    "domain": "Draft a domain file from tables and captions: slots, units and vocabulary, with where each was seen.",
}
"""In the order of the help page. The line is also the first of the command's docstring."""

UNEXPECTED, INPUT, NOTHING, ACCIDENT, INTERRUPTED = 1, 2, 3, 4, interrupted.CODE
"""Exit codes other than 0, as docs/operating.md explains them; an unexpected error leaves its traceback."""
_DISK = (errno.ENOSPC, errno.EDQUOT, errno.EROFS, errno.EFBIG, errno.EACCES)
"""What the machine refuses, whichever file was to be written, and the person can mend."""

ABOUT = """Live streams and short videos in, traceable task-oriented dialogues out.

Data goes to stdout, talk to stderr. Exit codes: 0 done, 1 unexpected, 2 wrong input, 3 nothing to keep,
4 stopped by a model or an accident, 130 interrupted."""


class Lazy(TyperGroup):
    """Shows every command by its line in COMMANDS, and imports the one that is chosen."""

    def resolve_command(self, ctx: Any, args: list[str]) -> tuple[str | None, Any, list[str]]:
        name, _, rest = super().resolve_command(ctx, args)
        return name, loaded(name) if name else None, rest


def loaded(name: str) -> Any:
    """The command itself."""
    app = typer.Typer(add_completion=False, pretty_exceptions_enable=False)
    module = importlib.import_module(f"millstream.commands.{name}")
    app.command(name, context_settings={"help_option_names": ["-h", "--help"]})(_function(module))
    return get_command(app)


def _function(module: ModuleType) -> Any:
    """A function whose parameters are the fields of the module's Options: the shape typer reads."""

    def call(**given: Any) -> None:
        raise typer.Exit(guarded(module, module.Options(**given)))

    call.__doc__ = module.command.__doc__
    call.__annotations__ = get_type_hints(module.Options, include_extras=True)
    call.__signature__ = inspect.signature(module.Options)  # type: ignore[attr-defined]
    return call


def guarded(module: ModuleType, options: Any) -> int:
    """The command's exit code; an error the person can mend is one line on stderr."""
    try:
        interrupted.be_heard()
        return int(module.command(options))
    except InputError as error:
        # The engine's own stop ("step 6_dialogues: 8 of 12 items failed") is an accident, not a wrong input.
        stopped = error.where.startswith("step ")
        _say(str(error))
        return ACCIDENT if stopped else INPUT
    except (ItemError, StoreError) as error:
        _say(str(error))
        return ACCIDENT
    except OSError as error:
        if error.errno not in _DISK:
            raise
        where = f"{error.filename}: " if error.filename else ""
        _say(f"{where}{error.strerror}; make room or name another folder, and run again: what is done is kept")
        return INPUT
    except KeyboardInterrupt:
        _say(f"interrupted; what is done is kept; go on with: {shlex.join(['millstream', *sys.argv[1:]])}")
        return INTERRUPTED


def _say(line: str) -> None:
    """What an error quotes may come from a stream: no control character reaches the terminal."""
    print("millstream:", "".join(char if char.isprintable() else "\ufffd" for char in line), file=sys.stderr)


def _version(wanted: bool) -> None:
    if wanted:
        print(version())
        raise typer.Exit


def _options(
    show_version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and end.")
    ] = False,
) -> None:
    """What stands before the command."""


def _listed() -> None:
    """Stands in the help page for a command that is not imported."""


def application() -> typer.Typer:
    """Every command by name and line, none of them imported."""
    app = typer.Typer(
        cls=Lazy,
        help=ABOUT,
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        rich_markup_mode="rich",
        context_settings={"help_option_names": ["-h", "--help"]},
    )
    app.callback(help=ABOUT)(_options)
    for name, line in COMMANDS.items():
        app.command(name, help=line)(_listed)
    return app


app = application()


def main() -> None:
    app()

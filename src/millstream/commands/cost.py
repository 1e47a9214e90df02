"""`millstream cost`: what the ledger of a run says, also while it runs. Knows no prices."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument

from millstream import ledger
from millstream.commands import folder as files
from millstream.commands.terminal import Json, say, show
from millstream.ledger import Tally


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    as_json: Json = False


def command(options: Options) -> int:
    """Say what the model cost a run, by stage and for each accepted dialogue.

    Calls are different requests, attempts every try at them; seconds are summed over calls that ran side by side.
    """
    spent = ledger.spent(files.existing(options.run) / files.CACHE)
    rows = [_row(stage, tally) for stage, tally in spent.stages.items()] + [_row("all", spent.total)]
    if accepted := _accepted(options.run):
        rows.append(_each(spent.total, accepted))
    else:
        say("no dialogue is accepted yet: nothing to divide by")
    show(rows, options.as_json)
    return 0


def _accepted(run: Path) -> int:
    return len(files.dialogues(run)) if (run / files.DIALOGUES).is_file() else 0


def _row(stage: str, tally: Tally) -> dict[str, Any]:
    return {
        "stage": stage, "calls": tally.calls, "attempts": tally.attempts, "failures": tally.failures,
        "tokens in": tally.tokens_in, "cached": tally.tokens_cached, "tokens out": tally.tokens_out,
        "seconds": round(tally.seconds, 1),
    }  # fmt: skip


def _each(total: Tally, accepted: int) -> dict[str, Any]:
    row = _row("per accepted dialogue", total)
    return {name: value if name == "stage" else round(value / accepted, 1) for name, value in row.items()}

"""`millstream demo`: two of the samples, run for somebody who has just arrived. Knows where the samples lie."""

from dataclasses import dataclass, replace
from itertools import count
from pathlib import Path
from typing import Annotated

from typer import Option

from millstream.commands import folder as files
from millstream.commands.closing import close
from millstream.commands.fingerprint import fingerprint
from millstream.commands.making import Ready, make, ready
from millstream.commands.order import Asking, Order
from millstream.commands.terminal import say, tell
from millstream.commands.trace import head, shortly, titles
from millstream.errors import InputError
from millstream.recipe import settings
from millstream.summary import failures

SAMPLES = {"demo-zh": "automotive_zh", "demo-en": "restaurant_en"}
READ = 5
"""Windows of each sample that the model reads: rules find nearly all there is (benchmarks/mining.py)."""
_BESIDE = Path(__file__).parents[3] / "samples"
"""Of a checkout that is run or installed from its source."""


@dataclass(frozen=True)
class Options:
    count: Annotated[int, Option(min=1, help="Dialogues to accept of each sample.")] = 3
    model: Annotated[str, Option(help="As for `millstream run`.")] = "local"
    base_url: Annotated[str, Option(metavar="URL", help="As for `millstream run`.")] = ""
    out: Annotated[Path, Option(metavar="FOLDER", help="Where the run folders go.")] = Path("runs")
    samples: Annotated[Path | None, Option(metavar="FOLDER", help="Where the samples lie.", show_default=False)] = None


def command(options: Options) -> int:
    """Run two of the samples with the embedded model and print a dialogue of each.

    A Chinese car live stream and an English restaurant one, both fiction written by the project. The model is
    downloaded once (1.1 GB); afterwards this takes some minutes on two cores.
    """
    samples = _folder(options.samples)
    made = [_one(options, name, samples / sample) for name, sample in SAMPLES.items()]
    for out, _ in made:
        say(f"report: {out / files.REPORT}", style="bold")
    return max(code for _, code in made)


def _one(options: Options, name: str, sample: Path) -> tuple[Path, int]:
    chosen = settings(None, {"count": options.count, "model": options.model, "read": READ})
    wanted = ready(Order([sample], options.out / name, chosen, Asking(options.base_url)))
    out = _place(wanted)
    say(f"{sample} -> {out}", style="bold")
    summary = make(replace(wanted, order=replace(wanted.order, out=out)))
    code = close(summary, out, sum(failures(out).values()))
    for dialogue in files.dialogues(out)[:1] if summary.accepted else ():
        for line in head(dialogue, titles(summary.heard)):
            tell(line)
        for n, turn in enumerate(dialogue.turns):
            for line in shortly(n, turn):
                tell(line)
        tell()
    return out, code


def _place(wanted: Ready) -> Path:
    """The folder of this very run, or the next free one: what an older version made stays as it was."""
    first, mark = wanted.order.out, fingerprint(wanted.order.settings, wanted.taken.rights)
    names = (first if n == 1 else first.with_name(f"{first.name}-{n}") for n in count(1))
    return next(out for out in names if files.made_as(out) in ("", mark))


def _folder(named: Path | None) -> Path:
    for folder in (named,) if named else (Path("samples"), _BESIDE):
        if all((folder / sample).is_dir() for sample in SAMPLES.values()):
            return folder
    raise InputError("the samples are not here", str(named or "samples"), "run it in the repository, or give --samples")

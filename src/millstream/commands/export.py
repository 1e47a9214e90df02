"""`millstream export`: asks whether it may, then hands the dialogues to the exporters. Knows no format's rows."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

from millstream import intake, plugins, pressure, split
from millstream.commands import folder as files
from millstream.commands.run import declared
from millstream.commands.terminal import say, tell
from millstream.errors import InputError, RightsError
from millstream.records import Dialogue, Rights
from millstream.report import card
from millstream.report.counts import Right, Summary, Tally, read

SPLITS, ALL = "splits", "all"
_NEEDS = {"parquet": "pyarrow"}
_SHOWN = 3
_RIGHTS = "Rights, declared for all inputs"


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    to: Annotated[Path, Option(metavar="FOLDER", help="Where the files go.")]
    form: Annotated[
        Literal[
            "quadruplets",
            "streamdial",
            "messages",
            "splits",
            "sgd",
            "multiwoz21",
            "multiwoz22",
            "convlab",
            "crosswoz",
            "risawoz",
            "tools",
            "sharegpt",
            "preferences",
            "parquet",
            "all",
        ],
        Option("--format", help="Which files; see below."),
    ] = "all"
    with_pressure: Annotated[bool, Option("--with-pressure", help="Keep talk that presses viewers.")] = False
    basis: Annotated[str | None, Option(help="owned, licensed, consent or fiction.", rich_help_panel=_RIGHTS)] = None
    licence: Annotated[str | None, Option(help="Its name, like CC-BY-4.0.", rich_help_panel=_RIGHTS)] = None
    terms: Annotated[str | None, Option(help="The platform's terms.", rich_help_panel=_RIGHTS)] = None


@dataclass(frozen=True)
class Kept:
    """The dialogues that go out, with their licence, read anew by each who asks: they need not fit into memory."""

    options: Options
    licence: str = ""

    def __iter__(self) -> Iterator[Dialogue]:
        dialogues = files.accepted(self.options.run)
        kept = dialogues if self.options.with_pressure else pressure.left_out(dialogues)
        return (dialogue.model_copy(update={"licence": self.licence}) for dialogue in kept)


def command(options: Options) -> int:
    """Write the dialogues of a run as a dataset.

    quadruplets: <P_u, P_a, B, H> with all labels and evidence. streamdial: the four files of StreamDial's release.
    messages: OpenAI chat messages. splits: train, dev and test. A README.md (the card) goes with each.

        millstream export runs/kitchen --to data/kitchen --format all

    It refuses while the basis of any source is unknown: declare it in a rights.yaml beside the source, or with
    --basis. What opted out since, or should be gone by now, stops it too. What presses viewers ("only two left") is
    left out, unless --with-pressure asks for it.
    """
    if next(files.accepted(options.run), None) is None:
        raise InputError("holds no accepted dialogue", str(options.run), "see its report.html for what was rejected")
    if next(iter(Kept(options)), None) is None:
        raise InputError("every dialogue presses its viewer", str(options.run), "give --with-pressure to export them")
    summary = files.summary(options.run)
    rights = files.rights_now(options.run, declared(options.basis, options.licence, options.terms))
    whole = allowed(rights)
    kept = Kept(options, whole.licence)
    tally, _ = read(kept)
    for path in _write(options, kept, rightful(summary, rights), tally):
        tell(path)
    say(f"{tally.dialogues} synthetic dialogues, basis {whole.basis}, licence {whole.licence or 'not known'}")
    return 0


def allowed(rights: Mapping[str, Rights]) -> Rights:
    """The rights of it all. RightsError while the basis of a source is unknown."""
    whole = intake.combined(list(rights.values()))
    if whole.basis != "unknown":
        return whole
    unknown = [Path(file).name for file, each in rights.items() if each.basis == "unknown"]
    more = f" and {len(unknown) - _SHOWN} more" if len(unknown) > _SHOWN else ""
    remedy = "write a rights.yaml beside it (basis: owned, licensed, consent or fiction), or give --basis"
    raise RightsError(f"not exported: the basis of {', '.join(unknown[:_SHOWN])}{more} is unknown", remedy=remedy)


def rightful(summary: Summary, rights: Mapping[str, Rights]) -> Summary:
    """The summary with the rights as they stand today, by the names of the sources."""
    strictest = intake.combined(list(rights.values()))
    by_name: dict[str, list[Rights]] = {}
    for file, each in rights.items():
        by_name.setdefault(Path(file).stem, []).append(each)
    now = []
    for right in summary.rightful:
        own = by_name.get(right.id)
        today = intake.combined(own) if own else strictest
        now.append(Right(right.id, today.basis, today.licence, today.terms))
    return replace(summary, rights=tuple(now))


def _write(options: Options, dialogues: Kept, summary: Summary, tally: Tally) -> list[Path]:
    forms = [*_every(), SPLITS] if options.form == ALL else [options.form]
    parts = split.split(dialogues, _seed(options.run)) if SPLITS in forms else None
    written: list[Path] = []
    for form in forms:
        if form != SPLITS:
            written += plugins.load("exporters", form)(dialogues, options.to)
    if parts:
        written += split.write(parts, dialogues, options.to)
    return [*written, card.write(summary, tally, options.to / "README.md", parts)]


def _every() -> list[str]:
    """All forms but those whose library is not installed."""
    return [form for form in plugins.names("exporters") if form not in _NEEDS or find_spec(_NEEDS[form])]


def _seed(run: Path) -> int:
    return int(files.settings(run).get("seed", 0))

"""`millstream resume`: a run goes on as its folder says, or does again only what failed. Knows no step's work."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from typer import Argument, Option

from millstream import plugins, table
from millstream.budget import Ceiling
from millstream.commands import folder as files
from millstream.commands.alone import alone
from millstream.commands.closing import close
from millstream.commands.making import make, ready
from millstream.commands.order import Asking, again
from millstream.commands.terminal import Json, say
from millstream.errors import InputError
from millstream.recipe import Recipe
from millstream.records import Failure
from millstream.summary import failures


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    only: Annotated[
        Literal["failed"] | None, Option(help="failed: begin nothing else that is not done.", show_default=False)
    ] = None
    item: Annotated[
        list[str] | None, Option(metavar="ID", help="Of what failed, this; may be given several times.")
    ] = None
    model: Annotated[
        str | None, Option(help="Another model for what failed; goes with --only failed.", show_default=False)
    ] = None
    base_url: Annotated[
        str | None, Option(metavar="URL", help="Where the model is now; else where it was.", show_default=False)
    ] = None
    batch: Annotated[str, Option(metavar="WHERE", help="As for `millstream run`.")] = ""
    slots: Annotated[int, Option(min=0, help="Calls side by side; 0: what suits.")] = 0
    budget: Annotated[float | None, Option(min=0, help="As for `millstream run`.")] = None
    budget_tokens: Annotated[int | None, Option(min=0, help="As for `millstream run`.")] = None
    prices: Annotated[Path | None, Option(metavar="FILE", help="As for `millstream run`.")] = None
    as_json: Json = False
    quiet: Annotated[bool, Option("--quiet", "-q", help="No progress; the end is said.")] = False


def command(options: Options) -> int:
    """Go on with a run as its folder says, or do again only what failed.

    What failed, by another model; the manifest says which dialogues it made:

        millstream resume runs/big --only failed --model NAME --base-url http://127.0.0.1:8000/v1
    """
    asking = _asking(options)
    if asking.only is not None and not asking.only:
        say("nothing failed: there is nothing to do again")
        return 0
    order = again(options.run, asking, options.quiet or options.as_json)
    recipe: Recipe = plugins.load("recipes", order.settings.recipe)()
    if (ended := alone(order, recipe, as_json=options.as_json)) is not None:
        return ended
    summary = make(ready(order))
    code = close(summary, options.run, sum(failures(options.run).values()))
    if options.as_json:
        print(json.dumps(json.loads((options.run / files.SUMMARY).read_text(encoding="utf-8")), ensure_ascii=False))
    return code


def _asking(options: Options) -> Asking:
    if options.model and not options.only:
        raise InputError("--model goes with --only failed", remedy="a whole run by another model is another run")
    before = str(files.settings(files.existing(options.run)).get("base_url", ""))
    url = before if options.base_url is None else options.base_url
    return Asking(
        url,
        options.slots,
        Ceiling(tokens=options.budget_tokens, money=options.budget),
        options.prices,
        options.batch,
        only=_failed(options.run, options.item) if options.only else None,
        instead=(options.model, url) if options.model else None,
    )


def _failed(run: Path, wanted: list[str] | None) -> frozenset[str]:
    """The items that still fail. InputError for one that does not, and where a recording failed: what is planned on
    it would change, and with it everything."""
    found = [Failure.model_validate_json(line) for line in table.lines(run / "failures.jsonl") if line.endswith("}")]
    if early := next((each for each in found if each.step.startswith("1_")), None):
        raise InputError(f"recording {early.item} failed", str(run), "resume without --only: all rests on it")
    items = frozenset(each.item for each in found)
    if strange := next((each for each in wanted or () if each not in items), None):
        raise InputError(f"{strange} did not fail", str(run), "see `millstream status RUN --failures`")
    return frozenset(wanted) if wanted else items

"""`millstream cost`: what the ledger of a run says, also while it runs, with money by a table of prices."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import ledger, prices
from millstream.commands import folder as files
from millstream.commands import manifest
from millstream.commands.terminal import Json, say, show
from millstream.ledger import Billed, Tally


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    prices: Annotated[Path | None, Option(metavar="FILE", help="Prices of one's own, in YAML.")] = None
    as_json: Json = False


def command(options: Options) -> int:
    """Say what the model cost a run, by stage and for each accepted dialogue.

    Calls are different requests, attempts every try at them; seconds are summed over calls that ran side by side. Money
    is by list price; `reported` is what the endpoint itself said, where it says so.
    """
    cache = files.existing(options.run) / files.CACHE
    spent, bills = ledger.spent(cache), _bills(options.run, options.prices, ledger.billed(cache))
    rows = [_row(stage, tally, bills.get(stage)) for stage, tally in [*spent.stages.items(), ("all", spent.total)]]
    if accepted := _accepted(options.run):
        rows.append(_each(rows[-1], accepted))
    else:
        say("no dialogue is accepted yet: nothing to divide by")
    show(rows, options.as_json)
    return 0


def _bills(run: Path, file: Path | None, billed: list[Billed]) -> dict[str, dict[str, float]]:
    """Money by stage: by list price, and what endpoints themselves said, which is another figure. Says by which
    table, and whose price is not in it."""
    models, table = manifest.cast(run).models, prices.read(file)
    price_of = table.within(models[0].spec if models else "")
    unknown = sorted({each.model for each in billed if price_of(each.model) is None})
    if unknown:
        say(f"no price is known of {', '.join(unknown)}: give --prices FILE")
    say(f"money in {table.currency} by the prices of {table.version}")
    bills: dict[str, dict[str, float]] = {}
    for each in billed:
        price, tally = price_of(each.model), each.tally
        money = {"money": price.money(tally.tokens_in, tally.tokens_out, tally.tokens_cached)} if price else {}
        reported = {} if each.cost is None else {"reported": each.cost}
        for stage in (each.stage, "all"):
            bill = bills.setdefault(stage, {})
            for name, value in (money | reported).items():
                bill[name] = bill.get(name, 0.0) + value
    columns = {name for bill in bills.values() for name in bill}
    return {stage: {name: bill.get(name, 0.0) for name in sorted(columns)} for stage, bill in bills.items()}


def _accepted(run: Path) -> int:
    return len(files.dialogues(run)) if (run / files.DIALOGUES).is_file() else 0


def _row(stage: str, tally: Tally, bill: dict[str, float] | None) -> dict[str, Any]:
    return {
        "stage": stage, "calls": tally.calls, "attempts": tally.attempts, "failures": tally.failures,
        "tokens in": tally.tokens_in, "cached": tally.tokens_cached, "tokens out": tally.tokens_out,
        "seconds": round(tally.seconds, 1),
    } | {name: round(value, 6) for name, value in (bill or {}).items()}  # fmt: skip


def _each(whole: dict[str, Any], accepted: int) -> dict[str, Any]:
    places = {"money": 6, "reported": 6}
    each = {name: round(value / accepted, places.get(name, 1)) for name, value in whole.items() if name != "stage"}
    return {"stage": "per accepted dialogue"} | each

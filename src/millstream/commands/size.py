"""`millstream size`: how long a large run would take, and what it would cost, before anybody rents anything."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Option

from millstream import ledger, prices
from millstream.commands import folder as files
from millstream.commands.terminal import Json, say, show
from millstream.errors import InputError
from millstream.sizing import Load, simulated


@dataclass(frozen=True)
class Options:
    dialogues: Annotated[int, Option(min=1, help="Dialogues to play.")] = 88_000
    calls: Annotated[int, Option(min=1, help="Calls a dialogue, one after another.")] = 17
    like: Annotated[
        Path | None, Option(metavar="RUN", help="Take calls and tokens of each dialogue from this run's ledger.")
    ] = None
    median: Annotated[float, Option(min=0.001, help="Seconds of a call, the median.")] = 0.2
    sigma: Annotated[float, Option(min=0, max=3, help="Spread: sigma of the logarithm.")] = 1.0
    workers: Annotated[int, Option(min=1, help="Workers of the cluster.")] = 1
    slots: Annotated[int, Option(min=1, help="Calls side by side, of each worker.")] = 64
    tokens_in: Annotated[int, Option(min=0, help="Tokens of a request.")] = 900
    tokens_out: Annotated[int, Option(min=0, help="Tokens of an answer.")] = 60
    model: Annotated[str, Option(help="Whose price; see --prices.")] = ""
    prices: Annotated[Path | None, Option(metavar="FILE", help="Prices of one's own, in YAML.")] = None
    gpus: Annotated[int, Option(min=0, help="GPUs that serve the model.")] = 0
    gpu_tokens: Annotated[float, Option(min=1, help="Tokens a second out of one of them, measured.")] = 2500.0
    gpu_hour: Annotated[float, Option(min=0, help="Money for an hour of one of them.")] = 0.0
    seed: Annotated[int, Option(min=0, help="Of the simulated latencies.")] = 0
    as_json: Json = False


def command(options: Options) -> int:
    """Simulate the makespan of a large run and reckon its tokens and money.

    1.5 million calls over 16 workers, with the tokens of a run that was made already:

        millstream size --dialogues 88000 --workers 16 --like runs/kitchen --model gpt-4.1-mini
    """
    load, tokens_in, tokens_out = _load(options)
    took = simulated(load, options.workers, options.slots, options.seed)
    hours = max(took.makespan, _serving(options, took.calls * tokens_out)) / 3600
    row: dict[str, Any] = {
        "calls": took.calls,
        "hours": round(hours, 3),
        "calls/s": round(took.calls / (hours * 3600), 1),
        "slots used": round(took.efficiency(options.workers * options.slots), 3),
        "tokens in": took.calls * tokens_in,
        "tokens out": took.calls * tokens_out,
    }
    show([row | _money(options, row, hours)], options.as_json)
    return 0


def _load(options: Options) -> tuple[Load, int, int]:
    """The load, and the tokens in and out of a call."""
    calls, tokens_in, tokens_out = options.calls, options.tokens_in, options.tokens_out
    if options.like:
        spent = ledger.spent(files.existing(options.like) / files.CACHE).stages.get("play")
        count = len(files.dialogues(options.like))
        if not spent or not count:
            raise InputError("no dialogue of it was worded by a model", str(options.like), "give a run that has some")
        calls = max(1, round(spent.calls / count))
        tokens_in, tokens_out = spent.tokens_in // spent.calls, spent.tokens_out // spent.calls
        say(f"{calls} calls a dialogue, {tokens_in} tokens in and {tokens_out} out a call, as in {options.like}")
    return Load(options.dialogues, calls, options.median, options.sigma), tokens_in, tokens_out


def _serving(options: Options, tokens_out: int) -> float:
    """Seconds the GPUs need for the answers, however many calls are made side by side."""
    return tokens_out / (options.gpus * options.gpu_tokens) if options.gpus else 0.0


def _money(options: Options, row: dict[str, Any], hours: float) -> dict[str, Any]:
    if options.gpus:
        return {"GPU hours": round(options.gpus * hours, 1), "money": round(options.gpus * hours * options.gpu_hour, 2)}
    if not options.model:
        return {}
    price = prices.read(options.prices).of(options.model)
    if price is None:
        raise InputError(f"no price is known of {options.model}", "--model", "give --prices FILE with its price")
    money, batch = price.money(row["tokens in"], row["tokens out"]), price.in_batch()
    return {"money": round(money, 2), "in batches": round(batch.money(row["tokens in"], row["tokens out"]), 2)}

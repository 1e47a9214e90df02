"""`millstream run`: flags to an order, and the order made. Knows how a run is asked for, not how it is made."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from typer import Argument, Option

from millstream import plugins
from millstream.budget import Ceiling
from millstream.commands import folder as files
from millstream.commands.alone import alone
from millstream.commands.closing import close
from millstream.commands.dry import plan
from millstream.commands.making import make, ready
from millstream.commands.order import Asking, Order
from millstream.commands.terminal import Json, say
from millstream.errors import InputError
from millstream.intake import BASES
from millstream.recipe import Recipe, Settings, settings
from millstream.records import Rights
from millstream.summary import failures

_HOW, _MONEY, _RIGHTS = "How", "What it may cost", "Rights, declared for all inputs"
_SET = ["domain", "lang", "count", "seed", "model", "realiser", "read", "recipe", "after"]


@dataclass(frozen=True)
class Options:
    inputs: Annotated[list[Path], Argument(metavar="INPUT...", help="Files and folders.", show_default=False)]
    out: Annotated[Path, Option(metavar="FOLDER", help="The run folder; the same again goes on with it.")]
    config: Annotated[Path | None, Option(metavar="FILE", help="Settings in YAML: `key: value` lines.")] = None
    changes: Annotated[
        list[str] | None, Option("--set", metavar="KEY=VALUE", help="One setting; may be given several times.")
    ] = None
    count: Annotated[int | None, Option(help="Dialogues to accept.", rich_help_panel=_HOW)] = None
    domain: Annotated[str | None, Option(help="Its name, a domain file, or auto.", rich_help_panel=_HOW)] = None
    lang: Annotated[str | None, Option(help="zh, en, or auto: that of the inputs.", rich_help_panel=_HOW)] = None
    seed: Annotated[int | None, Option(help="Everything random is drawn from it.", rich_help_panel=_HOW)] = None
    model: Annotated[
        str | None,
        Option(help="local, local:NAME, none, scripted, or a model at --base-url.", rich_help_panel=_HOW),
    ] = None
    base_url: Annotated[
        str, Option(metavar="URL", help="An OpenAI-compatible server, with its /v1.", rich_help_panel=_HOW)
    ] = ""
    realiser: Annotated[str | None, Option(help="llm, or template: no model words it.", rich_help_panel=_HOW)] = None
    read: Annotated[
        int | None, Option(help="Windows of each recording the model reads; 0: rules alone.", rich_help_panel=_HOW)
    ] = None
    recipe: Annotated[str | None, Option(help="See `millstream recipes`.", rich_help_panel=_HOW)] = None
    basis: Annotated[
        str | None, Option(help="owned, licensed, consent, fiction or unknown.", rich_help_panel=_RIGHTS)
    ] = None
    licence: Annotated[str | None, Option(help="Its name, like CC-BY-4.0.", rich_help_panel=_RIGHTS)] = None
    terms: Annotated[str | None, Option(help="The platform's terms.", rich_help_panel=_RIGHTS)] = None
    batch: Annotated[
        str,
        Option(metavar="WHERE", help="openai, or a command with {input} and {output}; see docs.", rich_help_panel=_HOW),
    ] = ""
    ray: Annotated[
        str, Option(metavar="ADDRESS", help="Many machines: auto, or where a Ray cluster is.", rich_help_panel=_HOW)
    ] = ""
    workers: Annotated[
        int, Option(min=0, help="Of a cluster, or here without a model; 0: by the CPUs.", rich_help_panel=_HOW)
    ] = 0
    reuse: Annotated[
        Path | None, Option(metavar="RUN", help="A run whose replies are taken where they fit.", rich_help_panel=_MONEY)
    ] = None
    after: Annotated[
        str | None, Option(metavar="RUN", help="A run whose dialogues that still hold are kept.", rich_help_panel=_HOW)
    ] = None
    slots: Annotated[int, Option(min=0, help="Calls side by side; 0: what suits.", rich_help_panel=_HOW)] = 0
    budget: Annotated[
        float | None, Option(min=0, help="Money the run may spend in all.", rich_help_panel=_MONEY)
    ] = None
    budget_tokens: Annotated[
        int | None, Option(min=0, help="Tokens the run may use in all.", rich_help_panel=_MONEY)
    ] = None
    prices: Annotated[
        Path | None, Option(metavar="FILE", help="Prices of one's own, in YAML.", rich_help_panel=_MONEY)
    ] = None
    dry_run: Annotated[bool, Option("--dry-run", help="Say what would be read and made; make nothing.")] = False
    as_json: Json = False
    quiet: Annotated[bool, Option("--quiet", "-q", help="No progress; the end is said.")] = False
    log_json: Annotated[bool, Option("--log-json", help="Progress as lines of JSON on stderr.")] = False


def command(options: Options) -> int:
    """Make dialogues of streams and videos: captions, chats, comments, tables, documents.

    A folder of captions, a chat and a price list, worded by the embedded model:

        millstream run samples/restaurant_en --out runs/kitchen --count 4

    The same by rules and templates alone, in seconds; and by a model behind a server:

        millstream run samples/restaurant_en --out runs/plain --model none

        millstream run talk.srt prices.csv --out runs/big --model NAME --base-url http://127.0.0.1:8000/v1

    A run that was stopped, by whatever, goes on with the same command; a larger --count extends it.
    """
    asked = order(options)
    recipe: Recipe = plugins.load("recipes", asked.settings.recipe)()
    if (ended := alone(asked, recipe, options.dry_run, options.as_json)) is not None:
        return ended
    prepared = ready(asked)
    if prepared.start.spoken not in (None, prepared.start.lang):
        say(f"warning: --lang {prepared.start.lang}, but the inputs are in {prepared.start.spoken}: both get mixed")
    if options.dry_run:
        plan(prepared, options.as_json)
        return 0
    summary = make(prepared)
    code = close(summary, options.out, sum(failures(options.out).values()))
    if options.as_json:
        print(json.dumps(json.loads((options.out / files.SUMMARY).read_text(encoding="utf-8")), ensure_ascii=False))
    return code


def order(options: Options) -> Order:
    changes = _assigned(options.changes or []) | {
        name: value for name in _SET if (value := getattr(options, name)) is not None
    }
    chosen: Settings = settings(options.config, changes)
    rights = declared(options.basis, options.licence, options.terms)
    quiet = options.quiet or options.as_json
    return Order(options.inputs, options.out, chosen, _asking(options), rights, quiet, options.log_json)


def _asking(options: Options) -> Asking:
    ceiling = Ceiling(tokens=options.budget_tokens, money=options.budget)
    return Asking(
        options.base_url,
        options.slots,
        ceiling,
        options.prices,
        options.batch,
        options.ray,
        options.workers,
        reuse=options.reuse,
    )


def declared(basis: str | None, licence: str | None, terms: str | None) -> Rights | None:
    """The rights of three flags, only those that were given; None if none was."""
    if basis is not None and basis not in BASES:
        raise InputError(f"{basis!r} is no basis", "--basis", f"it is one of {', '.join(BASES)}")
    given = {"basis": basis, "licence": licence, "terms": terms}
    said = {name: value for name, value in given.items() if value is not None}
    return Rights.model_validate(said) if said else None


def _assigned(pairs: list[str]) -> dict[str, Any]:
    return dict(map(_pair, pairs))


def _pair(pair: str) -> tuple[str, Any]:
    key, sign, value = pair.partition("=")
    try:
        if sign and key.strip():
            return key.strip(), yaml.safe_load(value)
    except yaml.YAMLError:
        sign = ""
    raise InputError(f"{pair!r} is no setting", "--set", "write --set key=value, as in --set candidates=2")

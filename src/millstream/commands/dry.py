"""`millstream run --dry-run`: what would be read and made, and what it may cost. Leaves nothing behind.

The cost is rehearsed: a few dialogues are made in a temporary folder with a model that echoes, its requests are counted
and weighed, and the rest is reckoned from them. An echo is never the model's own words, so every turn takes all its
tries: the calls are an upper bound.
"""

import asyncio
import json
import tempfile
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millstream import intake, prices
from millstream.backends import scripted
from millstream.chat import Chat, Reply, Request
from millstream.commands.answering import needs_model
from millstream.commands.making import Ready
from millstream.commands.terminal import say, show
from millstream.models import Model, named_in
from millstream.pipeline import Job, synthesise
from millstream.run import Run

_REHEARSED = 4
"""Dialogues made to see what one takes."""
_BYTES = 3.5
"""Bytes of UTF-8 a token: about 4 in English, 3 to 3.5 in Chinese, by the tokenisers of current models."""
_ANSWER = 120
"""Tokens of an answer with signals (mine/extract.py)."""


@dataclass(frozen=True)
class Estimate:
    """Of one stage, in calls and tokens."""

    stage: str
    calls: float
    tokens_in: float
    tokens_out: float


def plan(ready: Ready, as_json: bool) -> None:
    """One row a source on stdout; the rest on stderr."""
    taken, settings = ready.taken, ready.order.settings
    show(_sources(ready), as_json)
    rights = intake.combined(list(taken.rights.values()))
    say(f"domain {ready.start.domain.name}, language {ready.start.lang}, recipe {settings.recipe}")
    say(f"rights: basis {rights.basis}, licence {rights.licence or 'not known'}")
    if rights.basis == "unknown":
        say("the basis of a source is not known: for local reading only, export will refuse")
    for _, reason in taken.left_out:
        say(f"left out: {reason}")
    if needs_model(settings):
        for line in _cost(ready):
            say(line)


def _cost(ready: Ready) -> list[str]:
    settings, found = ready.order.settings, estimates(ready)
    table = prices.read(ready.order.asking.prices)
    calls, tokens_in, tokens_out = (
        sum(getattr(each, name) for each in found) for name in ("calls", "tokens_in", "tokens_out")
    )
    stages = ", ".join(f"{each.calls:,.0f} to {each.stage}" for each in found)
    lines = [
        f"at most about {calls:,.0f} calls of {settings.model}: {stages}",
        f"about {tokens_in:,.0f} tokens in and {tokens_out:,.0f} out",
    ]
    models = named_in(settings.model)
    if price := table.within(settings.model, bool(ready.order.asking.batch))(models[0]):
        money = price.money(round(tokens_in), round(tokens_out))
        lines.append(f"about {money:,.2f} {table.currency} by the prices of {table.version}, nothing cached")
        if len(models) > 1:
            lines.append(f"all of it reckoned at the price of {models[0]}")
    else:
        lines.append(f"no price is known of {settings.model}: give --prices FILE")
    return lines


def estimates(ready: Ready) -> list[Estimate]:
    """What each stage would take, from a rehearsal; reading is rehearsed whole, wording is scaled to the count."""
    settings = ready.order.settings
    asked: list[Request] = []
    with tempfile.TemporaryDirectory(prefix="millstream-rehearsal-") as folder, Run(Path(folder)) as run:
        count = min(settings.count, _REHEARSED)
        model = Model(settings.model, _counted(asked), "", run.live)
        few = settings.model_copy(update={"count": count})
        made = asyncio.run(synthesise(Job(few, ready.recipe, ready.taken, ready.start, run, model)))
    scale = {"play": settings.count / max(1, made.accepted)}
    calls = Counter(each.stage for each in asked)
    return [
        Estimate(
            stage,
            count * scale.get(stage, 1),
            scale.get(stage, 1) * sum(_words(each) for each in asked if each.stage == stage),
            scale.get(stage, 1) * sum(_answer(each) for each in asked if each.stage == stage),
        )
        for stage, count in calls.items()
    ]


def _counted(asked: list[Request]) -> Chat:
    echo = scripted.connect(scripted.echo)

    async def chat(request: Request) -> Reply:
        asked.append(request)
        return await echo(request)

    return chat


def _words(request: Request) -> float:
    """Tokens of the messages."""
    body = json.loads(request.body)
    return sum(len(each["content"].encode()) for each in body["messages"]) / _BYTES


def _answer(request: Request) -> float:
    """Tokens of the answers: as long as the draft each, or some signals."""
    said = scripted.echo(request)
    body = json.loads(request.body)
    if "response_format" in body:
        return _ANSWER
    return int(body.get("n") or 1) * len(said.encode()) / _BYTES


def _sources(ready: Ready) -> list[dict[str, Any]]:
    taken = ready.taken
    recordings = [
        {"source": each.recording.title or each.recording.key, "kind": each.recording.source, "records": _cues(each)}
        for each in taken.readings
    ]
    tables = [{"source": each.key, "kind": "table", "records": len(each.rows)} for each in taken.tables]
    keys = [each.key for each in taken.profiles] + [each.key for each in taken.plans]
    seeds = [{"source": key, "kind": "seed", "records": 1} for key in keys]
    names = [each.evidence[0].source for each in taken.passages]
    texts = [{"source": name, "kind": "document", "records": names.count(name)} for name in dict.fromkeys(names)]
    return [*recordings, *tables, *texts, *seeds]


def _cues(gathered: intake.Gathered) -> int:
    return sum(1 for _ in intake.cues(gathered, []))

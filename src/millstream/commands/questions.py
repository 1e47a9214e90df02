"""`millstream questions RUN --to FOLDER`: a retrieval benchmark of a run, with what plain retrievers make of it.

Asks whether it may go out, as `export` does. Knows neither how questions are made (know/questions.py) nor how passages
are found (retrievers/).
"""

import asyncio
import importlib
import json
import tempfile
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path
from statistics import mean
from typing import Annotated, Any

from typer import Argument, Option

from millstream import intake, ledger, plugins
from millstream.commands import folder as files
from millstream.commands.export import allowed
from millstream.commands.run import declared
from millstream.commands.terminal import Json, say, show
from millstream.domain import read as domain_of
from millstream.errors import InputError
from millstream.know import questions
from millstream.know.questions import Corpus, Question
from millstream.metrics.retrieval import NAMES, figures
from millstream.models import opened_embedding, opened_model
from millstream.prepare import Mined
from millstream.records import Fact, Passage
from millstream.retrievers import Retriever, bm25, dense, fused, searching
from millstream.shapes import Embedding, Query
from millstream.table import Table
from millstream.whole import whole

MINED, FACTS = "1_mined.jsonl", "2_facts.jsonl"
DEEP = 100
"""Passages down to which the first right one is looked for."""


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    to: Annotated[Path, Option(metavar="FOLDER", help="Where the files go.")]
    documents: Annotated[list[Path] | None, Option("--document", help="Its passages belong to the knowledge.")] = None
    model: Annotated[str, Option(help="Words the synthetic questions; `none`: the domain's wordings.")] = "none"
    base_url: Annotated[str, Option(help="Where that model is, if it is not embedded.")] = ""
    encoder: Annotated[bool, Option("--encoder", help="Baselines by meaning, too.")] = False
    basis: Annotated[str | None, Option(help="owned, licensed, consent or fiction.")] = None
    as_json: Json = False


def command(options: Options) -> int:
    """Make a retrieval benchmark of a run: knowledge, questions with the passages that answer, baselines.

    corpus.jsonl holds the passages; asked.jsonl what viewers asked, simulated.jsonl what users ask in the dialogues,
    synthetic.jsonl one question a passage. Each row names the snapshot of the knowledge, which lies beside them. The
    gold of what was asked is mined, not checked by people.
    """
    plugins.needed("questions", ["duckdb"], "store")
    store = importlib.import_module("millstream.know.store")
    said = declared(options.basis, None, None)
    taken = intake.take(options.documents, said) if options.documents else intake.Intake()
    right = allowed({**files.rights_now(options.run, said), **taken.rights})
    facts = list(Table(files.existing(options.run) / FACTS, Fact))
    known = questions.corpus(domain_of(str(options.run / files.DOMAIN)), facts, taken.passages)
    if not known.passages:
        raise InputError("nothing is known", str(options.run), "give the run a table, or --document")
    state = store.snapshot(facts, known.passages)
    sets = asyncio.run(_sets(known, options))
    store.save(state, options.to)
    _write(options.to, state.name, known, sets, right.licence)
    rows = asyncio.run(_baselines(known, sets, options.encoder))
    show(rows if options.as_json else [row | {each: f"{row[each]:.3f}" for each in NAMES} for row in rows],
         options.as_json)  # fmt: skip
    say(f"snapshot {state.name}: {len(known.passages)} passages; {options.to}")
    return 0


async def _sets(known: Corpus, options: Options) -> dict[str, list[Question]]:
    mined = (signal for each in Table(options.run / MINED, Mined) for signal in each.signals)
    made = questions.synthetic(known)
    if options.model != "none":
        options.to.mkdir(parents=True, exist_ok=True)
        async with AsyncExitStack() as stack:
            kept = await stack.enter_async_context(ledger.opened(options.to / files.CACHE))
            model = await stack.enter_async_context(opened_model(options.model, options.base_url, kept))
            made = await questions.worded(made, known.passages, model.chat, model.name)
    simulated = list(questions.simulated(known, files.accepted(options.run)))
    return {"asked": list(questions.asked(known, mined)), "simulated": simulated, "synthetic": made}


def _write(to: Path, state: str, known: Corpus, sets: Mapping[str, Sequence[Question]], licence: str) -> None:
    rows = [{"id": each.id, "title": each.title, "contents": each.text, "sources": _sources(each)}
            for each in known.passages]  # fmt: skip
    _lines(to / "corpus.jsonl", rows)
    for name, some in sets.items():
        marks = {"set": name, "snapshot": state, "synthetic": name != "asked", "licence": licence}
        _lines(to / f"{name}.jsonl", [_row(each) | marks for each in some])


def _row(each: Question) -> dict[str, Any]:
    said = {"id": each.id, "question": each.text, "answer": each.answer, "article_ids": list(each.gold)}
    return said | {"before": list(each.before), "sources": _sources(each), "dialogue": each.dialogue}


def _sources(each: Question | Passage) -> list[dict[str, Any]]:
    return [proof.model_dump(mode="json", exclude_defaults=True) for proof in each.evidence]


def _lines(path: Path, rows: Sequence[Mapping[str, Any]]) -> None:
    with whole(path) as out:
        for row in rows:
            out.write(f"{json.dumps(row, ensure_ascii=False)}\n")


async def _baselines(known: Corpus, sets: Mapping[str, Sequence[Question]], meaning: bool) -> list[dict[str, Any]]:
    places = {each.id: n for n, each in enumerate(known.passages)}
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory()))
        encoder = await stack.enter_async_context(opened_embedding()) if meaning else None
        ways = {"BM25": await bm25.index(known.passages, folder)} | await _more(known, folder, encoder)
        pairs = [(name, way) for name, some in sets.items() if some for way in ways]
        return [await _measured(name, way, ways[way], sets[name], places) for name, way in pairs]


async def _more(known: Corpus, folder: Path, encoder: Embedding | None) -> dict[str, Retriever]:
    named = {"BM25 and names": await fused.index(known.passages, folder)}
    if encoder is None:
        return named
    vectors = await dense.index(known.passages, folder, encoder)
    return named | {"vectors": vectors, "fused": await fused.index(known.passages, folder, encoder)}


async def _measured(
    name: str, way: str, retriever: Retriever, some: Sequence[Question], places: Mapping[str, int]
) -> dict[str, Any]:
    found = await searching(retriever)([Query(each.text, each.before) for each in some], DEEP)
    gold = [{places[each] for each in question.gold} for question in some]
    every = [figures([hit.passage for hit in hits], of) for hits, of in zip(found, gold, strict=True)]
    values = zip(NAMES, map(mean, zip(*every, strict=True)), strict=True)
    return {"set": name, "questions": len(some), "retriever": way} | {each: round(value, 3) for each, value in values}

"""Dialogues to a judge's rows: which are drawn, who is asked about each, and what the probes find. Shows nothing."""

import hashlib
import importlib
from collections import defaultdict
from collections.abc import AsyncIterator, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Any, Literal

from millstream import corpora, judges, ledger
from millstream.commands import folder as files
from millstream.commands.progress import shown
from millstream.commands.terminal import say
from millstream.conversations import Conversation, Utterance
from millstream.corpora import millstream as own
from millstream.errors import InputError
from millstream.judges import Asker, Choice, Dimension, Score, checklist, pairs, rubric
from millstream.models import Model, opened_model
from millstream.records import Fact, Lang, Record
from millstream.run import Run
from millstream.table import Table
from millstream.viewer import blind

WAYS = {"rubric": rubric.score, "checklist": checklist.score}
Way = Literal["rubric", "checklist"]


class Subject(Record):
    """What is judged: a dialogue, or a turn with what was said before it. `other` is what it is held against."""

    item: str
    lang: Lang
    talk: str
    other: str = ""

    @property
    def id(self) -> str:
        return self.item


@dataclass(frozen=True)
class Hearing:
    """What is judged, against what, by whom and how; `out` is where judgements are kept."""

    corpus: Path
    against: Path | None
    about: Sequence[Dimension]
    way: Way
    models: Sequence[str]
    base_url: str
    most: int
    seed: int
    probe: bool
    out: Path


# --- what is judged ----------------------------------------------------------------------------------------


def subjects(of: Hearing) -> Iterator[Subject]:
    """Dialogues, each with another of its language to be held against where that is asked. InputError for a dimension
    that cannot be judged of them."""
    for each in of.about:
        if of.against and each.turns:
            raise InputError("is a question to turns, not to two dialogues", each.name, "leave out --against")
        if each.notes:
            _facts(of.corpus)
    ours = list(_drawn(of.corpus, of.most, of.seed))
    if not of.against:
        yield from (Subject(item=item, lang=lang, talk=judges.talk(turns)) for item, lang, turns in ours)
        return
    pool: dict[Lang, list[str]] = defaultdict(list)
    for _, lang, turns in _drawn(of.against, 10 * of.most, of.seed):
        pool[lang].append(judges.talk(turns))
    for item, lang, turns in ours:
        if pool[lang]:
            yield Subject(item=item, lang=lang, talk=judges.talk(turns), other=pool[lang].pop())


def _drawn(path: Path, most: int, seed: int) -> list[tuple[str, Lang, tuple[Utterance, ...]]]:
    """(item, language, turns)."""
    if (path / blind.ITEMS).is_file():
        sheets = [each for each in blind.Package(path).items.values() if each.kind == "sheet"]
        found = [(each.id, each.lang, tuple(Utterance(role=role, text=text) for role, text in each.a))
                 for each in sheets]  # fmt: skip
    else:
        found = [(each.key, each.lang, each.turns) for each in _conversations(path)]
    return Random(f"judge {seed}").sample(found, min(most, len(found)))


def _conversations(path: Path) -> Iterator[Conversation]:
    if (path / "fingerprint").is_file():
        return own.read(files.each_dialogue(path).path)
    return corpora.conversations(path)


def _facts(path: Path) -> dict[str, list[str]]:
    """What a run knows, by the names of things. InputError for what is no run."""
    table = path / "2_facts.jsonl"
    if not table.is_file():
        raise InputError("has no facts to judge by", str(path), "give a run, or leave out --dimension knowledge")
    found: dict[str, list[str]] = defaultdict(list)
    for each in Table(table, Fact):
        found[each.entity].append(f"{each.entity}, {each.attribute}: {each.value}")
    return found


def _by_turns(subject: Subject) -> Iterator[Subject]:
    """Each turn of the agent, with all that was said before it."""
    lines = subject.talk.splitlines()
    for n, line in enumerate(lines, 1):
        if line.startswith("agent:"):
            yield subject.model_copy(update={"item": f"{subject.item}#{n}", "talk": "\n".join(lines[:n])})


# --- judging -----------------------------------------------------------------------------------------------


async def judged(of: Hearing, chosen: Sequence[Subject], quiet: bool) -> tuple[list[Any], list[dict[str, Any]]]:
    """Every judge's rows, those of the jury behind them, and what the probes found."""
    rows: list[Any] = []
    told: list[dict[str, Any]] = []
    for spec in of.models:
        with shown(quiet) as progress, Run(of.out / _plain(spec), _mark(of, chosen), on_done=progress.step) as run:
            made, found = await _by_one(spec, run, of, chosen)
        rows += made
        told += found
    return [*rows, *_jury(rows)], told


async def _by_one(
    spec: str, run: Run, of: Hearing, chosen: Sequence[Subject]
) -> tuple[list[Any], list[dict[str, Any]]]:
    async with ledger.opened(run.folder / files.CACHE) as store, opened_model(spec, of.base_url, store) as model:
        run.live = model.live
        _warn(of.corpus, model)
        asker = Asker(model.chat, model.name, model.digest)
        rows = [row for each in of.about for row in await _one(run, asker, each, chosen, of)]
        return rows, await _probed(asker, chosen, of) if of.probe else []


async def _one(
    run: Run, asker: Asker, about: Dimension, chosen: Sequence[Subject], of: Hearing
) -> list[Any]:
    if of.against:
        return list(await run.each(f"1_{about.name}", chosen, partial(_choosing, asker, about), Choice))
    items = [each for whole in chosen for each in (_by_turns(whole) if about.turns else [whole])]
    if about.notes:
        facts = _facts(of.corpus)
        items = [each.model_copy(update={"talk": judges.noted(each.talk, facts)}) for each in items]
    return list(await run.each(f"1_{about.name}", items, partial(_marking, asker, about, of.way), Score))


async def _choosing(asker: Asker, about: Dimension, item: Subject) -> AsyncIterator[Choice]:
    yield await pairs.choice(asker, about, item.lang, item.talk, item.other, item.id)


async def _marking(asker: Asker, about: Dimension, way: str, item: Subject) -> AsyncIterator[Score]:
    score, cited = await WAYS[way](asker, about, item.lang, item.talk, item.id)
    yield Score(judge=asker.name(way), dimension=about.name, item=item.id, score=round(score, 4), cited=cited)


def _jury(rows: Sequence[Score | Choice]) -> Iterator[Score]:
    """The mean of several judges of an item; prompts of one model are no jury."""
    by: dict[tuple[str, str], list[Score | Choice]] = defaultdict(list)
    for each in rows:
        by[each.dimension, each.item].append(each)
    for (dimension, item), found in by.items():
        names = sorted({each.judge for each in found})
        if len(names) > 1:
            mean = sum(each.score for each in found) / len(found)
            yield Score(judge=f"jury of {' + '.join(names)}", dimension=dimension, item=item, score=round(mean, 4))


async def _probed(asker: Asker, chosen: Sequence[Subject], of: Hearing) -> list[dict[str, Any]]:
    """The probes that need no people (metrics/biases.py), in the language of most of the dialogues."""
    biases = importlib.import_module("millstream.metrics.biases")
    lang = chosen[0].lang
    texts = [each.talk for each in chosen if each.lang == lang]

    async def score(text: str) -> float:
        return (await WAYS[of.way](asker, of.about[0], lang, text))[0]

    async def prefer(first: str, second: str) -> float:
        return await pairs.prefer(asker, of.about[0], lang, first, second)

    found = [await biases.position(prefer, list(zip(texts[::2], texts[1::2], strict=False)))]
    found += [await biases.unmoved(score, texts, name) for name in biases.CHANGES]
    return [{"judge": asker.name(of.way), "probe": each.name, "found": each.why,
             "fault": "FAULT" if each.flagged else "-"} for each in found]  # fmt: skip


def _plain(spec: str) -> str:
    return "".join(char if char.isalnum() or char in "-_." else "-" for char in spec)


def _mark(of: Hearing, chosen: Sequence[Subject]) -> str:
    """What makes judgements other judgements."""
    parts = [of.way, str(bool(of.against)), *(each.model_dump_json() for each in (*of.about, *chosen))]
    return hashlib.sha256("\n".join(parts).encode()).hexdigest()


def _warn(path: Path, model: Model) -> None:
    """A judge must not mark its own relative's words unsaid."""
    worded = str(files.settings(path).get("model", "")) if (path / "fingerprint").is_file() else ""
    if worded.startswith("local") and model.digest:
        say("the judge is of the family that worded this run: a preference for its own is not excluded")

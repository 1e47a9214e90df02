"""What the tests of planning stand on: the three samples, mined by rule; and every packaged domain in each of its
languages over an invented table, with a blueprint that has every move. Each is made once."""

import asyncio
import tempfile
from functools import cache
from pathlib import Path

from millstream import domain as domains
from millstream import intake, pipeline, plugins, prepare
from millstream.domain import SlotSpec
from millstream.intake import Intake
from millstream.know.base import Knowledge
from millstream.know.tables import facts_of
from millstream.pipeline import Job
from millstream.plan import blueprints, personas
from millstream.prepare import Ground, Start
from millstream.recipe import Settings
from millstream.records import Blueprint, Dialogue, Evidence, Lang, Recording, Scenario, Signal, SignalKind
from millstream.run import Run
from millstream.shapes import Table

SAMPLES = ("automotive_zh", "hotel_zh_en", "restaurant_en")
SCHEMAS = tuple(f"{name}/{lang}" for name in domains.names() for lang in ("zh", "en"))
EVERY = (*SAMPLES, *SCHEMAS)
COUNT, FEW = 60, 24
SETTINGS = Settings(count=COUNT, model="none", realiser="template", seed=11, delivery="off")

NAMES: dict[Lang, tuple[str, ...]] = {
    "zh": ("云岭青", "云岭白", "松溪庄", "松溪苑", "远山阁", "远山居", "望川楼", "望川里"),
    "en": ("Cedar", "Alder", "Hazel Row", "Rowan Court", "Juniper", "Maple End", "Larch", "Quince"),
}
WORDS: dict[Lang, tuple[str, ...]] = {
    "zh": ("松涛", "竹影", "荷风", "桂雨", "梅雪", "兰露", "菊霜", "槐荫"),
    "en": ("amber", "birch", "cobalt", "damask", "ember", "fennel", "garnet", "heather"),
}


read = cache(domains.read)


@cache
def ground(key: str) -> Ground:
    name, _, lang = key.partition("/")
    return _schema(name, "zh" if lang == "zh" else "en") if lang else _sample(name)


@cache
def played(key: str) -> tuple[Dialogue, ...]:
    """The dialogues of the first scenarios, as the templates word them."""
    return tuple(words(ground(key), scenarios(key, COUNT if key in SAMPLES else FEW)))


@cache
def scenarios(key: str, count: int) -> tuple[Scenario, ...]:
    return tuple(prepare.sampler(SETTINGS, ground(key)).draw(count))


def words(base: Ground, drawn: tuple[Scenario, ...]) -> list[Dialogue]:
    with tempfile.TemporaryDirectory() as folder, Run(Path(folder)) as run:
        start = Start(base.knowledge.domain, base.lang, (), ())
        job = Job(SETTINGS, plugins.load("recipes", "stream")(), Intake(), start, run, None)

        async def play() -> list[Dialogue]:
            work = pipeline.player(job, base)
            return [made for each in drawn async for made in work(each) if isinstance(made, Dialogue)]

        return asyncio.run(play())


def _sample(name: str) -> Ground:
    taken = intake.take([Path(__file__).parents[2] / "samples" / name])
    start = prepare.prepared(SETTINGS.model_copy(update={"domain": name.partition("_")[0]}), taken)
    with tempfile.TemporaryDirectory() as folder, Run(Path(folder)) as run:
        (Path(folder) / pipeline.KEY).write_text("5e" * 16)  # the same pseudonyms, so the same personas, at every start
        job = Job(SETTINGS, plugins.load("recipes", "stream")(), taken, start, run, None)
        miner = pipeline.miner(job, start)
        mined = tuple(asyncio.run(run.each("1_mined", taken.readings, miner, prepare.Mined)))
        made = prepare.ground(taken, mined, start, run)
        assert made is not None
        return made


def _schema(name: str, lang: Lang) -> Ground:
    domain = read(name)
    knowledge = Knowledge(domain, tuple(facts_of(table(name, lang), domain, lang)))
    users = tuple(personas.users(knowledge, lang, (), {}))
    agent = personas.agent(domain, lang, Recording(source="table", key=name), ())
    evidence = {fact.id: fact.evidence for fact in knowledge.facts}
    return Ground(lang, knowledge, (), users, (agent,), plans(name, lang), evidence)


def plans(name: str, lang: Lang) -> tuple[Blueprint, ...]:
    """The blueprints of a source that shows every move."""
    return tuple(blueprints.induced(read(name), lang, EVERYTHING))


def shows(kind: SignalKind, label: str) -> Signal:
    quote = f"{kind} {label}"
    proof = Evidence(source="room", kind="cues", track="chat", at=(len(quote),), start=3.0, end=4.0, quote=quote)
    return Signal(kind=kind, text=quote, label=label, evidence=(proof,))


EVERYTHING = (
    *(shows("objection", label) for label in ("price", "elsewhere", "hesitates")),
    *(shows("strategy", label) for label in ("comparison", "invitation", "holds_price", "alternative", "correction")),
)


def table(name: str, lang: Lang) -> Table:
    """Eight things with a value for most of what can be asked of them."""
    told = [slot for slot in read(name).slots if "book" not in slot.use and slot.names.get(lang)]
    rows = (
        (NAMES[lang][n], *("" if (n + m) % 9 == 8 else cell(slot, lang, n, m) for m, slot in enumerate(told)))
        for n in range(8)
    )
    header = read(name).entity[lang]
    return Table(name, (header, *(slot.names[lang][0] for slot in told)), tuple(rows))


def cell(slot: SlotSpec, lang: Lang, n: int, m: int) -> str:
    """Values of the right kind, different enough to tell things apart. `m` is the place of the slot."""
    given = slot.values.get(lang, ())
    match slot.kind:
        case "flag":
            return ("yes", "no")[(n + m) % 2]
        case "money":
            return f"{(n + 3) * (m + 7)}.5" if slot.unit.get(lang) == "万元" else str((n + 3) * (m + 11) * 10)
        case "number":
            return str(2 + (n * 5 + m) % 7)
        case "category" if given:
            return given[(n + m) % len(given)]
    return f"{WORDS[lang][n]}{m % 5}号" if lang == "zh" else f"{WORDS[lang][n]} number {m % 5}"

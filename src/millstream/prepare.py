"""What a run stands on before anything is played: its domain and language, knowledge, personas and blueprints.

Knows no model: everything here is worked out by program from what was taken in and mined.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice

from millstream import domain as domains
from millstream import numbers
from millstream.corpora.streamdial import AgentSeed, PlanSeed
from millstream.domain import Domain
from millstream.errors import InputError
from millstream.frames import Frame, pooled
from millstream.intake import Gathered, Intake, lost_table
from millstream.know.base import Knowledge
from millstream.know.build import Lost, build
from millstream.know.documents import topics
from millstream.know.tables import facts_of, slots_of
from millstream.mine import trades
from millstream.mine.drafting import drafted
from millstream.mine.exchanged import exchanged
from millstream.mine.segments.segments import Segment
from millstream.mine.sheet import Sheet
from millstream.mine.sounds.sounds import Ears, ears
from millstream.mine.splicing import spliced
from millstream.mine.topics import asks
from millstream.plan import blueprints, personas
from millstream.plan.mix import Steering, checked
from millstream.plan.personas import demand_of
from millstream.plan.sampling import Sampler
from millstream.recipe import Settings, language
from millstream.records import (
    Blueprint,
    Cue,
    Evidence,
    Fact,
    Lang,
    Passage,
    Persona,
    Record,
    Recording,
    Reject,
    Signal,
    Tactic,
)
from millstream.run import Run
from millstream.shapes import Table
from millstream.turns import FAMILIES, Turns, common

USUAL = 0.1
"""Share of the talks of two from which on a behaviour is one of theirs."""
GLANCE = 3000
"""Cues of a recording read to see its domain and language."""


class Mined(Record):
    """What one recording gave: who wrote each cue (pseudonyms), its signals and who said which frame, or why there
    are none. `habits` counts how its viewers type (mine/habits.py), `segments` are the topics of its speech in
    order."""

    recording: Recording
    authors: tuple[tuple[str, int, str], ...] = ()
    signals: tuple[Signal, ...] = ()
    frames: tuple[tuple[str, Frame], ...] = ()
    seconds: float | None = None
    cues: int = 0
    notes: tuple[tuple[str, int], ...] = ()
    habits: tuple[tuple[str, int], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    abstained: str = ""
    segments: tuple[Segment, ...] = ()


@dataclass(frozen=True)
class Start:
    """What is known before mining: the domain with the slots of the tables, what its things are called, and what hears
    that in speech (None: nothing is put right)."""

    domain: Domain
    lang: Lang
    tabled: tuple[Fact, ...]
    names: tuple[str, ...]
    ears: Ears | None = None
    spoken: Lang | None = None
    """The language most of the inputs are in; None where it was not looked for."""

    @cached_property
    def sheet(self) -> Sheet:
        return Sheet(self.tabled, self.names)


@dataclass(frozen=True)
class Ground:
    """What dialogues are planned on."""

    lang: Lang
    knowledge: Knowledge
    signals: tuple[Signal, ...]
    users: tuple[Persona, ...]
    agents: tuple[Persona, ...]
    blueprints: tuple[Blueprint, ...]
    evidence: Mapping[str, tuple[Evidence, ...]]
    frames: tuple[Frame, ...] = ()
    habits: Mapping[str, int] = field(default_factory=dict)


def prepared(settings: Settings, taken: Intake) -> Start:
    """The run's domain and language. InputError where no domain fits and no table gives one, or where the mix asks
    for a thing that the tables do not have."""
    cues = [cue for gathered in taken.readings for cue in islice(_all(gathered), GLANCE)]
    words = [cue.text for cue in cues] + [passage.text for passage in taken.passages]
    tables = [*taken.tables, *seed_tables(taken.profiles)]
    texts = words or [" ".join([*table.headers, *(" ".join(row) for row in table.rows[:50])]) for table in tables]
    shares = _shares(texts)
    lang = language(settings.lang, shares)
    base = _domain(settings, taken, lang, texts, cues)
    for table in tables:
        base = slots_of(table, base, lang)
    facts = tuple(fact for table in tables for fact in facts_of(table, base, lang))
    names = tuple(dict.fromkeys(fact.entity for fact in facts))
    checked(settings.mix, names)
    heard = ears(lang, base, facts, taken.passages) if settings.sounds and taken.readings else None
    return Start(base, lang, facts, names, heard, language("auto", shares))


def ground(taken: Intake, mined: Sequence[Mined], start: Start, run: Run) -> Ground | None:
    """Knowledge, personas and blueprints; None where every source abstained, or nothing is known of anything."""
    speaking = [each for each in mined if not each.abstained]
    if taken.readings and not speaking and not taken.profiles:
        return None
    signals = tuple(signal for each in speaking for signal in each.signals)
    built = build(start.domain, start.tabled, signals, taken.passages)
    settled: list[Fact | Reject] = [*built.knowledge.facts, *built.rejects]
    facts = run.whole("2_facts", lambda: settled, Fact)
    run.whole("2_lost", lambda: dict.fromkeys(built.lost), Lost)
    exchanges = exchanged(start.domain, signals, start.lang)
    passages = run.whole("2_passages", lambda: [*taken.passages, *(each.passage for each in exchanges)], Passage)
    kinds = [slot.name for slot in start.domain.slots if slot.kind == "category"]
    told = (*topics(taken.passages, signals, start.lang, tuple(facts), kinds), *exchanges)
    knowledge = Knowledge(start.domain, tuple(facts), built.knowledge.offers, tuple(taken.passages), told)
    if not knowledge.facts:
        return None
    authors = {(each.recording.id, track, n): author for each in speaking for track, n, author in each.authors}
    people = run.whole("3_personas", lambda: _people(start, knowledge, taken, speaking, signals, authors), Persona)
    every = [pair for each in speaking for pair in each.frames]
    turns = [pair for pair in every if pair[1].family in FAMILIES]
    said = [pair for pair in every if pair[1].family not in FAMILIES]
    names = {slot.name: slot.names.get(start.lang, ()) for slot in start.domain.slots}
    lent = run.whole("3_frames", lambda: [*pooled(said), *pooled([*common(turns), *spliced(turns, names)])], Frame)
    drawn = _graphs(start, taken, _usual(signals, len(speaking)), True) if turns else _graphs(start, taken, signals)
    graphs = run.whole("4_blueprints", lambda: blueprints.distinct(drawn), Blueprint)
    evidence = {fact.id: fact.evidence for fact in facts} | {signal.id: signal.evidence for signal in signals}
    evidence |= {each.id: each.evidence for each in (*lent, *passages)}
    everyone = tuple(people)
    return Ground(
        start.lang,
        knowledge,
        signals,
        tuple(p for p in everyone if p.role == "user"),
        tuple(p for p in everyone if p.role == "agent"),
        tuple(graphs),
        evidence,
        tuple(lent),
        sum((Counter(dict(each.habits)) for each in mined), Counter()),
    )


def sampler(settings: Settings, base: Ground) -> Sampler:
    """InputError where the mix asks for a thing of which nothing is known."""
    mix = checked(settings.mix, base.knowledge.entities)
    return Sampler(
        knowledge=base.knowledge,
        lang=base.lang,
        users=base.users,
        agents=base.agents,
        blueprints=base.blueprints,
        demand=demand_of(base.signals),
        seed=settings.seed,
        steering=Steering(mix),
        turns=turns_of(settings, base),
    )


def turns_of(settings: Settings, base: Ground) -> Turns:
    """The mined turns that a run may lend; none where the bank is off."""
    mined = [frame for frame in base.frames if frame.family in FAMILIES]
    return Turns(tuple(mined) if settings.frames else (), settings.seed)


def seed_tables(profiles: Sequence[AgentSeed]) -> list[Table]:
    """The knowledge rows of released profiles as one table, each thing once."""
    rows = {dict(row).get("名称", str(row)): row for seed in profiles for row in seed.rows}
    if not rows:
        return []
    headers = tuple(dict.fromkeys(header for row in rows.values() for header, _ in row))
    return [Table("profiles", headers, tuple(tuple(dict(row).get(h, "") for h in headers) for row in rows.values()))]


def _all(gathered: Gathered) -> Iterator[Cue]:
    """The cues of all readings as they stand, up to the first fault: that is met again, and told, when mining."""
    for reading in gathered.readings:
        try:
            yield from islice(reading.cues, GLANCE)
        except InputError:
            continue


def _shares(texts: Iterable[str]) -> dict[str, int]:
    """Characters by script: enough to tell Chinese from English."""
    counts: Counter[str] = Counter()
    for text in texts:
        han = sum("一" <= char <= "鿿" for char in text)
        counts["zh"] += han * 3  # a character of Chinese says about as much as three letters
        counts["en"] += sum(char.isascii() and char.isalpha() for char in text)
    return dict(counts)


def _domain(settings: Settings, taken: Intake, lang: Lang, texts: Sequence[str], cues: Sequence[Cue]) -> Domain:
    """The one that is named; else the packaged one that is meant; else one drafted from the tables."""
    if settings.domain != "auto":
        return domains.read(settings.domain)
    tables = [*taken.tables, *seed_tables(taken.profiles)]
    if found := trades.guess(texts, [domains.read(name) for name in domains.names()], tables):
        return domains.read(found)
    if tables:
        return drafted(tables, cues, lang)[0]
    lost = lost_table(taken.left_out)
    named = f"name a domain (--domain: {', '.join(domains.names())}, or a file)"
    raise InputError(
        "no service talk of a known domain was found, and there is no table to make one of",
        remedy=f"mend the table that was left out ({lost}), or {named}"
        if lost
        else f"{named}, or add a table of what is on offer",
    )


def _people(
    start: Start,
    knowledge: Knowledge,
    taken: Intake,
    speaking: Sequence[Mined],
    signals: Sequence[Signal],
    authors: personas.Authors,
) -> Iterator[Persona]:
    yield from personas.users(knowledge, start.lang, signals, authors)
    for each in speaking:
        yield personas.agent(start.domain, start.lang, each.recording, each.signals)
    for seed in taken.profiles:
        yield personas.from_seed(start.domain, start.lang, seed.key, seed.fields)
    if not speaking and not taken.profiles:
        yield personas.agent(start.domain, start.lang, Recording(source="table", key=start.domain.name), ())


def _usual(signals: Sequence[Signal], talks: int) -> list[Signal]:
    """Those of kinds that are no exceptions: of talks of two there are many, and what one of them shows is not how
    they go."""
    kinds = Counter({(s.kind, s.label, s.evidence[0].source): 1 for s in signals})
    often = Counter((kind, label) for kind, label, _ in kinds)
    usual = [s for s in signals if often[s.kind, s.label] >= USUAL * talks and not _is_wish(s)]
    doubted = any(signal.kind == "objection" for signal in usual)
    return [signal for signal in usual if doubted or signal.label not in ("empathy", "reassurance")]


def _is_wish(signal: Signal) -> bool:
    """A question, or a figure asked for ("最低价格200元"), that was taken for a doubt."""
    return signal.kind == "objection" and (asks(signal.text) or bool(numbers.mentions(signal.text)))


def _graphs(
    start: Start, taken: Intake, signals: Sequence[Signal], talks: bool = False
) -> Iterator[Blueprint | Reject]:
    """Those of all recordings together, and the released ones; where there is neither, the schema's. `talks`: no talk
    of two shows how it is lost, so that all of them end well."""
    if signals or not taken.plans:
        induced = blueprints.induced(start.domain, start.lang, signals)
        yield from (blueprints.ending(each, "success") for each in induced) if talks else induced
    for plan in taken.plans:
        yield from_seed(start, plan)


def from_seed(start: Start, plan: PlanSeed) -> Blueprint | Reject:
    source = (Evidence(source=plan.key, kind="row", at=(1,)),)
    tactics = [
        Tactic(scene=scene, action=action, rhetoric=note, evidence=source) for scene, action, note in plan.tactics
    ]
    return blueprints.from_plan(start.domain, start.lang, plan.key, dict(plan.paths), tactics)

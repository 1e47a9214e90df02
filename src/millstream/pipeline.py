"""The whole system on one page: media in, dialogues out. Every line reads the steps above it.

A run is a folder and a step is a table in it; a rerun skips what is there. Model calls are kept in the run's
cache, so whatever is worked out again buys nothing twice.
"""

import asyncio
import secrets
import threading
from collections import Counter, defaultdict
from collections.abc import AsyncIterator, Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import chain, islice
from pathlib import Path

from millstream import dedup, intake, table
from millstream.conversations import Found
from millstream.frames import Bank, Voice, manner_of
from millstream.intake import Gathered, Intake
from millstream.mine import door, offset
from millstream.mine.frames import framed
from millstream.mine.habits import fitted, habits
from millstream.mine.recording import Reader, mine
from millstream.mine.segments.segments import segmented
from millstream.mine.sounds.sounds import put_right
from millstream.mine.turns import turned
from millstream.models import Model
from millstream.plan.behaving import behaviours
from millstream.plan.delivering import delivered, rates_of
from millstream.plan.feasible import Course, left_out
from millstream.plan.lending import Lender
from millstream.plan.outline import outline, path_of
from millstream.plan.sampling import Sampler
from millstream.play.examples import examples
from millstream.play.faithful import against
from millstream.play.perform import Cast, perform
from millstream.play.repair import failed, judged
from millstream.play.reword import Reworder
from millstream.prepare import Ground, Mined, Start, ground, sampler, turns_of
from millstream.recipe import Cut, Recipe, Settings
from millstream.records import Dialogue, Fact, Reject, Scenario, Signal
from millstream.run import Run, Stage, Worker
from millstream.shapes import Known, Realiser
from millstream.table import Map, Table

KEY = "pseudonyms.key"
Reading = Callable[[Sequence[Table[Dialogue]]], None]
"""What reads the accepted dialogues, table by table."""


@dataclass(frozen=True)
class Job:
    """One run to be made: what of, how, by which model, and where. `model` None: rules and templates alone.

    `instead` gives items another model, by their ids; `only`: of what is not done yet these items alone are worked on;
    `spread` has the two steps of many items done elsewhere (cluster.py, pool.py); `before` are the dialogues of the run
    that this one goes on from; `aside` has the parts of a table read side by side; `reading` is handed what is accepted
    while that is written down.
    """

    settings: Settings
    recipe: Recipe
    taken: Intake
    start: Start
    run: Run
    model: Model | None
    instead: Mapping[str, Model] = field(default_factory=dict)
    only: frozenset[str] | None = None
    spread: "Spread | None" = None
    before: Iterable[Dialogue] = ()
    aside: Map = map
    reading: Reading = lambda accepted: None


Spread = Callable[[Ground], tuple[Worker[Scenario, Dialogue], Worker[Dialogue, Dialogue]]]
"""What plays a scenario, and what judges a dialogue."""


@dataclass(frozen=True)
class Made:
    """What a run made, for whoever reports it. `ground` None: every source abstained.

    Of the scenarios `drawn`, `played` became dialogues, `sound` passed every critic, and `accepted` are left when
    near-duplicates are gone. `sample` drew them. `scenarios` and `dialogues` are read from their tables; `kept` of the
    run before still hold.
    """

    start: Start
    mined: tuple[Mined, ...]
    ground: Ground | None
    drawn: int = 0
    played: int = 0
    sound: int = 0
    accepted: int = 0
    dialogues: Table[Dialogue] | tuple[()] = ()
    scenarios: tuple[Iterable[Scenario], ...] = ()
    sample: Sampler | None = None
    kept: int = 0


@dataclass
class Waves:
    """What came of the scenarios so far: their tables, and what the dialogues that passed every critic are like."""

    compared: dedup.Compared
    aside: Map = map
    scenarios: list[Table[Scenario]] = field(default_factory=list)
    judged: list[Table[Dialogue]] = field(default_factory=list)
    doubles: dict[str, Reject] = field(default_factory=dict)
    played: int = 0

    def add(self, scenarios: Table[Scenario], judged: Table[Dialogue]) -> None:
        self.scenarios.append(scenarios)
        self.played += len(judged.order or ())
        self.take(judged)

    def take(self, judged: Table[Dialogue]) -> None:
        self.judged.append(judged)
        prints = self.aside(dedup.prints, judged.parts())
        self.doubles |= self.compared.take(chain.from_iterable(prints))

    def accepted(self) -> Iterator[Table[Dialogue]]:
        """Of what was judged the rows that stay."""
        for passed in self.judged:
            yield passed.of(item for item in passed.order or () if item not in self.doubles)

    def distinct(self) -> Iterator[Reject | bytes]:
        """The rows of those that stay, and the others as rejects."""
        for passed in self.judged:
            yield from (self.doubles.get(item, row) for item, row in passed.lines())


async def synthesise(job: Job) -> Made:
    """Recordings -> signals -> knowledge, personas, blueprints -> scenarios -> dialogues -> kept dialogues."""
    mined = tuple(await job.run.each("1_mined", job.taken.readings, miner(job, job.start), Mined))
    base = ground(job.taken, mined, job.start, job.run)
    if base is None:
        return Made(job.start, mined, None)
    play, check = job.spread(base) if job.spread else (player(job, base), judge(job, base))
    sample = sampler(job.settings, base)
    with job.run.scratch() as file:
        compared = dedup.Compared(file)
        waves = Waves(compared, job.aside)
        held = await holding(job, base, waves)
        for n in range(1, job.settings.waves + 1):
            wanted = max(0, job.settings.count - compared.kept)
            fresh = (each for each in sample.draw(wanted + len(held)) if each.id not in held)
            drawn = chosen(job, f"6_dialogues_{n}", islice(fresh, wanted))
            if drawn == ():
                break
            drawing = Stage(f"5_scenarios_{n}", written_down, Scenario)
            playing = Stage(f"6_dialogues_{n}", play, Dialogue)
            judging = Stage(f"7_judged_{n}", check, Dialogue)
            scenarios, _, judged = await job.run.chain(drawn, drawing, playing, judging, total=wanted)
            waves.add(scenarios, judged)
            if compared.kept >= job.settings.count:
                break
    final = await finished(job.run, waves, job.reading)
    counts = sample.drawn, waves.played, compared.kept + len(waves.doubles), compared.kept
    return Made(job.start, mined, base, *counts, final, tuple(waves.scenarios), sample, len(held))


async def finished(run: Run, waves: Waves, reading: Reading) -> Table[Dialogue]:
    """What is accepted, written down while it is read for the report. Who writes hears no Ctrl-C, and is told."""
    given_up = threading.Event()

    def distinct() -> Iterator[Reject | bytes]:
        for row in waves.distinct():
            if given_up.is_set():
                raise InterruptedError
            yield row

    writing = asyncio.to_thread(run.whole, "8_dialogues", distinct, Dialogue)
    try:
        final, _ = await asyncio.gather(writing, asyncio.to_thread(reading, tuple(waves.accepted())))
    finally:
        given_up.set()
    return final


def chosen(job: Job, step: str, scenarios: Iterable[Scenario]) -> Iterable[Scenario]:
    """All of them, as they are drawn; or, where only some are to be worked on, those and the ones that are done."""
    if job.only is None:
        return scenarios
    done = table.places(job.run.folder / f"{step}.jsonl").keys() | job.only
    return tuple(each for each in scenarios if each.id in done)


async def written_down(scenario: Scenario) -> AsyncIterator[Scenario | Reject]:
    """A table that grows: a larger count draws more of the same scenarios, and those before stay as they are."""
    yield scenario


def miner(job: Job, start: Start) -> Worker[Gathered, Mined]:
    """A recording is read, masked at the door, cleaned and mined; it gives signals or the reason for none."""
    key = key_of(job.run)
    reader = _reader(job)
    tabled: dict[str, list[Fact]] = defaultdict(list)
    for fact in start.tabled:
        tabled[fact.entity].append(fact)

    async def work(gathered: Gathered) -> AsyncIterator[Mined | Reject]:
        left_out: list[tuple[str, str]] = []
        notes: Counter[str] = Counter()
        raw = list(intake.cues(gathered, left_out))
        for reading in gathered.readings:
            notes.update(reading.notes)
        raw = offset.moved(raw, offset.needed(raw), notes)
        cues = list(door.admit(raw, key, notes, start.names, gathered.recording.title))
        cues = put_right(start.ears, cues, notes)
        signals, abstained = list[Signal](), ""
        async for found in mine(gathered.recording, cues, start.domain, start.sheet, reader, notes):
            if isinstance(found, Signal):
                signals.append(found)
            else:
                abstained = found.reason if found.step == "abstain" else abstained
                yield found
        if notes["for children"]:
            abstained = "made for children"
        here = gathered.recording, cues, start.domain, start.lang
        lines = list(turned(*here, tabled)) or framed(*here, start.tabled)
        yield Mined(
            recording=gathered.recording,
            authors=tuple((cue.track, cue.n, cue.author) for cue in cues if cue.author),
            signals=() if abstained else tuple(signals),
            frames=() if abstained else tuple(lines),
            seconds=max((cue.end for cue in cues if cue.end is not None), default=None),
            cues=len(cues),
            notes=tuple(sorted(notes.items())),
            habits=tuple(sorted(habits(cues).items())),
            left_out=tuple(left_out),
            abstained=abstained,
            segments=() if abstained else segmented(cues, start.domain, start.lang),
        )

    return work


def cutter(cut: Cut, key: bytes, notes: Counter[str]) -> Worker[Gathered, Found]:
    """For a recipe that takes dialogues as they are: a recording is read, masked at the door and cut. `notes` counts
    what was mended, masked and dropped on the way."""

    async def work(gathered: Gathered) -> AsyncIterator[Found | Reject]:
        left_out: list[tuple[str, str]] = []
        cues = list(door.admit(list(intake.cues(gathered, left_out)), key, notes))
        for reading in gathered.readings:
            notes.update(reading.notes)
        notes.update(f"left out: {reason}" for _, reason in left_out)
        rights = gathered.recording.rights
        for found in cut(cues):
            known = {"licence": rights.licence, "basis": rights.basis}
            yield found.model_copy(update=known) if isinstance(found, Found) else found

    return work


def player(job: Job, base: Ground) -> Worker[Scenario, Dialogue]:
    """A scenario is planned to its outline and put into words. One of whose path a move cannot be made is rejected: its
    name, and the counts by path, would be wrong."""
    people = {each.id: each for each in (*base.users, *base.agents)}
    graphs = {each.id: each for each in base.blueprints}
    cast = Cast(people, graphs, base.evidence, intake.combined(list(job.taken.rights.values())).licence)
    own = _realiser(job, base, job.model)
    others = {item: _realiser(job, base, model) for item, model in job.instead.items()}
    known = Known(base.knowledge.domain, base.lang, base.knowledge.facts)
    turns = turns_of(job.settings, base)
    rates = rates_of(job.settings.delivery, fitted(base.habits), live=not turns)
    asked = {signal.slot: signal for signal in reversed(base.signals) if signal.slot and signal.kind == "user_question"}

    frames = base.frames if job.settings.frames else ()
    bank = Bank(frames, job.settings.seed)
    lender = Lender(turns, known)

    async def work(scenario: Scenario) -> AsyncIterator[Dialogue | Reject]:
        user = people[scenario.user]
        manner = manner_of(user, scenario.number)
        voice = Voice(bank, manner, scenario.number, scenario.outcome, asked)
        need = "" if turns else user.get("need") or ""  # in talks of two a need is no part of an opening
        blueprint = graphs[scenario.blueprint]
        planned = outline(scenario, blueprint, base.knowledge, voice, need, turns)
        if wanting := left_out(Course.of(blueprint, path_of(scenario, blueprint)), planned.steps):
            yield Reject(step="outline", item=scenario.id, reason=f"its path has a move not made: {wanting[0]}")
            return
        plan = lender.lent(planned)
        realiser, name = others.get(scenario.id, own)
        yield await perform(delivered(plan, known, rates), realiser, cast, name)

    return work


def judge(job: Job, base: Ground) -> Worker[Dialogue, Dialogue]:
    """Every critic of the recipe in turn. What the first that fails finds in a model's words is repaired once; then it
    says why the dialogue is rejected."""
    known = Known(base.knowledge.domain, base.lang, base.knowledge.facts)
    critics = [make(known) for make in job.recipe.critics]

    async def work(dialogue: Dialogue) -> AsyncIterator[Dialogue | Reject]:
        yield await judged(dialogue, critics, "critic")

    return work


async def holding(job: Job, base: Ground, waves: Waves) -> frozenset[str]:
    """The ids of those dialogues of the run before that still hold; they are accepted before anything is drawn."""
    if not job.settings.before:
        return frozenset()
    held = await job.run.each("4_kept", job.before, keeper(job, base), Dialogue)
    waves.take(held)
    return frozenset(each.id for each in held)


def keeper(job: Job, base: Ground) -> Worker[Dialogue, Dialogue]:
    """A dialogue of the run before still holds if all that it rests on is still here and every critic lets it pass
    under what is known now: a price that changed retires the dialogues that tell it, and no other."""
    known = Known(base.knowledge.domain, base.lang, base.knowledge.facts)
    critics = [make(known) for make in job.recipe.critics]
    here = {each.recording.id for each in job.taken.readings} | {Path(file).stem for file in job.taken.rights}

    async def work(dialogue: Dialogue) -> AsyncIterator[Dialogue | Reject]:
        gone = sorted(set(dialogue.lineage) - here)
        verdict = None if gone else await failed(dialogue, critics)
        if gone:
            yield Reject(step="kept sources", item=dialogue.id, reason=f"rests on {gone[0]}, which is not here")
        elif verdict:
            yield Reject(step=f"kept {verdict.critic}", item=dialogue.id, reason=verdict.reason)
        else:
            yield dialogue

    return work


def _realiser(job: Job, base: Ground, model: Model | None) -> tuple[Realiser | None, str]:
    if job.settings.realiser == "template" or model is None:
        return None, "template"
    known = Known(base.knowledge.domain, base.lang, base.knowledge.facts)
    settings = job.settings
    found = behaviours(base.frames if settings.frames else (), base.signals, base.lang)
    moves = {stage.name: stage.move for each in base.blueprints for stage in each.stages}
    reworder = Reworder(
        model.chat,
        model.name,
        against(known),
        examples(found, base.knowledge.entities, moves),
        candidates=min(settings.candidates, model.live),  # the embedded engine has a slot for each choice
        temperature=settings.temperature,
        tries=settings.wording_tries,
    )
    return reworder.say, f"llm: {model.name}"


def _reader(job: Job) -> Reader | None:
    if job.model is None or not job.settings.read:
        return None
    return Reader(job.model.chat, job.model.name, job.settings.read, None)


def key_of(run: Run) -> bytes:
    """The key of the run's pseudonyms: made once, kept in the run folder, never exported."""
    path = run.folder / KEY
    if not path.exists():
        table.write(path, secrets.token_hex(16), 0o600)  # whole or not at all: half a key would be another key
    return bytes.fromhex(path.read_text())

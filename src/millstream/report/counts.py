"""What a report counts: `Summary`, which a run hands in, and `Tally`, which is read off its kept dialogues.

Refuses to know run folders, the ledger and how anything is shown.
"""

import heapq
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, fields
from hashlib import sha256
from itertools import pairwise
from typing import NamedTuple, Protocol

from millstream.records import Dialogue
from millstream.rows import Written, written

CLOSE = "model, close to the draft"
"""Turns the model worded with fewer edits than count as its own words."""
COPIED = "model, as a worked example has it"
"""Turns the model worded far from the draft, but as one of our examples has it."""


class Spend(NamedTuple):
    """What the model cost one stage. `failures` are the attempts that gave nothing; `seconds` are summed over
    calls that ran side by side, so that they may exceed the clock's."""

    stage: str
    calls: int
    attempts: int
    failures: int
    tokens_in: int
    tokens_out: int
    seconds: float


class Heard(NamedTuple):
    """One recording or document: `seconds` None without a media clock, `cues` the cues (or passages) read."""

    id: str
    title: str
    source: str
    seconds: float | None
    cues: int


class Right(NamedTuple):
    """What may be done with one recording or document (records.Rights)."""

    id: str
    basis: str
    licence: str
    terms: str


@dataclass(frozen=True)
class Summary:
    """What one run did, as counted by the run. Plain tuples may stand for the named ones.

    `stages` (name, how many came out of it) in the order of the pipeline · `rejects` (step, reason, count) ·
    `left_out` (file, reason) · `notes` (what was mended, dropped or masked, count) · `abstained` (recording's
    id or title, reason) · `words` (records.Turn.worded, turns) · `settings` (key, value), free of secrets ·
    `target` dialogues asked for, `drawn` scenarios drawn for them, `accepted` kept · `wall_seconds` by the
    clock; `mix` (dimension, value, asked, drawn, accepted, why not) where a mix was asked for ·
    `unsupported` (of which dialogues, agent turns looked at, those with a claim that the knowledge does not support).
    """

    stages: tuple[tuple[str, int], ...] = ()
    rejects: tuple[tuple[str, str, int], ...] = ()
    left_out: tuple[tuple[str, str], ...] = ()
    notes: tuple[tuple[str, int], ...] = ()
    spending: tuple[Spend | tuple[str, int, int, int, int, int, float], ...] = ()
    wall_seconds: float = 0.0
    target: int = 0
    accepted: int = 0
    drawn: int = 0
    words: tuple[tuple[str, int], ...] = ()
    model: str = ""
    settings: tuple[tuple[str, str], ...] = ()
    rights: tuple[Right | tuple[str, str, str, str], ...] = ()
    recordings: tuple[Heard | tuple[str, str, str, float | None, int], ...] = ()
    abstained: tuple[tuple[str, str], ...] = ()
    mix: tuple[tuple[str, str, str, int, int, str], ...] = ()
    unsupported: tuple[tuple[str, int, int], ...] = ()

    @property
    def spent(self) -> tuple[Spend, ...]:
        return tuple(Spend(*each) for each in self.spending)

    @property
    def total(self) -> Spend:
        """All stages together."""
        spent = self.spent
        return Spend(
            "all",
            sum(each.calls for each in spent),
            sum(each.attempts for each in spent),
            sum(each.failures for each in spent),
            sum(each.tokens_in for each in spent),
            sum(each.tokens_out for each in spent),
            sum(each.seconds for each in spent),
        )

    @property
    def heard(self) -> tuple[Heard, ...]:
        return tuple(Heard(*each) for each in self.recordings)

    @property
    def rightful(self) -> tuple[Right, ...]:
        return tuple(Right(*each) for each in self.rights)

    @property
    def acceptance(self) -> float | None:
        """Accepted of drawn, 0 to 1; None if nothing was drawn."""
        return self.accepted / self.drawn if self.drawn else None

    @property
    def own_words(self) -> float | None:
        """The share of turns worded by the model, far from the draft; None if there are no turns."""
        turns, words = sum(count for _, count in self.words), dict(self.words)
        return (words.get("model", 0) + words.get(COPIED, 0)) / turns if turns else None

    def each(self, amount: float) -> float | None:
        """An amount per accepted dialogue; None if there is none."""
        return amount / self.accepted if self.accepted else None


class Parts(Protocol):
    """What a report wants to know of a split (split.Split)."""

    @property
    def of(self) -> Mapping[str, str]: ...
    @property
    def held(self) -> tuple[str, ...]: ...
    @property
    def leaks(self) -> Mapping[str, int]: ...


@dataclass
class Tally:
    """What the dialogues hold. Lengths are in characters; `moves` are the stages by records.Move, which every
    domain shares, and `flow` what follows what; `paths` counts (domain, path, outcome)."""

    dialogues: int = 0
    turns: Counter[int] = field(default_factory=Counter)
    lengths: dict[str, Counter[int]] = field(default_factory=lambda: {"user": Counter(), "agent": Counter()})
    moves: Counter[str] = field(default_factory=Counter)
    flow: Counter[tuple[str, str]] = field(default_factory=Counter)
    outcomes: Counter[str] = field(default_factory=Counter)
    acts: dict[str, Counter[str]] = field(default_factory=lambda: {"user": Counter(), "agent": Counter()})
    strategies: Counter[str] = field(default_factory=Counter)
    paths: Counter[tuple[str, str, str]] = field(default_factory=Counter)
    personas: dict[str, Counter[str]] = field(default_factory=lambda: {"user": Counter(), "agent": Counter()})
    blueprints: Counter[str] = field(default_factory=Counter)
    langs: Counter[str] = field(default_factory=Counter)
    domains: Counter[str] = field(default_factory=Counter)
    licences: Counter[str] = field(default_factory=Counter)
    grounded: int = 0
    frames: Counter[str] = field(default_factory=Counter)
    """How often each frame lent its words (records.Turn.frame)."""

    @property
    def utterances(self) -> int:
        return sum(length * count for length, count in self.turns.items())

    def join(self, more: "Tally") -> None:
        """Count what another tally counted, of dialogues behind these."""
        for each in fields(self):
            mine, others = getattr(self, each.name), getattr(more, each.name)
            if isinstance(mine, int):
                setattr(self, each.name, mine + others)
            elif isinstance(mine, Counter):
                mine.update(others)
            else:
                for role, counts in others.items():
                    mine[role].update(counts)

    def add(self, dialogue: Written) -> None:
        own, plan = dialogue.own, dialogue.blueprint
        scenario, turns, ended = own["scenario"], own["turns"], own["ended"]
        self.dialogues += 1
        self.turns[len(turns)] += 1
        self.outcomes[ended] += 1
        self.paths[scenario["domain"], scenario["path"], ended] += 1
        for persona in dialogue.personas:
            self.personas[persona.role][persona.id] += 1
        self.blueprints[plan.id] += 1
        self.langs[scenario["lang"]] += 1
        self.domains[scenario["domain"]] += 1
        self.licences[own["licence"]] += 1
        made = [plan.moves.get(turn["stage"], turn["stage"]) for turn in turns]
        self.moves.update(made)
        self.flow.update(pair for pair in pairwise(made) if pair[0] != pair[1])
        self.strategies.update([turn["strategy"] for turn in turns if turn["strategy"]])
        self.grounded += sum(1 for turn in turns if turn["grounding"])
        self.frames.update([turn["frame"] for turn in turns if turn["frame"]])
        for turn in turns:
            self.lengths[turn["role"]][len(turn["text"])] += 1
            acts = self.acts[turn["role"]]
            for act in turn["acts"]:
                acts[act["act"]] += 1


def read(dialogues: Iterable[Dialogue], sample: int = 0, seed: int = 0) -> tuple[Tally, tuple[Dialogue, ...]]:
    """Count all and draw some, in one pass."""
    tally = Tally()

    def counted() -> Iterator[Dialogue]:
        for dialogue in dialogues:
            tally.add(written(dialogue))
            yield dialogue

    stream = counted()
    drawn = heapq.nsmallest(sample, stream, key=lambda each: rank(each.id, seed))
    deque(stream, maxlen=0)  # nsmallest reads nothing when nothing is asked for
    return tally, in_order(drawn)


def rank(dialogue: str, seed: int = 0) -> bytes:
    """Those of the lowest rank are shown: it depends on the seed and on no order."""
    return sha256(f"{seed}\0{dialogue}".encode()).digest()


def in_order(drawn: Iterable[Dialogue]) -> tuple[Dialogue, ...]:
    return tuple(sorted(drawn, key=lambda each: (each.scenario.domain, each.scenario.number, each.id)))

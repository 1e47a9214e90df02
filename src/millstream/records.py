"""The records that flow between the steps, and the only thing two steps share.

Recording, Cue -> Signal -> Fact, Passage -> Persona, Blueprint -> Scenario -> Outline -> Dialogue -> Verdict

Every record is frozen, refuses unknown fields, and is named by the hash of its content; sentences, steps and outlines
stand in no table and are plain tuples. A Dialogue is STREAM's quadruplet (arXiv 2605.25162).
"""

import hashlib
from collections.abc import Mapping
from functools import cached_property
from typing import Any, Literal, NamedTuple, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

Role = Literal["user", "agent"]
Lang = Literal["zh", "en"]
TrackName = Literal["speech", "chat", "danmaku", "comment", "gift", "system"]
SignalKind = Literal[
    "user_question", "agent_response", "exchange", "strategy", "account", "offer", "objection", "fact", "correction"
]
Outcome = Literal["success", "delayed", "lost_price", "lost_competitor", "abandoned", "handover", "resolved"]
Move = Literal[
    "greet", "needs", "recommend", "inform", "compare", "conflict", "objection", "negotiate", "recover", "invite",
    "close",
]
Recovery = Literal["misheard", "wrong_item", "unavailable", "booking_failed", "off_question", "complaint"]
Difficulty = Literal["easy", "medium", "hard"]
Wording = Literal["template", "model", "kept"]
Basis = Literal["owned", "licensed", "consent", "fiction", "unknown"]


class Record(BaseModel):
    """One JSON line, named by the hash of its content."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    def __hash__(self) -> int:
        return hash(self.id)

    def model_copy(self, *, update: Mapping[str, Any] | None = None, deep: bool = False) -> Self:
        """Another content is another name: what was worked out from the old does not go along."""
        copied = super().model_copy(update=update, deep=deep)
        for cached in copied.__dict__.keys() - type(self).model_fields.keys():
            del copied.__dict__[cached]
        return copied

    @cached_property
    def id(self) -> str:
        return hashlib.sha256(self.model_dump_json().encode()).hexdigest()[:16]


class Rights(Record):
    """What may be done with a source. `basis` "unknown" means local reading only; `licence` is an SPDX-like name
    ("CC-BY-NC-4.0"); `terms` names the platform's terms; `retention` is the ISO date by which it must be gone."""

    basis: Basis = "unknown"
    licence: str = ""
    terms: str = ""
    consent: str = ""
    retention: str = ""
    opted_out: bool = False


class Recording(Record):
    """One stream or video. Its cues are rows of their own, addressed by (recording, track, n)."""

    source: str
    key: str
    title: str = ""
    lang: str = ""
    rights: Rights = Rights()

    @cached_property
    def id(self) -> str:
        return hashlib.sha256(f"{self.source}\0{self.key}".encode()).hexdigest()[:16]


class Cue(Record):
    """A timed piece of speech or chat. `start`, `end`: seconds on the media clock, or None. `n` counts the cues of one
    track of one recording from 0. `author` and `speaker` are pseudonyms behind the door (mine/door.py); `kind` is the
    platform's own word ("paid"); `reply_to` the `n` of the cue it answers; `heard` what stood in a text put right."""

    recording: str
    track: TrackName
    n: int
    start: float | None
    end: float | None
    text: str
    speaker: str = ""
    author: str = ""
    kind: str = ""
    confidence: float | None = None
    lang: str = ""
    reply_to: int | None = None
    heard: str = ""


class Evidence(Record):
    """Where a claim comes from. `source` is a recording or document, `at` the cue numbers, the (start, end)
    characters or the row numbers (from 1); `start`, `end`: seconds of the media clock; `quote`: the words."""

    source: str
    kind: Literal["cues", "span", "row"]
    at: tuple[int, ...]
    track: str = ""
    start: float | None = None
    end: float | None = None
    quote: str = ""


class Signal(Record):
    """One atomic thing mined. `demand`: how many viewers said the same. `text` is the utterance (of an exchange the
    question), `answer` the answer of an exchange, `label` the strategy or attribute it shows, `slot` the domain slot,
    if known, `entity` and `value` what a fact or an offer says of what, or what settles an exchange."""

    kind: SignalKind
    text: str
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    answer: str = ""
    label: str = ""
    slot: str = ""
    entity: str = ""
    value: str = ""
    lang: str = ""
    confidence: float = 1.0
    demand: int = 1


class Fact(Record):
    """(entity, attribute, value). `attribute` is a slot of the domain; `number` the value as a number; `claimed` marks
    what a host said and no table confirms; `valid_from` and `valid_to` are ISO dates."""

    entity: str
    attribute: str
    value: str
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    unit: str = ""
    number: float | None = None
    claimed: bool = False
    valid_from: str = ""
    valid_to: str = ""


class Passage(Record):
    """One unit of retrievable text."""
    text: str
    evidence: tuple[Evidence, ...] = Field(min_length=1)
    title: str = ""


class Trait(Record):
    """One field of a persona. `value` None: the source does not show it. `origin`: mined, or of the domain's schema."""

    name: str
    value: str | None
    origin: Literal["mined", "schema", "not_shown"]
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _is_honest(self) -> "Trait":
        if (self.value is None) != (self.origin == "not_shown"):
            raise ValueError(f"{self.name}: only what is not shown has no value")
        if self.origin == "mined" and not self.evidence:
            raise ValueError(f"{self.name}: mined, but without evidence")
        return self


class Persona(Record):
    """Who a speaker is: P_u or P_a. An agent persona is a role, never an identifiable person."""

    role: Role
    domain: str
    lang: Lang
    fields: tuple[Trait, ...]

    def get(self, name: str) -> str | None:
        return next((trait.value for trait in self.fields if trait.name == name), None)


class Stage(Record):
    """A stage by the source's own name, and the move of ours that carries it out."""

    name: str
    move: Move


class Node(Record):
    """A trigger: when the user shows `signal`, which is of some `kind`, in `stage`, the agent does `action`."""

    name: str
    stage: str
    kind: str = ""
    signal: str
    action: str
    evidence: tuple[Evidence, ...] = ()


class Tactic(Record):
    """How a scene is met: its key act and its rhetoric."""

    scene: str
    action: str
    rhetoric: str = ""
    evidence: tuple[Evidence, ...] = ()


class Path(Record):
    """One route through the stages, ending in an outcome. `recovery` is what it has to mend, None if nothing known."""

    name: str
    stages: tuple[str, ...] = Field(min_length=2)
    outcome: Outcome
    recovery: Recovery | None = None


class Blueprint(Record):
    """B: a typed graph of stages (vertices) and steps of paths (edges), `made_for` a persona type ("": any)."""

    domain: str
    lang: Lang
    made_for: str = ""
    stages: tuple[Stage, ...] = Field(min_length=2)
    nodes: tuple[Node, ...] = ()
    tactics: tuple[Tactic, ...] = ()
    paths: tuple[Path, ...] = Field(min_length=1)
    origin: Literal["mined", "seed", "schema"] = "mined"
    evidence: tuple[Evidence, ...] = ()

    @model_validator(mode="after")
    def _is_whole(self) -> "Blueprint":
        if len(self.moves) < len(self.stages):
            raise ValueError("a stage is named twice")
        if len({path.name for path in self.paths}) < len(self.paths):
            raise ValueError("a path is named twice")
        used = [name for path in self.paths for name in path.stages] + [node.stage for node in self.nodes]
        if lost := sorted(set(used) - self.moves.keys()):
            raise ValueError(f"no such stage: {', '.join(lost)}")
        if idle := sorted(self.moves.keys() - {name for path in self.paths for name in path.stages}):
            raise ValueError(f"on no path: {', '.join(idle)}")
        return self

    @cached_property
    def moves(self) -> dict[str, Move]:
        return {stage.name: stage.move for stage in self.stages}


class Constraint(Record):
    """One wish of the user: a slot, how its value is compared, and the value. `evidence` is empty if not mined."""

    slot: str
    op: Literal["eq", "max", "min"]
    value: str
    evidence: tuple[Evidence, ...] = ()


class Scenario(Record):
    """One job: who speaks, what the user must obtain, by which path, and the seed of everything random in it. `aim`:
    what the wishes were drawn around (the user does not know it); `difficulty`, `manner`: see plan/."""

    domain: str
    lang: Lang
    user: str
    agent: str
    blueprint: str
    path: str
    outcome: Outcome
    aim: str
    constraints: tuple[Constraint, ...]
    requests: tuple[str, ...]
    seed: int
    number: int
    difficulty: Difficulty = "medium"
    manner: str = ""


class Act(Record):
    """(act, slot, value) of an utterance, as in SGD; `entity` says of what."""

    act: str
    slot: str = ""
    value: str = ""
    entity: str = ""


class Slot(Record):
    """One (slot, value) of the belief state."""

    slot: str
    value: str


class Sentence(NamedTuple):
    """One sentence of a draft: its acts, what of it must be heard, what it rests on, the mined frame it is (or "")."""

    text: str
    acts: tuple[Act, ...]
    must: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    frame: str = ""


class Step(NamedTuple):
    """One step of an outline, before anybody words it. `draft` is the plain sentence; `must` the forms that have to be
    heard; `refs`, `frame` the ids of what lies behind its sentences (`parts`); `delivery` how it is said ("split")."""

    role: Role
    acts: tuple[Act, ...]
    state: tuple[Slot, ...]
    stage: str
    draft: str
    must: tuple[str, ...] = ()
    refs: tuple[str, ...] = ()
    strategy: str = ""
    asks: bool = False
    frame: str = ""
    delivery: tuple[str, ...] = ()
    parts: tuple[Sentence, ...] = ()


class Outline(NamedTuple):
    """The worked-out steps of one planned dialogue."""

    scenario: Scenario
    steps: tuple[Step, ...]


class Turn(Record):
    """One utterance with its labels and the evidence itself, so that a dialogue can be checked alone. `worded`:
    whose words they are, the template's, the model's, or the template's because the model failed (`kept`)."""

    role: Role
    text: str
    acts: tuple[Act, ...]
    state: tuple[Slot, ...]
    stage: str
    strategy: str = ""
    grounding: tuple[Evidence, ...] = ()
    draft: str = ""
    must: tuple[str, ...] = ()
    asks: bool = False
    worded: Wording = "template"
    frame: str = ""
    delivery: tuple[str, ...] = ()


class View(Record):
    """All that one side may know when it speaks. `scenario` is an id."""

    scenario: str
    role: Role
    persona: Persona
    step: Step
    turns: tuple[Turn, ...]
    seed: int


class Dialogue(Record):
    """P_u, P_a, B and H: `personas`, `blueprint`, `turns`. `lineage` names what it rests on; `synthetic` marks it."""

    scenario: Scenario
    personas: tuple[Persona, Persona]
    blueprint: Blueprint
    turns: tuple[Turn, ...]
    ended: Outcome
    lineage: tuple[str, ...]
    realiser: str
    licence: str = ""
    synthetic: Literal[True] = True

    @cached_property
    def id(self) -> str:
        """Named by its scenario: the same job played again under another realiser is the same dialogue."""
        return self.scenario.id


class Verdict(Record):
    """One critic's opinion of one dialogue; `turns` are the turns at fault."""

    critic: str
    passed: bool
    reason: str = ""
    turns: tuple[int, ...] = ()


class Reject(Record):
    """A decision: this item goes no further, and why. A rerun does not ask again."""

    step: str
    item: str
    reason: str


class Failure(Record):
    """An accident: this item could not be processed. A rerun tries again."""

    step: str
    item: str
    error: str
    trace: str = ""

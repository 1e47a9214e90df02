"""A task dialogue with its labels: acts, spans, states and calls of each service in each turn. Knows no file format.

`extra` keeps what a corpus says beyond that, as it stands, so that what was read can be written again to the letter.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from millstream.records import Lang, Role


@dataclass(frozen=True, slots=True)
class Act:
    """(act, slot, values) as in SGD; `canonical` are the values in one form, parallel to `values`."""

    act: str
    slot: str = ""
    values: tuple[str, ...] = ()
    canonical: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Span:
    """Where the value of a slot stands: characters from `start` to before `end`."""

    slot: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class State:
    """What the user wants of a service so far. Of a slot every form that is right, the canonical one first."""

    intent: str = "NONE"
    requested: tuple[str, ...] = ()
    values: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a service."""

    method: str
    parameters: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Frame:
    """One service in one turn. User turns have a state, agent turns may have a call and its `results` (None: none)."""

    service: str
    acts: tuple[Act, ...] = ()
    spans: tuple[Span, ...] = ()
    state: State | None = None
    call: Call | None = None
    results: tuple[Mapping[str, str], ...] | None = None
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Turn:
    role: Role
    text: str
    frames: tuple[Frame, ...] = ()
    extra: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskDialogue:
    """One dialogue; `text` of its turns is empty while it is an outline. `synthetic`: made by program."""

    key: str
    services: tuple[str, ...]
    turns: tuple[Turn, ...]
    lang: Lang = "en"
    synthetic: bool = False
    extra: Mapping[str, Any] = field(default_factory=dict)

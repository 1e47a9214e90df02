"""The functions a run is made of, by shape. A plug-in is a function of one of these."""

from collections import Counter
from collections.abc import Awaitable, Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

from millstream.domain import Domain
from millstream.records import (
    Cue,
    Dialogue,
    Fact,
    Lang,
    Passage,
    Recording,
    Step,
    TrackName,
    Verdict,
    View,
    Wording,
)


class Line(NamedTuple):
    """One utterance as a format tells it; times are seconds of the media clock. See records.Cue. `track` is given
    where it is not that of the file: what the platform words is no utterance of a viewer."""

    text: str
    start: float | None = None
    end: float | None = None
    speaker: str = ""
    author: str = ""
    kind: str = ""
    confidence: float | None = None
    lang: str = ""
    reply_to: int | None = None
    track: TrackName | None = None


@dataclass
class Reading:
    """A recording's header and its cues, read lazily; `lines()` are the same, light, for who reads millions; `told` are
    the lines as the file has them, in no order, with the notes to count in. `notes` counts what was mended on the way,
    by reason; it is whole once the cues (or lines) have been consumed. `track` is that of the file; gifts and notices
    in it have others."""

    recording: Recording
    cues: Iterable[Cue]
    lines: Callable[[], Iterator[Line]]
    told: Callable[[Counter[str]], Iterator[Line]]
    notes: dict[str, int] = field(default_factory=dict)
    track: str = ""


@dataclass(frozen=True)
class Table:
    """A table of knowledge: its headers and its rows, all text. `row` numbers start at 1."""

    key: str
    headers: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


class Unread(NamedTuple):
    """What a document holds and could not be read: where it stands, and why."""

    where: str
    why: str


Source = Callable[[Path], Iterator[Reading]]
Document = Callable[[Path], "Iterator[Passage | Table | Unread]"]
Realiser = Callable[[View], Awaitable["Worded"]]


@dataclass(frozen=True)
class Known:
    """What a critic checks against: the facts of the run, the domain they are of, and the language."""

    domain: Domain
    lang: Lang
    facts: tuple[Fact, ...]

    def __hash__(self) -> int:
        return self._hash

    @cached_property
    def _hash(self) -> int:
        """Worked out once: what is kept of it (the names of its things, what they are found by) is asked for at every
        turn."""
        return hash((self.domain, self.lang, self.facts))


Critic = Callable[[Dialogue], Awaitable[Verdict]]
Embed = Callable[[list[str]], Awaitable["list[list[float]]"]]


@dataclass(frozen=True)
class Embedding:
    """Unit vectors by an encoder's `name`. Compare queries with queries, search passages with queries."""

    query: Embed
    passage: Embed
    name: str


@dataclass(frozen=True)
class Query:
    """What is looked for: the words, what was said before them (oldest first), and the numbers of the passages that
    may answer, counted as they were indexed; None: any of them."""

    text: str
    context: tuple[str, ...] = ()
    among: Sequence[int] | None = None


@dataclass(frozen=True)
class Hit:
    """A passage found: its number as it was indexed, and its score, which only ranks."""

    passage: int
    score: float


Search = Callable[[Sequence[Query], int], Awaitable[list[list[Hit]]]]
"""(queries, how many) -> for each query the best passages, best first."""


@dataclass(frozen=True)
class Worded:
    """What a realiser returns: the words, and whose they are (see records.Turn)."""

    text: str
    worded: Wording
    step: Step

"""The realism loop's measuring half: ours against real dialogues, the floors beside it, the tells, the plain measures.

A detector on the corpora that tells are learned from would, round after round, only say that those tells are gone. So
the judges are fresh detectors, on corpora that were not looked at. Knows conversations; no files and no terminal.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Literal

from millstream.conversations import Conversation
from millstream.errors import InputError
from millstream.metrics import detector, surface, tells, windows
from millstream.metrics.detector import Auc
from millstream.metrics.surface import Surface
from millstream.metrics.tells import Tell
from millstream.metrics.windows import Window

FEWEST = 20
"""Dialogues a side must give, or nothing is said of it."""
MOST = 400
"""Windows a side."""
OURS = "ours"

Kind = Literal["learned", "fresh", "real"]
Corpora = Mapping[str, Sequence[Conversation]]
"""Corpora of one language by name."""


@dataclass(frozen=True)
class Row:
    """One comparison. `kind`: `learned` (tells come from it), `fresh` (it judges) or `real` (two real corpora: what a
    difference of corpora alone gives). The floors see only turn lengths, only punctuation, or random labels."""

    kind: Kind
    lang: str
    first: str
    second: str
    windows: int
    auc: Auc
    length: float
    punctuation: float
    shuffled: float


@dataclass(frozen=True)
class Found:
    """All that is said of one language."""

    lang: str
    rows: tuple[Row, ...]
    tells: tuple[Tell, ...]
    surface: Mapping[str, Surface]


@dataclass(frozen=True)
class Plan:
    """How to cut (`turns` a window), from what seed to draw, how many tells to tell."""

    turns: int = 6
    seed: int = 0
    tells: int = 10


def measured(
    ours: Sequence[Conversation], against: Corpora, fresh: Corpora, plan: Plan, done: Callable[[int], None]
) -> Found:
    """Everything about one language; `against` holds a corpus at least, `done` hears how many comparisons are made.

    InputError where a side is too small.
    """
    pieces = {name: _cut(name, said, plan) for name, said in ({OURS: ours} | {**against, **fresh}).items()}
    rows = []
    for n, (kind, first, second) in enumerate(_comparisons(against, fresh), 1):
        rows.append(_row(kind, (first, second), pieces, ours[0].lang))
        done(n)
    told = tells.tells(*_pooled(pieces[OURS], [pieces[name] for name in against]), plan.tells)
    return Found(lang=ours[0].lang, rows=tuple(rows), tells=tuple(told), surface=_surfaces(pieces))


def _comparisons(against: Corpora, fresh: Corpora) -> list[tuple[Kind, str, str]]:
    made: list[tuple[Kind, str, str]] = [("learned", OURS, name) for name in against]
    made += [("fresh", OURS, name) for name in fresh]
    return made + [("real", *pair) for pair in combinations([*against, *fresh], 2)]


def comparisons(against: Corpora, fresh: Corpora) -> int:
    """How many there will be."""
    return len(_comparisons(against, fresh))


def _cut(name: str, said: Sequence[Conversation], plan: Plan) -> list[Window]:
    found = windows.drawn(said, plan.turns, plan.seed)
    dialogues = len({each.conversation.key for each in found})
    if dialogues < FEWEST:
        what = f"{dialogues} dialogues have {plan.turns} turns or more, {FEWEST} are needed"
        raise InputError(what, name, "give more of it, or fewer --turns")
    if len({each.group for each in found}) < detector.FOLDS:
        raise InputError(f"its dialogues are about fewer than {detector.FOLDS} things", name, "give more runs")
    return found


def _row(kind: Kind, names: tuple[str, str], pieces: Mapping[str, list[Window]], lang: str) -> Row:
    first, second = windows.matched(pieces[names[0]], pieces[names[1]], MOST)
    return Row(
        kind=kind,
        lang=lang,
        first=names[0],
        second=names[1],
        windows=len(first),
        auc=detector.judged(first, second),
        length=detector.judged(first, second, detector.length_only).value,
        punctuation=detector.judged(first, second, detector.punctuation_only).value,
        shuffled=detector.shuffled(first, second),
    )


def _pooled(ours: list[Window], theirs: list[list[Window]]) -> tuple[list[Window], list[Window]]:
    """Ours and as many of theirs, each corpus with the same share."""
    each = min(len(part) for part in theirs)
    mixed = [window for row in zip(*(part[:each] for part in theirs), strict=True) for window in row]
    return windows.matched(ours, mixed, MOST)


def _surfaces(pieces: Mapping[str, list[Window]]) -> dict[str, Surface]:
    single = {name: surface.one_each(found) for name, found in pieces.items()}
    count = min(len(found) for found in single.values())
    return {name: surface.surface(found[:count]) for name, found in single.items()}

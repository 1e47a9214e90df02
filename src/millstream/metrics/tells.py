"""What gives ours away, as sentences with counts: the features that a detector leans on most.

A feature's weight is its coefficient times the difference of its means: how far it moves the two sides apart. Of
features that mark the same turns only the first is told. Knows no corpora; judges nothing.
"""

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from millstream.metrics import delivery, detector
from millstream.metrics.windows import Window

PHRASES = {each.name: each.phrase for each in delivery.HABITS}
SAME = 0.5
"""Share of common turns (Jaccard) from which on two features are one tell."""

Place = tuple[int, int]
"""(window, turn of it)."""


@dataclass(frozen=True)
class Tell:
    """One difference. `ours` and `theirs` are shares of turns, or means where `sentence` speaks of no share; `example`
    is a turn of ours that shows it, "" where none does."""

    feature: str
    weight: float
    ours: float
    theirs: float
    sentence: str
    example: str = ""


def tells(ours: Sequence[Window], theirs: Sequence[Window], most: int) -> list[Tell]:
    """The `most` heaviest differences of the two sides, the heaviest first."""
    windows = [*ours, *theirs]
    labels = np.array([1] * len(ours) + [0] * len(theirs))
    matrix, names = detector.everything(windows)
    weights = _weights(matrix, labels)
    shown, told, taken = _places(windows), list[Tell](), list[set[Place]]()
    for n in np.argsort(-weights, kind="stable"):
        if len(told) == most or weights[n] <= 0:
            break
        places = shown.get(names[n])
        if places is not None and any(_alike(places, other) for other in taken):
            continue
        taken += [places] if places is not None else []
        told.append(_tell(names[n], float(weights[n]), windows, len(ours), places))
    return told


def _weights(matrix: Any, labels: Any) -> Any:
    coefficients = detector.fitted(matrix, labels).coef_[0]
    ours, theirs = (np.asarray(matrix[labels == side].mean(axis=0)).ravel() for side in (1, 0))
    return coefficients * (ours - theirs)


def _alike(first: set[Place], second: set[Place]) -> bool:
    common = len(first & second)
    return common > SAME * len(first | second) or common > 0.9 * len(first)


def _places(windows: Sequence[Window]) -> dict[str, set[Place]]:
    """Where each feature of single turns shows."""
    found: dict[str, set[Place]] = defaultdict(set)
    for n, window in enumerate(windows):
        for at, name in _features(window):
            found[f"{window.turns[at].role} {name}"].add((n, at))
    return found


def _features(window: Window) -> Iterator[tuple[int, str]]:
    yield from delivery.habits(window)
    for at, said in enumerate(window.masked):
        yield from ((at, " ".join(gram)) for gram in detector.grams(said))


def _tell(feature: str, weight: float, windows: Sequence[Window], ours: int, places: set[Place] | None) -> Tell:
    if places is None:
        return _of_numbers(feature, weight, windows, ours)
    role, _, name = feature.partition(" ")
    turns: list[tuple[bool, str]] = [(n < ours, turn.role) for n, each in enumerate(windows) for turn in each.turns]
    of = [turns.count((True, role)), turns.count((False, role))]
    counts = [sum(n < ours for n, _ in places), sum(n >= ours for n, _ in places)]
    shares = [count / max(each, 1) for count, each in zip(counts, of, strict=True)]
    said = [f"{share:.0%}" for share in shares]
    sentence = (
        f"ours {_phrase(name)} in {said[0]} of the {role}'s turns ({counts[0]} of {of[0]}), "
        f"theirs in {said[1]} ({counts[1]} of {of[1]})"
    )
    mine = sorted((windows[n].turns[at].text for n, at in places if n < ours), key=lambda text: (len(text), text))
    return Tell(feature, weight, shares[0], shares[1], sentence, mine[len(mine) // 2] if mine else "")


def _phrase(name: str) -> str:
    if name in PHRASES:
        return PHRASES[name]
    tokens = name.split(" ")
    bare = " ".join(token for token in tokens if token not in ("^", "$"))
    if tokens[0] == "^":
        return f"are just “{bare}”" if tokens[-1] == "$" else f"begin with “{bare}”"
    return f"end with “{bare}”" if tokens[-1] == "$" else f"have “{bare}”"


def _of_numbers(feature: str, weight: float, windows: Sequence[Window], ours: int) -> Tell:
    """A difference of means: words a turn, variation of length, distinct openers."""
    values = [delivery.shares(each)[feature] for each in windows]
    mine, other = float(np.mean(values[:ours])), float(np.mean(values[ours:]))
    role, _, number = feature.partition(" ")
    what = {
        "words": f"the {role}'s turns have {mine:.1f} words in ours, {other:.1f} in theirs",
        "variation": f"turn length varies by {mine:.2f} of its mean in ours, {other:.2f} in theirs",
        "openers": f"{mine:.0%} of a window's turns open each in its own way in ours, {other:.0%} in theirs",
    }
    return Tell(feature, weight, mine, other, what[number or feature])

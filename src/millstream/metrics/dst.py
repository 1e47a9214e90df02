"""Dialogue state tracking: what of a predicted state is right. Knows frames, and no corpus, model or file format.

A frame is one service in one user turn. Exact figures compare strings and nothing else; the official figure of
Schema-Guided Dialogue stands beside them, because its soft matching gives credit to near misses ("march 5th" for
"march 6th" is worth 0.89 of a joint goal). Nothing here brings values to another form: who predicts does that.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from itertools import groupby
from math import exp

from rapidfuzz import fuzz, utils

LAMBDA = 0.5
"""How fast flexible goal accuracy forgives an old mistake (Dey et al. 2022, section 3)."""


@dataclass(frozen=True)
class Frame:
    """One service in one user turn. `gold` has of each slot the values that are right (the first is the canonical one
    of a categorical slot), `predicted` one; a slot that is absent is empty. `turn` counts within the dialogue.
    `seen`: was the service in the training data?"""

    dialogue: str
    turn: int
    service: str
    gold: Mapping[str, tuple[str, ...]]
    predicted: Mapping[str, str]
    categorical: frozenset[str] = frozenset()
    intent: tuple[str, str] = ("", "")
    requested: tuple[frozenset[str], frozenset[str]] = (frozenset(), frozenset())
    """`intent` and `requested` are pairs of gold and predicted."""
    seen: bool = True


@dataclass(frozen=True)
class Counts:
    """Slots of a frame, or of many: right, missing, invented and with another value."""

    right: int = 0
    missed: int = 0
    extra: int = 0
    wrong: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.right + other.right, self.missed + other.missed, self.extra + other.extra, self.wrong + other.wrong
        )

    @property
    def precision(self) -> float:
        return _share(self.right, self.right + self.extra + self.wrong)

    @property
    def recall(self) -> float:
        return _share(self.right, self.right + self.missed + self.wrong)

    @property
    def f1(self) -> float:
        """Of (slot, value) pairs; a wrong value is one too many and one missed."""
        return _share(2 * self.right, 2 * self.right + self.missed + self.extra + 2 * self.wrong)


@dataclass(frozen=True)
class Figures:
    """Every figure from 0 to 1. None: no frame says anything about it (no intent, nothing requested, no gold slot)."""

    frames: int
    joint: float
    joint_official: float
    average: float | None
    average_official: float | None
    flexible: float
    slot_precision: float
    slot_recall: float
    slot_f1: float
    intent: float | None
    requested: float | None

    def row(self) -> dict[str, float | int | None]:
        return asdict(self)


def measure(frames: Iterable[Frame]) -> Figures:
    """All figures over the frames. The joint goal is exact first and official beside it, always both."""
    every = list(frames)
    if not every:
        raise ValueError("no frame to measure")
    counts = sum(map(compared, every), Counts())
    return Figures(
        frames=len(every),
        joint=_mean([float(exact(each)) for each in every]) or 0.0,
        joint_official=_mean([official(each) for each in every]) or 0.0,
        average=_mean([share for each in every if (share := _average(each)) is not None]),
        average_official=_mean([share for each in every if (share := official_average(each)) is not None]),
        flexible=_mean(flexible(every)) or 0.0,
        slot_precision=counts.precision,
        slot_recall=counts.recall,
        slot_f1=counts.f1,
        intent=_mean([float(each.intent[0] == each.intent[1]) for each in every if any(each.intent)]),
        requested=_mean([share for each in every if (share := requested(*each.requested)) is not None]),
    )


def measure_seen(frames: Iterable[Frame]) -> dict[str, Figures]:
    """The figures over all frames, and over those of services seen and unseen in training, where there are any."""
    every = list(frames)
    parts = {"all": every, "seen": [each for each in every if each.seen], "unseen": [f for f in every if not f.seen]}
    return {name: measure(part) for name, part in parts.items() if part}


def exact(frame: Frame) -> bool:
    """Is the whole state right: the same slots, each with one of its right values, letter by letter?"""
    return frame.gold.keys() == frame.predicted.keys() and all(
        frame.predicted[slot] in values for slot, values in frame.gold.items()
    )


def compared(frame: Frame) -> Counts:
    both = frame.gold.keys() & frame.predicted.keys()
    right = sum(frame.predicted[slot] in frame.gold[slot] for slot in both)
    return Counts(right, len(frame.gold) - len(both), len(frame.predicted) - len(both), len(both) - right)


def _average(frame: Frame) -> float | None:
    """The share of gold slots that are right (average goal accuracy); slots too many do not count."""
    return compared(frame).right / len(frame.gold) if frame.gold else None


# --- Schema-Guided Dialogue, the official way (Rastogi et al. 2020, section 5) -------------------------------


def official(frame: Frame) -> float:
    """The product of the soft scores of all slots: a slot that is invented or missed makes it 0."""
    if frame.predicted.keys() != frame.gold.keys():
        return 0.0
    score = 1.0
    for slot in frame.gold:
        score *= _soft(frame, slot)
    return score


def official_average(frame: Frame) -> float | None:
    """The mean soft score of the slots that gold has."""
    return sum(_soft(frame, slot) for slot in frame.gold) / len(frame.gold) if frame.gold else None


def _soft(frame: Frame, slot: str) -> float:
    gold, said = frame.gold[slot], frame.predicted.get(slot)
    if said is None:
        return 0.0
    if slot in frame.categorical:
        return float(gold[0].lower() == said.lower())
    return max(fuzzy(each, said) for each in gold)


def fuzzy(gold: str, said: str) -> float:
    """Token-sort similarity in whole percent, as the official script has it."""
    return round(fuzz.token_sort_ratio(gold, said, processor=utils.default_process)) / 100


def requested(gold: frozenset[str], said: frozenset[str]) -> float | None:
    """F1 of the requested slots; None where neither side has one, which the official mean leaves out."""
    return None if not gold and not said else _share(2 * len(gold & said), len(gold) + len(said))


# --- Flexible goal accuracy (Dey et al. 2022) ----------------------------------------------------------------


def flexible(frames: Sequence[Frame], forgiving: float = LAMBDA) -> list[float]:
    """1 for an exact turn, 0 for a turn whose own update is wrong, and in between for one that only carries an old
    mistake: 1 - exp(-lambda * turns since that mistake)."""
    ordered = sorted(frames, key=lambda each: (each.dialogue, each.service, each.turn))
    found: list[float] = []
    for _, group in groupby(ordered, key=lambda each: (each.dialogue, each.service)):
        found += _one_service(list(group), forgiving)
    return found


def _one_service(frames: list[Frame], forgiving: float) -> list[float]:
    found: list[float] = []
    erred: int | None = None
    gold_before: set[tuple[str, tuple[str, ...]]] = set()
    said_before: set[tuple[str, str]] = set()
    for at, frame in enumerate(frames):
        gold, said = set(frame.gold.items()), set(frame.predicted.items())
        new_is_said = all(frame.predicted.get(slot) in values for slot, values in gold - gold_before)
        said_is_right = all(value in frame.gold.get(slot, ()) for slot, value in said - said_before)
        if exact(frame):
            found.append(1.0)
        elif erred is None or not (new_is_said and said_is_right):
            found.append(0.0)
            erred = at
        else:
            found.append(1 - exp(-forgiving * (at - erred)))
        gold_before, said_before = gold, said
    return found


def _share(part: float, of: float) -> float:
    return part / of if of else 0.0


def _mean(values: Sequence[float]) -> float | None:
    return sum(values) / len(values) if values else None

"""Damage probes: is it noticed that a dialogue was damaged? Where it is not, the turn said nothing.

The noticer is fitted on damaged copies of other dialogues (other groups: blueprint and entity of ours) and then shown a
dialogue and its damaged copy: it notices if it prefers the first. It reads words alone; stages are known to the damage
only. A floor stands beside each share: the same change where nothing that belongs there is lost. Knows conversations;
no files and no terminal.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from random import Random

from scipy.stats import binomtest
from sklearn.model_selection import GroupKFold

from millstream.conversations import Utterance
from millstream.errors import InputError
from millstream.metrics import coherence, damage
from millstream.metrics.coherence import Features
from millstream.metrics.damage import Damage, Pair, Staged

FOLDS = 5
FEWEST = 20
"""Dialogues a side must give, or nothing is said of it."""
SHORTEST = 6
"""Turns of the shortest dialogue that is probed."""
LESSONS = 4
"""Damaged copies of each kind that the noticer learns from, a dialogue."""
PROBES = 2
"""Damaged copies of each kind that it is asked about, a dialogue."""
TAUGHT = (damage.swap(damage.anywhere), damage.swap(damage.same_part), damage.delete, damage.insert)
"""Insertions are taught so that more turns are not better in themselves."""
KINDS: Mapping[str, tuple[Damage, Damage]] = {
    "swapped, same stage": (damage.swap(damage.same_stage), damage.two_strangers(damage.same_stage)),
    "swapped, same fifth": (damage.swap(damage.same_part), damage.two_strangers(damage.same_part)),
    "user turn deleted": (damage.delete, damage.take_back),
}
"""kind -> (the damage, its floor: the same change where nothing that belongs there is lost)."""


@dataclass(frozen=True)
class Share:
    """So many of so many."""

    yes: int
    of: int

    @property
    def value(self) -> float:
        return self.yes / self.of if self.of else 0.0

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95% interval (1927)."""
        found = binomtest(self.yes, max(self.of, 1)).proportion_ci(method="wilson")
        return float(found.low), float(found.high)


@dataclass(frozen=True)
class Probe:
    """One question put to the noticer. `pointed`: the turn it finds worst is the damaged one or beside it; `chance` is
    how often a turn drawn at random would be. `before` are the two turns in front of the damage."""

    kind: str
    stage: str
    noticed: bool
    pointed: bool
    chance: float
    before: tuple[str, ...]
    was: str
    now: str


@dataclass(frozen=True)
class Row:
    """All probes of one kind; `pointed` is of none where there is no place to point at."""

    kind: str
    noticed: Share
    floor: Share
    pointed: Share = Share(0, 0)
    by_chance: float = 0.0


class Noticer:
    """Prefers whole dialogues to damaged ones, as it learned from others."""

    def __init__(self, dialogues: Sequence[Staged], chance: Random) -> None:
        self.weighing = coherence.Weighing([[turn.text for turn in each.turns] for each in dialogues])
        lessons = (kind(each, dialogues, chance) for each in dialogues for kind in TAUGHT * LESSONS)
        self.taste = coherence.Preference([self._difference(pair) for pair in lessons if pair])

    def notices(self, pair: Pair) -> bool:
        return self.taste.score(self._difference(pair)) > 0

    def worst(self, turns: Sequence[Utterance]) -> int:
        """The turn that follows least; the first has nothing to follow."""
        scores = [self.taste.score(coherence.features(turns, at, self.weighing)) for at in range(1, len(turns))]
        return scores.index(min(scores)) + 1

    def _difference(self, pair: Pair) -> Features:
        return coherence.contrast(pair.whole, pair.damaged, pair.kept, self.weighing)


def measured(
    name: str, dialogues: Sequence[Staged], seed: int, done: Callable[[int], None]
) -> tuple[list[Row], list[Probe]]:
    """A row a kind and every probe behind them; `done` hears how many of FOLDS are through.

    InputError where there are too few dialogues, or all are about the same few things.
    """
    long = [each for each in dialogues if len(each.turns) >= SHORTEST]
    groups = [each.conversation.group for each in long]
    _check(name, long, groups)
    probes, floors = list[Probe](), list[tuple[str, bool]]()
    for n, (taught, asked) in enumerate(GroupKFold(FOLDS).split(long, groups=groups), 1):
        chance = Random(f"probes {seed} {n}")
        noticer, held = Noticer([long[at] for at in taught], chance), [long[at] for at in asked]
        probes += _asked(noticer, held, chance)
        floors += _floors(noticer, held, chance)
        done(n)
    rows = (_row(kind, probes, floors) for kind in KINDS)
    return [row for row in rows if row.noticed.of], probes


def _check(name: str, dialogues: Sequence[Staged], groups: Sequence[str]) -> None:
    if len(dialogues) < FEWEST:
        what = f"{len(dialogues)} dialogues have {SHORTEST} turns or more, {FEWEST} are needed"
        raise InputError(what, name, "give more of it")
    if len(set(groups)) < FOLDS:
        raise InputError(f"its dialogues are about fewer than {FOLDS} things", name, "give more runs")


def _drawn(kind: Damage, held: Sequence[Staged], chance: Random) -> Iterator[tuple[Staged, Pair]]:
    for each in held:
        for _ in range(PROBES):
            if pair := kind(each, held, chance):
                yield each, pair


def _asked(noticer: Noticer, held: Sequence[Staged], chance: Random) -> Iterator[Probe]:
    for kind, (harm, _) in KINDS.items():
        for each, pair in _drawn(harm, held, chance):
            beside = [n for n in range(1, len(pair.damaged)) if abs(n - pair.at) <= 1]
            yield Probe(
                kind=kind,
                stage=each.stages[pair.at] if each.stages else f"{each.part(pair.at) + 1} of {damage.PARTS}",
                noticed=noticer.notices(pair),
                pointed=noticer.worst(pair.damaged) in beside,
                chance=len(beside) / (len(pair.damaged) - 1),
                before=tuple(turn.text for turn in pair.whole[max(pair.at - 2, 0) : pair.at]),
                was=pair.whole[pair.at].text,
                now=pair.damaged[pair.at].text,
            )


def _floors(noticer: Noticer, held: Sequence[Staged], chance: Random) -> Iterator[tuple[str, bool]]:
    for kind, (_, harmless) in KINDS.items():
        yield from ((kind, noticer.notices(pair)) for _, pair in _drawn(harmless, held, chance))


def _row(kind: str, probes: Sequence[Probe], floors: Sequence[tuple[str, bool]]) -> Row:
    mine = [each for each in probes if each.kind == kind]
    floor = [noticed for name, noticed in floors if name == kind]
    return Row(
        kind=kind,
        noticed=Share(sum(each.noticed for each in mine), len(mine)),
        floor=Share(sum(floor), len(floor)),
        pointed=Share(sum(each.pointed for each in mine), len(mine)),
        by_chance=sum(each.chance for each in mine) / max(len(mine), 1),
    )

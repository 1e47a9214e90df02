"""Corpora side by side: the same measures of each at the same size, with intervals, and how far each two are apart.

Composes metrics/ and, for runs of ours, the critic of claims. A figure that the dialogues are too few for is None with
its reason. Refuses to know files and how anything is shown.
"""

import asyncio
import math
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, field
from itertools import combinations
from random import Random

from millstream.corpora import millstream as own
from millstream.critics import claims
from millstream.metrics import adherence, catalogue, detector, manners, spread, vectors, windows
from millstream.metrics.adherence import Plan
from millstream.metrics.intervals import Figure, drawn, ratio
from millstream.metrics.tokens import Talk, budgeted, talk
from millstream.metrics.vectors import Encode, Vectors
from millstream.records import Dialogue, Lang
from millstream.shapes import Critic, Known

FEWEST = 10
"""Dialogues of the smallest corpus below which nothing is said."""
SHARE = 0.8
"""Of the smallest corpus' dialogues, how many a draw may have: the rest is what the interval is made of."""
MARGIN = 1.2
"""Dialogues drawn for a token budget, by those needed on average."""
WINDOW, WINDOWS = 6, 400
"""Turns of a window, and windows a side, of the two-sample detector."""

Hear = Callable[[str], None]


@dataclass(frozen=True)
class Corpus:
    """One side. Only a run of ours has `plans`, and `wrong`: of each dialogue (agent turns with an unsupported claim,
    agent turns)."""

    name: str
    talks: tuple[Talk, ...]
    plans: tuple[Plan, ...] = ()
    wrong: tuple[tuple[float, float], ...] = ()

    @property
    def lang(self) -> Lang:
        return self.talks[0].said.lang


@dataclass(frozen=True)
class Size:
    """What everything is taken at: dialogues of each corpus, tokens of a budget, dialogues of a draw."""

    dialogues: int
    tokens: int
    compared: int
    sample: int


@dataclass(frozen=True)
class Measured:
    name: str
    dialogues: int
    figures: dict[str, Figure]


@dataclass(frozen=True)
class Near:
    """`precision` and `recall` hold the first corpus against the second; `halves` is the second's own first half
    against its second half."""

    precision: float
    recall: float
    halves: tuple[float, float]


@dataclass(frozen=True)
class Pair:
    """Two corpora. `divergence`: of each distribution (value, floor of the first, floor of the second), None where a
    side has no such labels. `words`, `meaning`: who is near whom by weighted words, and by an encoder where one is at
    hand. `auc`: of a two-sample detector with its interval, None where too few."""

    first: str
    second: str
    divergence: dict[str, tuple[float, float, float] | None]
    words: Near | None
    meaning: Near | None
    auc: tuple[float, float, float] | None


@dataclass(frozen=True)
class Comparison:
    lang: Lang
    size: Size
    corpora: tuple[Measured, ...]
    pairs: tuple[Pair, ...] = field(default=())


def compared(
    corpora: Sequence[Corpus], seed: int = 0, hear: Hear = lambda what: None, encode: Encode | None = None
) -> Comparison:
    """All measures of corpora of one language. `hear` is told what is done. What needs an encoder is asked of a fixed
    sample, and only where one is handed in."""
    size = fitting(corpora)
    level = [_levelled(each, size.dialogues, seed) for each in corpora]
    made = []
    for each in level:
        hear(each.name)
        made.append(Measured(each.name, len(each.talks), measured(each, size, seed, encode)))
    pairs = []
    for first, second in combinations(level, 2):
        hear(f"{first.name} and {second.name}")
        pairs.append(_pair(first, second, size, seed, encode))
    return Comparison(corpora[0].lang, size, tuple(made), tuple(pairs))


def fitting(corpora: Sequence[Corpus]) -> Size:
    """The largest size that every corpus can give; 0 where one is below `FEWEST`."""
    least = min(len(each.talks) for each in corpora)
    if least < FEWEST:
        return Size(least, 0, 0, 0)
    words = min(sum(len(turn) for talk in each.talks for turn in talk.turns) / len(each.talks) for each in corpora)
    most = int(SHARE * least)
    budget = min(catalogue.BUDGET, int(words * most / MARGIN))
    return Size(least, budget, min(catalogue.COMPARED, most), min(catalogue.SAMPLE, most))


def _levelled(corpus: Corpus, count: int, seed: int) -> Corpus:
    """As many dialogues as the others have, drawn at random."""
    places = Random(f"level {seed}").sample(range(len(corpus.talks)), count)
    talks = tuple(corpus.talks[n] for n in places)
    plans, wrong = (tuple(side[n] for n in places) if side else () for side in (corpus.plans, corpus.wrong))
    return Corpus(corpus.name, talks, plans, wrong)  # type: ignore[arg-type]


# --- one corpus --------------------------------------------------------------------------------------------


def measured(corpus: Corpus, size: Size, seed: int = 0, encode: Encode | None = None) -> dict[str, Figure]:
    """Every figure of one corpus by the name of its measure."""
    if not size.compared:
        few = Figure(None, why=f"not enough data: {size.dialogues} dialogues, {FEWEST} are needed")
        return {name: few for names in catalogue.groups(bool(encode)).values() for name in names}
    found = _wording(corpus.talks, size.tokens, seed)
    for each in catalogue.REPEATED:
        count = size.compared if each.size == catalogue.COMPARED else size.sample
        found[each.name] = drawn(corpus.talks, count, each.of, seed)
    for manner in manners.MANNERS:
        found[manner.name] = ratio([manner.of(talk) for talk in corpus.talks], seed)
    found |= _coherence(catalogue.COHERENCE, corpus.talks[: size.compared], vectors.words, seed)
    if encode:
        found |= _coherence(catalogue.MEANT, corpus.talks[: catalogue.SAMPLE], encode, seed)
    return found | _ours(corpus, seed)


def _coherence(names: Iterable[str], talks: Sequence[Talk], encode: Encode, seed: int) -> dict[str, Figure]:
    """How often the turn that follows ranks first, and its control."""
    values = (ratio(vectors.ranking(talks, encode, seed, mixed), seed) for mixed in (False, True))
    return dict(zip(names, values, strict=True))


def _wording(talks: Sequence[Talk], budget: int, seed: int) -> dict[str, Figure]:
    """The measures of wording, all of them of the same draws."""
    mean = sum(len(turn) for talk in talks for turn in talk.turns) / len(talks)
    count = min(math.ceil(MARGIN * budget / mean) if mean else 0, len(talks) - 1)
    return {
        each.name: drawn(talks, count, lambda draw, of=each.of: of(budgeted(draw, budget)), seed)  # type: ignore[misc]
        for each in catalogue.LEXICAL
    }


def _ours(corpus: Corpus, seed: int) -> dict[str, Figure]:
    """What only a run of ours can be asked, because only it says what it rests on."""
    absent = Figure(None, why="not a run of millstream: no blueprint, no facts")
    if not corpus.plans:
        return dict.fromkeys(catalogue.OURS, absent)
    by_label = adherence.followed(corpus.plans, [each.labelled for each in corpus.plans], seed)
    as_heard = adherence.followed(corpus.plans, adherence.heard(corpus.talks, corpus.plans), seed)
    values = (
        ratio(corpus.wrong, seed),
        ratio([(own, 1.0) for own, _ in by_label], seed),
        ratio([(own, 1.0) for own, _ in as_heard], seed),
        ratio([(other, 1.0) for _, other in as_heard], seed),
        ratio([each.facts for each in corpus.plans], seed),
    )
    return dict(zip(catalogue.OURS, values, strict=True))


def of_run(name: str, dialogues: Iterable[Dialogue], known: Known) -> Corpus:
    """A run of ours, of whose dialogues one at a time is held."""

    async def read() -> Corpus:
        judge, talks, plans, wrong = claims.critic(known), list[Talk](), list[Plan](), list[tuple[float, float]]()
        for each in dialogues:
            talks.append(talk(own.conversation(each)))
            plans.append(adherence.plan(each))
            wrong.append(await _wrong(each, judge))
        return Corpus(name, tuple(talks), tuple(plans), tuple(wrong))

    return asyncio.run(read())


async def _wrong(dialogue: Dialogue, judge: Critic) -> tuple[float, float]:
    verdict = await judge(dialogue)
    return float(len(verdict.turns)), float(sum(turn.role == "agent" for turn in dialogue.turns))


# --- two corpora -------------------------------------------------------------------------------------------


def _pair(first: Corpus, second: Corpus, size: Size, seed: int, encode: Encode | None) -> Pair:
    if not size.compared:
        nothing: dict[str, tuple[float, float, float] | None] = dict.fromkeys(spread.COUNTINGS)
        return Pair(first.name, second.name, nothing, None, None, None)
    found = {name: _divergence(first, second, counting) for name, counting in spread.COUNTINGS.items()}
    sides = [side.talks[: size.sample] for side in (first, second)]
    texts = [_texts(side) for side in sides]
    both = vectors.words([*texts[0], *texts[1]])
    worded = _near(both[: len(texts[0])], both[len(texts[0]) :])
    meant = _near(*(vectors.dialogues(side, encode) for side in sides)) if encode else None
    return Pair(first.name, second.name, found, worded, meant, _told_apart(first, second, seed))


def _near(ours: Vectors, real: Vectors) -> Near:
    return Near(*vectors.precision_recall(ours, real), vectors.precision_recall(real[::2], real[1::2]))


def _divergence(first: Corpus, second: Corpus, counting: spread.Counting) -> tuple[float, float, float] | None:
    counts = counting(first.talks), counting(second.talks)
    if not all(counts):
        return None
    return spread.jsd(*counts), spread.floor(first.talks, counting), spread.floor(second.talks, counting)


def _texts(talks: Sequence[Talk]) -> list[str]:
    return [" ".join(turn.text for turn in each.said.turns) for each in talks]


def _told_apart(first: Corpus, second: Corpus, seed: int) -> tuple[float, float, float] | None:
    """The two-sample detector of metrics/detector.py; None where a side has too few windows or groups."""
    cut = [windows.drawn((talk.said for talk in side.talks), WINDOW, seed) for side in (first, second)]
    ours, theirs = windows.matched(cut[0], cut[1], WINDOWS)
    if min(len({each.group for each in side}) for side in (ours, theirs)) < detector.FOLDS:
        return None
    value, low, high = detector.judged(ours, theirs)
    return value, low, high

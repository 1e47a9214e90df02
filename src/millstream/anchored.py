"""A run's dialogues beside public corpora: measures that need no other dialogues to be read, with their intervals.

The figures of the corpora were measured once, of 300 dialogues of each (`anchors.yaml`); what depends on how much is
measured is only told of a run that has as much. Knows dialogues and figures; nothing of how they are shown.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import cache
from itertools import islice
from statistics import fmean, pstdev
from typing import NamedTuple

from millstream import resources
from millstream.corpora import millstream as own
from millstream.metrics import lexical, repeated
from millstream.metrics.intervals import Figure, drawn, ratio
from millstream.metrics.tokens import Talk, budgeted, talk
from millstream.records import Dialogue, Lang

MOST, FEWEST = 300, 10
"""Dialogues measured at most, as of the corpora; and below which nothing is told."""
BUDGET, COMPARED, SHARE = 20_000, 100, 0.8
"""Tokens of a measure of wording, dialogues of one of repetition; of the dialogues, how many a draw has."""

Measure = Callable[[Sequence[Talk]], float]


class Beside(NamedTuple):
    """A measure of the run's dialogues of one language, and of public corpora by their names."""

    lang: Lang
    name: str
    says: str
    figure: Figure
    anchors: Mapping[str, float]


@cache
def anchors() -> Mapping[Lang, Mapping[str, Mapping[str, float]]]:
    """Corpora by language: measure -> figure."""
    found: dict[Lang, dict[str, dict[str, float]]] = resources.data("anchors.yaml")
    return found


def beside(dialogues: Iterable[Dialogue]) -> tuple[Beside, ...]:
    """Of the first `MOST` dialogues, each measure in each language."""
    talks = [talk(own.conversation(each)) for each in islice(dialogues, MOST)]
    found: list[Beside] = []
    for lang, corpora in anchors().items():
        mine = [each for each in talks if each.said.lang == lang]
        for name, (says, figure) in _measured(mine).items() if mine else ():
            there = {corpus: figures[name] for corpus, figures in corpora.items()}
            found.append(Beside(lang, name, says, figure, there))
    return tuple(found)


def _measured(talks: Sequence[Talk]) -> dict[str, tuple[str, Figure]]:
    lengths = [(float(sum(map(len, each.turns))), float(len(each.turns))) for each in talks]
    few = int(SHARE * len(talks))
    words = sum(count for count, _ in lengths) * SHARE

    def told(needed: str, measure: Measure, size: int = few) -> Figure:
        if len(talks) < FEWEST:
            return Figure(None, why=f"{len(talks)} dialogues, {FEWEST} are needed")
        return Figure(None, why=needed) if needed else drawn(list(talks), size, measure)

    short = f"{words:,.0f} tokens, {BUDGET:,} are needed" if words < BUDGET else ""
    lone = f"{few} dialogues of a draw, {COMPARED} are needed" if few < COMPARED else ""
    plain = {"turns": ("turns a dialogue", [(count, 1.0) for _, count in lengths]),
             "tokens a turn": ("words a turn, characters in Chinese", lengths)}  # fmt: skip
    figures = {name: (says, told("", lambda _: 0.0) if len(talks) < FEWEST else ratio(pairs))
               for name, (says, pairs) in plain.items()}  # fmt: skip
    return figures | {
        "CV": ("standard deviation of turn length by its mean, over all turns", told("", _variation)),
        "MATTR": ("different words in a window of 50, by 50", told("", lambda some: lexical.mattr(_all(some)))),
        "MTLD": ("words before the type-token ratio falls below 0.72", told("", lambda some: lexical.mtld(_all(some)))),
        "distinct-2": (f"different pairs of words in {BUDGET:,}, by all",
                       told(short, lambda some: lexical.distinct(budgeted(some, BUDGET), 2))),
        "rep4": (f"a dialogue's 4-grams that another of {COMPARED} has",
                 told(lone, lambda some: repeated.rep4([each.flat() for each in some]), COMPARED)),
    }  # fmt: skip


def _all(talks: Sequence[Talk]) -> list[str]:
    return budgeted(talks, BUDGET)


def _variation(talks: Sequence[Talk]) -> float:
    lengths = [len(turn) for each in talks for turn in each.turns]
    return pstdev(lengths) / fmean(lengths)

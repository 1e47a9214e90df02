"""A comparison of corpora as one self-contained page: a plot for each measure, its numbers on demand, what it says.

Nothing is loaded and nothing runs; every name is taken for hostile. Knows the figures as commands/evaluate.py writes
them, and neither how they were measured nor where the dialogues lie.
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from millstream.report import environment
from millstream.report import write as write_text
from millstream.report.drawing import Plot
from millstream.report.plots import intervals

_PAGE = environment(html=True).get_template("compare.html.j2")
Figure = Mapping[str, Any]


class Shown(NamedTuple):
    """A measure: its plot, None where no corpus has it, and its numbers."""

    name: str
    says: str
    plot: Plot | None
    rows: tuple[tuple[str, str, str], ...]


def write(languages: Sequence[Mapping[str, Any]], groups: Mapping[str, Mapping[str, str]], path: Path) -> Path:
    """`languages` are comparisons, one a language; `groups` the measures and what they say, by group."""
    made = [(each, _sections(each["corpora"], groups)) for each in languages]
    return write_text(path, _PAGE.render(languages=made))


def plots(language: Mapping[str, Any], groups: Mapping[str, Mapping[str, str]]) -> list[Plot]:
    """The plots of a comparison, of those measures that a corpus has."""
    shown = [each for _, section in _sections(language["corpora"], groups) for each in section]
    return [each.plot for each in shown if each.plot]


def _sections(corpora: Sequence[Figure], groups: Mapping[str, Mapping[str, str]]) -> list[tuple[str, list[Shown]]]:
    return [(group, [_shown(corpora, name, says) for name, says in measures.items()])
            for group, measures in groups.items()]  # fmt: skip


def _shown(corpora: Sequence[Figure], name: str, says: str) -> Shown:
    figures = [(each["name"], each["figures"][name]) for each in corpora]
    there = [(who, each["value"], each["low"], each["high"]) for who, each in figures if each["value"] is not None]
    plot = intervals(name, _reading(there), there) if there else None
    return Shown(name, says, plot, tuple(_numbers(who, each) for who, each in figures))


def _numbers(who: str, figure: Figure) -> tuple[str, str, str]:
    if figure["value"] is None:
        return who, "–", figure["why"]
    return who, f"{figure['value']:.4g}", f"{figure['low']:.4g} to {figure['high']:.4g}"


def _reading(rows: Sequence[tuple[str, float, float, float]]) -> str:
    """The plot in a sentence: who is highest and lowest, and whether their intervals part."""
    low, high = (choose(rows, key=lambda row: row[1]) for choose in (min, max))
    if len(rows) == 1:
        return f"{low[0]}: {low[1]:.3g}."
    apart = "their intervals do not touch" if low[3] < high[2] else "their intervals overlap"
    return f"Highest {high[0]} ({high[1]:.3g}), lowest {low[0]} ({low[1]:.3g}); {apart}."

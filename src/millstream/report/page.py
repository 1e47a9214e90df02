"""report.html: one self-contained page about a run, for people.

Nothing is loaded from anywhere and nothing in it runs: turns open as <details>, so that a policy without
scripts stands even behind the escaping. Every text is taken for hostile, because it comes from streams. Refuses
to know where the figures come from (counts.Summary, counts.Tally).
"""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple, Protocol, get_args

from millstream.records import Dialogue, Outcome
from millstream.report import environment, number, percent
from millstream.report import write as write_text
from millstream.report.counts import Summary, Tally
from millstream.report.course import course
from millstream.report.drawing import Plot
from millstream.report.plots import intervals, plots

_PAGE = environment(html=True).get_template("page.html.j2")
SAMPLE = 12
"""Dialogues shown in full."""
_ROWS = 60
"""Rows of the coverage table; a run with more paths than anybody reads shows the most used."""


class Measured(Protocol):
    """What a page wants to know of a measure beside public corpora (anchored.Beside): `figure` is value, low, high and,
    where there is none, why."""

    @property
    def lang(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def says(self) -> str: ...
    @property
    def figure(self) -> tuple[float | None, float | None, float | None, str]: ...
    @property
    def anchors(self) -> Mapping[str, float]: ...


class Figure(NamedTuple):
    """One headline number: what it is, the number, and what it is made of."""

    name: str
    value: str
    made_of: str


class Row(NamedTuple):
    """A path of the coverage table and how many dialogues took it to each outcome."""

    domain: str
    path: str
    counts: tuple[int, ...]


class Compared(NamedTuple):
    """A measure beside public corpora: its plot and numbers, or `why` there are none."""

    name: str
    plot: Plot | None
    rows: tuple[tuple[str, float, float, float], ...]
    why: str


def compared(rows: Sequence[Measured]) -> list[Compared]:
    """Each measure as an interval above the corpora's figures."""
    made = []
    for each in rows:
        value, low, high = each.figure[:3]
        title = f"{each.name}, {each.lang}"
        if value is None or low is None or high is None:
            made.append(Compared(title, None, (), each.figure[3]))
            continue
        shown = (("this run", value, low, high), *((name, at, at, at) for name, at in each.anchors.items()))
        near = min(each.anchors, key=lambda name: abs(each.anchors[name] - value))
        says = f"{each.says}: {value:.3g} ({low:.3g} to {high:.3g}) here, nearest {near} ({each.anchors[near]:g})."
        made.append(Compared(title, intervals(title, says[0].upper() + says[1:], shown), shown, ""))
    return made


def write(
    summary: Summary, tally: Tally, drawn: Sequence[Dialogue], path: Path, seed: int = 0,
    beside: Sequence[Measured] = (),
) -> Path:
    """Write the page over all that was counted; those `drawn` by `seed` are shown in full, and `beside` public corpora
    what was measured."""
    outcomes = tuple(name for name in get_args(Outcome) if tally.outcomes[name])
    coverage = _coverage(tally, outcomes)
    return write_text(
        path,
        _PAGE.render(
            summary=summary,
            tally=tally,
            drawn=drawn,
            seed=seed,
            headline=headline(summary, tally),
            plots=plots(tally),
            course=course(summary, tally),
            compared=compared(beside),
            outcomes=outcomes,
            coverage=coverage,
            most=max((count for row in coverage for count in row.counts), default=0),
            titles={each.id: each.title or each.id for each in summary.heard},
            rights={each.id: each for each in summary.rightful},
        ),
    )


def headline(summary: Summary, tally: Tally) -> tuple[Figure, ...]:
    total, turns = summary.total, tally.utterances
    tokens, seconds = total.tokens_in + total.tokens_out, summary.wall_seconds
    mean = turns / tally.dialogues if tally.dialogues else None
    grounded = tally.grounded / turns if turns else None
    asked = f"of {summary.drawn:,} drawn, {summary.target:,} asked for"
    spent = f"{total.tokens_in:,} in, {total.tokens_out:,} out"
    return (
        Figure("dialogues accepted", number(summary.accepted), asked),
        Figure("acceptance rate", percent(summary.acceptance), "accepted of drawn"),
        Figure("model calls each", number(summary.each(total.calls), 1), f"{total.calls:,} calls in all"),
        Figure("tokens each", number(summary.each(tokens)), spent),
        Figure("seconds each", number(summary.each(seconds), 1), f"{seconds:,.0f} s by the clock"),
        Figure("in the model's own words", percent(summary.own_words), _words(summary)),
        Figure("turns a dialogue", number(mean, 1), f"{turns:,} turns in all"),
        Figure("turns from frames", number(tally.frames.total()), f"{len(tally.frames):,} frames lent their words"),
        Figure("turns with evidence", percent(grounded), f"{tally.grounded:,} rest on a source"),
    )


def _words(summary: Summary) -> str:
    whose = {"model": "worded by the model", "template": "by the template", "kept": "fell back to it"}
    return ", ".join(f"{count:,} {whose.get(word, word)}" for word, count in summary.words) or "no turns counted"


def _coverage(tally: Tally, outcomes: tuple[str, ...]) -> tuple[Row, ...]:
    uses = {
        (domain, path): tuple(tally.paths[domain, path, outcome] for outcome in outcomes)
        for domain, path, _ in tally.paths
    }
    rows = sorted(uses.items(), key=lambda item: (item[0][0], -sum(item[1]), item[0][1]))
    return tuple(Row(domain, path, counts) for (domain, path), counts in rows[:_ROWS])

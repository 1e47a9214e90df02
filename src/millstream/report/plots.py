"""The plots of a report: what is drawn, and what each says in a sentence.

Labels are English words of ours; whatever is not ASCII is spelled out, because a plot is measured in a font
that may not have it. What needs the sources' own words (paths) is a table of the page. Refuses to know files.
"""

from collections import Counter
from collections.abc import Sequence
from functools import partial
from typing import get_args

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from millstream.records import Move, Outcome
from millstream.report.counts import Tally
from millstream.report.drawing import Palette, Plot

_MOST = 16
"""Bars a plot may have before the rest are left to the tables."""


def plots(tally: Tally) -> tuple[Plot, ...]:
    """All plots of these dialogues; none of nothing."""
    if not tally.dialogues:
        return ()
    moves, outcomes = _ordered(tally.moves, Move), _ordered(tally.outcomes, Outcome)
    made = (
        (Plot("Turns per dialogue", _spread(tally.turns, "turns"), partial(_turns, tally)),
         [(f"{turns} turns", count) for turns, count in sorted(tally.turns.items())]),
        (Plot("Length of utterances", _by_role(tally), partial(_lengths, tally)), _tens(tally.lengths)),
        (Plot("Stages, by move", _top(tally.moves), partial(_bars, moves)), moves),
        (Plot("Outcomes", _top(tally.outcomes), partial(_bars, outcomes)), outcomes),
        (Plot("Dialogue acts", _top(_both(tally.acts)), partial(_acts, tally)), _sides(tally.acts)),
        (Plot("Use of personas", _uses(tally), partial(_personas, tally)), _sides(tally.personas)),
    )  # fmt: skip
    return tuple(plot._replace(numbers=tuple(numbers)) for plot, numbers in made)


def intervals(title: str, says: str, rows: Sequence[tuple[str, float, float, float]]) -> Plot:
    """A value with its interval for each (name, value, low, high), one below the other."""

    def draw(axes: Axes, colour: Palette) -> None:
        places, values = range(len(rows)), [value for _, value, _, _ in rows]
        lows, highs = [low for _, _, low, _ in rows], [high for *_, high in rows]
        axes.hlines(places, lows, highs, color=colour.accent, linewidth=2.5)
        axes.plot(values, places, "o", color=colour.accent, markersize=6)
        axes.set_yticks(places, [_ascii(name) for name, *_ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(axis="y", visible=False)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4))

    return Plot(title, says, draw, (3.6, 0.6 + 0.3 * len(rows)))


def _tens(lengths: dict[str, Counter[int]]) -> list[tuple[str, int]]:
    """Utterances of each side by their length, ten characters a row."""
    tens = {role: Counter[int]() for role in lengths}
    for role, counts in lengths.items():
        for length, count in counts.items():
            tens[role][length // 10] += count
    return [(f"{role}, {10 * ten} to {10 * ten + 9} characters", count)
            for role, counts in tens.items() for ten, count in sorted(counts.items())]  # fmt: skip


def _sides(counts: dict[str, Counter[str]]) -> list[tuple[str, int]]:
    return [(f"{role}, {name}", count) for role, found in counts.items() for name, count in found.most_common()]


def _turns(tally: Tally, axes: Axes, colour: Palette) -> None:
    axes.bar(list(tally.turns), list(tally.turns.values()), color=colour.accent, width=0.8)
    _columns(axes, "turns", "dialogues")


def _lengths(tally: Tally, axes: Axes, colour: Palette) -> None:
    longest = max((max(counts, default=1) for counts in tally.lengths.values()), default=1)
    for role, shade in (("user", colour.user), ("agent", colour.agent)):
        counts = tally.lengths[role]
        axes.hist(
            list(counts), bins=min(24, longest), range=(0, longest), weights=list(counts.values()),
            color=shade, alpha=0.65, label=role,
        )  # fmt: skip
    _columns(axes, "characters", "turns")
    axes.legend(loc="upper right")


def _bars(counts: list[tuple[str, int]], axes: Axes, colour: Palette) -> None:
    names = [_ascii(name) for name, _ in counts]
    axes.barh(range(len(counts)), [count for _, count in counts], color=colour.accent, height=0.7)
    _named(axes, names)


def _acts(tally: Tally, axes: Axes, colour: Palette) -> None:
    names = [name for name, _ in _both(tally.acts).most_common(_MOST)]
    users = [tally.acts["user"][name] for name in names]
    axes.barh(range(len(names)), users, color=colour.user, height=0.7, label="user")
    agents = [tally.acts["agent"][name] for name in names]
    axes.barh(range(len(names)), agents, left=users, color=colour.agent, height=0.7, label="agent")
    _named(axes, [_ascii(name) for name in names])
    axes.legend(loc="lower right")


def _personas(tally: Tally, axes: Axes, colour: Palette) -> None:
    for role, shade, place in (("user", colour.user, -0.2), ("agent", colour.agent, 0.2)):
        uses = [count for _, count in tally.personas[role].most_common(2 * _MOST)]
        axes.bar([n + 1 + place for n in range(len(uses))], uses, width=0.4, color=shade, label=role)
    _columns(axes, "personas, the most used first", "dialogues")
    axes.legend(loc="upper right")


def _columns(axes: Axes, across: str, up: str) -> None:
    axes.set(xlabel=across, ylabel=up)
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.yaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="x", visible=False)


def _named(axes: Axes, names: list[str]) -> None:
    axes.set_yticks(range(len(names)), names)
    axes.invert_yaxis()
    axes.xaxis.set_major_locator(MaxNLocator(integer=True))
    axes.grid(axis="y", visible=False)


def _ordered(counts: Counter[str], literal: object) -> list[tuple[str, int]]:
    """In the order of our own words, those never used included (a gap is a finding); then any others."""
    ours = get_args(literal)
    return [(name, counts[name]) for name in ours] + [
        (name, count) for name, count in counts.most_common(_MOST) if name not in ours
    ]


def _both(counts: dict[str, Counter[str]]) -> Counter[str]:
    return counts["user"] + counts["agent"]


def _ascii(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()[:32].replace("_", " ")


def _spread(counts: Counter[int], unit: str) -> str:
    values = sorted(counts.elements())
    return f"From {values[0]} to {values[-1]} {unit}, median {values[len(values) // 2]}."


def _by_role(tally: Tally) -> str:
    spoken = [(role, counts) for role, counts in tally.lengths.items() if counts]
    return " ".join(f"{role.title()}: {_spread(counts, 'characters').lower()}" for role, counts in spoken)


def _top(counts: Counter[str]) -> str:
    shown = ", ".join(f"{_ascii(name)} ({count})" for name, count in counts.most_common(3))
    return f"Most often {shown}." if shown else "None."


def _uses(tally: Tally) -> str:
    users, agents = tally.personas["user"], tally.personas["agent"]
    most = max(users.values(), default=0)
    return (
        f"{len(users)} user and {len(agents)} agent personas over {len(tally.blueprints)} blueprints;"
        f" the user persona used most is in {most} of {tally.dialogues} dialogues."
    )

"""The plots of a report, as SVG to be set into a page: real text, no script, colours left to the page.

Labels are English words of ours; whatever is not ASCII is spelled out, because a plot is measured in a font
that may not have it. What needs the sources' own words (paths) is a table of the page. Refuses to know files.
"""

import re
from collections import Counter
from collections.abc import Callable, Sequence
from io import StringIO
from typing import Any, NamedTuple, get_args

import matplotlib as mpl
from markupsafe import Markup
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

from millstream.records import Move, Outcome
from millstream.report.counts import Tally

_COLOURS = {"#010203": "ink", "#040506": "rule", "#070809": "user", "#0a0b0c": "agent", "#0d0e0f": "accent"}
"""Stand-ins: each becomes var(--name), so that the page decides by light or dark."""
INK, RULE, USER, AGENT, ACCENT = _COLOURS

_STYLE: dict[Any, Any] = {
    "svg.fonttype": "none",
    "svg.hashsalt": "millstream",
    "font.family": "DejaVu Sans",
    "font.size": 10,
    "text.color": INK,
    "axes.labelcolor": INK,
    "axes.edgecolor": RULE,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.axisbelow": True,
    "grid.color": RULE,
    "grid.linewidth": 0.6,
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelcolor": INK,
    "ytick.labelcolor": INK,
    "xtick.major.size": 0,
    "ytick.major.size": 0,
    "legend.frameon": False,
    "text.parse_math": False,
}
_MOST = 16
"""Bars a plot may have before the rest are left to the tables."""


class Plot(NamedTuple):
    """`says` is the plot in a sentence, for those who do not see it."""

    title: str
    says: str
    svg: Markup


def plots(tally: Tally) -> tuple[Plot, ...]:
    """All plots of these dialogues; none of nothing."""
    if not tally.dialogues:
        return ()
    return (
        _plot("Turns per dialogue", _spread(tally.turns, "turns"), lambda axes: _turns(axes, tally)),
        _plot("Length of utterances", _by_role(tally), lambda axes: _lengths(axes, tally)),
        _plot("Stages, by move", _top(tally.moves), lambda axes: _bars(axes, _ordered(tally.moves, Move))),
        _plot("Outcomes", _top(tally.outcomes), lambda axes: _bars(axes, _ordered(tally.outcomes, Outcome))),
        _plot("Dialogue acts", _top(_both(tally.acts)), lambda axes: _acts(axes, tally)),
        _plot("Use of personas", _uses(tally), lambda axes: _personas(axes, tally)),
    )


def intervals(title: str, says: str, rows: Sequence[tuple[str, float, float, float]]) -> Plot:
    """A value with its interval for each (name, value, low, high), one below the other."""

    def draw(axes: Axes) -> None:
        places, values = range(len(rows)), [value for _, value, _, _ in rows]
        axes.hlines(places, [low for _, _, low, _ in rows], [high for *_, high in rows], color=ACCENT, linewidth=2.5)
        axes.plot(values, places, "o", color=ACCENT, markersize=6)
        axes.set_yticks(places, [_ascii(name) for name, *_ in rows])
        axes.set_ylim(len(rows) - 0.4, -0.6)
        axes.grid(axis="y", visible=False)
        axes.xaxis.set_major_locator(MaxNLocator(nbins=4))

    return _plot(title, says, draw, (3.6, 0.6 + 0.3 * len(rows)))


def _turns(axes: Axes, tally: Tally) -> None:
    axes.bar(list(tally.turns), list(tally.turns.values()), color=ACCENT, width=0.8)
    _columns(axes, "turns", "dialogues")


def _lengths(axes: Axes, tally: Tally) -> None:
    longest = max((max(counts, default=1) for counts in tally.lengths.values()), default=1)
    for role, colour in (("user", USER), ("agent", AGENT)):
        counts = tally.lengths[role]
        axes.hist(
            list(counts), bins=min(24, longest), range=(0, longest), weights=list(counts.values()),
            color=colour, alpha=0.65, label=role,
        )  # fmt: skip
    _columns(axes, "characters", "turns")
    axes.legend()


def _bars(axes: Axes, counts: list[tuple[str, int]]) -> None:
    names = [_ascii(name) for name, _ in counts]
    axes.barh(range(len(counts)), [count for _, count in counts], color=ACCENT, height=0.7)
    _named(axes, names)


def _acts(axes: Axes, tally: Tally) -> None:
    names = [name for name, _ in _both(tally.acts).most_common(_MOST)]
    users = [tally.acts["user"][name] for name in names]
    axes.barh(range(len(names)), users, color=USER, height=0.7, label="user")
    agents = [tally.acts["agent"][name] for name in names]
    axes.barh(range(len(names)), agents, left=users, color=AGENT, height=0.7, label="agent")
    _named(axes, [_ascii(name) for name in names])
    axes.legend(loc="lower right")


def _personas(axes: Axes, tally: Tally) -> None:
    for role, colour, place in (("user", USER, -0.2), ("agent", AGENT, 0.2)):
        uses = [count for _, count in tally.personas[role].most_common(2 * _MOST)]
        axes.bar([n + 1 + place for n in range(len(uses))], uses, width=0.4, color=colour, label=role)
    _columns(axes, "personas, the most used first", "dialogues")
    axes.legend()


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


def _plot(title: str, says: str, draw: Callable[[Axes], None], size: tuple[float, float] = (5.6, 3.2)) -> Plot:
    """`size` in inches, wide and high."""
    with mpl.rc_context(_STYLE):
        figure = Figure(figsize=size, layout="constrained")
        draw(figure.add_subplot())
        out = StringIO()
        figure.savefig(out, format="svg", transparent=True, metadata=dict.fromkeys(("Date", "Creator")))
    return Plot(title, says, Markup(_inline(out.getvalue(), title)))


def _inline(svg: str, title: str) -> str:
    """The SVG element alone, with ids of its own in the page, the page's font and the page's colours.

    It is hidden from screen readers: the page says the same in words beside it. matplotlib's own style element
    would be the whole page's.
    """
    key = re.sub(r"\W", "", title.title())
    body = svg[svg.index("<svg") :]
    body = re.sub(r"<(metadata|style)\b.*?</\1>", "", body, flags=re.DOTALL)
    body = re.sub(r'(?<=\bid=")|(?<=href="#)|(?<=url\(#)', f"{key}-", body)
    body = re.sub(r"font: ([\d.]+px) [^;\"]+", r"font: \1 system-ui, sans-serif", body)
    for stand_in, name in _COLOURS.items():
        body = body.replace(stand_in, f"var(--{name})")
    return re.sub(
        r'<svg [^>]*?(viewBox="[^"]+")[^>]*>', r'<svg \1 aria-hidden="true" focusable="false">', body, count=1
    )

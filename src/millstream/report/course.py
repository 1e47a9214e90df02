"""The plots of a run's course: how many came through each step, what fell out on the way, how a dialogue goes on from
move to move, how evenly paths are taken, and what the model cost. What each says is in a sentence; refuses to know
files."""

from collections import Counter
from collections.abc import Callable, Sequence
from functools import partial
from typing import NamedTuple, get_args

from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator, StrMethodFormatter

from millstream.records import Move
from millstream.report.counts import Summary, Tally
from millstream.report.drawing import Palette, Plot

PLAYED, PASSED, ACCEPTED = "dialogues played", "passed every critic", "accepted"
"""Stages of a summary between which dialogues fall out."""
_MOST = 16
Rows = Sequence[tuple[str, int]]


def steps(summary: Summary) -> Plot | None:
    """Records by step of the pipeline; none where nothing was counted."""
    if not summary.stages:
        return None
    name, most = max(summary.stages, key=lambda each: each[1])
    says = f"{len(summary.stages)} steps in their order; the most records, {most:,}, came of {_plain(name)}."
    return _barred("Records by step, logarithmic", says, summary.stages, logarithmic=True)


def funnel(summary: Summary) -> Plot | None:
    """Dialogues from the drawn scenarios to the accepted ones, and what each critic took of them."""
    if not summary.drawn:
        return None
    taken = Counter[str]()
    for step, _, count in summary.rejects:
        if step.startswith("critic"):
            taken[step] += count
    stages = dict(summary.stages)
    rows = [("scenarios drawn", summary.drawn)]
    left = stages.get(PLAYED, summary.drawn)
    rows.append((PLAYED, left))
    for step, count in taken.most_common(_MOST):
        left -= count
        rows.append((f"left after {step}", max(left, 0)))
    if PASSED in stages:
        rows.append((PASSED, stages[PASSED]))
    rows.append((ACCEPTED, summary.accepted))
    worst = f"; most fall to {_plain(taken.most_common(1)[0][0])}" if taken else "; no critic took any"
    says = f"Of {summary.drawn:,} scenarios drawn {summary.accepted:,} became accepted dialogues{worst}."
    return _barred("From drawn to accepted", says, rows)


def flow(tally: Tally) -> Plot | None:
    """How often each move is followed by each."""
    if not tally.flow:
        return None
    seen = {move for pair in tally.flow for move in pair}
    names = [*(move for move in get_args(Move) if move in seen), *sorted(seen - {*get_args(Move)})][:_MOST]
    numbers = [(f"{_plain(one)} to {_plain(other)}", count) for (one, other), count in tally.flow.most_common()]
    first, most = numbers[0]
    says = f"A row is a move, a column what follows it, stronger the oftener; most often {first} ({most:,})."
    size = (5.6, 1.0 + 0.34 * len(names))
    return Plot("From move to move", says, partial(_heat, tally.flow, names), size, tuple(numbers))


def coverage(tally: Tally) -> Plot | None:
    """How many dialogues took each path, the most used first."""
    uses = Counter[str]()
    for (domain, path, _), count in tally.paths.items():
        uses[f"{domain}, {path}"] += count
    if not uses:
        return None
    numbers, once = tuple(uses.most_common()), sum(count == 1 for count in uses.values())
    says = (f"{len(uses):,} paths in {tally.dialogues:,} dialogues; the most used was taken {numbers[0][1]:,} times, "
            f"{once:,} once.")  # fmt: skip

    def draw(axes: Axes, colour: Palette) -> None:
        axes.bar(range(1, len(numbers) + 1), [count for _, count in numbers], color=colour.accent, width=1.0)
        axes.set(xlabel="paths, the most used first", ylabel="dialogues")
        axes.xaxis.set_major_locator(MaxNLocator(integer=True))
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.grid(axis="x", visible=False)

    return Plot("Coverage of paths", says, draw, numbers=numbers)


def cost(summary: Summary) -> Plot | None:
    """Tokens by the stage that asked, read and written."""
    if not summary.spent:
        return None
    total = summary.total
    rows = [(f"{each.stage}, {way}", count) for each in summary.spent
            for way, count in (("read", each.tokens_in), ("written", each.tokens_out))]  # fmt: skip
    most = max(summary.spent, key=lambda each: each.tokens_in + each.tokens_out)
    says = (f"{total.tokens_in + total.tokens_out:,} tokens in {total.calls:,} calls; the most are for "
            f"{_plain(most.stage)}.")  # fmt: skip
    return _barred("Tokens by stage", says, rows)


class Course(NamedTuple):
    """The plots by the section of the page that they open; None where there is nothing to draw."""

    stages: Plot | None
    rejected: Plot | None
    flow: Plot | None
    coverage: Plot | None
    cost: Plot | None


def course(summary: Summary, tally: Tally) -> Course:
    return Course(steps(summary), funnel(summary), flow(tally), coverage(tally), cost(summary))


# --- drawing -----------------------------------------------------------------------------------------------


def _barred(title: str, says: str, rows: Rows, logarithmic: bool = False) -> Plot:
    size = (5.6, 0.8 + 0.28 * len(rows))
    return Plot(title, says, _bars(rows, logarithmic), size, tuple(rows))


def _bars(rows: Rows, logarithmic: bool) -> Callable[[Axes, Palette], None]:
    def draw(axes: Axes, colour: Palette) -> None:
        axes.barh(range(len(rows)), [count for _, count in rows], color=colour.accent, height=0.7)
        axes.set_yticks(range(len(rows)), [_plain(name) for name, _ in rows])
        axes.invert_yaxis()
        axes.grid(axis="y", visible=False)
        if logarithmic:
            axes.set_xscale("symlog")
            axes.xaxis.set_major_formatter(StrMethodFormatter("{x:,.0f}"))
        else:
            axes.xaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))

    return draw


def _heat(flow: Counter[tuple[str, str]], names: Sequence[str], axes: Axes, colour: Palette) -> None:
    """Drawn as squares, so that the page's colours can stand in for ours."""
    for y, one in enumerate(names):
        whole = sum(flow[one, other] for other in names)
        for x, other in enumerate(names):
            if count := flow[one, other]:
                shade = min(1.0, 0.1 + 0.9 * count / whole)
                axes.bar(x, 0.9, bottom=y - 0.45, width=0.9, color=colour.accent, alpha=shade)
    axes.set_xticks(range(len(names)), [_plain(name) for name in names], rotation=60, ha="right")
    axes.set_yticks(range(len(names)), [_plain(name) for name in names])
    axes.set(xlim=(-0.6, len(names) - 0.4), ylim=(len(names) - 0.4, -0.6))
    axes.grid(visible=False)


def _plain(name: str) -> str:
    return name.encode("ascii", "backslashreplace").decode()[:40].replace("_", " ")

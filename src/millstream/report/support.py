"""A csc run as one page: what was dropped and why, which strategies stand where, baselines. Knows the figures alone."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from millstream.report import environment
from millstream.report import write as write_text
from millstream.report.plots import intervals

_PAGE = environment(html=True).get_template("support.html.j2")


def write(figures: Mapping[str, Any], path: Path) -> Path:
    """`figures` as csc_figures.py works them out."""
    told = [row for row in figures["baselines"] if row["top1"] is not None]
    rows = [(f"{row['name']}, {row['context']}", row["top1"], row["low"], row["high"]) for row in told]
    plot = intervals("strategy accuracy, top 1", "Next strategy told from the ones before it.", rows) if rows else None
    return write_text(path, _PAGE.render(f=figures, plot=plot))

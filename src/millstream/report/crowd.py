"""A crowd run as one page: each language's figures, and every premise with its talks side by side. Knows the figures
and the texts alone."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from millstream.report import environment
from millstream.report import write as write_text

_PAGE = environment(html=True).get_template("crowd.html.j2")
SHOWN = 20
"""Premises shown in full."""


def write(figures: Mapping[str, Any], cells: Sequence[Any], talks: Sequence[Any], kept: set[str], path: Path) -> Path:
    """`cells`, `talks` as crowd/talk.py has them; `kept` names the talks that hold every check."""
    premises: dict[str, dict[str, Any]] = {}
    said = {each.id: each for each in talks}
    for cell in cells:
        row = premises.setdefault(cell.premise.key, {"premise": cell.premise, "columns": []})
        row["columns"].append({"cell": cell, "talk": said.get(cell.id), "kept": cell.id in kept})
    return write_text(path, _PAGE.render(f=figures, premises=list(premises.values())[:SHOWN]))

"""Prompts in two parts, as they stand in the Markdown beside a stage: what the system is told, a line `---`, and the
line for the user, both with $places. Knows no stage.
"""

from functools import cache
from importlib.resources import files
from string import Template
from typing import NamedTuple


class Prompt(NamedTuple):
    """The system message and the user's."""

    system: Template
    line: Template


@cache
def read(folder: str, name: str) -> Prompt:
    """`name`.md of the prompts of a folder ("judges", "rubric.en")."""
    text = (files("millstream") / folder / "prompts" / f"{name}.md").read_text(encoding="utf-8")
    system, _, line = text.partition("\n---\n")
    return Prompt(Template(system.strip()), Template(line.strip()))

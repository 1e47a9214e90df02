"""Data on stdout, talk on stderr, and nothing hostile on either.

What is printed may come from a stream: control characters and those that turn the direction of text are taken
out, and rich's markup is never read in it. Knows nothing of runs.
"""

import json
import sys
import unicodedata
from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from rich.console import Console
from rich.table import Table
from rich.text import Text
from typer import Option

Json = Annotated[bool, Option("--json", help="JSON on stdout, for programs.")]

_WIDE = 200
"""Columns where there is no terminal to ask: a table in a file is not folded."""


def safe(text: object) -> str:
    """The text as one line of printable characters; a control or a turn of direction shows as a replacement."""
    joined = " ".join(str(text).split())
    return "".join("\ufffd" if unicodedata.category(char) in ("Cc", "Cf", "Cs", "Co") else char for char in joined)


def console(*, stderr: bool = False) -> Console:
    """Colours only on a terminal, and not where NO_COLOR is set."""
    stream = sys.stderr if stderr else sys.stdout
    return Console(file=stream, width=None if stream.isatty() else _WIDE, highlight=False, markup=False, emoji=False)


def say(line: object = "", style: str = "") -> None:
    """One line of talk on stderr, however long it is."""
    console(stderr=True).print(Text(safe(line), style=style), soft_wrap=True)


def tell(line: object = "", style: str = "") -> None:
    """One line of data on stdout, with the spaces it begins with."""
    text = str(line)
    indent = text[: len(text) - len(text.lstrip(" "))]
    console().print(Text(indent + safe(text), style=style), soft_wrap=True)


def show(rows: Sequence[Mapping[str, Any]], as_json: bool) -> None:
    """Rows of one shape as a table, or as a JSON array."""
    if as_json:
        print(json.dumps(list(rows), ensure_ascii=False, indent=1))
        return
    table = Table(box=None, pad_edge=False, header_style="bold")
    for name in rows[0] if rows else ():
        numbers = all(isinstance(row[name], int | float) for row in rows)
        table.add_column(name, justify="right" if numbers else "left", overflow="fold")
    for row in rows:
        table.add_row(*(Text(_cell(value)) for value in row.values()))
    console().print(table)


def _cell(value: Any) -> str:
    if isinstance(value, list | tuple):
        return safe(", ".join(map(str, value)))
    if isinstance(value, float):
        return f"{value:,.1f}"
    return f"{value:,}" if isinstance(value, int) and not isinstance(value, bool) else safe(value)

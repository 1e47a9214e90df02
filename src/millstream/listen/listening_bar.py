"""Showing on stderr how far a recording was listened to: a bar in seconds of the media, or lines without a terminal."""

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn

OnHeard = Callable[[float], None]
"""Seconds of the media that were gone through."""

_PATIENCE = 15.0
"""Seconds between two lines where there is no terminal."""


@contextmanager
def shown(name: str, seconds: float | None) -> Iterator[OnHeard]:
    """`seconds`: how long the media are, where they say so. Nothing is shown before the first second."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(name, seconds, console)
        return
    columns = (TextColumn("{task.description}", markup=False), BarColumn(), TextColumn("{task.fields[at]}"))
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(f"listening to {_plain(name)}", total=seconds, visible=False, at="")
        yield lambda at: bar.update(task, completed=at, at=_of(at, seconds), visible=True)


def _lines(name: str, seconds: float | None, console: Console) -> OnHeard:
    said = time.monotonic()

    def say(at: float) -> None:
        nonlocal said
        if time.monotonic() - said >= _PATIENCE:
            said = time.monotonic()
            console.print(f"listening to {_plain(name)}: {_of(at, seconds)}", highlight=False, markup=False)

    return say


def _of(at: float, seconds: float | None) -> str:
    return f"{_clock(at)} of {_clock(seconds)}" if seconds else _clock(at)


def _clock(seconds: float) -> str:
    whole = int(seconds)
    return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"


def _plain(name: str) -> str:
    return "".join(char if char.isprintable() else "\ufffd" for char in name)

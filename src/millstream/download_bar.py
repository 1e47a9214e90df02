"""Showing a download on stderr: a bar in bytes, or lines without a terminal. Knows nothing of sources."""

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn, TransferSpeedColumn

from millstream.weights import OnProgress


@contextmanager
def shown(name: str) -> Iterator[OnProgress]:
    """What to hand to `weights.fetch`. Nothing is shown of a file that is there."""
    console = Console(stderr=True)
    if not console.is_terminal:
        yield _lines(name, console)
        return
    columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TransferSpeedColumn())
    with Progress(*columns, TimeRemainingColumn(), console=console, transient=True) as bar:
        task = bar.add_task(name, total=None, visible=False)
        yield lambda done, total: bar.update(task, completed=done, total=total, visible=True)


def _lines(name: str, console: Console) -> OnProgress:
    said = -1

    def say(done: int, total: int) -> None:
        nonlocal said
        tenth = 10 * done // total
        if tenth > said:
            said = tenth
            console.print(f"{name}: {done >> 20} of {total >> 20} MiB", highlight=False)

    return say

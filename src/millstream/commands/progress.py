"""How far a run is, on stderr: a bar for each step on a terminal, a line now and then without one.

Knows steps by their names and counts only. Time is kept in a file of the run folder, so that a run in several
sessions knows how long it took in all.
"""

import json
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Protocol

from rich.progress import BarColumn, MofNCompleteColumn, Progress, SpinnerColumn, TaskID, TextColumn, TimeElapsedColumn

from millstream.chat import Chat, Reply, Request
from millstream.commands.terminal import console, say
from millstream.errors import ChatError, Refused

_PATIENCE = 15.0
"""Seconds between two lines where there is no terminal."""
_IN_A_ROW, _AGAIN = 4, 60.0
"""Calls that fail in a row before it is told, and seconds before it is told again."""


class Shown(Protocol):
    """What shows progress: `step` an item done of a step, `answer` a reply of the model for a stage and what
    the run has bought so far, `trouble` why it does not go on."""

    def step(self, name: str, done: int, total: int | None) -> None: ...
    def answer(self, stage: str, spent: str) -> None: ...
    def trouble(self, line: str) -> None: ...


class Silent:
    def step(self, name: str, done: int, total: int | None) -> None:
        """Nothing is shown."""

    def answer(self, stage: str, spent: str) -> None:
        """Nothing is shown."""

    def trouble(self, line: str) -> None:
        """Nothing is shown."""


class Bars:
    """One bar a step, and one line that counts the model's answers."""

    def __init__(self, progress: Progress) -> None:
        self._progress = progress
        self._tasks: dict[str, TaskID] = {}
        self._answers = Counter[str]()

    def step(self, name: str, done: int, total: int | None) -> None:
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(plain(name), total=total)
        self._progress.update(self._tasks[name], completed=done, total=total)

    def answer(self, stage: str, spent: str) -> None:
        self._answers[stage] += 1
        name = f"model: {stage}"
        if name not in self._tasks:
            self._tasks[name] = self._progress.add_task(f"answers to {stage}", total=None)
        self._progress.update(self._tasks[name], completed=self._answers[stage])
        if "spent" not in self._tasks:
            self._tasks["spent"] = self._progress.add_task("", total=None)
        self._progress.update(self._tasks["spent"], description=f"bought: {spent}", completed=self._answers.total())

    def trouble(self, line: str) -> None:
        self._progress.console.print(line, markup=False)


@dataclass
class Lines:
    """What changed, at most every few seconds; the end of a step at once."""

    last: float = field(default_factory=time.monotonic)
    answers: Counter[str] = field(default_factory=Counter)

    def step(self, name: str, done: int, total: int | None) -> None:
        if done == total or self._due():
            say(f"{plain(name)}: {done} of {total if total is not None else '?'}")

    def answer(self, stage: str, spent: str) -> None:
        self.answers[stage] += 1
        if self._due():
            answers = "; ".join(f"{count} answers of the model to {stage}" for stage, count in self.answers.items())
            say(f"{answers}; bought: {spent}")

    def trouble(self, line: str) -> None:
        say(line)

    def _due(self) -> bool:
        now = time.monotonic()
        due = now - self.last >= _PATIENCE
        self.last = now if due else self.last
        return due


class Events:
    """Every item and every answer as a line of JSON on stderr, for whoever collects logs."""

    def step(self, name: str, done: int, total: int | None) -> None:
        self._tell("item", step=name, done=done, total=total)

    def answer(self, stage: str, spent: str) -> None:
        self._tell("answer", stage=stage, bought=spent)

    def trouble(self, line: str) -> None:
        self._tell("trouble", line=line)

    def _tell(self, event: str, **more: object) -> None:
        now = datetime.now(UTC).isoformat(timespec="milliseconds")
        print(json.dumps({"time": now, "event": event, **more}, ensure_ascii=False), file=sys.stderr, flush=True)


class Troubles:
    """Tells `view` of a model that answers nobody: when so many calls in a row came to nothing, and then each minute. A
    run waits for its server with more and more patience (slots.py), and a wrong address looks the same."""

    def __init__(self, view: Shown, clock: Callable[[], float] = time.monotonic) -> None:
        self.view = view
        self._clock, self._failed, self._told = clock, 0, float("-inf")

    def within(self, chat: Chat) -> Chat:
        async def ask(asked: Request) -> Reply:
            try:
                reply = await chat(asked)
            except ChatError as error:
                if not isinstance(error, Refused):
                    self._note(str(error))
                raise
            self._failed = 0
            return reply

        return ask

    def _note(self, error: str) -> None:
        self._failed += 1
        if self._failed >= _IN_A_ROW and self._clock() - self._told >= _AGAIN:
            self._told = self._clock()
            self.view.trouble(f"{self._failed} calls in a row without an answer, the last: {error}")


@contextmanager
def shown(quiet: bool, events: bool = False) -> Iterator[Shown]:
    """`events`: lines of JSON; else a bar on a terminal and lines without one; nothing where `quiet`."""
    if events or quiet:
        yield Events() if events else Silent()
        return
    where = console(stderr=True)
    if not where.is_terminal:
        yield Lines()
        return
    columns = (SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, TimeElapsedColumn(), console=where) as progress:
        yield Bars(progress)


def plain(name: str) -> str:
    """A step's name for people: "6_dialogues_2" is "dialogues, wave 2", and "tuned" is "tuned"."""
    rest = name.partition("_")[2] or name
    word, _, wave = rest.rpartition("_")
    return f"{word}, wave {wave}" if wave.isdigit() else rest


class Clock:
    """Seconds spent on a run, in all its sessions; on disk every few seconds, so that a kill loses no more."""

    def __init__(self, path: Path) -> None:
        self._path = path
        said = path.read_text() if path.exists() else ""
        self._before = float(said) if said.replace(".", "", 1).isdigit() else 0.0
        self._start = self._written = time.monotonic()

    @property
    def seconds(self) -> float:
        return self._before + time.monotonic() - self._start

    def tick(self, patience: float = 5.0) -> None:
        if time.monotonic() - self._written >= patience:
            self._written = time.monotonic()
            self._path.write_text(f"{self.seconds:.1f}")

"""A chat as arrays: who wrote when, who is called by name, and how each line is worded. Knows nothing of links.

Everything here may look ahead: a recording lies before us whole, and what a person writes next tells whom they
were talking with.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from millstream import resources
from millstream.mine.arrays import Floats

Ints = NDArray[np.int64]
Column = NDArray[Any]
"""One number a candidate, of any kind."""

_CALLED = re.compile(r"^@?(\S+?)[:,]+(?=\s|$)")
_WORD = re.compile(r"\S+")
_POINTS = "@:,;.!?"
_TRIM = "@:,;.!?()\"'<>[]"
_SHORT = 3
_PLATFORM = "\0"
"""Who writes what the platform writes: nobody whose line it is about."""
KINDS: dict[str, dict[str, str]] = resources.data("mine/linking/kinds.yaml")
_RULES = [re.compile(rule, re.IGNORECASE) for rule in KINDS["chat"].values()]


@dataclass(frozen=True)
class Line:
    """One line of a chat. `time` in seconds; `system` marks what the platform wrote."""

    author: str
    time: float
    text: str
    system: bool = False


class Lines:
    """The lines of one chat with what is asked of them again and again. n lines, a authors."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = tuple(lines)
        self.names: dict[str, int] = {}
        who = [_PLATFORM if line.system else line.author.casefold() for line in lines]
        own = [self.names.setdefault(name, len(self.names)) for name in who]
        self.author: Ints = np.array(own, dtype=np.int64)
        self.time = np.array([line.time for line in lines], dtype=np.float32)
        self.system = np.array([line.system for line in lines], dtype=bool)
        self._name_lines()
        self._order()

    def __len__(self) -> int:
        return len(self.lines)

    def _name_lines(self) -> None:
        """called: whom a line begins with, or -1. named: (n, a), whom it names at all."""
        self.called: Ints = np.full(len(self), -1, dtype=np.int64)
        self.named = np.zeros((len(self), max(1, len(self.names))), dtype=bool)
        for at, line in enumerate(self.lines):
            if line.system:
                continue
            if found := _CALLED.match(line.text):
                self.called[at] = self._who(found[1].casefold())
            for word in _WORD.findall(line.text.casefold()):
                plain = word.strip(_POINTS)
                who = self.names.get(plain, self.names.get(word.strip(_TRIM), -1))
                if who >= 0 and (len(word) > _SHORT or word[0] == "@"):
                    self.named[at, who] = True
            if self.called[at] >= 0:
                self.named[at, self.called[at]] = True
            self.named[at, self.author[at]] = False

    def _who(self, name: str) -> int:
        """The author of a name, or of the one name that begins so; -1 for nobody."""
        if name in self.names:
            return self.names[name]
        longer = [who for each, who in self.names.items() if len(name) >= _SHORT and each.startswith(name)]
        return longer[0] if len(longer) == 1 else -1

    def _order(self) -> None:
        """own_before, own_after: the same author's line before and after, or -1. nth: how many came before.
        count, latest: (n + 1, a), the lines each author wrote before a line, and the last of them, or -1."""
        self.own_before: Ints = np.full(len(self), -1, dtype=np.int64)
        self.own_after: Ints = np.full(len(self), -1, dtype=np.int64)
        self.nth: Ints = np.zeros(len(self), dtype=np.int64)
        self.of: dict[int, list[int]] = {}
        shape = len(self) + 1, max(1, len(self.names))
        self.count: Ints = np.zeros(shape, dtype=np.int64)
        self.latest: Ints = np.full(shape, -1, dtype=np.int64)
        for at, who in enumerate(self.author):
            mine = self.of.setdefault(int(who), [])
            if mine:
                self.own_before[at], self.own_after[mine[-1]] = mine[-1], at
            self.nth[at] = len(mine)
            mine.append(at)
            self.count[at + 1], self.latest[at + 1] = self.count[at], self.latest[at]
            self.count[at + 1, who] += 1
            self.latest[at + 1, who] = at
        self.written = np.cumsum(~self.system)

    @cached_property
    def wording(self) -> Floats:
        """(n, w): which forms of kinds.yaml a line shows, and its length in words and characters."""
        rows: list[list[float]] = []
        for line in self.lines:
            marks = [float(bool(rule.search(line.text))) for rule in _RULES]
            rows.append([*marks, float(len(line.text.split())), float(len(line.text))])
        return np.array(rows, dtype=np.float32).reshape(len(self), len(_RULES) + 2)

    wordings = (*KINDS["chat"], "words", "chars")


def at(values: NDArray[Any], where: Ints, missing: float = np.nan) -> Floats:
    """values[where], and `missing` where there is no such line (-1)."""
    return np.where(where >= 0, values[np.maximum(where, 0)], missing).astype(np.float32)

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

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

_CALLED = re.compile(r"^@?(\S+?)[:,]+(?=\s|$)")
_WORD = re.compile(r"\S+")
_TRIM = "@:,;.!?()\"'<>[]"
_SHORT = 3
_WORDING = {
    "asks": r"[?？]",
    "ends_asking": r"[?？]\W*$",
    "wh": r"\b(?:what|how|where|why|who|which|when|whats|wheres)\b|怎么|什么|哪|多少|几|谁",
    "can": r"^(?:\W*@\W*)?(?:can|is|are|do|does|did|has|have|should|could|would|will)\b|吗|能不能|可以",
    "anyone": r"\b(?:anyone|anybody|someone|somebody|everyone|folks|guys|all)\b|有人|大家|谁知道",
    "greets": r"\b(?:hi|hello|hey|howdy|morning|evening|greetings)\b|大家好|你好|哈喽",
    "thanks": r"\b(?:thanks|thank|thx|ty|cheers|tnx|thankyou)\b|谢",
    "yes": r"^(?:\W*@\W*)?(?:yes|yeah|yep|yup|sure|right|correct|indeed|y|ya|aye)\b|^(?:对|是的|嗯|有的)",
    "no": r"^(?:\W*@\W*)?(?:no|nope|nah|not|never|n)\b|^(?:不|没)",
    "ok": r"^(?:\W*@\W*)?(?:ok|okay|k|kk|cool|great|nice|ah|oh|i see|got it|done|alright|hmm|hm)\b|^(?:好|哦|行)",
    "laughs": r"\b(?:lol|haha\w*|hehe\w*|heh|rofl|lmao)\b|[:;]-?[)DpP(/\\|]|哈哈|233",
    "joins": r"^(?:\W*@\W*)?(?:and|but|or|so|because|then|also|well|though|still|too|which|that)\b|^(?:但|所以|而且|那)",
    "points": r"\b(?:it|that|this|those|these|they|one)\b|这|那|它",
    "you": r"\b(?:you|your|u|ur|you're)\b|[你您]",
    "me": r"\b(?:i|my|me|i'm|im|i've|i'll)\b|我",
    "have": r"\b(?:have|got|want|need|trying|tried|installed|problem|error|help)\b|想|要",
    "advises": r"\b(?:try|use|type|run|check|look|read|install|sudo|go to|click|see|apt-get|edit|make sure|need to)\b|试|点",
    "address": r"https?://|www\.|\bpaste\w*\b|/\w+/",
    "same": r"\b(?:me too|same|also)\b|同问|我也",
    "figures": r"\d",
    "command": r"^[!/]",
    "stops": r"[.。]$",
    "trails": r"(?:\.\.+|…)$",
    "excited": r"[!！]",
    "sorry": r"\b(?:sorry|oops|nvm|nevermind|i mean|meant)\b|^\W*\*|不好意思",
}
_RULES = [re.compile(rule, re.IGNORECASE) for rule in _WORDING.values()]


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
        own = [self.names.setdefault(line.author.casefold(), len(self.names)) for line in lines]
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
                who = self.names.get(word.strip(_TRIM), -1) if len(word) > _SHORT or word[0] == "@" else -1
                if who >= 0:
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
        """(n, w): which forms of `_WORDING` a line shows, and its length in words and characters."""
        rows: list[list[float]] = []
        for line in self.lines:
            marks = [float(bool(rule.search(line.text))) for rule in _RULES]
            rows.append([*marks, float(len(line.text.split())), float(len(line.text))])
        return np.array(rows, dtype=np.float32).reshape(len(self), len(_RULES) + 2)

    wordings = (*_WORDING, "words", "chars")


def at(values: NDArray[Any], where: Ints, missing: float = np.nan) -> Floats:
    """values[where], and `missing` where there is no such line (-1)."""
    return np.where(where >= 0, values[np.maximum(where, 0)], missing).astype(np.float32)

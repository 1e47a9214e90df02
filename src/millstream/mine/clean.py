"""Which chat lines are read further, and which say the same. Every line that is not gets a reason.

The rules are words and patterns (clean.yaml). Text that tries to instruct a model is dropped here and
counted; what goes on is still only data. This file knows nothing of domains: whether a line is *about*
something is decided later.
"""

import functools
import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import NamedTuple, Protocol, TypeVar

from millstream import resources
from millstream.language import detect
from millstream.mine.words import normal, spoken
from millstream.records import Cue
from millstream.text import line

_DATA = resources.data("mine/clean.yaml")
_HAN, _LATIN = re.compile("[\u3400-\u9fff]"), re.compile("[a-z]")


def _rules(*groups: str) -> list[tuple[str, re.Pattern[str]]]:
    """(reason, form) of these groups: a line without a Latin letter need not be held against English. Forms stay apart:
    joined by "|" they take half as long again."""
    told = ((why, form) for why, forms in _DATA.items() for group in groups for form in forms.get(group, ()))
    return [(why, re.compile(form)) for why, form in told]


_RULES = {
    (han, latin): _rules("any", *["zh"] * han, *["en"] * latin) for han in (False, True) for latin in (False, True)
}
_REASONS = {"rude": "insult"}
_LONGEST = {"chat": 220, "danmaku": 220, "comment": 2_000}
_REMEMBERED = 250_000
"""Lines of which a repeat is known: twice as many at most."""
_CACHED = 1 << 16
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Said:
    """What one or more viewers said: the first cue that says it, and all of them."""

    cue: Cue
    cues: tuple[Cue, ...]

    @property
    def demand(self) -> int:
        """How many different viewers said it; lines without an author count one each."""
        named = {cue.author for cue in self.cues if cue.author}
        return max(1, len(named) + sum(not cue.author for cue in self.cues))


class Uttered(Protocol):
    """A line of a chat: a cue, or what a cue is made of."""

    @property
    def text(self) -> str: ...
    @property
    def author(self) -> str: ...
    @property
    def kind(self) -> str: ...
    @property
    def track(self) -> str | None: ...


U = TypeVar("U", bound=Uttered)


class Sifted(NamedTuple):
    """What a text alone says of a line: why it goes no further ("" is keep), and its normal form."""

    reason: str
    text: str


class Judge:
    """Says of each line of a chat why it goes no further. A repeat is the same words by the same author; of a very long
    chat the last `_REMEMBERED` lines are looked back at."""

    def __init__(self) -> None:
        self.young: set[int] = set()
        self.old: set[int] = set()

    def __call__(self, said: Uttered) -> Sifted:
        told = reason, text = sifted(said.text)
        if said.track in ("gift", "system"):
            reason = "raid" if said.kind == "raid" else "event"
        elif not reason and len(said.text) > _LONGEST.get(said.track or "", 2_000):
            reason = "too long"
        if said.author and self._again(hash((said.author, text))) and not reason:
            reason = "repeat"
        return told if reason is told.reason else Sifted(reason, text)

    def _again(self, mark: int) -> bool:
        if mark in self.young:
            return True
        self.young.add(mark)
        before = mark in self.old
        if len(self.young) > _REMEMBERED:
            self.young, self.old = set(), self.young
        return before


def clean(cues: Iterable[Cue], notes: Counter[str]) -> Iterator[Cue]:
    """The chat cues worth reading, each with its language; `notes` counts the others as "dropped REASON"."""
    judge = Judge()
    for cue in cues:
        if reason := judge(cue).reason:
            notes[f"dropped {reason}"] += 1
        else:
            yield cue if cue.lang else cue.model_copy(update={"lang": detect(cue.text).lang})


def sift(lines: Iterable[tuple[int, U]], notes: Counter[str]) -> Iterator[tuple[int, U, str]]:
    """The same of (number, line), light: those worth reading, each with its normal form. Languages are not told."""
    judge = Judge()
    for n, said in lines:
        reason, text = judge(said)
        if reason:
            notes[f"dropped {reason}"] += 1
        else:
            yield n, said, text


@functools.lru_cache(_CACHED)
def sifted(said: str) -> Sifted:
    text = line(said)
    return Sifted(_reason(text) if text else "empty", comparable(text))


def comparable(text: str) -> str:
    """The form in which two lines are compared: model codes as they are written, then nothing but words."""
    return normal(spoken(text))


def _reason(text: str) -> str:
    low = (text if text.isascii() else unicodedata.normalize("NFKC", text)).lower()
    for reason, form in _RULES[_HAN.search(low) is not None, _LATIN.search(low) is not None]:
        if form.search(low):
            return _REASONS.get(reason, reason)
    return "" if _LETTER.search(text) else "emote"

"""How far does a passage support what is said? For knowledge that is prose and has no cells.

The mean of five shares, none of them fitted: how much of the passage is said and how much of what is said stands in it
(words by rarity, a question aside), how many of its pairs of neighbouring words are said, whether both say yes or both
no, and whether their numbers are the same. English; knows nothing of who says it.
"""

import math
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise

from millstream.records import Passage

_WORD = re.compile(r"[a-z]+|\d+(?:\.\d+)?")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_DENIES = re.compile(r"\b(?:no|not|cannot|none|never|unfortunately|sorry)\b|n['’]t\b", re.I)
_ASKS = re.compile(r"[^.!?]*\?")
_ENDINGS = ("ing", "ed", "es", "s", "ly")


@dataclass(frozen=True)
class Support:
    """The measure over a collection of passages, whose words it weighs by how few of them have a word."""

    seen: Counter[str]
    passages: int

    def share(self, said: str, passage: Passage) -> float:
        """From 0 to 1."""
        there, told = _words(passage.text), _words(said)
        around = set(there) | set(_words(passage.title))
        stated = set(_words(_ASKS.sub(" ", said)))
        parts = (
            self._covered(set(there), set(told)),
            self._covered(stated, around),
            _overlap(set(pairwise(there)), set(pairwise(told))),
            float(bool(_DENIES.search(said)) == bool(_DENIES.search(passage.text))),
            _agreeing(set(_NUMBER.findall(said)), passage),
        )
        return sum(parts) / len(parts)

    def _covered(self, wanted: set[str], found: set[str]) -> float:
        total = sum(map(self._rare, wanted))
        return sum(map(self._rare, wanted & found)) / total if total else 1.0

    def _rare(self, word: str) -> float:
        return math.log(1 + self.passages / (1 + self.seen[word]))


def over(passages: Iterable[Passage]) -> Support:
    seen, n = Counter[str](), 0
    for passage in passages:
        seen.update(set(_words(f"{passage.title} {passage.text}")))
        n += 1
    return Support(seen, n)


def _words(text: str) -> list[str]:
    return [stem(word) for word in _WORD.findall(text.casefold())]


def stem(word: str) -> str:
    """An English word without its ending."""
    ending = next((end for end in _ENDINGS if word.endswith(end) and len(word) - len(end) >= 3), "")
    return word[: len(word) - len(ending)]


def _overlap(wanted: set[tuple[str, str]], found: set[tuple[str, str]]) -> float:
    return len(wanted & found) / len(wanted) if wanted else 1.0


def _agreeing(said: set[str], passage: Passage) -> float:
    """The share of the numbers of both that the other has; all of them where neither has one."""
    there = set(_NUMBER.findall(passage.text))
    strange = said - there - set(_NUMBER.findall(passage.title))
    return 1 - len((there - said) | strange) / max(1, len(there | said))

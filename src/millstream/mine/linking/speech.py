"""The speech of a recording, as answers are looked up in it: what each cue is about, what was heard of a word, where a
stretch of speech ends. Knows neither questions nor what a link is worth.
"""

import math
from collections import Counter
from collections.abc import Sequence, Set
from functools import cached_property

from millstream.mine.topics import Topics, sign
from millstream.mine.words import alike, content, pairs
from millstream.records import Cue

_PAUSE, _LONGEST = 1.6, 6
"""Seconds of silence after which, and cues after which, an answer is over."""


class Speech:
    """The speech of a recording, with what is needed to look answers up in it. `chat` are the lines kept."""

    def __init__(self, cues: Sequence[Cue], topics: Topics, chat: Sequence[Cue] = ()) -> None:
        self.cues, self.topics, self.chat = cues, topics, chat
        self.starts = [cue.start or 0.0 for cue in cues]
        self.about = [topics.about(cue.text) for cue in cues]
        self._where: dict[str, list[int]] = {}
        for at, cue in enumerate(cues):
            for word in pairs(cue.text):
                self._where.setdefault(word, []).append(at)
        self._counts = Counter(word for cue in (*cues, *chat) for word in content(cue.text))
        self._all = len(cues) + len(chat)
        self._heard: dict[str, dict[int, float]] = {}
        self._lines: dict[str, list[float]] = {}
        for cue in chat:
            self._lines.setdefault(cue.author, []).append(cue.start or 0.0)

    def weight(self, word: str) -> float:
        """How much a word tells: rare ones more (inverse document frequency)."""
        return math.log(1 + self._all / (1 + self._counts[word]))

    def heard(self, word: str) -> dict[int, float]:
        """Where a word is said (1) or something that may be it (0.7), by cue."""
        if word not in self._heard:
            near = (at for other, where in self._where.items() if alike(word, other) for at in where)
            self._heard[word] = dict.fromkeys(near, 0.7) | dict.fromkeys(self._where.get(word, ()), 1.0)
        return self._heard[word]

    def overlap(self, asked: Set[str], first: int, last: int) -> tuple[float, float]:
        """What the cues say of the asked words: their share by weight (0 to 1), and their weight."""
        total = sum(map(self.weight, asked))
        found = 0.0
        for word in asked:
            heard = self.heard(word)
            found += self.weight(word) * max(heard.get(at, 0.0) for at in range(max(0, first), last + 1))
        return (found / total if total else 0.0), found

    def spoke_again(self, cue: Cue, before: float) -> bool:
        """Has the author of this line written another one until then?"""
        return any((cue.start or 0.0) < at < before for at in self._lines.get(cue.author, ()))

    @cached_property
    def entity(self) -> list[str]:
        """The entity each cue is about: its own last one, or the one before it."""
        found, now = [], ""
        for about in self.about:
            now = about.entities[-1].value if about.entities else now
            found.append(now)
        return found

    def stretch(self, first: int, stops: Set[int] = frozenset()) -> range:
        """The cues from `first` up to a pause, a turn to something else, or a length no answer has."""
        last = first
        while last + 1 < len(self.cues) and last - first + 1 < _LONGEST and last + 1 not in stops:
            here, after = self.cues[last], self.cues[last + 1]
            gap = (after.start or 0.0) - (here.end or here.start or 0.0)
            moved = self.about[last + 1].names and not self.about[last + 1].names & self._names(first, last)
            if gap > _PAUSE or sign("turns").search(after.text.lower()) or (moved and last > first):
                break
            last += 1
        return range(first, last + 1)

    def goes_on(self, cue: Cue, since: float) -> float:
        """Seconds from then until the author of this line writes again."""
        later = (at - since for at in self._lines.get(cue.author, ()) if cue.author and at > since)
        return min(later, default=math.inf)

    def _names(self, first: int, last: int) -> set[str]:
        return {name for about in self.about[first : last + 1] for name in about.names} | {self.entity[first]}

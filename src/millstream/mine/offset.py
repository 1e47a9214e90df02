"""Do chat and speech lie on one clock? By how much not is seen where a host reads aloud what viewers asked.

Every pair of a chat line and a speech cue that share rare words votes for the lag between them. At the right shift many
votes lie in the seconds in which hosts answer; at any other they are spread (the histogram of time differences, as in
audio fingerprinting: Wang 2003, section 2.3). How sure that is, is seen by leaving out viewers' lines at random. Knows
nothing of domains; changes nothing where it is not sure.
"""

import math
import random
from collections import Counter, defaultdict
from collections.abc import Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from millstream.mine.words import content, nameless
from millstream.records import Cue

FIRST, LAG, LAST = 1.0, 15.0, 60.0
"""Seconds after which hosts answer: not before the first, mostly before the second, hardly after the third."""
MOST, SURE, LEAST, SMALL = 1_800, 0.9, 8, 20
"""Seconds a chat may be off; how sure it has to be to be moved, of how many lines at least; less than so many seconds
are left as they are, for lags differ by that much."""
_COMMON, _TRIES, _NEAR, _LINES = 24, 40, 12, 4_000
MOVED = "seconds by which the chat's clock was moved"


class Offset(NamedTuple):
    """The chat's clock is `seconds` behind the speech's (its times are too small by so much); how sure that is (0 to
    1), and by how many lines that seem to be read aloud."""

    seconds: int
    confidence: float
    lines: int

    @property
    def matters(self) -> bool:
        return self.confidence >= SURE and self.lines >= LEAST and abs(self.seconds) >= SMALL


_REACH = MOST + round(LAST)
_LAGS = np.arange(_REACH - MOST + 1)
_KERNEL = np.where(_LAGS < FIRST, 0.5, np.exp(-np.maximum(0.0, _LAGS - FIRST) / LAG))

Votes = tuple[NDArray[np.int_], NDArray[np.float64]]
"""Lags of speech behind chat in whole seconds, counted from -_REACH, and the weight of each."""


def offset(speech: Sequence[Cue], chat: Sequence[Cue], seed: int = 0) -> Offset:
    """Of the chat of a recording against its speech; both with times."""
    heard = _Heard(speech, chat)
    votes = [found for cue in _sampled(chat, seed) if (found := heard.votes(cue))]
    if len(votes) < LEAST:
        return Offset(0, 0.0, len(votes))
    best, rng = _best(votes), random.Random(seed)
    again = (_best(rng.choices(votes, k=len(votes))) for _ in range(_TRIES))
    confidence = sum(abs(other - best) <= _NEAR for other in again) / _TRIES
    return Offset(best, round(confidence, 2), len(votes))


def needed(cues: Sequence[Cue]) -> int:
    """The seconds by which the chat of a recording has to be moved; 0 where that is not sure, or nothing."""
    chat = [cue for cue in cues if cue.track in ("chat", "danmaku") and cue.start is not None]
    found = offset([cue for cue in cues if cue.track == "speech" and cue.start is not None], chat)
    return found.seconds if found.matters else 0


def moved(cues: Sequence[Cue], seconds: int, notes: Counter[str]) -> list[Cue]:
    """The cues with the chat that much later, in the order of the clock; `notes` is told the seconds."""
    if not seconds:
        return list(cues)
    notes[MOVED] += abs(seconds)
    there = [_later(cue, seconds) for cue in cues]
    return sorted(there, key=lambda cue: (cue.start is None, cue.start or 0.0))


def _later(cue: Cue, seconds: int) -> Cue:
    """What would lie before the start of the speech's clock stays at its start."""
    if cue.track == "speech" or cue.start is None:
        return cue
    start, end = (None if at is None else max(0.0, at + seconds) for at in (cue.start, cue.end))
    return cue.model_copy(update={"start": start, "end": end})


def _sampled(chat: Sequence[Cue], seed: int) -> Sequence[Cue]:
    return chat if len(chat) <= _LINES else random.Random(seed).sample(chat, _LINES)


class _Heard:
    """The words of the speech, and how rare each is in speech and chat."""

    def __init__(self, speech: Sequence[Cue], chat: Sequence[Cue]) -> None:
        self.starts = [cue.start or 0.0 for cue in speech]
        self.where: dict[str, list[int]] = {}
        for at, cue in enumerate(speech):
            for word in content(nameless(cue.text)):
                self.where.setdefault(word, []).append(at)
        self.asked = Counter(word for cue in chat for word in content(nameless(cue.text)))
        self.all = len(speech) + len(chat)

    def votes(self, cue: Cue) -> Votes | None:
        """A line's votes. Words that are heard often say nothing; the better one place fits the more it weighs, and
        the more places fit the less each of them does."""
        weights: defaultdict[int, float] = defaultdict(float)
        for word in content(nameless(cue.text)):
            where = self.where.get(word, ())
            if 0 < len(where) <= _COMMON:
                for at in where:
                    weights[at] += math.log(self.all / (len(where) + self.asked[word]))
        found: dict[int, float] = {}
        for at, weight in weights.items():
            lag = round(self.starts[at] - (cue.start or 0.0))
            if abs(lag) <= _REACH:
                found[lag + _REACH] = max(found.get(lag + _REACH, 0.0), weight**2)
        if not found:
            return None
        told = np.fromiter(found.values(), float)
        return np.fromiter(found, int), told / told.sum() * told.max() ** 0.5


def _best(votes: Sequence[Votes]) -> int:
    """The shift under which most votes lie where hosts answer; of equals the smallest."""
    lags, weights = (np.concatenate(part) for part in zip(*votes, strict=True))
    total = np.bincount(lags, weights, minlength=2 * _REACH + 1)
    fits = np.correlate(total, _KERNEL, "valid")[_REACH - MOST :]
    best = np.flatnonzero(fits >= fits.max() - 1e-9) - MOST
    return int(best[np.argmin(np.abs(best))])

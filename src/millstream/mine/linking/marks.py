"""What is seen of a line and each cue of speech that may answer it, as plain numbers for the weights of link.py.

How soon a host answers differs from host to host, and so does whether it says the asked words again: no mark decides
alone. Nothing here is of a domain or a shop. Knows no weights.
"""

import math
import re
from bisect import bisect_left
from collections.abc import Mapping, Sequence
from statistics import median

from millstream import numbers
from millstream.mine.clean import Said
from millstream.mine.linking.speech import Speech
from millstream.mine.topics import asks, sign
from millstream.mine.words import content, nameless, pairs
from millstream.records import Cue

Marks = dict[str, float]
WINDOW = 90.0
"""Seconds after a line in which it may be answered."""
_AHEAD, _MOST_WEIGHT, _SOON, _GOES_ON, _GAP = 2, 8.0, 6.0, 15.0, 1.6
_USUAL = 6.0
"""Seconds in which a host answers of whom nothing is seen yet."""
_AMOUNT = re.compile(
    r"how (?:much|many|long|far|big|old|heavy|tall|fast|hot)|price|cost|\$|what time|when|range|"
    r"多少|几|多久|多大|多远|价|钱",
    re.I,
)
"""What asks for a number in any trade."""


class Candidates:
    """The lines of a chat and the cues that may answer them. `believed`: how much a trained model believes of (line,
    cue), both by number, 0 where it has none."""

    def __init__(self, lines: Sequence[Said], speech: Speech, believed: Mapping[tuple[int, int], float]) -> None:
        self.lines, self.speech, self.believed = lines, speech, believed
        self._host = [self._of_host(at) for at in range(len(speech.cues))]
        self._figures = [bool(numbers.values(nameless(cue.text))) for cue in speech.cues]
        self._rivals: list[list[tuple[float, int]]] = [[] for _ in speech.cues]
        lags = [self._put_in(n, said.cue) for n, said in enumerate(lines) if speech.topics.wants(said.cue.text)]
        self._usual = math.log1p(median([lag for lag in lags if lag is not None] or [_USUAL]))

    def _put_in(self, n: int, cue: Cue) -> float | None:
        """A line that asks stands against the others in each cue that says some of its words; the seconds until the one
        that says most."""
        lag, most = None, 0.0
        words = _words(cue)
        for at in self._cues(cue):
            if weight := self.speech.overlap(words, at, at)[1]:
                self._rivals[at] = sorted([*self._rivals[at], (weight, n)], reverse=True)[:2]
            if weight > most:
                lag, most = self.speech.starts[at] - (cue.start or 0.0), weight
        return lag

    def of(self, n: int, cue: Cue) -> dict[int, Marks]:
        """The marks of each cue that may answer this cue of line `n`."""
        cues, words, line = self._cues(cue), _words(cue), self._of_line(cue)
        shares = [self.speech.overlap(words, at, at) for at in cues]
        best = max((share for share, _ in shares), default=0.0)
        return {
            at: self._host[at]
            | line
            | self._of_time(cue, at, at - cues.start)
            | self._of_words(n, words, at, shares[at - cues.start], best)
            | self._of_place(at - cues.start, best)
            | self._of_matter(cue, at)
            | {"believed": math.log(self.believed.get((n, at), 0.0) + 1e-3)}
            for at in cues
            if not self._is_of_another(cue, at)
        }

    def _names(self, at: int) -> set[str]:
        """The things that a cue and those behind it name."""
        return {name for about in self.speech.about[at : at + _AHEAD + 1] for name in about.names}

    def _is_of_another(self, cue: Cue, at: int) -> bool:
        """What names other things than the line does is no answer to it."""
        wanted, said = self.speech.topics.about(cue.text).names, self._names(at)
        return bool(wanted and said and not wanted & said)

    def _cues(self, cue: Cue) -> range:
        begin, starts = cue.start or 0.0, self.speech.starts
        return range(bisect_left(starts, begin), bisect_left(starts, begin + WINDOW))

    def _of_time(self, cue: Cue, at: int, place: int) -> dict[str, float]:
        since = self.speech.starts[at]
        lag, goes_on = since - (cue.start or 0.0), self.speech.goes_on(cue, since)
        return {
            **{f"lag of {scale}": math.exp(-lag / scale) for scale in (4, 10, 35)},
            "lag": math.log1p(lag),
            "sooner than this host": max(0.0, self._usual - math.log1p(lag)),
            "later than this host": max(0.0, math.log1p(lag) - self._usual),
            "next cue, host's usual lag": self._usual * (place == 0),
            "host's usual lag": self._usual,
            "place": math.log1p(place),
            "viewer goes on": goes_on < _GOES_ON,
            "viewer goes on soon": goes_on < _SOON,
            "viewer wrote since": self.speech.spoke_again(cue, since),
        }

    @staticmethod
    def _of_place(place: int, best: float) -> dict[str, float]:
        """Is it the next cue, one of those behind it, and the next one where no cue says a word of the line?"""
        named = "next", "second", "third", "fourth"
        return {
            "no words anywhere": best == 0,
            **{f"{name} cue": place == n for n, name in enumerate(named)},
            **{f"{name} cue, no words anywhere": best == 0 and place == n for n, name in enumerate(named[:2])},
        }

    def _of_words(self, n: int, words: set[str], at: int, found: tuple[float, float], best: float) -> dict[str, float]:
        share, weight = found
        with_next = self.speech.overlap(words, at, min(at + _AHEAD, len(self.speech.cues) - 1))[0]
        rival = next((other for other, line in self._rivals[at] if line != n), 0.0)
        return {
            "words": share,
            "words, weight": min(weight, _MOST_WEIGHT),
            "words, more behind it": with_next - share,
            "any words": share > 0,
            "words, behind the best cue": share - best,
            "most words of all cues": best > 0 and share == best,
            "words, lead over other lines": weight - rival,
            "words, behind another line": weight < rival,
            "words of another line": min(rival, _MOST_WEIGHT),
        }

    def _of_matter(self, cue: Cue, at: int) -> dict[str, float]:
        """Do line and cue agree in what is named and in whether it is a number?"""
        speech, last = self.speech, min(at + _AHEAD, len(self.speech.cues) - 1)
        wanted = speech.topics.about(cue.text)
        slots = {slot for about in speech.about[at : last + 1] for slot in about.slot_names}
        counted = any(hit.value.kind in ("money", "number") for hit in wanted.slots)
        amount, here = counted or bool(_AMOUNT.search(cue.text)), self._figures[at]
        behind = not here and at < last and self._figures[at + 1]
        return {
            "same thing": bool(wanted.names & (self._names(at) or {speech.entity[at]})),
            "same slot": bool(wanted.slot_names & slots),
            "viewer named": bool(cue.author) and any(cue.author in speech.cues[n].text for n in (at, max(0, at - 1))),
            "number asked and said": amount and here,
            "number asked and said behind": amount and behind,
            "number asked and none": amount and not here and not behind,
            "number said unasked": not amount and here,
        }

    def _of_host(self, at: int) -> dict[str, float]:
        cue, before = self.speech.cues[at], self.speech.cues[at - 1] if at else None
        gap = max(0.0, self.speech.starts[at] - (before.end or before.start or 0.0)) if before else 5.0
        return {
            "host turns": bool(sign("turns").search(cue.text.lower())),
            "host asks": asks(cue.text),
            "host speaks of the domain": self.speech.topics.relevant(cue.text),
            "host's words": min(len(content(cue.text)), 10),
            "pause before": math.log1p(gap),
            "long pause before": gap > _GAP,
        }

    def _of_line(self, cue: Cue) -> dict[str, float]:
        about, topics = self.speech.topics.about(cue.text), self.speech.topics
        question, relevant = asks(cue.text), topics.relevant(cue.text)
        return {
            "line asks": question,
            "line wants": topics.wants(cue.text),
            "line has a question mark": "?" in cue.text or "？" in cue.text,
            "line of the domain": relevant,
            "line asks of the domain": question and relevant,
            "line names a slot": bool(about.slots),
            "line names a thing": bool(about.names),
            "line's words": math.log1p(len(_words(cue))),
        }


def _words(cue: Cue) -> set[str]:
    return content(cue.text) or pairs(cue.text)

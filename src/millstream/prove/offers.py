"""What an answer says of the line that it answers: does it offer a row? No label of any corpus is seen here."""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise

from millstream.train.candidates import Candidate, Lexicon

_HEARD = 0.6
"""The share of a name's pairs of letters that has to be heard: a recogniser drops and swaps some."""
_BESIDE = re.compile(r"[(（].*?[)）]|\W")
"""What of a name is not heard, or is only the branch of what it names."""


class Offers:
    """Which answers offer a row, by the names of rows that are listed."""

    def __init__(self, lexicons: Mapping[str, Lexicon]) -> None:
        self._names = {
            service: {_pairs(name) for name, slots in lexicon.said.items() if lexicon.service.key in slots}
            for service, lexicon in lexicons.items()
        }

    def __call__(self, service: str, told: str, line: str) -> bool:
        """Does the answer name a row of the service that the line does not name itself?"""
        heard, asked = _pairs(told), _pairs(line)
        return any(
            len(name) > 1 and len(name & heard) >= _HEARD * len(name) > len(name & asked)
            for name in self._names.get(service, ())
        )

    def anything(self, told: str, line: str) -> bool:
        """Does it name a row of any service?"""
        return any(self(service, told, line) for service in self._names)


def _pairs(text: str) -> frozenset[str]:
    return frozenset(a + b for a, b in pairwise(_BESIDE.sub("", text).casefold()))


def named(line: str, lexicons: Mapping[str, Lexicon]) -> Sequence[Candidate]:
    """The rows of any service that a line names, from left to right; of names within each other the longest. What
    may also be a value of another slot is no name."""
    said = [(lexicon.service.key, each) for lexicon in lexicons.values() for each in lexicon.found(line, "user")]
    values = {each.text for key, each in said if key not in each.slots}
    found: list[Candidate] = []
    for _, each in sorted(said, key=lambda pair: pair[1].start - pair[1].end):
        if each.text not in values and all(each.end <= had.start or had.end <= each.start for had in found):
            found.append(each)
    return sorted(found, key=lambda each: each.start)

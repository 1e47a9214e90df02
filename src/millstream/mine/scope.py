"""What an answer holds of: one thing, all that the house has, or nothing that is known.

Rather an answer is lost than told of another thing. One about the house (high chairs, a test drive: `house` of a
domain) holds of all that its recording speaks of, where nothing of the question is of a thing; a reply under a video
that shows one house's things holds of them; any other of the thing that was named or in mind. Knows no domain.
"""

import re
from collections.abc import Sequence, Set
from functools import cache
from typing import Any

from millstream import heard, resources
from millstream.know.documents import house_of
from millstream.mine.answered import asking
from millstream.records import Lang, Signal

_NOWHERE = frozenset[str]()


def holds_of(signal: Signal, house: Sequence[str], there: Set[str], lang: Lang) -> frozenset[str]:
    """The things of which an exchange holds, among those that its recording speaks of; none where it is not known."""
    own, all_there = frozenset({signal.entity} - {""}), frozenset(there)
    if heard.pieces(f"{signal.text} {signal.value}") & heard.pieces(" ".join(all_there | own)):
        return own  # something is named, and that is what it is of
    if is_of_house(asking(signal.text, signal.value, lang) or signal.text, house, lang):
        return _of_one_house(signal.entity, all_there)
    if own or signal.evidence[0].track != "comment":
        return own
    points = len(there) > 1 and _pattern("points", lang).search(f"{signal.text} {signal.value}")
    return all_there if len(_houses(all_there)) == 1 and not points else _NOWHERE


def is_of_house(asked: str, house: Sequence[str], lang: Lang) -> bool:
    """Whether a question has a word of the house and says nothing else that could be of a thing."""
    if not house:
        return False
    left, found = _words(tuple(house), "(?:e?s)?").subn(" ", asked)
    return found > 0 and not re.search(r"\w", _pattern("beside", lang).sub(" ", left))


def _of_one_house(entity: str, there: frozenset[str]) -> frozenset[str]:
    """Of things whose names have a house before them (of a room its hotel) those of one house alone."""
    if all(house_of(each) == each for each in there):
        return there
    house = {house_of(entity)} if entity else _houses(there)
    return frozenset(each for each in there if len(house) == 1 and house_of(each) in house)


def _houses(things: Set[str]) -> set[str]:
    return {house_of(each) for each in things}


@cache
def _words(words: tuple[str, ...], ending: str = "") -> re.Pattern[str]:
    """Any of these words, the longest first; of Latin script as a word of its own ("table" is not in "suitable")."""
    ranked = sorted(words, key=len, reverse=True)
    forms = (rf"\b{re.escape(each)}{ending}\b" if each.isascii() else re.escape(each) for each in ranked)
    return re.compile("|".join(forms), re.IGNORECASE)


@cache
def _pattern(name: str, lang: Lang) -> re.Pattern[str]:
    told = _data()[name][lang]
    return re.compile(told, re.IGNORECASE) if isinstance(told, str) else _words(tuple(told))


def _data() -> Any:
    return resources.data("mine/scope.yaml")

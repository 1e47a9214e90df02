"""Is a value heard in a text? Numbers by value, names by spelling, phrases by what they share.

The one answer the realiser, the label check and the claim check all use. Knows no domain.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from rapidfuzz import fuzz

from millstream import numbers

_MARKS = re.compile(r"[\s\W_]+")
_CLAUSE = re.compile(r"[^，。！？；,.!?;~～]+[，。！？；,.!?;~～\s]*")
_PLAIN = {n: None for n in range(128) if not chr(n).isalnum()}
"""The same marks of ASCII, for str.translate, which takes a tenth of the time."""
_DIGITS = re.compile(r"[\d.,]+[万千亿%]?")
WHOLE, NEARLY = 0.8, 90
"""Share of a long value's pairs of Chinese characters that is said, or likeness in 100 to what is."""
_LINKING = frozenset(("a", "an", "the", "of", "in", "on", "at", "to", "by", "for", "and", "or", "plus", "with"))
"""Words of an English value that may be others."""
_DENIES = re.compile(r"\b(?:no|not|non|never|without)\b|不|无|没", re.IGNORECASE)
"""What a value denies holds of all of it, and is not to be cut short."""
_MANY = 1 << 14
"""Answers kept: a run says the same wordings and values in every dialogue."""


def folded(text: str) -> str:
    """Of one width and case, without spaces and marks."""
    if text.isascii():
        return text.lower().translate(_PLAIN)
    return _MARKS.sub("", unicodedata.normalize("NFKC", text).casefold())


plain = lru_cache(_MANY)(folded)
"""The same, for what is asked again and again."""


def clauses(text: str) -> list[str]:
    """The clauses of a text, each with the marks at its end."""
    return _CLAUSE.findall(text)


def verbatim(said: str, text: str) -> bool:
    """Whether a text has this word for word, between words of Latin script and pauses or marks of Chinese."""
    wanted, there = _parts(said), _parts(text)
    many = len(wanted)
    return many > 0 and any(there[n : n + many] == wanted for n in range(len(there) - many + 1))


@lru_cache(_MANY)
def _parts(text: str) -> tuple[str, ...]:
    """What stands between spaces and marks, of one width and case."""
    return tuple(part for part in _MARKS.split(unicodedata.normalize("NFKC", text).casefold()) if part)


@lru_cache(_MANY)
def pieces(text: str) -> frozenset[str]:
    """What a text is compared by: words of Latin script, pairs of characters of Chinese."""
    folded = unicodedata.normalize("NFKC", text).casefold()
    words = re.findall(r"[a-z][a-z'’-]*[a-z]|[a-z]|\d[\d.,]*", folded)
    runs = re.findall(r"[一-鿿]+", folded)
    pairs = [run[i : i + 2] for run in runs for i in range(max(len(run) - 1, 1))]
    return frozenset(words + pairs)


@lru_cache(_MANY)
def says(text: str, value: str) -> bool:
    """`value` is said in `text`: all its numbers by value, and the rest word for word or nearly so."""
    wanted = plain(value)
    said = numbers.values(value)
    if said and not said <= numbers.values(text):  # before the spelling: "$1.5" without its marks is "15"
        return False
    if not wanted or _stands(wanted, text):
        return True
    rest = [word for word in _DIGITS.split(value) if len(plain(word)) > 1]
    words = " ".join(rest)
    if said and len(plain(words)) <= 4:  # "2.8万元", "510公里", "5座": the unit may be said another way
        return True
    if not said and len(wanted) <= 6:  # a name or a short word: as it is
        return False
    mine, theirs = pieces(words), pieces(text)
    if words.isascii() or _DENIES.search(value):  # "no gluten" is more than "no gluten in the recipe"
        return mine - _LINKING <= theirs
    return len(mine & theirs) >= WHOLE * len(mine) or fuzz.partial_ratio(plain(words), plain(text)) >= NEARLY


def _stands(wanted: str, text: str) -> bool:
    """Spelt in the text; in Latin script as words of its own ("hot" is not in "hotel", "main" is in "mains")."""
    if not wanted.isascii():
        return wanted in plain(text)
    folded = unicodedata.normalize("NFKC", text).casefold()
    return _spelt(wanted).search(folded) is not None


@lru_cache(_MANY)
def _spelt(wanted: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z0-9]){r'[^a-z0-9]*'.join(wanted)}(?:'?e?s)?(?![a-z])")


def missing(text: str, must: Iterable[str]) -> list[str]:
    return [value for value in must if not says(text, value)]


def strange_numbers(text: str, known: Iterable[str]) -> frozenset[float]:
    """Numbers of `text` that stand in none of the `known` texts."""
    allowed: set[float] = set()
    for each in known:
        allowed |= numbers.values(each)
    return numbers.values(text) - allowed

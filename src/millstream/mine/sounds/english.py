"""English names behind what was heard: one to three words for one to three, of one metaphone code or nearly.

Codes are those of a speaker who drops r, since recognisers write such speech in both ways; all first vowels are one.
Evidence besides the sound: what was heard stands nowhere else in the recording, its chat or the documents, and is spelt
nearly so; or another word of the name, or the words around the name in a document, stand beside it.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import lru_cache
from typing import NamedTuple

import jellyfish

from millstream import resources
from millstream.domain import Domain
from millstream.mine.sounds.sounds import Hearing, Repair
from millstream.mine.words import content
from millstream.records import Fact, Passage

_DATA = resources.data("mine/sounds/confusable.yaml")["en"]
_WORD = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)?|[\w\[\]]+")
_NAME = re.compile(r"(?<=[\w,] )[A-Z][a-z]+(?: [A-Z][a-z]+)+")
_R = re.compile("(?<=[aeiouy])r+(?![aeiouyr])")
_DOUBLE = re.compile(r"(.)\1")
_LIGHT = frozenset(_DATA["light"])
_MOST, _SHORTEST, _LEAST = 3, 4, 5
"""Words of what was heard or meant; letters of a word that is a name by itself, and of one that is unheard of."""
_SPELT, _SPELT_BESIDE, _SPELT_APART = 0.9, 0.55, 0.82
"""Jaro-Winkler likeness that is wanted: without words beside it; with them; and where a sound is another."""


class Token(NamedTuple):
    start: int
    end: int
    word: str


class Source(NamedTuple):
    """A name, or a sentence that is none, in which a term stands from word `at` on."""

    words: tuple[str, ...]
    at: int
    is_name: bool


class Ears:
    """See sounds.Ears."""

    def __init__(self, domain: Domain, facts: Sequence[Fact], passages: Sequence[Passage]) -> None:
        self._sources: dict[tuple[str, ...], list[Source]] = defaultdict(list)
        slots = [name for slot in domain.slots for name in slot.names.get("en", ())]
        texts = [passage.text for passage in passages]
        names = [*(fact.entity for fact in facts), *(each.title for each in passages)]
        names += [name for text in texts for name in _NAME.findall(text)]
        general = [*slots, *domain.words.get("en", ())]
        self._spelt: dict[tuple[str, ...], str] = {}
        for name in dict.fromkeys([*names, *general]):
            self._add(name, True)
        for text in dict.fromkeys(texts):
            self._add(text, False)
        self._own = {token.word for name in names for token in _tokens(name)}
        self._known = Counter(token.word for text in (*texts, *names, *general) for token in _tokens(text))
        self._by_sound: dict[str, list[tuple[str, ...]]] = defaultdict(list)
        for term in self._sources:
            for key in _around(coded(term)):
                self._by_sound[key].append(term)

    def _add(self, text: str, name: bool) -> None:
        """The parts of a name that it may be called by; of a document its words alone."""
        tokens = _tokens(text)
        words = tuple(token.word for token in tokens)
        for size in range(1, (_MOST if name else 1) + 1):
            for at in range(len(words) - size + 1):
                part = words[at : at + size]
                if _heavy(part[0]) and _heavy(part[-1]):
                    self._sources[part].append(Source(words, at, name))
                    self._spelt.setdefault(part, text[tokens[at].start : tokens[at + size - 1].end])

    def hearing(self, spoken: Sequence[str], written: Sequence[str]) -> Hearing:
        seen = {token.word for text in written for token in _tokens(text)} | self._known.keys()
        lines = Counter(word for text in spoken for word in {token.word for token in _tokens(text)})

        def new(words: Sequence[str]) -> bool:
            """Is one of them in no chat, document or other line?"""
            return any(word not in seen and lines[word] <= 1 and _heavy(word) for word in words)

        def repairs(text: str) -> list[Repair]:
            return list(self._repairs(text, new))

        return repairs

    def sounding(self, text: str) -> Iterator[Repair]:
        """Whatever has the very code of a name, with no other evidence."""
        tokens = _tokens(text)
        spans = ((a, b) for a in range(len(tokens)) for b in range(a + 1, min(a + _MOST, len(tokens)) + 1))
        for first, last in spans:
            heard = tuple(token.word for token in tokens[first:last])
            start, end = tokens[first].start, tokens[last - 1].end
            for term in self._near(heard) if heard not in self._sources else ():
                if coded(term) == coded(heard):
                    yield Repair(start, end, text[start:end], self._spelt[term], "sound")

    def _repairs(self, text: str, new: Callable[[Sequence[str]], bool]) -> Iterator[Repair]:
        tokens, done = _tokens(text), 0
        words = tuple(token.word for token in tokens)
        for at in range(len(words)):
            if at < done:
                continue
            sizes = range(1, min(_MOST, len(words) - at) + 1)
            found = [each for size in sizes if new(words[at : at + size]) for each in self._meant(words, at, size)]
            if found:
                size, term, why = max(found, key=lambda each: _fit(words[at : at + each[0]], each[1]))
                start, end, done = tokens[at].start, tokens[at + size - 1].end, at + size
                yield Repair(start, end, text[start:end], self._spelt[term], why)

    def _meant(self, words: tuple[str, ...], at: int, size: int) -> Iterator[tuple[int, tuple[str, ...], str]]:
        """The names that so many words may stand for, with why. A name does not begin or end with a word that says
        nothing."""
        heard = words[at : at + size]
        if heard in self._sources or not (content(heard[0]) and content(heard[-1])) or not "".join(heard).isascii():
            return  # words of another script have no sounds here
        for term in self._near(heard):
            if why := self._why(words, at, heard, term):
                yield size, term, why

    def _near(self, heard: tuple[str, ...]) -> Iterable[tuple[str, ...]]:
        return dict.fromkeys(term for key in _around(coded(heard)) for term in self._by_sound.get(key, ()))

    def _why(self, words: tuple[str, ...], at: int, heard: tuple[str, ...], term: tuple[str, ...]) -> str:
        one, other, like = "".join(heard), "".join(term), likeness(heard, term)
        if other.startswith(one) or one.startswith(other) or content(one) == content(other) or _single(one, other):
            return ""
        same = coded(heard) == coded(term)
        if like < (_SPELT_BESIDE if same else _SPELT_APART):
            return ""
        around = words[max(0, at - 2) : at], words[at + len(heard) : at + len(heard) + 2]
        if any(_beside(*around, len(term), source) for source in self._sources[term]):
            return "the rest of it stands beside"
        if len(term) > 1:
            return "most of a name" if like >= _SPELT_APART and _by_word(heard, term) else ""
        of_its_own = len(one) >= _LEAST and not one.startswith(other[:-1]) and term[0] in self._own
        return "no word" if same and like >= _SPELT and of_its_own else ""


def _single(one: str, other: str) -> bool:
    """Are they spelt alike but for letters that are doubled?"""
    return _DOUBLE.sub(r"\1", one) == _DOUBLE.sub(r"\1", other)


def _fit(heard: tuple[str, ...], term: tuple[str, ...]) -> tuple[int, float]:
    """The longest name first, then the likest."""
    return len(term), likeness(heard, term)


def _by_word(heard: tuple[str, ...], term: tuple[str, ...]) -> bool:
    pairs = zip(heard, term, strict=False)
    alike = (coded((a,)) == coded((b,)) or likeness((a,), (b,)) >= _SPELT_APART for a, b in pairs)
    return len(heard) == len(term) and all(alike)


def _beside(before: tuple[str, ...], after: tuple[str, ...], size: int, source: Source) -> bool:
    """Do the words around a term of that `size` stand around what was heard? Of a name one that says something, of a
    sentence two in a row."""
    at, reach = source.at, 3 if source.is_name else 2
    left, right = source.words[max(0, at - reach) : at], source.words[at + size : at + size + reach]
    if source.is_name:
        return bool(set(filter(_heavy, left)) & set(before) or set(filter(_heavy, right)) & set(after))
    return (len(left) == 2 and left == before) or (len(right) == 2 and right == after)


def _tokens(text: str) -> list[Token]:
    return [Token(found.start(), found.end(), found[0].lower().replace("’", "'")) for found in _WORD.finditer(text)]


def _heavy(word: str) -> bool:
    return len(word) >= _SHORTEST and word.isalpha() and word not in _LIGHT and bool(content(word))


@lru_cache(1 << 14)
def coded(words: tuple[str, ...]) -> str:
    """The sounds of words said together."""
    code = "".join(jellyfish.metaphone(_R.sub("", word.replace("'", ""))) for word in words)
    return re.sub("^[AEIOU]", "A", code[:1]) + code[1:].replace("Y", "")


@lru_cache(1 << 14)
def likeness(one: tuple[str, ...], other: tuple[str, ...]) -> float:
    return float(jellyfish.jaro_winkler_similarity(" ".join(one), " ".join(other)))


def _around(code: str) -> Iterator[str]:
    """The code, and where it is long enough each with a sound left out: two that share one are at most two apart."""
    yield code
    if len(code) > 2:
        yield from {code[:at] + code[at + 1 :] for at in range(len(code))}

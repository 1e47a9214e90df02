"""Chinese names behind what was heard: as many characters, of the same toneless pinyin or one sound apart.

Evidence besides the sound: what was heard is no word of jieba's dictionary, nor a part of one; most of a longer name
is right; a figure follows the name of a figure; the rest of the text in which the name stands follows or goes before;
or a thing is named of which a table says just that. What documents hold is no mishearing, nor what viewers write,
unless they write the name twice as often.
"""

import logging
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from functools import cache
from itertools import accumulate, pairwise
from typing import NamedTuple

import jieba
from pypinyin import lazy_pinyin

from millstream import resources
from millstream.domain import Domain, SlotSpec
from millstream.mine.find import Phrases
from millstream.mine.sounds.sounds import Hearing, Repair
from millstream.mine.topics import topics_of
from millstream.mine.words import content
from millstream.records import Fact, Passage

jieba.setLogLevel(logging.WARNING)
_DATA = resources.data("mine/sounds/confusable.yaml")["zh"]
_HAN = re.compile("[\u3400-\u9fff]{2,}")
_FIGURE = re.compile(r".?[\d零一二三四五六七八九十百千万两]{2}")
_COUNTS = frozenset(_DATA["counts"])
_LONGEST, _WORDS, _RARE, _BESIDE = 8, 3, 50, 10
"""Characters of a name, words of a part of one; how often a word stands in jieba's counts to be common; characters
beside what was heard in which the rest of a name is looked for."""


class Term(NamedTuple):
    """A known name: the slots it is a name of, and the texts it stands in."""

    slots: list[SlotSpec]
    sources: list[str]


class Ears:
    """See sounds.Ears."""

    def __init__(self, domain: Domain, facts: Sequence[Fact], passages: Sequence[Passage]) -> None:
        self._terms: dict[str, Term] = defaultdict(lambda: Term([], []))
        columns = {fact.attribute for fact in facts}
        for name, slot in _named(domain):
            self._terms[name].slots.extend([slot] if slot else [])
            self._terms[name].sources.extend([name] if slot and slot.name in columns else [])
        values = dict.fromkeys(fact.value for fact in facts)
        names = tuple(dict.fromkeys(fact.entity for fact in facts))
        for source in (*names, *values):
            for part in _parts(source):
                self._terms[part].sources.append(source)
        for passage in passages:
            for title in _HAN.findall(passage.title):
                self._terms[title].sources.append(passage.title)
        self._terms = {term: known for term, known in self._terms.items() if 2 <= len(term) <= _LONGEST}
        self._standing = Phrases({term: term for term in self._terms})
        texts = [passage.text for passage in passages]
        for text in texts:
            for hit in self._standing.found(text):
                self._terms[hit.value].sources.append(text)
        self._known = "\n".join([*names, *values, *texts, *self._terms])
        self._topics = topics_of(domain, names)
        self._values = {(fact.entity, fact.value) for fact in facts}
        self._by_sound: dict[str, list[str]] = defaultdict(list)
        for term in self._terms:
            self._by_sound[folded(term)].append(term)
        self._sizes = sorted({len(term) for term in self._terms}, reverse=True)

    def hearing(self, spoken: Sequence[str], written: Sequence[str]) -> Hearing:
        chat = "\n".join(written)

        def repairs(text: str) -> list[Repair]:
            return list(self._repairs(text, chat))

        return repairs

    def sounding(self, text: str) -> Iterator[Repair]:
        """Whatever has the very sounds of a name, with no other evidence."""
        for start, term in self._near(text):
            heard = text[start : start + len(term)]
            if [*map(syllable, heard)] == [*map(syllable, term)]:
                yield Repair(start, start + len(term), heard, term, "sound")

    def _repairs(self, text: str, chat: str) -> Iterator[Repair]:
        done, line = 0, None
        for start, term in self._near(text):
            if start < done:
                continue
            line = line or Line(text, {n for hit in self._standing.found(text) for n in range(hit.start, hit.end)})
            heard = text[start : start + len(term)]
            if heard in self._known or chat.count(heard) * 2 > chat.count(term) or not line.may_differ(start, term):
                continue
            if why := self._why(line, start, term, chat):
                done = start + len(term)
                yield Repair(start, done, heard, term, why)

    def _near(self, text: str) -> Iterator[tuple[int, str]]:
        """Where a name that is not there may have been said, the longest first."""
        for run in _HAN.finditer(text):
            sounds = folded(run[0])
            for at in range(len(sounds) - 1):
                for size in self._sizes:
                    for term in self._by_sound.get(sounds[at : at + size], ()) if at + size <= len(sounds) else ():
                        if term != run[0][at : at + size]:
                            yield run.start() + at, term

    def _why(self, line: "Line", start: int, term: str, chat: str) -> str:
        """What says that the name was meant, "" where nothing does."""
        heard = line.text[start : start + len(term)]
        changed = [a for a, b in zip(heard, term, strict=True) if a != b]
        apart = sum(syllable(a) != syllable(b) for a, b in zip(heard, term, strict=True))
        if apart > 1 or (len(heard) < 4 and _COUNTS.intersection(heard)):
            return ""
        if _is_odd(line, start, heard) and all(content(char * 2) for char in changed):
            if len(heard) > 2 and (len(changed) == 1 or (not apart and len(changed) < len(heard))):
                return "most of a name"
            if not apart and content(heard) and (self._terms[term].sources or term in chat):
                return "no word"
        end = start + len(heard)
        known = self._terms[term]
        if any(slot.kind in ("money", "number") for slot in known.slots) and _FIGURE.match(line.text, end):
            return "a figure follows"
        if any(_goes_with(source, term, line.text[:start], line.text[end:]) for source in known.sources):
            return "the rest of it stands beside"
        named = self._topics.about(line.text[:start]).names
        return "a table says so" if any((name, term) in self._values for name in named) else ""


class Line:
    """A text, the characters of it that names cover, and where its words begin and end."""

    def __init__(self, text: str, covered: set[int]) -> None:
        self.text, self._covered = text, covered
        ends = accumulate(map(len, jieba.lcut(text, HMM=False)), initial=0)
        self.words = list(pairwise(ends))

    def may_differ(self, start: int, term: str) -> bool:
        """No name that is said right is changed."""
        return not any(n in self._covered and self.text[n] != char for n, char in enumerate(term, start))


def _is_odd(line: Line, start: int, heard: str) -> bool:
    """Is it no word, nor does a word begin or end within it? The parts of a longer one may be words."""
    end = start + len(heard)
    crossing = any((a < start < b) or (a < end < b) for a, b in line.words)
    return not crossing and jieba.dt.FREQ.get(heard, 0) < _RARE


def _goes_with(source: str, term: str, before: str, after: str) -> bool:
    """Does the text that holds the name go on, or begin, as this one does? Four characters of a sentence, or all there
    is of a shorter one and at least two."""
    at = source.find(term)
    left, right = source[max(0, at - _BESIDE) : at], source[at + len(term) : at + len(term) + _BESIDE]
    return _shared(right, after[:_BESIDE]) or _shared(left, before[-_BESIDE:])


def _shared(one: str, other: str) -> bool:
    size = min(4, len(one))
    return size > 1 and any(
        one[at : at + size] in other and _HAN.fullmatch(one[at : at + size]) for at in range(len(one) - size + 1)
    )


def _named(domain: Domain) -> Iterator[tuple[str, SlotSpec | None]]:
    """The words of a domain, and the slots they name."""
    for slot in domain.slots:
        yield from ((name, slot) for name in slot.names.get("zh", ()) if _HAN.fullmatch(name))
    yield from ((word, None) for word in domain.words.get("zh", ()) if _HAN.fullmatch(word))


def _parts(name: str) -> Iterable[str]:
    """What may be said of a name or value: a few of its words in a row."""
    for run in _HAN.findall(name):
        ends = list(accumulate(map(len, jieba.lcut(run, HMM=False)), initial=0))
        spans = ((a, b) for n, a in enumerate(ends) for b in ends[n + 1 : n + 1 + _WORDS])
        yield from dict.fromkeys([run, *(run[a:b] for a, b in spans if b - a > 1)])


@cache
def syllable(char: str) -> str:
    """The toneless pinyin of a character by itself, as it is read most often."""
    return str(lazy_pinyin(char)[0])


@cache
def _place(char: str) -> str:
    """One character for all syllables that are close to this one's."""
    found = syllable(char)
    for long, short in _DATA["finals"].items():
        if found.endswith(long):
            found = found.removesuffix(long) + short
            break
    initial = next((each for each in _DATA["initials"] if found.startswith(each)), "")
    near = _DATA["initials"].get(initial, "") + found.removeprefix(initial)
    return chr(0xE000 + _CODES.setdefault(near, len(_CODES)))


_CODES: dict[str, int] = {}


def folded(text: str) -> str:
    """The sounds of Chinese characters, one character each, so that close ones are the same."""
    return "".join(map(_place, text))

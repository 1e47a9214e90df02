"""Who answered whom: a viewer's line and the stretch of speech that answers it, or a comment and its reply.

A host reads a question aloud or simply answers it a little later, often answers several at once, and leaves
many unanswered. So every pair is scored (shared words, the viewer named, what was asked for being said, order)
and only what passes a threshold is a link; a trained linker (linking/) decides first, where it is sure. This file
knows nothing of domains but through `Topics`.
"""

import math
from bisect import bisect_left
from collections import Counter
from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from functools import cached_property

from millstream import numbers
from millstream.mine.clean import Said
from millstream.mine.linking.answers import answers
from millstream.mine.linking.trees import Model
from millstream.mine.merge import merge
from millstream.mine.topics import Topics, sign
from millstream.mine.words import alike, content, nameless, pairs
from millstream.records import Cue

NEAR, FAR = 90.0, 300.0
"""Seconds in which an answer is expected, and in which one is believed if the question is read aloud."""
_PAUSE, _LONGEST, _LATENCY = 1.6, 6, 0.8
_ENOUGH, _ALOUD, _FAR_COST, _WORSE = 0.8, 0.62, 0.3, 0.6
_SURE = 0.9
"""The confidence from which a trained linker overrules the rules."""


@dataclass(frozen=True)
class Link:
    """A question and the cues that answer it, with how sure the link is (0 to 1)."""

    said: Said
    answer: tuple[Cue, ...]
    score: float


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

    def stretch(self, first: int, stops: frozenset[int] = frozenset()) -> range:
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

    def _names(self, first: int, last: int) -> set[str]:
        return {name for about in self.about[first : last + 1] for name in about.names} | {self.entity[first]}


def link(questions: Sequence[Said], speech: Speech, model: Model | None = None) -> list[Link]:
    """The links of a live recording. Each cue of a question is tried; one answer may serve several questions
    that fit it about equally well. A trained `model` decides where it is sure, the rules do the rest."""
    learned = _learned(questions, speech, model) if model else {}
    ruled = _ruled([said for n, said in enumerate(questions) if n not in learned], speech)
    return sorted([*learned.values(), *ruled], key=lambda each: (each.answer[0].n, each.said.cue.n))


def _learned(questions: Sequence[Said], speech: Speech, model: Model) -> dict[int, Link]:
    """By the number of the question: what the model is sure of, of all lines of the chat."""
    said = merge(speech.chat)
    owner = {cue.n: n for n, each in enumerate(said) for cue in each.cues}
    found = {each.line: each for each in answers(said, speech.cues, speech.chat, model) if each.share >= _SURE}
    links = {}
    for n, asked in enumerate(questions):
        of_it = [found[owner[cue.n]] for cue in asked.cues if owner.get(cue.n) in found]
        if of_it:
            best = max(of_it, key=lambda each: each.share)
            links[n] = Link(asked, tuple(speech.cues[at] for at in best.cues), best.share)
    return links


def _ruled(questions: Sequence[Said], speech: Speech) -> list[Link]:
    found: list[tuple[float, Said, int]] = []
    for said in questions:
        tried = [(score, at) for cue in said.cues for score, at in _candidates(cue, speech)]
        if tried:
            score, at = max(tried, key=lambda pair: (pair[0], -pair[1]))
            found.append((score, said, at))
    best: dict[int, float] = {}
    for score, _, at in found:
        best[at] = max(score, best.get(at, 0.0))
    return [
        Link(said, _answer(said, speech, at, frozenset(best)), min(1.0, score / 2))
        for score, said, at in found
        if score >= best[at] - _WORSE
    ]


def _answer(said: Said, speech: Speech, at: int, taken: frozenset[int]) -> tuple[Cue, ...]:
    first = at + 1 if _only_retells(said.cue, speech, at) else at
    return tuple(speech.cues[i] for i in speech.stretch(first, taken))


def _only_retells(asked: Cue, speech: Speech, at: int) -> bool:
    """Is this cue the question read aloud, with the answer after it?"""
    text, words = speech.cues[at].text, content(nameless(speech.cues[at].text))
    if at + 1 == len(speech.cues) or sign("replies").search(text.lower()):
        return False
    new = numbers.values(nameless(text)) - numbers.values(asked.text)
    known = sum(any(alike(word, each) for each in pairs(asked.text)) for word in words)
    read = bool(sign("address").search(text.lower())) and len(words) <= 8
    return not new and (read or known >= 0.6 * len(words))


def _candidates(cue: Cue, speech: Speech) -> Iterator[tuple[float, int]]:
    """(score, cue index) of the speech that may answer a line, where it is good enough."""
    asked = content(cue.text) or pairs(cue.text)
    since = (cue.start or 0.0) + _LATENCY
    for at in range(bisect_left(speech.starts, since), bisect_left(speech.starts, since + FAR)):
        late = speech.starts[at] - since
        named = bool(cue.author) and any(cue.author in speech.cues[i].text for i in (at, max(0, at - 1)))
        aloud = speech.overlap(asked, at, at)[0]
        if late > NEAR and aloud < _ALOUD and not named:
            continue
        score = _score(cue, asked, speech, at) + 0.45 * math.exp(-late / 35)
        if named:
            score += 0.25 if speech.spoke_again(cue, speech.starts[at]) else 0.7
        score -= _FAR_COST * (late > NEAR)
        if score >= _ENOUGH:
            yield score, at


def _score(cue: Cue, asked: Set[str], speech: Speech, at: int) -> float:
    """How well the speech from `at` on fits what was asked, without time and names."""
    wanted, last = speech.topics.about(cue.text), min(at + 2, len(speech.cues) - 1)
    near, weight = speech.overlap(asked, at, at)
    score = near + 0.5 * (speech.overlap(asked, at, last)[0] - near) + min(0.3, weight / 30)
    slots = {slot for about in speech.about[at : last + 1] for slot in about.slot_names}
    score += 0.35 * bool(wanted.slot_names & slots)
    names = {name for about in speech.about[at : last + 1] for name in about.names}
    if wanted.names:
        score += 0.3 if wanted.names & (names or {speech.entity[at]}) else -1.0 * bool(names)
    kinds = {hit.value.kind for hit in wanted.slots}
    figures = any(numbers.mentions(nameless(speech.cues[i].text)) for i in (at, min(at + 1, last)))
    score += 0.2 * (figures and bool(kinds & {"money", "number"}))
    score += 0.4 * any(_fits(cue.text, speech.cues[at].text, kind) for kind in ("hours", "address"))
    return score + 0.15 * bool(sign("address").search(speech.cues[max(0, at - 1)].text.lower()))


def _fits(asked: str, said: str, kind: str) -> bool:
    """Is it asked where or when, and does the speech say a place or opening times?"""
    return bool(sign("seeks", kind).search(asked.lower()) and sign("account", kind).search(said.lower()))

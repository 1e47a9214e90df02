"""Worked examples of rewording: a draft, and how somebody said it. The nearest to a draft are shown with it.

A small model imitates what stands closest. Shown examples of other acts it copied from by mistake; shown the same
act in another case it keeps the act and takes over the manner (docs/log.md).
"""

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from math import fsum, log
from random import Random
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray
from rapidfuzz.distance import Levenshtein

from millstream import domain as domains
from millstream import heard, resources
from millstream.domain import Domain
from millstream.records import Lang, Role

ECHO = 0.15
"""Edits a character up to which a wording is an example's."""
NEAR = 8
"""How many examples may be shown with a draft."""
JITTER = 0.1
"""What chance adds to a likeness, so that like drafts are not always shown the same examples."""


CLOSE = 1e-9
"""By how much a sum in floating point may be off, and more."""


class Worked(NamedTuple):
    """A line that says `draft` as a person in this role would."""

    role: Role
    draft: str
    line: str


@cache
def every(lang: Lang) -> tuple[Worked, ...]:
    return tuple(Worked(*entry) for entry in _data()[lang])


def names(text: str) -> list[str]:
    """The made-up names of the examples that `text` has, by what begins them, in capitals or not."""
    return [name for name in _data()["names"] if name.casefold() in text.casefold()]


def near(domain: Domain, lang: Lang, role: Role, draft: str) -> Sequence[tuple[float, Worked]]:
    """The NEAR examples of this role whose drafts are most alike, each after its likeness; none of another trade: told
    of rooms, a small model asks a buyer of cars what a night may cost."""
    return _near(domain, lang, role, _said(draft))


@lru_cache(1 << 12)
def _near(domain: Domain, lang: Lang, role: Role, asked: frozenset[str]) -> Sequence[tuple[float, Worked]]:
    rare, shelf = _rare(lang), _drafts(domain, lang, role)
    likely = shelf.likely(asked, sum(rare.get(word, 0.0) for word in asked))
    least = np.sort(likely)[-NEAR:].min(initial=1.0) - CLOSE
    there = (shelf.drafts[n] for n in np.flatnonzero(likely >= least).tolist())
    return heapq.nlargest(NEAR, ((_overlap(asked, pieces, rare), each) for pieces, each in there))


def shown(domain: Domain, lang: Lang, role: Role, draft: str, most: int, seed: int) -> list[Worked]:
    """`most` of those near: the nearest, but for some chance; the nearest last."""
    return shown_by_turns(domain, lang, role, draft, most, seed)[0]


def shown_by_turns(domain: Domain, lang: Lang, role: Role, draft: str, most: int, seed: int) -> list[list[Worked]]:
    """What to show at the first try, at the second, and so on: every try has `most` others, less near each time."""
    chance = Random(seed)
    scored = sorted((likeness + JITTER * chance.random(), each) for likeness, each in near(domain, lang, role, draft))
    ranked = [each for _, each in reversed(scored)]
    return [ranked[at : at + most][::-1] for at in range(0, max(len(ranked), 1), most)]


def manner(domain: Domain, lang: Lang, role: Role, draft: str) -> tuple[str, ...]:
    """The lines whose manner a wording of `draft` may have taken over: those that may have been shown."""
    return tuple(each.line for _, each in near(domain, lang, role, draft))


def echoes(lang: Lang, role: Role, text: str) -> bool:
    """Whether a wording is as good as copied from one of the examples."""
    lines = [each.line for each in every(lang) if each.role == role]
    return any(Levenshtein.normalized_distance(text, line, score_cutoff=ECHO) <= ECHO for line in lines)


def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("worked.yaml")
    return loaded


def _said(text: str) -> frozenset[str]:
    """What a draft is compared by: its words without its numbers, which say nothing of how it is put."""
    return frozenset(piece for piece in heard.pieces(text) if not piece[0].isdigit())


@cache
def _rare(lang: Lang) -> dict[str, float]:
    """How much a word tells: the logarithm of the examples a draft of which has it (inverse document frequency)."""
    found = Counter(piece for each in every(lang) for piece in _said(each.draft))
    return {piece: log(1 + len(every(lang)) / many) for piece, many in found.items()}


def _overlap(one: frozenset[str], other: frozenset[str], rare: dict[str, float]) -> float:
    """Jaccard's likeness, each word by what it tells. A word that no example has (a name, a value) tells nothing. The
    sum is exact: a set has another order in another process, and another rounding would show other examples."""
    shared, all_of = (fsum(rare.get(word, 0.0) for word in words) for words in (one & other, one | other))
    return shared / all_of if all_of else 0.0


class _Shelf(NamedTuple):
    """Examples with the words of their drafts; how much each word tells in which of them, and all words of each."""

    drafts: Sequence[tuple[frozenset[str], Worked]]
    telling: Mapping[str, NDArray[np.float64]]
    whole: NDArray[np.float64]

    def likely(self, asked: frozenset[str], weight: float) -> NDArray[np.float64]:
        """_overlap with all at once, but for the last digits: `weight` is what all words of `asked` tell."""
        shared = sum((self.telling[word] for word in asked if word in self.telling), np.zeros_like(self.whole))
        likely: NDArray[np.float64] = shared / np.maximum(self.whole + weight - shared, CLOSE)
        return likely


@cache
def _drafts(domain: Domain, lang: Lang, role: Role) -> _Shelf:
    own = " ".join([*domain.words.get(lang, ()), *_wordings(domain, lang)]).casefold()
    strange = {word for word in _trades(lang) if word not in own}
    fitting = (each for each in every(lang) if each.role == role and not _speaks_of(each, strange, lang))
    drafts, rare = [(_said(each.draft), each) for each in fitting], _rare(lang)
    holds = {word: np.array([word in said for said, _ in drafts]) for word in rare}
    telling = {word: rare[word] * held for word, held in holds.items() if held.any()}
    return _Shelf(drafts, telling, sum(telling.values(), np.zeros(len(drafts))))


def _wordings(domain: Domain, lang: Lang) -> Iterator[str]:
    for slot in domain.slots:
        for words in (slot.names, slot.ask, slot.want, slot.query, slot.tell):
            yield from words.get(lang, ())
    yield from (text for words in domain.phrases.values() for text in words.get(lang, ()))


@cache
def _trades(lang: Lang) -> frozenset[str]:
    """The words of the packaged domains that are one domain's alone."""
    spoken = [{word.casefold() for word in domains.read(name).words.get(lang, ())} for name in domains.names()]
    return frozenset(word for each in spoken for word in each if sum(word in other for other in spoken) == 1)


def _speaks_of(example: Worked, words: Iterable[str], lang: Lang) -> bool:
    said = f"{example.draft} {example.line}".casefold()
    if lang == "zh":
        return any(word in said for word in words)
    return bool(set(re.findall(r"[a-z'-]+", said)) & set(words))

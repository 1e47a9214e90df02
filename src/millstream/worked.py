"""Worked examples of rewording: a draft, and how somebody said it. The nearest to a draft are shown with it.

A small model imitates what stands closest. Shown examples of other acts it copied from by mistake; shown the same
act in another case it keeps the act and takes over the manner (docs/log.md).
"""

import heapq
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from math import fsum, log
from random import Random
from typing import Any, NamedTuple

import yaml
from rapidfuzz.distance import Levenshtein

from millstream import domain as domains
from millstream import heard
from millstream.domain import Domain
from millstream.records import Lang, Role

ECHO = 0.15
"""Edits a character up to which a wording is an example's."""
NEAR = 8
"""How many examples may be shown with a draft."""
JITTER = 0.1
"""What chance adds to a likeness, so that like drafts are not always shown the same examples."""


class Worked(NamedTuple):
    """A line that says `draft` as a person in this role would."""

    role: Role
    draft: str
    line: str


@cache
def every(lang: Lang) -> tuple[Worked, ...]:
    return tuple(Worked(*entry) for entry in _data()[lang])


def names(text: str) -> list[str]:
    """The made-up things of the examples that `text` names, in capitals or not."""
    return [name for name in _data()["names"] if name.casefold() in text.casefold()]


def near(domain: Domain, lang: Lang, role: Role, draft: str) -> list[tuple[float, Worked]]:
    """The NEAR examples of this role whose drafts are most alike, each after its likeness; none of another trade: told
    of rooms, a small model asks a buyer of cars what a night may cost."""
    asked, rare = _said(draft), _rare(lang)
    likeness = ((_overlap(asked, pieces, rare), each) for pieces, each in _drafts(domain, lang, role))
    return heapq.nlargest(NEAR, likeness)


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


@cache
def _data() -> dict[str, Any]:
    text = (files("millstream") / "worked.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
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


@cache
def _drafts(domain: Domain, lang: Lang, role: Role) -> tuple[tuple[frozenset[str], Worked], ...]:
    own = " ".join([*domain.words.get(lang, ()), *_wordings(domain, lang)]).casefold()
    strange = {word for word in _trades(lang) if word not in own}
    fitting = (each for each in every(lang) if each.role == role and not _speaks_of(each, strange, lang))
    return tuple((_said(each.draft), each) for each in fitting)


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

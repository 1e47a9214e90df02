"""Worked examples of rewording: a draft, and how somebody said it. The nearest to a draft are shown with it.

A small model imitates what stands closest. Shown examples of other acts it copied from by mistake; shown the same
act in another case it keeps the act and takes over the manner (docs/log.md).
"""

from functools import cache
from importlib.resources import files
from itertools import pairwise
from random import Random
from typing import Any, NamedTuple

import yaml
from rapidfuzz.distance import Levenshtein

from millstream import heard
from millstream.records import Lang, Role

ECHO = 0.15
"""Edits a character up to which a wording is an example's."""
_JITTER = 0.1
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
    """The made-up things of the examples that `text` names."""
    return [name for name in _data()["names"] if name in text]


def nearest(lang: Lang, role: Role, draft: str, most: int, seed: int = 0) -> list[Worked]:
    """The `most` examples of this role whose drafts are most alike, the nearest last."""
    asked, chance = _units(draft, lang), Random(seed)
    scored = [
        (_overlap(asked, _units(each.draft, lang)) + _JITTER * chance.random(), each)
        for each in every(lang)
        if each.role == role
    ]
    return [each for _, each in sorted(scored)[-most:]]


def echoes(lang: Lang, role: Role, text: str) -> bool:
    """Whether a wording is as good as copied from one of the examples."""
    lines = [each.line for each in every(lang) if each.role == role]
    return any(Levenshtein.normalized_distance(text, line, score_cutoff=ECHO) <= ECHO for line in lines)


@cache
def _data() -> dict[str, Any]:
    text = (files("millstream") / "play" / "prompts" / "worked.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


def _overlap(one: frozenset[str], other: frozenset[str]) -> float:
    return len(one & other) / max(len(one | other), 1)


@cache
def _units(text: str, lang: Lang) -> frozenset[str]:
    """Words; pairs of characters of Chinese."""
    plain = heard.plain(text)
    return heard.pieces(text) if lang == "en" else frozenset(map("".join, pairwise(plain)))

"""Text distortion: what a detector may see of a turn (Stamatatos 2017, "Authorship attribution using text distortion").

Annotated values, numbers, Latin names in Chinese text and every word outside a fixed list of plain words become one
mark, and a run of marks becomes one, so that neither the topic nor the length of a name can give a side away. The list
is `plain_words.yaml`. Knows nothing of corpora and of what is compared.
"""

import re
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

import yaml

from millstream.records import Lang

MARK = "□"
"""Stands for whatever was masked."""
TOKEN = re.compile(r"[A-Za-z]+(?:'[A-Za-z]+)*|\d[\d.,:/]*\d|\d|[\u4e00-\u9fff]+|\S")
LONGEST = 6
"""Characters of the longest plain Chinese word that is looked for."""


@cache
def plain_words(lang: Lang) -> frozenset[str]:
    said = yaml.safe_load(files("millstream.metrics").joinpath("plain_words.yaml").read_text(encoding="utf-8"))
    return frozenset(said[lang].casefold().split())


def masked(text: str, lang: Lang, values: Sequence[str] = ()) -> tuple[str, ...]:
    """The tokens of a turn that carry style, in order, with `MARK` for each run of others."""
    kept: list[str] = []
    for token in tokens(_without(text.replace("’", "'"), lang, values), lang):
        shown = token if token in plain_words(lang) or _is_punctuation(token) else MARK
        if shown != MARK or kept[-1:] != [MARK]:
            kept.append(shown)
    return tuple(kept)


def tokens(text: str, lang: Lang) -> list[str]:
    """Words and punctuation marks, folded to lower case; a run of Chinese is cut at plain words, else at characters."""
    found: list[str] = []
    for token in TOKEN.findall(text.casefold()):
        found += _cut(token, lang) if "\u4e00" <= token[0] <= "\u9fff" else [token]
    return found


def _cut(run: str, lang: Lang) -> list[str]:
    """Forward maximum matching over the plain words."""
    words, parts, at = plain_words(lang), [], 0
    while at < len(run):
        size = next((n for n in range(min(LONGEST, len(run) - at), 1, -1) if run[at : at + n] in words), 1)
        parts.append(run[at : at + size])
        at += size
    return parts


def _without(text: str, lang: Lang, values: Sequence[str]) -> str:
    """The text with annotated values gone. A value that is a plain word ("yes", "有") is no value."""
    folded = text.casefold()
    for value in sorted({each.casefold() for each in values}, key=lambda each: (-len(each), each)):
        if value in folded and value not in plain_words(lang):
            folded = re.sub(rf"(?<![a-z0-9]){re.escape(value)}(?![a-z0-9])", f" {MARK} ", folded)
    return folded


def _is_punctuation(token: str) -> bool:
    return len(token) == 1 and not token.isalnum() and token != MARK

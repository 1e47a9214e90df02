"""What of a host's words settles a viewer's question: the clause that tells whether it is so, and what is behind it.

A question is taken for what it asks whether (there is a lift, one may pay by card, an appointment is needed, how many
there are). Of the answer a clause counts that has most of what was asked for and a word that tells such a thing; of a
reply that was written to the question also one that begins with a yes or a no. What holds for a day, what points at
what viewers see, and what is somebody's own is left. So few are found, and those are right. Knows no domain.
"""

import re
from collections.abc import Iterable, Iterator
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from millstream.frames import RUN, units
from millstream.mine.topics import asks
from millstream.mine.words import content, nameless
from millstream.records import Lang

_LATEST = 8
"""Clauses of an answer that are looked at: what comes later answers another."""
_BREAK: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"(?:[，。！；!;~…\s]|(?<!\d)[,.]|[,.](?!\d))+|(?<=[?？])"),
    "en": re.compile(r"[,.!;~…]+(?=\s|$)|(?<=\?)|\s+(?=(?:but|so|because)\s)"),
}
"""What a clause ends with; of Chinese that is spoken a pause, which stands as a space."""
_COMMA: dict[Lang, str] = {"zh": "，", "en": ", "}


def answering(question: str, told: Iterable[str], lang: Lang, direct: bool = False) -> str:
    """The words of an answer that settle the question, as they were said and no longer than what is nobody's own
    (frames.is_own); "" where none surely do. `direct`: the answer was written to this very question."""
    wanted, way = content(question), _way(question, lang)
    if not way or not wanted or _pattern("passing", lang).search(question):
        return ""
    said = list(_clauses(told, lang))[:_LATEST]
    for n, clause in enumerate(said):
        begins = direct and not n and _pattern("begins", lang).match(clause)
        covered = 2 * len(content(clause) & wanted) >= len(wanted)
        if (begins or covered) and way.search(_without(clause, wanted, way)) and _is_sayable(clause, lang):
            return _COMMA[lang].join(_with_next(clause, said[n + 1] if n + 1 < len(said) else "", lang))
    return ""


def asking(question: str, settled: str, lang: Lang) -> str:
    """The one clause of a line that asks, without what is told beside it; "" where it is not the one that was settled,
    or several ask."""
    asked = _asked(question, lang)
    return asked[0] if len(asked) == 1 and content(asked[0]) & content(settled) else ""


def asks_once(question: str, lang: Lang) -> bool:
    """Whether no clause but one asks: of two questions one would stay open."""
    return len(_asked(question, lang)) <= 1


def _asked(question: str, lang: Lang) -> list[str]:
    parts = list(_clauses([question], lang))
    return [part for part in parts if asks(part)] or [part for part in parts if _way(part, lang)]


def _with_next(clause: str, after: str, lang: Lang) -> list[str]:
    """The clause with the next, as far as both are not too long; nothing where what is left out takes it back."""
    if after and _is_sayable(after, lang) and units(f"{clause} {after}") < RUN[lang]:
        return [clause, after]
    return [] if _pattern("back", lang).match(after) else [clause]


def _without(clause: str, wanted: set[str], way: re.Pattern[str]) -> str:
    """The clause without the words of the question: "with kids" does not tell that there is something with it."""
    words = (rf"\b{re.escape(each)}\w*" if each.isascii() else each for each in wanted)
    asked = re.compile("|".join(sorted(words, key=len, reverse=True)), re.IGNORECASE)
    return asked.sub(lambda found: found[0] if way.search(found[0]) else " ", clause)


def _is_sayable(clause: str, lang: Lang) -> bool:
    """Whether it can be said in another talk: short, no question, of no passing thing, nobody's own."""
    strange = any(_pattern(name, lang).search(clause) for name in ("passing", "own"))
    return 1 < units(clause) < RUN[lang] and not strange and not re.search("[?？]", clause)


def _way(question: str, lang: Lang) -> re.Pattern[str] | None:
    """What tells such a thing as is asked for; None where the question asks for nothing that is so or not."""
    return next((tells for asks, tells in _ways(lang) if asks.search(question)), None)


def _clauses(texts: Iterable[str], lang: Lang) -> Iterator[str]:
    for text in texts:
        yield from filter(None, (part.strip() for part in _BREAK[lang].split(nameless(text))))


@cache
def _ways(lang: Lang) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    flags = re.IGNORECASE
    return [(re.compile(each["asks"], flags), re.compile(each["tells"], flags)) for each in _data()["ways"][lang]]


@cache
def _pattern(name: str, lang: Lang) -> re.Pattern[str]:
    return re.compile(_data()[name][lang], re.IGNORECASE)


@cache
def _data() -> Any:
    return yaml.safe_load((files("millstream") / "mine" / "answered.yaml").read_text(encoding="utf-8"))

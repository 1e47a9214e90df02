"""What of a host's words settles a viewer's question: the clause that tells whether it is so, and what is behind it.

A question is taken for what it asks whether (there is a lift, one may pay by card, an appointment is needed, how many
there are). Of the answer a clause counts that has most of what was asked for and a word that tells such a thing; of a
reply that was written to the question also one that begins with a yes or a no. What holds for a day, what points at
what viewers see, what is somebody's own and what the host takes back is left. So few are found, and those are right.
Knows no domain.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import Any

from millstream import resources
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


def answering(
    question: str, told: Sequence[str], lang: Lang, direct: bool = False, after: str = "", bare: str = ""
) -> str:
    """The words of an answer that settle the question, as they were said and no longer than what is nobody's own
    (frames.is_own); "" where none surely do. `told`: the lines of the answer; `after`: the host's next line, which
    may take it back; `direct`: the answer was written to this very question; `bare`: the question without the names of
    things, half of whose words it must have too ("the tart is eight dollars" does not say whether it is sweet)."""
    wanted, own, way = content(question), content(bare), _way(question, lang)
    if not way or not wanted or _pattern("passing", lang).search(question):
        return ""
    said = [(line, part) for line, text in enumerate((*told, after)) for part in _clauses(text, lang)]
    for n, (line, clause) in enumerate(said[:_LATEST]):
        begins = direct and not n and _pattern("begins", lang).match(clause)
        covers = _covers(clause, wanted) and _covers(clause, own)
        tells = (begins or covers) and way.search(_without(clause, wanted, way))
        if tells and line < len(told) and _is_sayable(clause, lang):
            rest = [part for _, part in said[n + 1 :]]
            run = _with_next(clause, "".join(part for at, part in said[n + 1 : n + 2] if at == line), lang)
            again = [each for each in rest if _covers(each, wanted) and way.search(each)]
            denied = any(_denies(each, lang) != _denies(clause, lang) for each in again)
            return "" if denied or _is_taken_back(run, rest, lang) else _COMMA[lang].join(run)
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
    parts = list(_clauses(question, lang))
    return [part for part in parts if asks(part)] or [part for part in parts if _way(part, lang)]


def _with_next(clause: str, after: str, lang: Lang) -> list[str]:
    """The clause with the next of its line, as far as both are not too long: a line further may answer another."""
    joins = after and _is_sayable(after, lang) and units(f"{clause} {after}") < RUN[lang]
    return [clause, after] if joins else [clause]


def _is_taken_back(run: Sequence[str], rest: Sequence[str], lang: Lang) -> bool:
    """Whether the host takes back what was told: puts it right in it or behind it, or narrows it in what is left out.
    `rest` is all that comes behind the first clause of the run."""
    left = rest[len(run) - 1 :]
    narrowed = left and _pattern("back", lang).match(left[0])
    corrects = _pattern("corrects", lang)
    corrected = corrects.search(run[0], 1) or any(map(corrects.search, rest))  # "no, there is none" begins with a no
    return bool(narrowed or corrected) or any(_pattern("narrows", lang).search(each) for each in left)


def _covers(clause: str, wanted: set[str]) -> bool:
    """Whether it has at least half of what was asked for."""
    return 2 * len(content(clause) & wanted) >= len(wanted)


def _denies(clause: str, lang: Lang) -> bool:
    return bool(_pattern("denies", lang).search(clause))


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


def _clauses(text: str, lang: Lang) -> Iterator[str]:
    return filter(None, (part.strip() for part in _BREAK[lang].split(nameless(text))))


@cache
def _ways(lang: Lang) -> list[tuple[re.Pattern[str], re.Pattern[str]]]:
    flags = re.IGNORECASE
    return [(re.compile(each["asks"], flags), re.compile(each["tells"], flags)) for each in _data()["ways"][lang]]


@cache
def _pattern(name: str, lang: Lang) -> re.Pattern[str]:
    return re.compile(_data()[name][lang], re.IGNORECASE)


def _data() -> Any:
    return resources.data("mine/answered.yaml")

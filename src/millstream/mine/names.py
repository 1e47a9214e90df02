"""Names of things where no table gives them: what a host introduces ("we ordered the ...") and speaks of again.

A guess by form, used only where nothing better is known; a name heard once is none. Knows nothing of domains.
"""

import re
from bisect import bisect_right
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from millstream import resources
from millstream.mine.words import content, nameless
from millstream.records import Cue

_DATA = resources.data("mine/names.yaml")
_INTRODUCES = [re.compile(form, re.IGNORECASE) for form in _DATA["introduces"]]
_SHOWN = [re.compile(form, re.IGNORECASE) for form in [_DATA["named"], *_DATA["shown"]]]
_PROPER, _HOUSES = re.compile(_DATA["proper"]), re.compile(_DATA["houses"], re.IGNORECASE)
_NEVER, _BEFORE, _HEADS = set(_DATA["never"]), set(_DATA["before"]), set(_DATA["heads"])
_ENDS, _NO_START = _NEVER | set(_DATA["ends"]), set(_DATA["never_first"]) | set(_DATA["ends"])
_VAGUE = {"traditional", "another", "vegetarian", "local", "national", "famous", "northern", "potato"}
_SHORT_FORM = re.compile(r"['’](?:ve|re|t|m|ll|d|s)$|^-+$")
_PLACE = (
    r"\b(?:in|to|from|at|near|around|visit|visiting) (?:the )?{0}\b"
    r"|\b{0} (?:food|cuisine|restaurants?|meals?|dishes|style|snacks?|culture)\b"
    r"|\b{0} (?:is|has) (?:\S+ ){{0,5}}(?:village|restaurant|place|city|town|cute|caf[eé])"
    r"|\b(?:restaurant|place|village|caf[eé])(?: \S+){{0,3}} {0}\b"
)
_SHORTEST, _MOST = 4, 40


@dataclass(frozen=True)
class Introduced:
    """A thing the host shows: its name, the places among the cues where it is shown, and how often it is named."""

    name: str
    at: tuple[int, ...]
    count: int


def heard(speech: Sequence[Cue]) -> list[str]:
    """At most 40 names of things introduced and said again, the most frequent first, each as it is written first."""
    text = " ".join(nameless(cue.text) for cue in speech)
    low = text.casefold()
    forms: dict[str, str] = {}
    for pattern in _INTRODUCES:
        for match in pattern.finditer(text):
            name = _trimmed(match[1])
            forms.setdefault(name.casefold(), name)
    counts = Counter({form: low.count(form) for form in forms if len(form) >= _SHORTEST and content(form)})
    often = [(form, count) for form, count in counts.items() if count > 1 and _is_name(forms[form], forms)]
    return [forms[form] for form, _ in sorted(often, key=lambda pair: (-pair[1], pair[0]))[:_MOST]]


def _is_name(name: str, others: Collection[str]) -> bool:
    """Chinese, of two words, or written with a capital; and not the beginning of a longer name."""
    proper = name[0] > "\u3000" or " " in name or name[0].isupper()
    return proper and not any(other != name.casefold() and other.startswith(name.casefold() + " ") for other in others)


def _trimmed(words: str) -> str:
    """The words up to the first that is part of no name."""
    kept: list[str] = []
    for word in words.split():
        if word.casefold().strip("'’") in _NEVER or word.isdigit():
            break
        kept.append(word)
    return " ".join(kept)


def introduced(speech: Sequence[Cue]) -> list[Introduced]:
    """The things a host shows and may describe, most spoken of first. Unlike `heard`, one showing is enough for a
    name written with a capital; places, houses and people are left out as far as their form tells."""
    texts = [nameless(cue.text) for cue in speech]
    text = " ".join(texts)
    starts = [sum(len(each) + 1 for each in texts[:n]) for n in range(len(texts))]
    low = text.casefold()
    shown: dict[str, list[tuple[str, int]]] = {}
    for name, place in _shown(text):
        shown.setdefault(_key(name), []).append((name, bisect_right(starts, place) - 1))
    counts = {key: low.count(key) for key in shown}
    called = {_key(bare(match[2])) for match in _SHOWN[0].finditer(text)}
    kept = [key for key, found in shown.items() if _is_thing(found[0][0], counts[key], text, key in called)]
    things = [
        Introduced(shown[key][0][0], tuple(sorted({at for _, at in shown[key]})), counts[key])
        for key in kept
        if not any(_is_variant(key, other, counts) for other in kept if other != key)
    ]
    return sorted(things, key=lambda thing: (-thing.count, thing.at))


def _shown(text: str) -> Iterator[tuple[str, int]]:
    """Names and where each is shown. A name of lower case needs an article, or that the thing is called so."""
    for pattern in _SHOWN:
        for match in pattern.finditer(text):
            name = bare(match[2])
            plain = match[1] is not None or (name and (name[0].isupper() or name[0] > "\u3000"))
            if plain and content(name) and not _HOUSES.search(text[: match.start()]):
                yield name, match.start()
    for match in _PROPER.finditer(text):
        name = bare(match[1])
        if " " in name and text.count(name) > 1:
            yield name, match.start()


def bare(words: str) -> str:
    """A name without praise before it, up to the first word that is part of none; "" where nothing is left."""
    kept: list[str] = []
    for word in words.split():
        low = word.casefold().strip("'’")
        if not kept and low in _BEFORE:
            continue
        if low in (_ENDS if kept else _NO_START | _NEVER) or low.isdigit() or _SHORT_FORM.search(word):
            break
        kept.append(word.strip("'’"))
    return " ".join(kept)


def _key(name: str) -> str:
    low = name.casefold()
    return low[:-1] if low.endswith("s") and not low.endswith("ss") and len(low) > _SHORTEST else low


def _is_thing(name: str, count: int, text: str, called: bool) -> bool:
    """By its form, and by what stands beside it in the text."""
    words = name.split()
    if name[0] > "\u3000":
        return True
    general = words[-1].casefold() in _HEADS and not _specified(words)
    if general or words[0].casefold() in _HEADS or len(name) < _SHORTEST:
        return False
    if len(re.findall(_PLACE.format(re.escape(name)), text)) * 2 >= count:
        return False
    return called or name[0].isupper() or len(words) > 1


def _specified(words: Sequence[str]) -> bool:
    """ "claypot dish" names a thing; "traditional dish" and "skin" name none."""
    return words[-1].casefold() in ("dish", "soup") and len(words) > 1 and words[0].casefold() not in _VAGUE


def _is_variant(key: str, other: str, counts: dict[str, int]) -> bool:
    """A longer form that is said much less often than the shorter, or a shorter that is hardly said by itself."""
    if key.startswith((f"{other} ", f"{other}s ")):
        return counts[key] * 2 < counts[other]
    return f" {key}" in f" {other}" and counts[key] < 2 * counts[other]

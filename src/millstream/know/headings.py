"""What the heading of a column says of it: which way a figure is better, whether yes and no say what a thing is or
has, and how people speak of that. The words are in headings.yaml; other headings keep the general wordings.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import reduce
from typing import Any, Literal

from millstream import resources
from millstream.domain import SlotSpec
from millstream.records import Lang

_DATA: dict[str, Any] = resources.data("know/headings.yaml")
_MASS_ENDINGS = re.compile(r"(?:ing|tion|ment|ness|ance|ity|age|ware|[^s]s)$")
_WHETHER = re.compile(rf"^(?:{'|'.join(_DATA['whether'])})")
_NO_UNIT = re.compile(_DATA["no_units"])
_BRACKET = re.compile(r"[(（\[]\s*([^)）\]]+?)\s*[)）\]]")
_MARKS = re.compile(r"[?？!！:：\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+")
_OWN = re.compile(r"^(?:our|your|the)\s+(?=\w)", re.IGNORECASE)
_NAMING = re.compile(r"(?:名称|名字|名|\s+(?:name|title))$", re.IGNORECASE)
_HAN = re.compile(r"[\u3400-\u9fff]")
Wordings = dict[str, dict[Lang, tuple[str, ...]]]


def plain(header: str) -> str:
    """A heading without its brackets, its marks ("In stock?") and whose it is ("Our price")."""
    return _OWN.sub("", _MARKS.sub(" ", _BRACKET.sub("", header)).strip()) or header.strip()


def unit(header: str) -> str:
    """The unit that stands in its brackets; "" where they hold something else ("incl. VAT")."""
    found = _BRACKET.search(header)
    return found[1] if found and not _NO_UNIT.search(found[1]) else ""


def noun(header: str, lang: Lang) -> str:
    """What is named under a heading: 商品 under 商品名称, and where it says no more than "name"."""
    name = plain(header)
    if name.casefold() in _DATA["empty"][lang]:
        return str(_DATA["goods"][lang])
    return _NAMING.sub("", name) or name


def better(name: str, lang: Lang) -> Literal["low", "high", ""]:
    """Which way people want a figure under this heading: the longest word of the two lists that ends it ("表显里程",
    "battery range"), "" where none does."""
    heading = name.casefold()
    found = [(len(word), way) for way, words in _DATA["better"].items() for word in words[lang] if _ends(heading, word)]
    way: Literal["low", "high", ""] = max(found, default=(0, ""))[1]
    return way


def _ends(heading: str, word: str) -> bool:
    return heading.endswith(word) if _HAN.search(word) else re.search(rf"\b{re.escape(word)}$", heading) is not None


def bounded(slot: SlotSpec, lines: Iterable[str], lang: Lang) -> Literal["low", "high", ""]:
    """Which bound viewers name of a slot, in a line that speaks of it and holds a figure; "" where none does."""
    for line in (each.casefold() for each in lines):
        if any(name and name.casefold() in line for name in slot.names.get(lang, ())) and re.search(
            r"\d|[一二两三四五六七八九十百千万]", line
        ):
            for way, words in _DATA["named"].items():
                if any(_says(line, word) for word in words[lang]):
                    return "low" if way == "low" else "high"
    return ""


def _says(line: str, word: str) -> bool:
    return word in line if _HAN.search(word) else re.search(rf"\b{re.escape(word)}\b", line) is not None


def flag(name: str, lang: Lang) -> Wordings:
    """How people ask for what is answered by yes and no, and how a shopkeeper answers."""
    thing = _with_article(name) if lang == "en" else name
    worded = _DATA["flag"][lang][_sort(name, lang)]
    return {kind: {lang: tuple(text.replace("$thing", thing) for text in texts)} for kind, texts in worded.items()}


def flag_name(name: str) -> str:
    """What a heading of yes and no is of: "防水" of "是否防水"."""
    return _WHETHER.sub("", name) or name


def _sort(name: str, lang: Lang) -> str:
    if lang == "zh" and name not in _DATA["adjectives"]["zh"]:
        return "verb" if name.startswith(tuple(_DATA["verbs"])) and len(name) > 1 else "noun"
    adjective = name.casefold() in _DATA["adjectives"][lang] or name.casefold().endswith(tuple(_DATA["endings"]))
    return "adjective" if adjective else "noun"


def _with_article(name: str) -> str:
    """ "a lock"; bare where there is no one of it ("lights", "parking", "GPS")."""
    if name.casefold() in _DATA["mass"] or name.isupper() or _MASS_ENDINGS.search(name.casefold()):
        return name
    return f"{'an' if name.startswith(tuple('aeiou')) else 'a'} {name}"


def spoken(name: str, lang: Lang, values: Sequence[str], kind: str) -> Wordings:
    """How people speak of a column, where they have their own words for its heading; {} else. `kind` is what the rows
    are; its `values` that come with a thing get an article where each is one ("a lock", and no "lights")."""
    every: list[dict[str, Any]] = [*_DATA["spoken"].values()]
    own = (each for each in every if name.casefold() in each["headings"][lang])
    texts: dict[str, list[str]] = next(own, {lang: {}})[lang]
    counted = "grant" not in texts or all(re.fullmatch(r"[a-z][\w -]*[^s]", value) for value in values)
    holes = {"$a_value": "$a_value" if counted else "$value"}
    if kind and kind.casefold() not in _DATA["unnamed"]:
        holes["$kind"] = kind
    return {act: {lang: tuple(_filled(worded, holes))} for act, worded in texts.items()}


def _filled(worded: Sequence[str], holes: dict[str, str]) -> Iterator[str]:
    """The wordings with these holes filled, without those that speak of a kind that has no word."""
    for each in worded:
        if "$kind" in holes or "$kind" not in each:
            yield reduce(lambda text, hole: text.replace(hole, holes[hole]), holes, each)

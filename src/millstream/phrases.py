"""The general wordings of every act, zh and en, and how a wording is filled.

A domain's own wordings come first, these fill the gaps. Placeholders are $name; one pass, only known names, so
that a value with a dollar sign in it ("$18") is never filled again. Parts that may be said in several ways or left
out are written (this|that|): one wording then has many forms, and dialogues share fewer runs of words.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import cache, lru_cache
from itertools import product
from random import Random

from millstream import heard, resources
from millstream.domain import Domain, SlotSpec
from millstream.records import Lang

_NAME = re.compile(r"\$(a_)?(entity|value|slot|other|need|kind|old|options)(?![a-z_])")
_CHOICE = re.compile(r"\(([^()|]*(?:\|[^()|]*)+)\)")
NOD = 14
"""Characters up to which an acknowledgement is a mere nod ("Right, noted.")."""
_CLAUSES = 26
"""Characters of Chinese after which a run of clauses ends in a full stop."""
_END, _SHORT = re.compile(r"[。！？!?]"), re.compile(r"[A-Z][\w' ]{1,8}\.")
_TWICE = re.compile(r"\b([Tt]he) (the|The) ")
_THING = re.compile(r"\b(?:[Tt]he )?\$entity\b")
_STAGED = re.compile(r"主播|直播|弹幕|公屏|大家|\b(?:stream|chat|folks|everyone)\b")
"""What is said before many, and not in a talk of two."""
_VOWEL = re.compile(
    r"(?!one\b|once\b|euro|uni[cfqtv]|us[ae])[aeiou8]|11\b|18\b|hour|honest|(?:mpv|suv)\b", re.IGNORECASE
)


@cache
def general(lang: Lang) -> dict[str, tuple[str, ...]]:
    return {act: tuple(wordings) for act, wordings in resources.data(f"phrases.{lang}.yaml").items()}


@cache
def common(lang: Lang) -> frozenset[str]:
    """The words (characters of Chinese) of the general wordings: what anybody says, in any domain."""
    return frozenset(heard.plain(_said(lang))) if lang == "zh" else small_talk(lang)


@cache
def small_talk(lang: Lang) -> frozenset[str]:
    """The words (pairs of characters in Chinese) of the general wordings."""
    return heard.pieces(_said(lang))


def _said(lang: Lang) -> str:
    return _NAME.sub(" ", " ".join(forms(text for texts in general(lang).values() for text in texts)))


def wordings(domain: Domain, lang: Lang, act: str, slot: SlotSpec | None = None) -> tuple[str, ...]:
    """All ways to say `act`, the most special first: of the slot, of the domain, of anybody."""
    if slot is not None and (own := getattr(slot, act, {}).get(lang)):
        return tuple(own)
    keys = _keys(act, slot)
    if own := next((found for key in keys if (found := domain.phrases.get(key, {}).get(lang))), ()):
        return own
    usual = next(general(lang)[key] for key in keys if key in general(lang))
    return usual if slot is None or slot.is_kind else tuple(map(_bare, usual))


def _bare(wording: str) -> str:
    """Without the articles of values that take none ("that's mild")."""
    return wording.replace("$a_value", "$value").replace("$a_old", "$old")


def _keys(act: str, slot: SlotSpec | None) -> tuple[str, ...]:
    """The act for this slot, for one of its kind and of the way it is wanted ("at least" is a floor's), for one of its
    kind, and for any."""
    if slot is None:
        return (act,)
    return f"{act}_{slot.name}", f"{act}_{slot.kind}_{slot.better}", f"{act}_{slot.kind}", act


@cache
def sayable(domain: Domain, lang: Lang, staged: bool) -> Callable[[str, str, bool], tuple[str, ...]]:
    """Those that fit (act, slot, options): with `options` ones that name some, and only where it is `staged` ones said
    before many, unless there are no others."""

    @cache
    def fitting(act: str, slot: str, options: bool) -> tuple[str, ...]:
        every = wordings(domain, lang, act, domain.by_name.get(slot))
        every = every if options else tuple(each for each in every if "$options" not in each)
        return every if staged else tuple(each for each in every if not _STAGED.search(each)) or every

    return fitting


def form(wording: str, chance: Random) -> str:
    """One of the forms of a wording; each of its choices is drawn on its own."""
    parts = _parts(wording)
    if len(parts) == 1:
        return wording
    return "".join([part[0] if len(part) == 1 else chance.choice(part) for part in parts])


def forms(wordings: Iterable[str]) -> Iterator[str]:
    """Every form of some wordings."""
    for wording in wordings:
        yield from map("".join, product(*_parts(wording)))


@lru_cache(1 << 12)
def _parts(wording: str) -> tuple[tuple[str, ...], ...]:
    """The ways to say each piece of a wording; plain text, which has one, and choices take turns."""
    return tuple(tuple(part.split("|")) if n % 2 else (part,) for n, part in enumerate(_CHOICE.split(wording)))


def named(wording: str) -> tuple[str, ...]:
    """The names of its placeholders."""
    return tuple(match.group(2) for match in _NAME.finditer(wording))


def fill(wording: str, lang: Lang, **names: str) -> str:
    """The wording with its names filled in, as a sentence."""
    filled = put(wording, lang, names)
    return filled if lang == "zh" else filled[:1].upper() + filled[1:]


def put(wording: str, lang: Lang, names: Mapping[str, str]) -> str:
    """The wording with its names filled in, and nothing else of it changed but what would be said twice ("吃顿好的"
    before "的话")."""
    filled, places = _places(wording)
    for with_article, name, text in places:
        filled += article(names[name]) if with_article and lang == "en" else names[name]
        filled += text.removeprefix("的") if names[name].endswith("的") else text
    return _TWICE.sub(r"\1 ", filled) if lang == "en" and ("he the " in filled or "he The " in filled) else filled


@lru_cache(1 << 12)
def _places(wording: str) -> tuple[str, tuple[tuple[str, str, str], ...]]:
    """What stands before the first placeholder, and of each: does it want an article, its name, what stands behind."""
    head, *rest = _NAME.split(wording)
    return head, tuple(zip(rest[::3], rest[1::3], rest[2::3], strict=True))


def either(choices: Sequence[str], lang: Lang) -> str:
    """Some things as a choice: "a, b or c"."""
    comma, last = ("、", "还是") if lang == "zh" else (", ", " or ")
    return last.join(filter(None, [comma.join(choices[:-1]), *choices[-1:]]))


def article(noun: str) -> str:
    """The noun with its English indefinite article; plurals and names that have one already stay as they are."""
    if re.match(r"(?:an?|the|some|something)\b", noun, re.IGNORECASE):
        return noun
    return f"{'an' if _VOWEL.match(noun) else 'a'} {noun}"


def with_pronoun(wording: str, lang: Lang, pronoun: str) -> str:
    """The wording with its $entity replaced by a pronoun, at the start of a sentence with a capital; in Chinese
    "" leaves it out."""
    if lang == "zh":
        return (wording if pronoun else wording.replace("$entity的", "")).replace("$entity", pronoun)
    text = _THING.sub(pronoun, wording)
    return text[0].upper() + text[1:]


def inner(text: str, lang: Lang, keep: Sequence[str] = ()) -> str:
    """A sentence as it stands behind a comma: in English with a small letter, unless it begins with "I" or a name or
    value of `keep`."""
    capital = lang == "zh" or re.match(r"I\b|[A-Z]{2}", text) or any(text.startswith(each) for each in keep)
    return text if capital else text[:1].lower() + text[1:]


def joined(sentences: Sequence[tuple[str, Sequence[str]]], lang: Lang) -> str:
    """The sentences of one turn (text, names and values in it) as people run them together: Chinese by commas as long
    as the breath lasts, English a nod with what follows it."""
    said = ""
    for text, keep in sentences:
        if not said:
            said = text
        elif said.endswith("。") and len(_END.split(said.rstrip("。"))[-1]) + len(text) <= _CLAUSES:
            said = f"{said[:-1]}，{text}"
        elif lang == "en" and _SHORT.fullmatch(said):
            said = f"{said[:-1]}, {inner(text, lang, keep)}"
        else:
            said += (" " if lang == "en" else "") + text
    return said

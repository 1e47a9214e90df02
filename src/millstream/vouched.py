"""Does an agent say anything its acts do not account for? The closed-world half of the claim check.

A clause of an agent may be made of what everybody says (the general wordings), of how its domain speaks of the
slots of its acts, of the values and names of those acts, and of what was just said. A clause that has nothing to do
with the acts and brings other words tells something nobody vouches for ("there's a magician on Fridays"), whatever
words it uses; so does a name of a thing that the knowledge does not hold. Used before a wording is taken (play/)
and before a dialogue is kept (critics/).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files

import yaml

from millstream import heard, phrases
from millstream.domain import Domain, SlotSpec
from millstream.phrases import common
from millstream.records import Act, Lang
from millstream.shapes import Known

NEW: dict[Lang, tuple[int, float]] = {"zh": (4, 0.45), "en": (2, 0.4)}
"""A clause about an act is flagged from so many new units (characters, words) and such a share of them on."""
LOOSE: dict[Lang, tuple[int, float]] = {"zh": (3, 0.5), "en": (1, 0.12)}
"""The same for a clause that is about none of the acts; for Chinese in pairs of characters."""
SHORT: dict[Lang, int] = {"zh": 4, "en": 3}
"""Units up to which a clause is an interjection."""
_CLAUSE = re.compile(r"[，。！？；：、…,!?;:—]+|\.(?!\d)|\band\b")
_TITLE = re.compile(r"\b[A-Z][\w'’]+(?:\s+(?:(?:and|of|for|with|the|in|on)\s+)*[A-Z][\w'’]+)+")
_PLACEHOLDER = re.compile(r"\$[a-z_]+")
_POINTING = "这那哪的家个您间台款看订住选有"
_NAMED = "\0"


@cache
def _plain(lang: Lang) -> frozenset[str]:
    """Words that say nothing by themselves."""
    text = (files("millstream") / "plain.yaml").read_text(encoding="utf-8")
    return _units(yaml.safe_load(text)[lang], lang) | frozenset(map(_stem, common(lang)))


@cache
def _pairs(domain: Domain, slots: tuple[str, ...]) -> frozenset[str]:
    """Pairs of characters that the Chinese wordings of any act, and of these slots, hold."""
    anybody = phrases.forms(text for words in phrases.general("zh").values() for text in words)
    texts = [*anybody, *_texts(domain, "zh", slots)]
    return heard.pieces(_PLACEHOLDER.sub(" ", " ".join(texts)))


@dataclass(frozen=True)
class Vouched:
    """The check for the facts, domain and language of one run."""

    known: Known

    def names(self, text: str) -> list[str]:
        """The entities that `text` names."""
        return [name for name in _names(self.known) if name in text]

    def values(self, text: str) -> frozenset[str]:
        """The words (pairs of characters) of `text` that values of the knowledge are made of."""
        return heard.pieces(text) & _telling(self.known)

    def strange(self, text: str, acts: Sequence[Act], last: str) -> Iterator[str]:
        """What of an agent's `text` nothing vouches for; `last` is what was said just before, and the manner it may
        be said in (worked.py)."""
        lang, domain = self.known.lang, self.known.domain
        choices = _choices(self.known, tuple(act.slot for act in acts if act.act == "request"))
        own = " ".join([*(act.value for act in acts), *(act.entity for act in acts), *choices, last])
        slots = tuple(act.slot for act in acts if act.slot in domain.by_name)
        allowed = _plain(lang) | _units(own, lang) | _spoken(domain, lang, slots)
        for clause in _CLAUSE.split(self._marked(text, [*(act.value for act in acts), *choices])):
            if self._is_about(clause, slots):
                new, of, limits = _units(clause, lang) - allowed, _units(clause, lang), NEW[lang]
            else:
                new, of = self._loose(clause, allowed, slots, last)
                limits = LOOSE[lang]
            if len(of) > SHORT[lang] and len(new) >= limits[0] and len(new) >= limits[1] * len(of):
                yield f"nothing vouches for {clause.strip()!r}"
        yield from self._unknown_names(text, last)

    def _marked(self, text: str, values: Sequence[str]) -> str:
        """The text with a mark for every name and told value."""
        told = {value for value in values if len(value) > 1}
        for name in sorted(_names(self.known) | told, key=len, reverse=True):
            text = text.replace(name, _NAMED)
        return text

    def _is_about(self, clause: str, slots: Sequence[str]) -> bool:
        names = [name for slot in slots for name in self.known.domain.by_name[slot].names.get(self.known.lang, ())]
        return _NAMED in clause or any(name.casefold() in clause.casefold() for name in names)

    def _loose(
        self, clause: str, allowed: frozenset[str], slots: tuple[str, ...], last: str
    ) -> tuple[frozenset[str], frozenset[str]]:
        """(what is new in a clause about no act, what it is made of)."""
        if self.known.lang == "en":
            units = _units(clause, "en")
            return units - allowed, units
        pairs = heard.pieces(clause)
        return pairs - _pairs(self.known.domain, slots) - heard.pieces(last), pairs

    def _unknown_names(self, text: str, last: str) -> Iterator[str]:
        names = _names(self.known)
        for name in sorted(names, key=len, reverse=True):
            text = text.replace(name, _NAMED)
        if self.known.lang == "en":
            for found in (match.group() for match in _TITLE.finditer(text)):
                if not heard.pieces(found) <= heard.pieces(last) | self._values():
                    yield f"no {found!r} is known"
            return
        for tail in _tails(self.known):
            for match in re.finditer(re.escape(tail), text):
                head = text[: match.start()][-1:]
                if "一" <= head <= "鿿" and head not in _POINTING:
                    yield f"no {text[max(0, match.start() - 4) : match.end()]!r} is known"

    def _values(self) -> frozenset[str]:
        return _all_values(self.known)


@cache
def _choices(known: Known, slots: tuple[str, ...]) -> tuple[str, ...]:
    """What there is to choose from where an agent asks for a wish."""
    return tuple({fact.value: None for fact in known.facts if fact.attribute in slots})


@cache
def _telling(known: Known) -> frozenset[str]:
    """The words of values that are no numbers, without those that say nothing by themselves."""
    said = heard.pieces(" ".join(fact.value for fact in known.facts if fact.number is None))
    return frozenset(piece for piece in said if len(piece) > 1 and not _units(piece, known.lang) <= _plain(known.lang))


@cache
def _all_values(known: Known) -> frozenset[str]:
    return heard.pieces(" ".join(fact.value for fact in known.facts))


@cache
def _names(known: Known) -> frozenset[str]:
    """The names of the entities, whole and by their parts."""
    whole = {fact.entity for fact in known.facts}
    return frozenset(whole | {part for name in whole for part in name.split() if len(part) > 2 and known.lang == "zh"})


@cache
def _tails(known: Known) -> frozenset[str]:
    """The last two characters of Chinese names: what kind of thing they are (酒店, 民宿, 套餐)."""
    return frozenset(name[-2:] for name in _names(known) if re.fullmatch(r"[一-鿿]{4,}", name))


@cache
def _spoken(domain: Domain, lang: Lang, slots: tuple[str, ...]) -> frozenset[str]:
    return _units(_PLACEHOLDER.sub(" ", " ".join(_texts(domain, lang, slots))), lang)


def _texts(domain: Domain, lang: Lang, slots: tuple[str, ...]) -> Iterator[str]:
    """How the domain speaks of these slots, of its bookings and of its things."""
    yield from (text for slot in slots for text in _wordings(domain.by_name[slot], lang))
    yield from phrases.forms(text for words in domain.phrases.values() for text in words.get(lang, ()))
    yield from (each.get(lang, "") for each in (domain.entity, domain.names, domain.pronoun))


def _wordings(spec: SlotSpec, lang: Lang) -> Iterator[str]:
    told = (spec.tell, spec.tell_yes, spec.tell_no, spec.grant)
    for words in (spec.names, spec.values, spec.ask, spec.want, spec.query, *told):
        yield from phrases.forms(words.get(lang, ()))
    yield spec.unit.get(lang, "")


def _units(text: str, lang: Lang) -> frozenset[str]:
    """Characters of Chinese; words of English, folded to a stem, without numbers."""
    if lang == "zh":
        return frozenset(char for char in heard.plain(text) if not char.isdigit())
    return frozenset(_stem(piece) for piece in heard.pieces(text) if not piece[0].isdigit())


def _stem(word: str) -> str:
    word = word.replace("’", "'").removesuffix("'s")
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word

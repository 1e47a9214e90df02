"""Does an agent say anything its acts do not account for? The closed-world half of the claim check.

A clause of an agent may be made of what everybody says (the general wordings), of how its domain speaks of the
slots of its acts, of the values and names of those acts, and of what was just said. A clause that has nothing to do
with the acts and brings other words tells something nobody vouches for ("there's a magician on Fridays"), whatever
words it uses; so does a name of a thing that the knowledge does not hold. Used before a wording is taken (play/)
and before a dialogue is kept (critics/).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from itertools import pairwise
from typing import Any

from millstream import heard, phrases, resources, worked
from millstream.domain import Domain, SlotSpec
from millstream.phrases import common
from millstream.records import Act, Lang
from millstream.shapes import Known

NEW: dict[Lang, tuple[int, float]] = {"zh": (4, 0.45), "en": (2, 0.4)}
"""A clause about an act is flagged from so many new units (characters, words) and such a share of them on."""
LOOSE: dict[Lang, tuple[int, float]] = {"zh": (2, 0.5), "en": (1, 0.0)}
"""The same for a clause that is about none of the acts; for Chinese in pairs of characters."""
TURNED: tuple[int, float] = (3, 0.45)
"""The same in pairs of English words: plain words in turns that nobody's wordings have ("it does not get any better
than that"). Of 60 such clauses worded by the embedded model the most had a share of 0.5 (docs/log.md)."""
SHORT: dict[Lang, int] = {"zh": 4, "en": 3}
"""Units up to which a clause is an interjection."""
_CLAUSE = re.compile(r"[，。！？；：、…,!?;:—]+|\.(?!\d)|\band\b")
_TITLE = re.compile(r"\b[A-Z][\w'’]+(?:\s+(?:(?:and|of|for|with|the|in|on)\s+)*[A-Z][\w'’]+)+")
_STATES = re.compile(
    r"\s*(?:it|this|that|they|these|those|we|you|there|every(?:one|body)|nobody|some(?:one|body))(?:['’]\w+| \w+)", re.I
)
_PLACEHOLDER = re.compile(r"\$[a-z_]+")
_POINTING = "这那哪的家个您间台款看订住选有是"
_NAMED = "\0"


def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("plain.yaml")
    return loaded


@cache
def plain(lang: Lang) -> frozenset[str]:
    """Words that say nothing by themselves."""
    return _units(_data()[lang], lang) | frozenset(map(_stem, common(lang)))


@cache
def _pairs(domain: Domain, slots: tuple[str, ...]) -> frozenset[str]:
    """Pairs of characters that the Chinese wordings of any act, and of these slots, hold."""
    anybody = phrases.forms(text for words in phrases.general("zh").values() for text in words)
    texts = [*anybody, *_texts(domain, "zh", slots), *_data()["said"]["zh"]]
    return heard.pieces(_PLACEHOLDER.sub(" ", " ".join(texts)))


@cache
def _turns(domain: Domain) -> frozenset[tuple[str, str]]:
    """The pairs of neighbours in what an English host says: the wordings, and the lines of the worked examples."""
    texts = list(phrases.forms(text for words in phrases.general("en").values() for text in words))
    texts += [*_texts(domain, "en", tuple(domain.by_name)), *(each.line for each in worked.every("en"))]
    texts += _data()["said"]["en"]
    clauses = (clause for text in texts for clause in _CLAUSE.split(_PLACEHOLDER.sub(" \0 ", text)))
    return frozenset(pair for clause in clauses for pair in _neighbours(clause))


@lru_cache(1 << 14)
def _neighbours(clause: str) -> tuple[tuple[str, str], ...]:
    """Each word of an English clause with the next one, its two ends among them."""
    words = ["", *map(_stem, re.findall(r"[a-z]+(?:'[a-z]+)?|\0", clause.casefold().replace("’", "'"))), ""]
    return tuple(pairwise(words))


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
        allowed = plain(lang), _units(own, lang), spoken_of(domain, lang, slots)
        marked = self._marked(text, [*(act.value for act in acts), *choices])
        for clause in _CLAUSE.split(marked):
            about = self._is_about(clause, slots)
            new, of = _new(clause, allowed, lang) if about or lang == "en" else self._loose(clause, slots, last)
            if _over(new, of, NEW[lang] if about else LOOSE[lang]) and (of > SHORT[lang] or _states(clause, lang)):
                yield f"nothing vouches for {clause.strip()!r}"
            elif not about and lang == "en" and self._is_turned(clause, acts, last):
                yield f"nobody says {clause.strip()!r}"
        yield from self.unknown_names(marked if lang == "zh" else text, last)  # an address holds names

    def _marked(self, text: str, values: Sequence[str]) -> str:
        """The text with a mark for every name and told value."""
        told = {value for value in values if len(value) > 1}
        for name in sorted(_names(self.known) | told, key=len, reverse=True):
            text = text.replace(name, _NAMED)
        return text

    def _is_about(self, clause: str, slots: Sequence[str]) -> bool:
        names = [name for slot in slots for name in self.known.domain.by_name[slot].names.get(self.known.lang, ())]
        return _NAMED in clause or any(name.casefold() in clause.casefold() for name in names)

    def _loose(self, clause: str, slots: tuple[str, ...], last: str) -> tuple[int, int]:
        """(how many pairs of characters are new in a Chinese clause about no act, how many it is made of)."""
        pairs = heard.pieces(clause)
        return len(pairs - _pairs(self.known.domain, slots) - heard.pieces(last)), len(pairs)

    def _is_turned(self, clause: str, acts: Sequence[Act], last: str) -> bool:
        """An English clause about no act whose words, however plain, nobody puts like this; beside the words that
        the values are made of, and those of their slots, any word may stand."""
        pairs, by_name = _neighbours(clause), self.known.domain.by_name
        spoken = spoken_of(self.known.domain, "en", tuple(act.slot for act in acts if act.slot in by_name))
        free = (_units(" ".join(act.value for act in acts), "en") | spoken) - plain("en")
        said, anybody = {pair for each in _CLAUSE.split(last) for pair in _neighbours(each)}, _turns(self.known.domain)
        new = [pair for pair in pairs if pair not in said and pair not in anybody and not free & {*pair}]
        return _over(len(new), len(pairs), TURNED)

    def unknown_names(self, text: str, last: str) -> Iterator[str]:
        """Names of things that the knowledge does not hold and that were not just said."""
        names = _names(self.known)
        named = (slot for slot in self.known.domain.slots if slot.is_had or slot.kind == "list")
        words = {word for slot in named for word in slot.names.get(self.known.lang, ())}
        for name in sorted(names | words, key=len, reverse=True):
            text = text.replace(name, _NAMED)
        if self.known.lang == "en":
            for found in (match.group() for match in _TITLE.finditer(text)):
                if not self._is_heard_of(found, last):
                    yield f"no {found!r} is known"
            return
        text = _kinds(self.known).sub(_NAMED, text)
        for tail in _tails(self.known):
            for match in re.finditer(re.escape(tail), text):
                head = text[: match.start()][-1:]
                if "一" <= head <= "鿿" and head not in _POINTING:
                    yield f"no {text[max(0, match.start() - 4) : match.end()]!r} is known"

    def _is_heard_of(self, name: str, last: str) -> bool:
        """Whether somebody just said `name`, or a value holds it, or it is a beginning and a name ("Then Corn")."""
        first, *rest = name.split()
        said = heard.plain(name) in heard.plain(last) or heard.plain(name) in _all_values(self.known)
        begins = bool(rest) and _stem(first.casefold()) in plain("en")
        return said or (begins and self._is_heard_of(" ".join(rest), last))


def _new(clause: str, allowed: Iterable[frozenset[str]], lang: Lang) -> tuple[int, int]:
    units = _units(clause, lang)
    return len(units.difference(*allowed)), len(units)


def _over(new: int, of: int, limits: tuple[int, float]) -> bool:
    return new >= limits[0] and new >= limits[1] * of


def _states(clause: str, lang: Lang) -> bool:
    """A clause too short to be anything but an interjection, were it not a statement of something."""
    return lang == "en" and bool(_STATES.match(clause))


@cache
def _choices(known: Known, slots: tuple[str, ...]) -> tuple[str, ...]:
    """What there is to choose from where an agent asks for a wish."""
    return tuple({fact.value: None for fact in known.facts if fact.attribute in slots})


@cache
def _telling(known: Known) -> frozenset[str]:
    """The words of values that are no numbers, without those that say nothing by themselves."""
    said = heard.pieces(" ".join(fact.value for fact in known.facts if fact.number is None))
    return frozenset(piece for piece in said if len(piece) > 1 and not _units(piece, known.lang) <= plain(known.lang))


@cache
def _all_values(known: Known) -> str:
    return " ".join(heard.plain(fact.value) for fact in known.facts)


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
def _kinds(known: Known) -> re.Pattern[str]:
    """The values of categories that stand by themselves: what kind a thing is (双人餐) is no end of a name there."""
    kept = {slot.name for slot in known.domain.slots if slot.kind == "category"}
    kinds = {fact.value for fact in known.facts if fact.attribute in kept}
    some = "|".join(map(re.escape, sorted(kinds, key=len, reverse=True))) or "(?!)"
    return re.compile(rf"(?:(?<![一-鿿])|(?<=[{_POINTING}]))(?:{some})")


@cache
def spoken_of(domain: Domain, lang: Lang, slots: tuple[str, ...]) -> frozenset[str]:
    """The words in which the domain speaks of these slots, of its bookings and of its things."""
    return _units(_PLACEHOLDER.sub(" ", " ".join(_texts(domain, lang, slots))), lang)


def _texts(domain: Domain, lang: Lang, slots: tuple[str, ...]) -> Iterator[str]:
    """How the domain speaks of these slots, of its bookings and of its things."""
    yield from (text for slot in slots for text in _wordings(domain.by_name[slot], lang))
    yield from phrases.forms(text for words in domain.phrases.values() for text in words.get(lang, ()))
    yield from (each.get(lang, "") for each in (domain.entity, domain.names, domain.pronoun))
    yield from (need.words for need in domain.needs.get(lang, ()))


def _wordings(spec: SlotSpec, lang: Lang) -> Iterator[str]:
    told = (spec.tell, spec.tell_yes, spec.tell_no, spec.grant, spec.assure)
    for words in (spec.names, spec.values, spec.ask, spec.want, spec.query, *told):
        yield from phrases.forms(words.get(lang, ()))
    yield spec.unit.get(lang, "")


def _units(text: str, lang: Lang) -> frozenset[str]:
    """Characters of Chinese; words of English, folded to a stem, without numbers."""
    if lang == "zh":
        return frozenset(char for char in heard.plain(text) if not char.isdigit())
    return frozenset(_stem(piece) for piece in heard.pieces(text) if not piece[0].isdigit())


@lru_cache(1 << 14)
def _stem(word: str) -> str:
    word = word.replace("’", "'").removesuffix("'s")
    for ending in ("ing", "ed", "es", "s", "ly"):
        if word.endswith(ending) and len(word) - len(ending) >= 3:
            return word[: -len(ending)]
    return word

"""Is a told value affirmed where it is told? The closed-world check of the clause around it.

The clause that tells a value may hold the value, the names of things, how the domain speaks of the value's slot, what
the general wordings put around a value, and words that neither deny nor bound nor doubt (affirmed.yaml). Any other
word is refused: there is no list of the ways in which a language can take a value back ("hardly", "nowhere near",
"used to be", "哪里是", "算不上"), but there is a short one of what a host needs to tell one. A value with another unit
leaves the unit over, and is refused in the same way. Knows nothing of the facts: whether the value is right is
asked elsewhere (critics/claims.py).
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache, reduce
from typing import Any, NamedTuple

from millstream import heard, phrases, resources, units
from millstream.domain import NO, NONE, YES, SlotSpec
from millstream.labels import Labels
from millstream.records import Act, Lang
from millstream.shapes import Known

TELLING = {"inform", "offer"}
VALUE, NAME = "\0", "\1"
"""What stand for the told value and for the name of a thing while their clause is looked at."""
_CLAUSE = re.compile(r"[，。！？；：,!?;:]\s*|\.(?!\d)|\s[-–—]+\s|——|[…、]")
_STOP = re.compile(r"[。！？!?]|\.(?!\d)")
_PLACED, _TELLS = re.compile(r"\$[a-z_]+"), re.compile(r"\$(?:a_)?value")
_LEADING: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"\s*(?:不过|但是|但|可是|只是)"),
    "en": re.compile(r"\s*(?:but|though|although|however|still|mind you)\b"),
}
"""How a clause is joined to the one before it; says nothing of what is told."""
_WISHED = {"want", "want_money", "want_number", "want_number_low", "want_number_high"}
"""The general wordings of a value that is wished for, and so not told."""
_NOT_TOLD = {"names", "values", "ask", "want", "query", "fear", "settled_by", "unless"}
"""What of the wordings of a slot tells no value."""
_DENIES: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"没|(?<![行能成])不(?!限|管)|无|别|非"),
    "en": re.compile(r"\b(?:not?|nothing|none|nowhere|never|cannot)\b|n't\b"),
}


def _data() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("affirmed.yaml")
    return loaded


@cache
def _listed(kind: str, lang: Lang) -> frozenset[str]:
    return frozenset(_data()[kind][lang].split())


@cache
def _retracted(lang: Lang) -> re.Pattern[str]:
    return re.compile(re.sub(r"\s*\n\s*|(?<=\|)\s+| (?=\|)", "", _data()["retracted"][lang]), re.IGNORECASE)


class Told(NamedTuple):
    """A told value, the clause it stands in with marks for it and for names, the one before that told no number, and
    the whole sentence."""

    act: Act
    clause: str
    before: str
    sentence: str


@dataclass(frozen=True)
class Affirmed:
    """The check for the domain, the names and the language of one run."""

    known: Known

    @cached_property
    def _labels(self) -> Labels:
        return Labels.of(self.known.domain, self.known.lang)

    def faults(self, text: str, acts: Sequence[Act]) -> Iterator[str]:
        """What of `text` takes back, bounds or doubts a value that `acts` tell in it."""
        yields = any(act.act == "notify_failure" for act in acts)
        others = tuple(act.value for act in acts if act.value and not self._is_flag(act))
        for act, clause, *_ in self.clauses(text, acts):
            if left := self._left(_marked(clause, "", others), act, yields):
                yield f"does not affirm {act.value!r}: {left!r}"
        for act in self._told(acts):
            if self._is_flag(act):
                yield from self._of_flag(text, act, acts)
        yield from self._taken_back(text, acts)

    def clauses(self, text: str, acts: Sequence[Act]) -> Iterator[Told]:
        """Each told value with every clause it stands in."""
        others = tuple(act.value for act in acts if act.value and not self._is_flag(act))
        for act in self._told(acts):
            marked = "" if self._is_flag(act) else _marked(text, act.value, _names(self.known), others)
            for sentence in _STOP.split(marked):
                before = ""
                for clause in _CLAUSE.split(sentence):
                    if VALUE in clause:
                        yield Told(act, clause, before, sentence)
                    before = clause if not any(map(str.isdigit, clause)) else before

    def _told(self, acts: Sequence[Act]) -> Iterator[Act]:
        yield from (a for a in acts if a.act in TELLING and a.value and a.slot in self.known.domain.by_name)

    def _is_flag(self, act: Act) -> bool:
        slot = self.known.domain.by_name.get(act.slot)
        lang = self.known.lang
        said = act.value.casefold() in (YES[lang], NO[lang], NONE[lang])
        return slot is not None and said and bool(slot.tell_no or slot.kind == "flag")

    def _left(self, clause: str, act: Act, yields: bool = False, denied: bool = False) -> str:
        """What of a clause nothing vouches for that stands beside a value; a part of a name may."""
        left = _beside(self.known.domain.by_name[act.slot], self.known.lang, yields, denied).left(clause)
        return " ".join(word for word in left if word not in _parts(self.known))

    def _without_others(self, text: str, act: Act, acts: Sequence[Act]) -> str:
        """The text without what is told of other things that are there, or are not, as this one is."""
        slots, lang = self.known.domain.by_name, self.known.lang
        own = slots[act.slot].names.get(lang, ())
        alike = {each.slot for each in acts if self._is_flag(each) and each.value == act.value} - {act.slot}
        names = [name for slot in sorted(alike) for name in slots[slot].names.get(lang, ())]
        names = [name for name in names if not any(name in each for each in own)]
        return reduce(lambda left, name: left.replace(name, " "), sorted(names, key=len, reverse=True), text)

    def _of_flag(self, text: str, act: Act, acts: Sequence[Act]) -> Iterator[str]:
        """A yes is told without any denial, a no with those alone that deny it; of several things in one clause."""
        denied = act.value.casefold() != YES[self.known.lang]
        beside = self._without_others(text, act, acts)
        for clause in _CLAUSE.split(_marked(beside, "", _names(self.known))):
            about = self._labels.speaks_of(clause, act.slot) and not self._is_anybodys(clause)
            if about and (left := self._left(clause, act, denied=denied)):
                yield f"does not say {act.value!r} to {act.slot}: {left!r}"

    def _is_anybodys(self, clause: str) -> bool:
        """Made of the general wordings alone ("I can't go any lower"), and so about no slot."""
        return heard.pieces(clause) <= phrases.small_talk(self.known.lang)

    def _taken_back(self, text: str, acts: Sequence[Act]) -> Iterator[str]:
        """A value called off in the same sentence, or in the next one."""
        sentences = _STOP.split(text)
        for act in self._told(acts):
            for n, sentence in enumerate(sentences):
                near = " ".join(sentences[n : n + 2])
                if VALUE in _marked(sentence, act.value, ()) and (off := _retracted(self.known.lang).search(near)):
                    yield f"takes back {act.value!r}: {off.group()!r}"


@dataclass(frozen=True)
class _Beside:
    """What may stand beside a value: `words` in any order but `never` those, and `phrases` as they are."""

    lang: Lang
    words: re.Pattern[str]
    never: frozenset[str]
    phrases: re.Pattern[str]

    def left(self, clause: str) -> list[str]:
        """The words of `clause` that may not stand there."""
        said = clause.casefold().replace("’", "'")
        said = re.sub(r"(?<=[a-z])'s\b", " is", said) if self.lang == "en" else said
        bare = self.phrases.sub(" ", _LEADING[self.lang].sub(" ", said, count=1))
        return _untiled(bare, self.words, self.never)


@cache
def _beside(spec: SlotSpec, lang: Lang, yields: bool, denied: bool) -> _Beside:
    more = _listed("yielding", lang) if yields else frozenset[str]()
    own = tuple(_fragments(_own(spec, lang, denied)))
    names = [name.casefold() for name in spec.names.get(lang, ())]
    words = _listed("beside", lang) | more | (_listed("denying", lang) if denied else frozenset())
    words |= frozenset(names if lang == "zh" else " ".join([*own, *names]).split())
    never = _listed("reversing", lang) - more - (_listed("denying", lang) if denied else frozenset())
    tiles = _either(words | never, lang)
    said = {*own, *_general(lang), *_data()["together"][lang]}
    return _Beside(lang, tiles, never, _either({each for each in said if _untiled(each, tiles, never)}, lang))


def _untiled(text: str, tiles: re.Pattern[str], never: frozenset[str]) -> list[str]:
    rest = tiles.sub(lambda found: found.group() if found.group() in never else " ", text)
    return re.findall(r"[^\W\d_]+(?:'[^\W\d_]+)?", rest)


def _either(words: Iterable[str], lang: Lang) -> re.Pattern[str]:
    """Any of `words`, the longest first."""
    some = "|".join(map(re.escape, sorted(words, key=len, reverse=True))) or "(?!)"
    return re.compile(some if lang == "zh" else rf"(?<![a-z])(?:{some})(?![a-z])")


def _own(spec: SlotSpec, lang: Lang, denied: bool) -> tuple[str, ...]:
    """How the value of this slot is told; a no in its own way, and a yes in none of that. In Chinese the thing may be
    left out, with what ties it to the rest ("$entity的消费")."""
    kinds = [kind for kind in type(spec).model_fields if kind not in _NOT_TOLD | {"tell_yes" if denied else "tell_no"}]
    kept = [getattr(spec, kind) for kind in kinds]
    every = [words[lang] for words in kept if isinstance(words, dict) and not isinstance(words.get(lang, ""), str)]
    told = [text for wordings in every for text in wordings]
    return tuple(phrases.forms([*told, *(text.replace("$entity的", "") for text in told if "$entity的" in text)]))


@cache
def _general(lang: Lang) -> frozenset[str]:
    """What the general wordings have in the clauses that tell a value."""
    every = phrases.general(lang).items()
    texts = phrases.forms(text for key, texts in every if key not in _WISHED for text in texts)
    return frozenset(_fragments(tuple(text for text in texts if _TELLS.search(text)), lang))


def _fragments(wordings: Iterable[str], told_in: Lang | None = None) -> Iterator[str]:
    """The stretches of words between placeholders; `told_in`: without the clauses that deny in that language, or
    hold what is wished."""
    for wording in wordings:
        for clause in _CLAUSE.split(wording.casefold().replace("’", "'")):
            wished = "$old" in clause and not _TELLS.search(clause)
            if told_in is None or not (wished or _DENIES[told_in].search(clause)):
                yield from (part for each in _PLACED.split(clause) if (part := each.strip()))


def _marked(text: str, value: str, names: Sequence[str], kept: Sequence[str] = ()) -> str:
    """`text` with marks for `value`, as it is spelt or as a number that counts the same, and for `names`; those
    that are `kept` stay, and what stands in them."""

    def mark(found: re.Match[str]) -> str:
        said = found.group().casefold()
        return VALUE if said == value.casefold() else found.group() if said in keep else NAME

    keep = {each.casefold() for each in kept} - {value.casefold()}
    marked = _any(tuple(sorted({value, *names, *kept} - {""}, key=len, reverse=True))).sub(mark, text)
    for start, end in () if VALUE in marked or not value else reversed(list(units.said(marked, value))):
        marked = marked[:start] + VALUE + marked[end:]
    return marked


@lru_cache(1 << 12)  # one for every set of values and names that a turn may speak of
def _any(words: tuple[str, ...]) -> re.Pattern[str]:
    """Any of `words`, each by itself: "2" is neither in "12" nor in "2.5"."""
    return re.compile("|".join(map(_alone, words)) or "(?!)", re.IGNORECASE)


def _alone(word: str) -> str:
    before = r"(?<![a-z0-9.])" if word[0].isascii() and word[0].isalnum() else ""
    after = r"(?![a-z0-9]|\.\d)" if word[-1].isascii() and word[-1].isalnum() else ""
    return before + re.escape(word) + after


@cache
def _parts(known: Known) -> frozenset[str]:
    """The words of English names: a thing may be called by one of them."""
    words = frozenset(re.findall(r"[a-z]{3,}", " ".join(fact.entity for fact in known.facts).casefold()))
    return words - _listed("reversing", "en")


@cache
def _names(known: Known) -> tuple[str, ...]:
    """The names of the entities, whole and, in Chinese, by their parts."""
    whole = {fact.entity for fact in known.facts if fact.entity}
    return tuple(whole | {part for name in whole for part in name.split() if len(part) > 2 and known.lang == "zh"})

"""What a text is about: which known entities and which slots of the domain it names, and whether it asks.

Speech reaches us through a recogniser, so a name may be heard wrongly: what sounds or is spelt nearly alike is
tried where the exact form is absent. This file knows nothing of cues, time or who speaks.
"""

import calendar
import functools
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any, NamedTuple

from rapidfuzz import fuzz

from millstream import resources
from millstream.domain import Domain, SlotSpec
from millstream.mine.find import Hit, Phrases
from millstream.mine.measures import measured
from millstream.mine.words import alike, content, spoken

SIGNS = resources.data("mine/signs.yaml")
_HAN = re.compile("[\u3400-\u9fff]")
_GENERAL = {"menu", "set menu", "room", "board", "house", "special", "standard", "deluxe", "suite", "city"}
_THIS = [this + of for this in "那这" for of in "个款间台套份道种"] + ["呢", "的话"]
"""What follows two characters of a name that stand for the whole of it ("牛蛙那个")."""
_CODE = re.compile(r"(?=\w*[0-9])[a-z]\w+")
_NUMBER, _SENTENCE = re.compile(" ([0-9]+)(?![0-9]|[.,][0-9])"), re.compile(r"(?:^|[.!?:])\W*$")
_DATED = {name.casefold() for name in (*calendar.day_name, *calendar.month_name)}
_NEAR, _LONG, _REMEMBERED = 82, 7, 50_000
_SHORT = 9
"""Characters of a line that asks by naming a slot alone."""


@functools.cache
def sign(kind: str, label: str = "") -> re.Pattern[str]:
    """The pattern of a kind of utterance of signs.yaml."""
    forms = SIGNS[kind][label] if label else SIGNS[kind]
    return re.compile(forms if isinstance(forms, str) else "|".join(forms), re.IGNORECASE)


def asks(text: str) -> bool:
    """Is it worded as a question?"""
    return bool(sign("asks").search(text.strip()))


def objection(text: str) -> str:
    """What a line objects to; "" where it does not."""
    low = text.lower()
    return next((label for label in SIGNS["objects"] if sign("objects", label).search(low)), "")


class About(NamedTuple):
    """The entities and slots a text names, in order of appearance. `strange`: it names a thing that is nearly one of
    them, and with its number is another ("iPhone 8" of "iPhone 12")."""

    entities: tuple[Hit[str], ...]
    slots: tuple[Hit[SlotSpec], ...]
    strange: bool = False

    @property
    def names(self) -> frozenset[str]:
        return frozenset(hit.value for hit in self.entities)

    @property
    def slot_names(self) -> frozenset[str]:
        return frozenset(hit.value.name for hit in self.slots)


class Topics:
    """Finds entities and slots. `known` are the names that tables hold, or, where there are none, `guessed`."""

    def __init__(self, domain: Domain, known: Sequence[str], guessed: bool = False) -> None:
        self.domain, self.guessed = domain, guessed
        self._said = said = {word.casefold() for words in domain.words.values() for word in words}
        general = said | _GENERAL
        self._forms = {
            form: name for form, name in forms(tuple(known)).items() if form not in general or form == spoken(name)
        }
        self._entities = Phrases(self._forms)
        self._numbered = numbered(known)
        self._proper = Phrases({word: name for word, name in proper(known).items() if word not in general})
        words = {name: slot for slot in domain.slots for names in slot.names.values() for name in names}
        if money := next((slot for slot in domain.slots if slot.kind == "money"), None):
            words = dict.fromkeys(SIGNS["money"], money) | words
        self._slots = Phrases(words)
        self._heard = [(word, slot) for word, slot in words.items() if len(word) > 1 and _HAN.match(word)]
        self._words = Phrases({word: word for word in said})
        self._cache: dict[str, About] = {}

    def about(self, text: str) -> About:
        if text not in self._cache:
            if len(self._cache) >= _REMEMBERED:
                self._cache.clear()
            plain = spoken(text)
            others = self._others(plain)
            exact = (*self._entities.found(plain), *self._proper_in(text, plain))
            own = sorted({hit for hit in exact if all(_apart(hit, other) for other in others)})
            entities = tuple(own) or (() if others else self._misheard(plain))
            slots = tuple(self._slots.found(plain))
            heard = (hit for hit in self._misheard_slots(plain) if all(_apart(hit, each) for each in slots))
            named = tuple(sorted((*slots, *heard), key=lambda hit: hit.start))
            self._cache[text] = About(entities, named, bool(others) and not entities)
        return self._cache[text]

    def words(self, text: str) -> frozenset[str]:
        """The words of the domain that stand in a text."""
        return frozenset(hit.value for hit in self._words.found(spoken(text)))

    def promises(self, text: str) -> bool:
        """Does it hold a word that promises something?"""
        low = text.casefold()
        return any(word.casefold() in low for words in self.domain.claims.values() for word in words)

    def wants(self, text: str) -> bool:
        """Does a line ask, want or object, whatever it is about?"""
        low = text.lower()
        if asks(text) or sign("wants").search(low) or objection(text):
            return True
        return len(text) <= _SHORT and bool(self.about(text).slots)

    def relevant(self, text: str) -> bool:
        """Does it speak of this domain at all?"""
        about = self.about(text)
        return bool(about.entities or about.slots or self.words(text))

    def _others(self, text: str) -> list[Hit[frozenset[str]]]:
        """Where a name stands with a number that no name has behind it."""
        units = {each.start for each in measured(text) if each.kind}
        return [
            hit
            for hit in self._numbered.found(text)
            if (number := _NUMBER.match(text, hit.end))
            and number[1] not in hit.value
            and number.start(1) not in units
            and any(abs(len(number[1]) - len(own)) <= 1 for own in hit.value)
        ]

    def _proper_in(self, text: str, plain: str) -> Iterator[Hit[str]]:
        """A word that one name alone has, written as a name within a sentence ("except the Nokia")."""
        for hit in self._proper.found(plain) if len(text) == len(plain) else ():
            covered = any(not _apart(hit, other) for other in self._entities.found(plain))
            if text[hit.start].isupper() and not _SENTENCE.search(text[: hit.start]) and not covered:
                yield hit

    def _misheard(self, text: str) -> tuple[Hit[str], ...]:
        """An entity of at least two words whose words are nearly spelt so ("trot toast", "feta" as "fetter")."""
        best: tuple[float, Hit[str]] | None = None
        for form, name in self._forms.items():
            if len(form) < _LONG or _HAN.search(form) or " " not in form:
                continue
            found = fuzz.partial_ratio_alignment(form, text, score_cutoff=_NEAR)
            if found and found.dest_end - found.dest_start > len(form) - 2 and (not best or found.score > best[0]):
                best = found.score, Hit(found.dest_start, found.dest_end, name)
        return (best[1],) if best else ()

    def _misheard_slots(self, text: str) -> Iterator[Hit[SlotSpec]]:
        han = [at for at, char in enumerate(text) if not char.isascii()]
        for word, slot in self._heard if han else ():
            for at in han:
                heard = text[at : at + len(word)]
                if alike(word, heard) and heard not in self._said:
                    yield Hit(at, at + len(word), slot)


def _apart(one: Hit[Any], other: Hit[Any]) -> bool:
    return one.end <= other.start or other.end <= one.start


@functools.lru_cache(4)
def topics_of(domain: Domain, known: tuple[str, ...]) -> Topics:
    """The topics of known names, made once for all recordings of a run."""
    return Topics(domain, known)


@functools.lru_cache(8)  # every recording of a run asks for the same names
def forms(known: tuple[str, ...]) -> Mapping[str, str]:
    """The ways each known name is said: whole, without what all names share, and by parts no other name has."""
    names = sorted({name.strip() for name in known if name.strip()})
    whole, shared = {spoken(name): name for name in names}, _shared(names)
    parts = {name: set(_parts(spoken(name), shared)) for name in names}
    uses = Counter(part for own in parts.values() for part in own)
    short = {part: name for name in names for part in sorted(parts[name]) if uses[part] == 1}
    return short | whole


def proper(known: Iterable[str]) -> dict[str, str]:
    """The Latin words that are written as names and that one name alone has, with that name."""
    words = {name: set(re.findall(r"\b[A-Z][\w']+", name)) for name in dict.fromkeys(known)}
    uses = Counter(word.casefold() for own in words.values() for word in own)
    return {
        word.casefold(): name.strip()
        for name, own in words.items()
        for word in sorted(own)
        if uses[word.casefold()] == 1 and content(word) and word.casefold() not in _DATED
    }


def numbered(known: Iterable[str]) -> Phrases[frozenset[str]]:
    """The words of names before their number, with the numbers that names have there: whoever says another, with no
    unit of its own, speaks of another thing."""
    found: dict[str, set[str]] = defaultdict(set)
    for name in known:
        words = spoken(name).split()
        for at, word in enumerate(words[1:], 1):
            for first in range(at) if word.isdigit() else ():
                found[" ".join(words[first:at])].add(word)
    return Phrases({words: frozenset(numbers) for words, numbers in found.items()})


def _shared(names: list[str]) -> str:
    """The beginning (a brand) that most names share; of Latin letters only whole words."""
    starts = Counter(said[:size] for name in names for said in (spoken(name),) for size in range(2, len(name)))
    often = [start for start, count in starts.items() if count >= max(2, 0.6 * len(names))]
    often = [start for start in often if start[-1] == " " or not start[-1].isascii()]
    return max(often, key=len, default="")


def _parts(name: str, shared: str) -> Iterable[str]:
    if shared and name.startswith(shared) and len(name) - len(shared) > 1:
        yield name[len(shared) :].strip()
    for run in re.findall("[\u3400-\u9fff]{4,}", name):
        yield from (run[i : i + size] for size in range(3, len(run) + 1) for i in range(len(run) - size + 1))
    for run in re.findall("[\u3400-\u9fff]{3,}", name):
        yield from (run[i : i + 2] + this for i in range(len(run) - 1) for this in _THIS)
        yield run[-2:] if len(run) > 3 else run
    words = re.findall(r"[a-z][\w']+", name) if not _HAN.search(name) else []
    yield from (word for word in words if _CODE.fullmatch(word))
    for size in range(2, len(words)):
        starts = (words[i : i + size] for i in range(len(words) - size + 1))
        yield from (" ".join(part) for part in starts if content(part[0]) and content(part[-1]))
    for at, word in enumerate(words):
        if content(word) and (len(word) > 7 if at == 0 else len(word) > 3):
            yield from (word, word.removesuffix("s"))
            if at == len(words) - 1:
                yield word.removesuffix("s") + "s"

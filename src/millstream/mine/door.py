"""Privacy at the door: what passes here is all that any later step, and any model, ever sees of a recording.

Authors and speakers become keyed pseudonyms, names said aloud too where they can be recognised (aloud.py); numbers and
addresses of people are masked (personal.py); messages of minors are dropped, and recordings made for them (minors.py).
Names, values and minors are known only at the end, so this takes two passes over the cues of one recording, held in
memory. Knows nothing of domains or meaning.
"""

import functools
import hmac
import re
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from itertools import chain
from typing import NamedTuple

from millstream import resources
from millstream.mine import minors, personal
from millstream.mine.aloud import Aloud, Heard
from millstream.mine.find import Hit, fold
from millstream.mine.stretches import holds, within
from millstream.records import Cue

_WORDS = resources.data("mine/door.yaml")
_ROLE = re.compile(
    rf"(?:{'|'.join(map(re.escape, _WORDS['roles']))})[\s_-]*\d{{0,3}}|s(?:pk|peaker)?[\s_-]*\d{{1,3}}",
    re.IGNORECASE,
)
_PARTS = {"LEAD": "lead", "LOW": "low", "SUR": "surname", "GIV": "given"}
_I_AM = {
    track: re.compile(re.sub("|".join(_PARTS), lambda part: _WORDS[_PARTS[part[0]]], "|".join(forms)))
    for track, forms in _WORDS["i_am"].items()
}
_TITLES = ("Mr", "Ms", "Miss", "Dr", "Prof")
_PART = "[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+(?:[A-ZÀ-ÖØ-Þ][a-zß-öø-ÿ]+)*"
_NAME = rf"(?:{_PART}|[A-Z](?=['’]))(?:['’](?!(?:s|d|ll|ve|re)\b)(?:{_PART}|[a-zß-öø-ÿ]+)|-{_PART})*"
"""O'Brien, McDonald, Anna-Maria; "Smith's" is Smith."""
_TITLED = re.compile(rf"\b(?:Mr|Mrs|Ms|Miss|Dr|Prof)\.? (?!(?:{_WORDS['titled']})\b)({_NAME}(?: {_NAME})?)")
_LETTERS = re.compile(r" [A-Za-z][ .-][A-Za-z][ .-][A-Za-z]\b")
_SPELT = re.compile(
    r"(?i)\b(?:i'?m|i am|this is|names?(?:'s| is)?|under|for|mr|mrs|ms|dr)\.? (?:[a-z]+ )?"
    r"([a-z]{3,}),? ((?:[a-z][ .-]){2,}[a-z])\b"
)
_SAYS = re.compile(
    "我|人|名|姓|里是|来到|[请老师医教主经先女大][问师傅生练任理士夫]|[Ss]peaking |[Gg]ood (?:mor|eve|aft)"
    "|[Nn]ame|under|booked|[Tt]his is|Mr|M[si]s? |Dr|Prof"
    "|[Ii]'?m |[Ii] am|[Ii]t's|[Ii]t is|host| me |[Ff]or | here|, [A-Z]"
)
_SHORTEST = 6
"""Characters of a number or handle that is known again where nothing beside it says what it is."""


class Looked(NamedTuple):
    """What one text says by itself: what of it belongs to somebody, where somebody is named, whether its writer is a
    minor, and whether it may introduce somebody."""

    hits: list[Hit[str]]
    named: list[Hit[str]]
    young: bool
    introduces: bool


Look = Callable[[str], Looked]


def looking(find: Callable[[str], list[Hit[str]]]) -> Look:
    """A look by which `find` says what is personal in a text."""

    @functools.lru_cache(1 << 15)
    def look(text: str) -> Looked:
        found = within(text, find)
        named = [hit for hit in found if hit.value == personal.NAME]
        hits = [hit for hit in found if hit.value != personal.NAME] if named else found
        return Looked(hits, named, holds(text, minors.is_young), _SAYS.search(text) is not None)

    return look


looked = looking(personal.found)


class Door:
    """One recording at the door. `keep` are words that stay though an author is called so (entity names)."""

    def __init__(self, cues: Sequence[Cue], key: bytes, keep: Collection[str] = (), look: Look = looked) -> None:
        self.cues, self._key = cues, key
        self._known: dict[str, str] = {}
        texts = dict.fromkeys(cue.text for cue in cues)  # a chat says the same again: each is looked at once
        told = {text: look(text) for text in texts}
        self._own = {text: each.hits for text, each in told.items() if each.hits}
        young = {text for text, each in told.items() if each.young}
        self._young = {n for n, cue in enumerate(cues) if cue.text in young and (cue.author or cue.track != "speech")}
        self._minors = {cues[n].author for n in self._young} - {""}
        introducing = [cue for cue in cues if told[cue.text].introduces]
        spoken = {cue.text for cue in cues if cue.track == "speech"}
        aloud = Aloud(self._names(introducing), Heard(texts, spoken), self._values(), {fold(word) for word in keep})
        self._called = {text: called for text in texts if (called := list(aloud.found(text)))}
        named = ((text, hit._replace(value=text[hit.start : hit.end])) for text in texts for hit in told[text].named)
        people = (each for each in named if self._is_somebody(each[1].value, keep))
        titled = (each for each in _titled(introducing) if self._is_somebody(each[1].value, keep))
        for text, hit in chain(_surnames(introducing), titled, people):
            self._called.setdefault(text, []).append(hit._replace(value=self.pseudonym(hit.value)))

    def _names(self, introducing: Iterable[Cue]) -> dict[str, str]:
        """Everybody who is heard of, under their pseudonyms."""
        said = {name for cue in self.cues for name in (cue.author, cue.speaker)} | set(_introduced(introducing))
        return {name: told for name in sorted(said) if (told := self.pseudonym(name)) != name}

    def _is_somebody(self, name: str, keep: Collection[str]) -> bool:
        """Neither a role nor a part of what a thing is called."""
        part = re.compile(rf"(?<![a-z0-9]){re.escape(fold(name))}(?![a-z0-9])")
        return self.pseudonym(name) != name and not any(part.search(fold(word)) for word in keep)

    def _values(self) -> dict[str, str]:
        """Numbers and handles that stand somewhere beside what says so: they are the same where nothing does."""
        found = ((cue.text, hit) for cue in self.cues if cue.text in self._own for hit in self._own[cue.text])
        told = ((text[hit.start : hit.end], hit.value) for text, hit in found)
        hits = sorted(told, key=lambda each: each[1] != "handle")  # where a platform is named somewhere, that counts
        return {fold(text): kind for text, kind in hits if len(text) >= _SHORTEST and any(map(str.isdigit, text))}

    def closed(self, title: str = "") -> str:
        """Why nothing of the recording may pass: it is made for children. "" where it may."""
        viewers = len({cue.author for cue in self.cues if cue.author})
        return minors.made_for(title, self.cues, len(self._minors), viewers)

    def is_young(self, n: int) -> bool:
        """Is cue `n` by somebody who says or shows, here or elsewhere, to be a minor?"""
        return n in self._young or self.cues[n].author in self._minors

    def found(self, n: int) -> list[Hit[str]]:
        """What is not to be seen of cue `n`: kinds of personal.KINDS, and pseudonyms where a name stands."""
        text = self.cues[n].text
        own, called = self._own.get(text, []), self._called.get(text)
        return personal.chosen([*called, *own]) if called else own

    def admitted(self, notes: Counter[str]) -> Iterator[Cue]:
        """The cues as they may be seen. Cue numbers keep their gaps, so evidence stays true to the source."""
        for n, cue in enumerate(self.cues):
            if self.is_young(n):
                notes["minor"] += 1
                continue
            text = masked(cue.text, self.found(n), notes)
            author, speaker = self.pseudonym(cue.author), self.pseudonym(cue.speaker)
            yield _changed(cue, {"text": text, "author": author, "speaker": speaker})

    def pseudonym(self, name: str) -> str:
        known = self._known.get(name)
        if known is None:
            known = self._known[name] = pseudonym(name, self._key)
        return known


def admit(
    cues: Sequence[Cue], key: bytes, notes: Counter[str], keep: Collection[str] = (), title: str = ""
) -> Iterator[Cue]:
    """The cues as they may be seen. `keep` are words that stay though an author is called so (entity names).

    `notes` counts "minor" (messages dropped), "named" (names said aloud) and "masked KIND". Of a recording that is made
    for children, by its `title` or its cues, nothing passes: "for children" counts its cues.
    """
    door = Door(cues, key, keep)
    if door.closed(title):
        notes["for children"] += len(cues)
        return iter(())
    return door.admitted(notes)


def masked(text: str, hits: Sequence[Hit[str]], notes: Counter[str]) -> str:
    """The text with masks and pseudonyms in their places."""
    done, out = 0, []
    for hit in hits:
        is_kind = hit.value in personal.KINDS
        notes[f"masked {hit.value}" if is_kind else "named"] += 1
        out += [text[done : hit.start], f"[{hit.value}]" if is_kind else hit.value]
        done = hit.end
    return "".join([*out, text[done:]]) if out else text


def _changed(cue: Cue, seen: dict[str, str]) -> Cue:
    """`cue.model_copy(update=seen)`, by hand: a third of the door's time was pydantic's copying."""
    content = {**cue.__dict__, **seen}
    content.pop("id", None)  # worked out from the old content
    copied = Cue.__new__(Cue)
    object.__setattr__(copied, "__dict__", content)
    given = cue.__pydantic_fields_set__
    object.__setattr__(copied, "__pydantic_fields_set__", given if given >= seen.keys() else given | seen.keys())
    object.__setattr__(copied, "__pydantic_extra__", None)
    object.__setattr__(copied, "__pydantic_private__", None)
    return copied


def _introduced(cues: Iterable[Cue]) -> Iterator[str]:
    """The names by which those who speak or write introduce themselves."""
    return (hit.value for _, hit in _introductions(cues))


def _surnames(cues: Sequence[Cue]) -> Iterator[tuple[str, Hit[str]]]:
    """Names of one character, and letters of a name: they are somebody's in this place alone."""
    found = dict.fromkeys(_introductions(cues))
    yield from ((text, hit) for text, hit in found if len(hit.value) == 1 or hit.end - hit.start > len(hit.value))


def _titled(cues: Sequence[Cue]) -> Iterator[tuple[str, Hit[str]]]:
    """Names behind a title."""
    for text in dict.fromkeys(cue.text for cue in cues if any(title in cue.text for title in _TITLES)):
        yield from ((text, Hit(*each.span(1), each[1])) for each in _TITLED.finditer(text))


def _introductions(cues: Iterable[Cue]) -> Iterator[tuple[str, Hit[str]]]:
    for cue in cues:
        for track, form in _I_AM.items():
            if track == "any" or (track == "speech") == (cue.track == "speech"):
                for match in form.finditer(cue.text):
                    group = match.lastindex or 0
                    yield cue.text, Hit(*match.span(group), match[group])
        yield from ((cue.text, hit) for hit in _spelt(cue.text))


def _spelt(text: str) -> Iterator[Hit[str]]:
    """A name whose letters follow it, and the letters: "felwick f e l w i c k"."""
    for match in _SPELT.finditer(text) if _LETTERS.search(text) else ():
        if re.sub("[^a-z]", "", match[2].lower()) == match[1].lower():
            yield Hit(*match.span(1), match[1])
            yield Hit(*match.span(2), match[1])


def pseudonym(name: str, key: bytes) -> str:
    """A stable stand-in for a name under one key. A role ("host", "SPEAKER_01") names nobody and stays."""
    if not name or _ROLE.fullmatch(name):
        return name
    return "v" + hmac.digest(key, name.strip().casefold().encode(), "sha256").hex()[:6]

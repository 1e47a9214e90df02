"""Privacy at the door: what passes here is all that any later step, and any model, ever sees of a recording.

Authors and speakers become keyed pseudonyms, names said aloud too where they can be recognised; numbers and
addresses of people are masked; messages of self-declared minors are dropped. Names and minors are known only
at the end, so this takes two passes over the cues of one recording, held in memory. This file knows nothing
of domains or meaning; its words and patterns are in door.yaml.
"""

import hashlib
import hmac
import re
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from importlib.resources import files

import yaml

from millstream.records import Cue

_WORDS = yaml.safe_load((files("millstream") / "mine" / "door.yaml").read_text(encoding="utf-8"))
_HAN = re.compile("[\u4e00-\u9fff]")
_COMMON = {word.casefold() for words in _WORDS["common"].values() for word in words}
_ROLE = re.compile(
    rf"(?:{'|'.join(map(re.escape, _WORDS['roles']))})[\s_-]*\d{{0,3}}|s(?:pk|peaker)?[\s_-]*\d{{1,3}}",
    re.IGNORECASE,
)
_MASKS = {kind: re.compile("|".join(forms), re.IGNORECASE) for kind, forms in _WORDS["masks"].items()}
_MINOR = re.compile("|".join(_WORDS["minor"]), re.IGNORECASE)


def admit(cues: Sequence[Cue], key: bytes, notes: Counter[str], keep: Collection[str] = ()) -> Iterator[Cue]:
    """The cues as they may be seen. `keep` are words that stay though an author is called so (entity names).

    `notes` counts "minor" (messages dropped), "named" (names said aloud) and "masked KIND". Cue numbers keep
    their gaps, so evidence stays true to the source.
    """
    young = {cue.author for cue in cues if cue.author and _MINOR.search(cue.text)}
    said = {cue.author for cue in cues} | {cue.speaker for cue in cues}
    names = _Names(said, key, {_fold(word) for word in keep})
    for cue in cues:
        if cue.author in young or (cue.track != "speech" and _MINOR.search(cue.text)):
            notes["minor"] += 1
            continue
        text = mask(names.hide(cue.text, notes), notes)
        author, speaker = pseudonym(cue.author, key), pseudonym(cue.speaker, key)
        yield cue.model_copy(update={"text": text, "author": author, "speaker": speaker})


def pseudonym(name: str, key: bytes) -> str:
    """A stable stand-in for a name under one key. A role ("host", "SPEAKER_01") names nobody and stays."""
    if not name or _ROLE.fullmatch(name):
        return name
    return "v" + hmac.new(key, name.strip().casefold().encode(), hashlib.sha256).hexdigest()[:6]


def mask(text: str, notes: Counter[str]) -> str:
    """The text without mail addresses, messenger ids, identity and card numbers, phones and plates."""
    for kind, pattern in _MASKS.items():
        text, count = pattern.subn(f"[{kind}]", text)
        if count:
            notes[f"masked {kind}"] += count
    return text


class _Names:
    """The names of a recording, found in its texts by their first two characters."""

    def __init__(self, names: Iterable[str], key: bytes, keep: set[str]) -> None:
        self._key, self._keep = key, keep
        self._by_start: dict[str, list[tuple[str, str]]] = {}
        for name in sorted(names):
            for form in _forms(name):
                self._by_start.setdefault(form[:2], []).append((form, name))
        for forms in self._by_start.values():
            forms.sort(key=lambda pair: -len(pair[0]))

    def hide(self, text: str, notes: Counter[str]) -> str:
        folded, done, out = _fold(text), 0, []
        for at in range(len(text) - 1):
            if at >= done and (hit := self._at(folded, at)):
                out += [text[done:at], pseudonym(hit[1], self._key)]
                done = at + len(hit[0])
                notes["named"] += 1
        return "".join([*out, text[done:]])

    def _at(self, text: str, at: int) -> tuple[str, str] | None:
        for form, name in self._by_start.get(text[at : at + 2], ()):
            addressed = at > 0 and text[at - 1] in "@＠"
            if text.startswith(form, at) and (addressed or not self._usual(form)) and _alone(text, at, form):
                return form, name
        return None

    def _usual(self, form: str) -> bool:
        figures = not any(char.isalpha() for char in form)
        return figures or form in _COMMON or any(form in word for word in self._keep)


def _forms(name: str) -> set[str]:
    """How a name may be said: whole, and without the digits and ornaments around it."""
    whole = _fold(name.strip().lstrip("@"))
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", whole)
    short = {core} if len(core) >= (2 if _HAN.search(core) else 4) else set()
    whole_is_long = len(whole) >= (2 if _HAN.search(whole) else 3)
    return set() if _ROLE.fullmatch(name) else ({whole} if whole_is_long else set()) | short


def _alone(text: str, at: int, form: str) -> bool:
    """A Latin name ends where a word ends; Chinese has no such border."""
    before, after = text[at - 1 : at], text[at + len(form) : at + len(form) + 1]
    return not (_latin(form[0]) and _latin(before)) and not (_latin(form[-1]) and _latin(after))


def _latin(char: str) -> bool:
    return char.isascii() and char.isalnum()


def _fold(text: str) -> str:
    return "".join(low if len(low := char.lower()) == 1 else char for char in text)

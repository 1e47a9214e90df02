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

from millstream.mine.find import Phrases, fold
from millstream.records import Cue

_WORDS = yaml.safe_load((files("millstream") / "mine" / "door.yaml").read_text(encoding="utf-8"))
_HAN = re.compile("[\u4e00-\u9fff]")
_COMMON = {word.casefold() for words in _WORDS["common"].values() for word in words}
_ROLE = re.compile(
    rf"(?:{'|'.join(map(re.escape, _WORDS['roles']))})[\s_-]*\d{{0,3}}|s(?:pk|peaker)?[\s_-]*\d{{1,3}}",
    re.IGNORECASE,
)
_MASKS = {kind: re.compile("|".join(forms), re.IGNORECASE) for kind, forms in _WORDS["masks"].items()}
_I_AM = re.compile("|".join(_WORDS["i_am"]))
_MINOR = re.compile("|".join(_WORDS["minor"]), re.IGNORECASE)


def admit(cues: Sequence[Cue], key: bytes, notes: Counter[str], keep: Collection[str] = ()) -> Iterator[Cue]:
    """The cues as they may be seen. `keep` are words that stay though an author is called so (entity names).

    `notes` counts "minor" (messages dropped), "named" (names said aloud) and "masked KIND". Cue numbers keep
    their gaps, so evidence stays true to the source.
    """
    young = {cue.author for cue in cues if cue.author and _MINOR.search(cue.text)}
    said = {cue.author for cue in cues} | {cue.speaker for cue in cues} | _introduced(cues)
    names = _Names(said, key, {fold(word) for word in keep})
    for cue in cues:
        if cue.author in young or (cue.track != "speech" and _MINOR.search(cue.text)):
            notes["minor"] += 1
            continue
        text = mask(names.hide(cue.text, notes), notes)
        author, speaker = pseudonym(cue.author, key), pseudonym(cue.speaker, key)
        yield cue.model_copy(update={"text": text, "author": author, "speaker": speaker})


def _introduced(cues: Iterable[Cue]) -> set[str]:
    """The names by which those who speak introduce themselves."""
    found = (match for cue in cues if cue.track == "speech" for match in _I_AM.finditer(cue.text))
    return {next(filter(None, match.groups())) for match in found}


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
    """The names of a recording, found in its texts."""

    def __init__(self, names: Iterable[str], key: bytes, keep: set[str]) -> None:
        self._keep = keep
        known = sorted(names)
        uses = Counter(part for name in known for part in _parts(name))
        parts = {part: pseudonym(name, key) for name in known for part in _parts(name) if uses[part] == 1}
        whole = {form: pseudonym(name, key) for name in known for form in _forms(name)}
        self._parts = parts.keys() - whole.keys()
        self._forms = Phrases(parts | whole)

    def hide(self, text: str, notes: Counter[str]) -> str:
        def is_name(form: str, at: int) -> bool:
            """A part of a Latin name is one only where it is written with a capital."""
            written = form not in self._parts or not text[at].islower()
            return text[at - 1 : at] in ("@", "＠") or (written and self._rare(form))

        done, out = 0, []
        for hit in self._forms.found(text, is_name):
            out += [text[done : hit.start], hit.value]
            done = hit.end
            notes["named"] += 1
        return "".join([*out, text[done:]])

    def _rare(self, form: str) -> bool:
        spelt = any(char.isalpha() for char in form)
        return spelt and form not in _COMMON and not any(form in word for word in self._keep)


def _parts(name: str) -> set[str]:
    """What a host makes of a name: "Nadia" of nutfree_nadia, 老周 of 老周跑长途."""
    words = re.findall(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}", name) if len(name) > 3 else []
    called = set(re.findall("(?=([老小阿][\u4e00-\u9fff]))", name))
    return ({fold(word) for word in words if len(word) > 2} | called) - _COMMON - {fold(name)}


def _forms(name: str) -> set[str]:
    """How a name may be said: whole, and without the digits and ornaments around it."""
    whole = fold(name.strip().lstrip("@"))
    core = re.sub(r"^[\W\d_]+|[\W\d_]+$", "", whole)
    short = {core} if len(core) >= (2 if _HAN.search(core) else 4) else set()
    whole_is_long = len(whole) >= (2 if _HAN.search(whole) else 3)
    return set() if _ROLE.fullmatch(name) else ({whole} if whole_is_long else set()) | short

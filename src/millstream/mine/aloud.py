"""The names of a recording, found where they are said: whole, as it is read aloud, or by a part that only one bears.

"nutfree_nadia" is heard as "Nadia", "nutfree nadia" or @nutfree_nadia; 老周跑长途 as 老周. Knows nothing of who is
young and what else belongs to a person; words that are also names are in door.yaml.
"""

import re
import string
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import pairwise

from millstream import resources
from millstream.mine.find import Hit, Phrases, fold

_WORDS = resources.data("mine/door.yaml")
_HAN = re.compile("[\u4e00-\u9fff]")
_COMMON = {word.casefold() for words in _WORDS["common"].values() for word in words}
_PIECE = re.compile(r"[A-Z]?[a-z]+|[A-Z]+(?![a-z])|\d+")
_WORD = re.compile(r"[A-Z]?[a-z]{2,}|[A-Z]{3,}")
_CALLED = re.compile(f"(?=([老小阿][\u4e00-\u9fff]|{_WORDS['surname']}(?:[哥姐叔总姨]|师傅)))")
_ORNAMENTS = string.punctuation + string.digits + string.whitespace
_RUN = re.compile("[a-z0-9]+")
_ENDS = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_DIGIT = re.compile("[0-9]")
_READ_ZH = tuple(str.maketrans("0123456789", f"零{one}二三四五六七八九") for one in "一幺")
_LONG = 7
"""Letters of a name in one piece that is looked for in several words."""
_GREETS = re.compile(
    r"\b(?:hi|hey|hello|hiya|thanks|thank you|thank u|ty|cheers|welcome|welcome back|shout ?out to"
    r"|question from|question|answer(?:ing)?|sorry|good to see you(?: again)?|congrats|congratulations(?: to)?"
    r"|happy birthday|good (?:night|morning))[ ,]+$"
)
_ASKS = re.compile(
    r"[ ,]+(?:asks?|asked|asking|is asking|says?|said|wants|wanted|wonders|welcome|thank"
    r"|you (?:asked|said|wanted|were asking)|to your point|just (?:subscribed|followed|joined|tipped))\b"
)
_BESIDE = 40
"""Characters before and behind a name in which it is seen that somebody is spoken to."""
_LEET = str.maketrans("0134", "oiea")
_LIKE_A_WORD = {"2": "to", "4": "for", "8": "ate"}
_ONES = ["zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine"]
_TEENS = ["ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"]
_TENS = ["twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety"]


class Heard:
    """The words of all texts, and each two Chinese characters that stand side by side: a name none of which is among
    them is said nowhere, and need not be looked for."""

    def __init__(self, texts: Iterable[str], spoken: Collection[str] = ()) -> None:
        self._words: set[str] = set()
        self._pairs: set[str] = set()
        self.apart: dict[str, list[str]] = {}
        for text in texts:
            words = _RUN.findall(text.lower())
            self._words.update(words)
            if text in spoken:
                self.apart |= {"".join(some): some for n in (2, 3) for some in _grams(words, n)}
            if not text.isascii():
                self._pairs.update(map("".join, pairwise(fold(text))))

    def may_hold(self, name: str, pieces: Sequence[str]) -> bool:
        low = fold(name)
        if not name.isascii():
            return any(first + second in self._pairs for first, second in pairwise(low))
        begin = _RUN.search(low)
        words = [piece.lower() for piece in pieces if len(piece) > 2 and piece.isalpha()]
        if any(word in self.apart for word in words):
            return True
        return not self._words.isdisjoint((begin[0] if begin else "", low.strip(_ORNAMENTS), *words))


def _grams(words: Sequence[str], n: int) -> Iterator[list[str]]:
    """So many words in a row that may be a name written as one: "copper kettle" for copperkettle."""
    for at in range(len(words) - n + 1):
        some = list(words[at : at + n])
        if sum(map(len, some)) >= _LONG and min(map(len, some)) > 1:
            yield some


class Aloud:
    """Finds names by what each is to be replaced with. `values` are other strings that count wherever they stand."""

    def __init__(self, names: Mapping[str, str], heard: Heard, values: Mapping[str, str], keep: set[str]) -> None:
        self._keep = keep
        whole: dict[str, str] = {}
        parts: dict[str, str] = {}
        uses: Counter[str] = Counter()
        for name, told in names.items():
            pieces = _PIECE.findall(_unleet(name)) if name.isascii() else ()
            if not heard.may_hold(name, pieces):
                continue
            pieces = [word for piece in pieces for word in heard.apart.get(piece.lower(), [piece])]
            some = _parts(name, pieces)
            uses.update(some)
            parts.update(dict.fromkeys(some, told))
            whole.update(dict.fromkeys(_forms(name, pieces), told))
        self._parts = {part: told for part, told in parts.items() if uses[part] == 1 and part not in whole}
        self._values = values.keys() - self._parts.keys() - whole.keys()
        self._forms = Phrases(dict(values) | self._parts | whole)

    def found(self, text: str) -> Iterator[Hit[str]]:
        def is_name(form: str, at: int) -> bool:
            """A part of a Latin name is one only where it is written with a capital."""
            written = form not in self._parts or not text[at].islower() or _is_spoken_to(text, at, form)
            return form in self._values or text[at - 1 : at] in ("@", "＠") or (written and self._rare(form))

        return self._forms.found(text, is_name)

    def _rare(self, form: str) -> bool:
        spelt = any(char.isalpha() for char in form)
        return spelt and form not in _COMMON and not any(form in word for word in self._keep)


def _is_spoken_to(text: str, at: int, form: str) -> bool:
    """Greeted, thanked or quoted: what speech without capitals shows of a name."""
    before, behind = text[max(0, at - _BESIDE) : at].lower(), text[at + len(form) : at + len(form) + _BESIDE].lower()
    return _GREETS.search(before) is not None or _ASKS.match(behind) is not None


def _unleet(name: str) -> str:
    """Johnny5 of J0hnny5: a digit between letters that stands for one."""
    return re.sub("(?<=[A-Za-z])[013](?=[a-z])", lambda digit: digit[0].translate(_LEET), name)


def _parts(name: str, pieces: Sequence[str]) -> set[str]:
    """What a host makes of a name: "Nadia" of nutfree_nadia, 老周 of 老周跑长途."""
    if len(name) <= 3:
        return set()
    if name.isascii():
        words = {piece.lower() for piece in pieces if len(piece) > 2 and piece.isalpha()}
    else:
        words = {fold(word) for word in _WORD.findall(name)} | set(_CALLED.findall(name))
    return words - _COMMON - {fold(name)} if words else words


def _forms(name: str, pieces: Sequence[str]) -> set[str]:
    """How a name may be said: whole, without the digits and ornaments around it, and piece by piece."""
    whole = fold(name.strip().lstrip("@"))
    core = whole.strip(_ORNAMENTS) if whole.isascii() else _ENDS.sub("", whole)
    forms = _read_aloud(pieces) if len(pieces) > 1 else set()
    if len(core) >= 4 or (len(core) >= 2 and _HAN.search(core)):
        forms.add(core)
    if _DIGIT.search(whole):
        forms |= {re.sub("[\\W_]", "", whole).translate(said) for said in _READ_ZH}
    if len(whole) >= 3 or (len(whole) >= 2 and _HAN.search(whole)):
        forms.add(whole)
    return forms


def _read_aloud(pieces: Sequence[str]) -> set[str]:
    """ "big tuna", "big tuna seventy seven" and "big tuna seven seven" of big_tuna_77."""
    words = " ".join([piece.lower() for piece in pieces if piece.isalpha()])
    if len(words) < 4:
        return set()
    said = {words} if " " in words and len(words) > 6 else set()
    ways = range(4) if any(piece.isdigit() for piece in pieces) else range(1)
    return said | {" ".join([_said(piece, way) for piece in pieces]) for way in ways}


def _said(piece: str, way: int) -> str:
    """A piece of a name as it is read: a number as it stands, digit by digit, or as a number below a hundred."""
    if not piece.isdigit() or way == 0:
        return piece.lower()
    if way == 3:
        return _LIKE_A_WORD.get(piece, piece)
    if way == 1 or len(piece) != 2 or piece[0] == "0":
        return " ".join(_ONES[int(digit)] for digit in piece)
    ten, one = int(piece[0]), int(piece[1])
    return _TEENS[one] if ten == 1 else _TENS[ten - 2] + (f" {_ONES[one]}" if one else "")

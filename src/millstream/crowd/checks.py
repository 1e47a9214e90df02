"""What may be wrong with one utterance, by program: its language and script, a copy, a stranger's name, a lost value.

Every filter here has a test that it drops something. What only the whole talk shows is judging.py's. Knows no model.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import NamedTuple

from rapidfuzz import fuzz

from millstream import heard, language
from millstream.crowd.data import Demonstrations, Locale
from millstream.crowd.talk import Cell, Goal

PURE = 0.85
"""Share of letters that are of the language's script, names and values left out. WiFi and KTV stand in Chinese too; in
Latin script nothing else does."""
COPIED, RUN = 5, 8
"""Words in a row (characters of Chinese) from which on a line copies an example, or says again what was said."""
SAYS = 4
"""Words (characters of Chinese) above which a sentence says something: not "good night" or "谢谢你"."""
ALIKE = 85
"""Likeness in 100 from which on a line was said before."""
LEAST = 2
"""Characters of a line."""
_NOTE = re.compile(r"[<>{}()（）\[\]*_#|\\]|\bgoal\b|\bAs an AI\b|^\W*(?:translation|A|B)\s*[:：]", re.I)
_NAME = re.compile(r"^\W*(.{1,12}?)\s*[:：]")
PART = re.compile(r"\s*[,;、，；]\s*")
_ENDS = ".!?…。！？～~\"'”’»)）"
_SENTENCE = re.compile(r"[^.!?…。！？]+[.!?…。！？]*\s*")
_SIGNS = re.compile(r"[$€£¥￥₩]")
_WORDS = re.compile(r"[一-鿿]|[^\W一-鿿]+")


class Fault(NamedTuple):
    """What kind of fault, and what is wrong in words."""

    kind: str
    why: str


@dataclass(frozen=True)
class Against:
    """What lines of one cell are checked against. `strangers`: names of other languages and of the examples."""

    cell: Cell
    locale: Locale
    demos: Demonstrations
    strangers: frozenset[str]

    def faults(self, text: str, goal: Goal, said: Sequence[str]) -> Iterator[Fault]:
        """Of one wording of a goal, after what was `said`."""
        cut = len(text) >= self.locale.longest - 1 and text[-1] not in _ENDS
        if not LEAST <= len(text) <= self.locale.longest or cut:
            yield Fault("length", f"{len(text)} characters{', cut off' if cut else ''}")
        if _NOTE.search(text) or ((found := _NAME.match(text)) and found[1] in self.cell.names):
            yield Fault("note", "not what a person says aloud")
        yield from self._language(text, goal)
        yield from self._form(text, goal)
        yield from self._address(text)
        yield from self._copied(text)
        yield from self._strange(text, goal)
        if _again(text, said):
            yield Fault("repeated", "said before")
        for value in goal.must:
            if not self.says(text, value):
                yield Fault("value", f"{value!r} is not said")

    def mended(self, text: str, said: Sequence[str]) -> str:
        """Without the sentences that were said before, and those behind the longest that a line may be; as it was where
        nothing would be left."""
        kept = ""
        for part in _SENTENCE.findall(text):
            if len(kept) + len(part) <= self.locale.longest and not _again(part, said):
                kept += part
        return kept.strip() or text

    def says(self, text: str, value: str) -> bool:
        """A canonical value is heard: figures by value, words as the language has them; a word of which the language
        file knows nothing may be said in any way, names as they are (see `verified`)."""
        parts = PART.split(value)
        return all(self._part(text.casefold(), part) for part in parts)

    def _part(self, text: str, part: str) -> bool:
        if words := self.locale.values.get(part.casefold()):
            return any(word.casefold() in text for word in words)
        return heard.says(text, part) if self.verified(part) else True

    def verified(self, value: str) -> bool:
        """Whether it can be checked that a value is heard: it has figures or capitals (a name), the language file
        knows it, or the language is that of the values."""
        lang = self.locale.code
        own = lang == "zh" if re.search("[一-鿿]", value) else lang == "en"
        named = bool(re.search(r"\d|[A-Z]", value)) or any(value == act for act in self._entities())
        return own or named or value.casefold() in self.locale.values

    def _entities(self) -> Iterator[str]:
        return (act.entity for goal in self.cell.premise.goals for act in goal.acts if act.entity)

    def _language(self, text: str, goal: Goal) -> Iterator[Fault]:
        bare = text
        for name in sorted((*self.cell.names, *self._entities(), *goal.must), key=len, reverse=True):
            bare = bare.replace(name, " ") if name else bare
        pure = language.share(bare, self.locale.script)
        if pure < (1 if self.locale.script == "latin" else PURE):
            yield Fault("script", f"{1 - pure:.0%} of the letters are of another script")
        elif not language.among(bare, self.locale.code):
            yield Fault("language", f"not {self.locale.name}")
        source, code = self.demos.lang, self.locale.code
        own = set(_WORDS.findall(goal.own.casefold())) & set(_WORDS.findall(bare.casefold()))
        long = [word for word in own if len(word) > 3]
        if self.locale.script == "latin" and any(language.borrowed(word, source, code) for word in long):
            yield Fault("language", f"a word that is not {self.locale.name}")

    def _form(self, text: str, goal: Goal) -> Iterator[Fault]:
        mark, words = self.locale.question, self.locale.asking
        if not mark or goal.form == "either":
            return
        if goal.form == "asks" and mark not in text:
            yield Fault("form", "asks nothing")
        if goal.form == "tells" and (mark in text or (words and re.search(words, text))):
            yield Fault("form", "asks instead of telling")

    def _address(self, text: str) -> Iterator[Fault]:
        relation, said = self.cell.premise.relation, set(_WORDS.findall(text.casefold()))
        if found := said & set(self.locale.address.wrong(relation)):
            yield Fault("address", f"nobody says {min(found)} to {relation}")

    def _copied(self, text: str) -> Iterator[Fault]:
        mine = _runs(text)
        for demo in self.demos.demonstrations:
            if any(mine & _runs(line) for line in demo.lines):
                yield Fault("copy", "copies an example")
                return

    def _strange(self, text: str, goal: Goal) -> Iterator[Fault]:
        """Names of nobody here, and money of another country where no value brings it in."""
        if found := set(_WORDS.findall(text)) & self.strangers:
            yield Fault("name", f"{min(found)} is nobody here")
        signs = set(_SIGNS.findall(text)) - set(self.locale.money.marks) - set("".join(goal.must))
        if self.locale.money.marks and signs:
            yield Fault("money", f"{min(signs)} is another country's")


def _again(text: str, said: Sequence[str]) -> bool:
    """A run of words, the whole, or a sentence of some length was said before."""
    mine, sentences = _runs(text), _sentences(text)
    before = {part for each in said for part in _sentences(each)}
    if any(fuzz.ratio(one, other) >= ALIKE for one in sentences for other in before):
        return True
    return any(mine & _runs(each) or fuzz.ratio(heard.plain(text), heard.plain(each)) >= ALIKE for each in said)


def _sentences(text: str) -> frozenset[str]:
    """Those that say something: a farewell may be given back."""
    parts = [" ".join(_WORDS.findall(part.casefold())) for part in _SENTENCE.findall(text)]
    return frozenset(part for part in parts if part.count(" ") >= SAYS)


def _runs(text: str) -> frozenset[tuple[str, ...]]:
    """Its n-grams of COPIED words, or of RUN characters of Chinese."""
    words = _WORDS.findall(text.casefold())
    size = RUN if any(word >= "一" for word in words) else COPIED
    return frozenset(zip(*(words[n:] for n in range(size)), strict=False))


def strangers(locale: Locale, every: Sequence[Locale], demos: Demonstrations) -> frozenset[str]:
    """Names that nobody in this language's talk has: those of the other languages, and of people in the examples."""
    others = chain(*(each.names for each in every), *(each.names for each in demos.demonstrations))
    return frozenset(others) - set(locale.names)

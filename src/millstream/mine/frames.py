"""Frames out of viewers' lines: one act, its entity and value left open, nothing else that a reader would stumble on.

The words are in mine/frames.yaml. A line that is no frame as a whole may hold one in a clause of it. What may be
lent to whom is not decided here (millstream/frames.py).
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from millstream import frames, numbers, phrases, resources
from millstream.domain import Domain, SlotSpec
from millstream.frames import Frame
from millstream.labels import Labels
from millstream.manner import manner
from millstream.mine.cast import cast
from millstream.mine.clean import clean
from millstream.mine.find import Hit, Phrases
from millstream.mine.rules import evidence_of
from millstream.mine.topics import Topics, asks
from millstream.mine.words import spoken
from millstream.records import Act, Cue, Fact, Lang, Recording

_DATA = resources.data("mine/frames.yaml")
_MOST = {"zh": 25, "en": 14}
_CLAUSE = {"zh": re.compile(r"[\s，,。；;！!…]+"), "en": re.compile(r"\s*[,;.!]+\s+|(?<=\?)\s+|\s+-+\s+")}
_PLACEHOLDER = re.compile(r"\$[a-z]+")
_BOUND = re.compile(
    r"预算|以内|以下|左右|上下|封顶|最多|控制在|能接受|行不行|卖不卖|不行吗|一口价|^[\d一二三四五六七八九十两.]+万$"
    r"|\b(?:budget|under|below|max|up to|at most|less than|no more than"
    r"|would you do|would you take|could you do|can you do|how about)\b"
)
_MONEY = re.compile(r"\s*(?:块钱|块|元|万|w(?![a-z])|dollars?\b|bucks\b|yuan\b)", re.IGNORECASE)
_HAN = re.compile("[\u3400-\u9fff]")
_VALUED = ("wish", "bid")
"""Families that give a value."""
_SHORT_VALUE = 8


class _Open(NamedTuple):
    """A piece of a line with its names and values left open, and what stood there."""

    text: str
    entities: tuple[str, ...]
    values: tuple[tuple[str, str], ...]
    called: tuple[tuple[str, str], ...] = ()


class _Found(NamedTuple):
    """What a piece of a line may stand for."""

    family: str
    slot: str
    text: str
    said: str
    called: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Framer:
    """Makes frames of the lines of one recording. `facts` are those of the tables: their values are left open too."""

    recording: str
    topics: Topics
    lang: Lang
    facts: Sequence[Fact] = ()

    def frames(self, viewers: Sequence[Cue]) -> Iterator[tuple[str, Frame]]:
        """(author, frame) of every line that has one; a line without an author is an author of its own."""
        lines = defaultdict(list)
        for cue in viewers:
            lines[cue.author].append(cue.text)
        for cue in viewers:
            written = manner(lines[cue.author], self.lang)
            for found in self._found(cue):
                yield cue.author or f"{cue.track} {cue.n}", self._frame(found, cue, written)

    def _frame(self, found: _Found, cue: Cue, written: str) -> Frame:
        act, stage = (frames.families()[found.family][key] for key in ("act", "stage"))
        return Frame(
            text=found.text,
            lang=self.lang,
            family=found.family,
            act=act,
            slot=found.slot,
            stage=stage,
            delivery=frames.delivery(found.text),
            manners=(written,),
            demand=1,
            called=found.called,
            evidence=(evidence_of(self.recording, (cue.model_copy(update={"text": found.said}),)),),
        )

    def _found(self, cue: Cue) -> Iterator[_Found]:
        """What the whole line and its clauses may stand for."""
        line = cue.text.strip()
        clauses = [each for each in _CLAUSE[self.lang].split(line) if each]
        pieces = [line, *(clauses if len(clauses) > 1 else [])]
        for n, said in enumerate(pieces):
            yield from self._framed(said, n > 0)

    def _framed(self, said: str, part: bool) -> Iterator[_Found]:
        """All that a piece may stand for. `part`: it is a clause of a longer line."""
        low = said.lower()
        if frames.units(said) > _MOST[self.lang] or re.search(_DATA["never"][self.lang], low):
            return
        opened = self._opened(said)
        if numbers.mentions(_PLACEHOLDER.sub("", opened.text)) or re.search(r"\d", opened.text):
            return
        if slot := self._asked(opened, part):
            yield _Found("question", slot, opened.text, said, opened.called)
        else:
            yield from (_Found(*each, said, opened.called) for each in self._families(opened))

    def _families(self, opened: _Open) -> Iterator[tuple[str, str, str]]:
        """Family, slot and text."""
        for family, forms in _DATA["families"].items():
            form, text = forms.get(self.lang), opened.text
            if not form or not re.search(form["is"], text.lower()) or not frames.units(text):
                continue
            if "not" in form and re.search(form["not"], text.lower()):
                continue
            act = Act(act=frames.families()[family]["act"])
            if bool(opened.values) == (family in _VALUED) and not self._labels.lost(text, [act]):
                slot = opened.values[0][0] if opened.values else ""
                yield family, slot, text

    def _asked(self, opened: _Open, part: bool) -> str:
        """The slot a piece asks for, and nothing but that; "" where it asks for none or for more."""
        about = self.topics.about(_PLACEHOLDER.sub(" ", opened.text))
        slots = {hit.value.name: hit.value for hit in about.slots if "request" in hit.value.use}
        if len(slots) != 1 or len(about.slot_names) != 1 or opened.values or len(opened.entities) > 1:
            return ""
        (slot,) = slots.values()
        if part and not opened.entities:
            return ""  # what a clause without a name asks of, only its line says
        if not opened.entities and re.search(_DATA["of_all"][self.lang], opened.text.lower()):
            return ""
        if self.lang == "en" and len(_CLAUSE["en"].split(opened.text)) > 1:
            return ""
        bare = frames.units(opened.text) <= 4
        plain = asks(opened.text) or bare
        checks = (self._is_plain, self._asks_as, self._carries)
        return slot.name if plain and all(check(opened.text, slot) for check in checks) else ""

    def _is_plain(self, text: str, slot: SlotSpec) -> bool:
        """Besides the words of its slot it holds what anybody says."""
        left = _PLACEHOLDER.sub(" ", text).casefold()
        words = (*slot.names.get(self.lang, ()), *slot.query.get(self.lang, ()))
        if self.lang == "zh":
            known = set("".join(words)) | set(_DATA["everyday"]["zh"])
            return all(char in known for char in re.findall(r"[\u3400-\u9fff]|[a-z0-9]", left))
        known = set(re.findall(r"[a-z]+", " ".join(words).casefold())) | set(_DATA["everyday"]["en"].split())
        return all(word in known for word in re.findall(r"[a-z]+", left.replace("'", "")))

    def _asks_as(self, text: str, slot: SlotSpec) -> bool:
        """It asks what the wordings of its slot ask: how much, what, where, how or whether."""
        wordings = phrases.wordings(self.topics.domain, self.lang, "query", slot)
        kinds = [re.compile(kind) for kind in _DATA["asked"][self.lang].values()]
        put = [kind for kind in kinds if kind.search(text.lower())]
        return all(any(kind.search(wording.lower()) for wording in wordings) for kind in put)

    def _carries(self, text: str, slot: SlotSpec) -> bool:
        return not self._labels.lost(text, [Act(act="request", slot=slot.name)])

    @cached_property
    def _labels(self) -> Labels:
        return Labels.of(self.topics.domain, self.lang)

    @cached_property
    def _values(self) -> Phrases[tuple[str, str]]:
        """The words that are a value of a slot a user may want."""
        words: dict[str, tuple[str, str]] = {}
        for slot in self.topics.domain.using("constrain"):
            if slot.kind == "category":
                facts = [fact.value for fact in self.facts if fact.attribute == slot.name]
                if self.facts and not facts:
                    continue  # nothing on offer has it
                for value in (*slot.values.get(self.lang, ()), *facts):
                    if len(value) <= _SHORT_VALUE or self.lang == "en":
                        words[value] = (slot.name, value)
        return Phrases(words)

    def _opened(self, said: str) -> _Open:
        plain = spoken(said)
        text = said if len(plain) == len(said) else plain
        hits = [Hit(each.start, each.end, ("entity", each.value)) for each in self.topics.about(said).entities]
        hits += [Hit(each.start, each.end, each.value) for each in self._values.found(text) if not _within(each, hits)]
        hits += [each for each in self._figures(text) if not _within(each, hits)]
        return _filled(text, sorted(hits, key=lambda hit: hit.start))

    def _figures(self, text: str) -> Iterator[Hit[tuple[str, str]]]:
        """A sum where the words around it bound one, and a number with the unit of a slot ("7座")."""
        wanted = list(self.topics.domain.using("constrain"))
        money = next((slot for slot in wanted if slot.kind == "money"), None)
        units = {slot.unit[self.lang]: slot.name for slot in wanted if slot.kind == "number" and self.lang in slot.unit}
        for number in numbers.mentions(text):
            rest = text[number.end :]
            unit = next((unit for unit in units if rest.startswith(unit)), "")
            if unit:
                yield Hit(number.start, number.end + len(unit), (units[unit], text[number.start : number.end]))
            elif money and _BOUND.search(text.lower()):
                sign = 1 if text[: number.start].endswith(("$", "€", "£", "¥")) else 0
                tail = _MONEY.match(rest)
                yield Hit(number.start - sign, number.end + (tail.end() if tail else 0), (money.name, ""))


def _within(hit: Hit[tuple[str, str]], others: Sequence[Hit[tuple[str, str]]]) -> bool:
    return any(hit.start < other.end and other.start < hit.end for other in others)


def _filled(text: str, hits: Sequence[Hit[tuple[str, str]]]) -> _Open:
    """The text with its hits left open. More than two entities, or two values, cannot be told apart: left as they
    stand they fail what comes next."""
    entities = list(dict.fromkeys(hit.value[1] for hit in hits if hit.value[0] == "entity"))
    values = [hit.value for hit in hits if hit.value[0] != "entity"]
    if len(entities) > 2 or len(values) > 1:
        return _Open("", (), ())
    names: Mapping[str, str] = dict(zip(entities, ("$entity", "$other"), strict=False))
    out, done = [], 0
    for hit in hits:
        out += [text[done : hit.start], names.get(hit.value[1], "$value") if hit.value[0] == "entity" else "$value"]
        done = hit.end
    called = tuple((hit.value[1], text[hit.start : hit.end]) for hit in hits if hit.value[0] == "entity")
    return _Open("".join([*out, text[done:]]).strip(), tuple(entities), tuple(values), called)


def framed(
    recording: Recording, cues: Sequence[Cue], domain: Domain, lang: Lang, tabled: Sequence[Fact]
) -> Iterator[tuple[str, Frame]]:
    """(author, frame) of the viewers' lines of a recording that are of this language. `tabled` are the facts of the
    tables; without them no entity is known for sure, and lines that name one are left out by their words."""
    lines = clean(cast(cues).viewers, Counter())
    names = tuple(dict.fromkeys(fact.entity for fact in tabled))
    spoken_here = [cue for cue in lines if bool(_HAN.search(cue.text)) == (lang == "zh")]
    yield from Framer(recording.id, Topics(domain, names), lang, tabled).frames(spoken_here)

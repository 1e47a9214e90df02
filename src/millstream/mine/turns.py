"""Frames of whole turns out of talks of two whose lines were written, of both sides: every act of a turn is
recognised and every value of it left open, or the turn is passed over.

What a turn says besides its values is held to the words that anybody says of its slots (vouched.py), so that no
matter of its own ("my aunt is coming") is lent along: of others only the acts are kept. The patterns are in
mine/turns.yaml.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib.resources import files
from typing import NamedTuple

import yaml

from millstream import frames, numbers
from millstream.domain import NO, YES, Domain, SlotSpec
from millstream.frames import Frame
from millstream.know.listed import listed
from millstream.manner import manner
from millstream.mine.cast import cast
from millstream.mine.clauses import apart, ended, shared
from millstream.mine.find import Hit, Phrases
from millstream.mine.rules import evidence_of
from millstream.mine.topics import Topics, topics_of
from millstream.mine.words import spoken
from millstream.records import Cue, Fact, Lang, Recording, Role
from millstream.turns import HAS, HAS_NOT, OF, OTHER, PIECES, answered
from millstream.vouched import plain, spoken_of

WRITTEN = ("transcripts", "columns")
"""Sources whose agents' lines are clean text; what a recogniser heard is never lent."""
_DATA = yaml.safe_load((files("millstream") / "mine" / "turns.yaml").read_text(encoding="utf-8"))
_OPEN = ("entity", "slot")
"""Places that are open for something other than a value."""
_LONGEST = {"zh": 48, "en": 32}
"""Units of a turn that is worth it."""
_THING, _VALUE, _HAD = "\1", "\0", "\2"
"""What stands for an open place while the words around it are looked at."""
_BEFORE, _BEHIND = ("greet", "acknowledge"), ("thank", "bye")
"""The courtesies with which turns begin and end."""
_NEXT = 5
"""Characters behind the name of a slot in which its value begins."""
_NOTHING = ("notify_failure", "")
"""That nothing is as it was wished for."""
SEVERAL = 2
"""Things of a list that make what is told of it a list."""
Place = tuple[str, str]
"""What stands at a place: ("entity", name), ("slot", a slot that things have or not), or (slot, value)."""


class _Read(NamedTuple):
    """A turn as it was understood: its text with open places, "" where it is not lent; the same in any case; what stood
    there, and its acts with their slots."""

    text: str
    opened: str
    places: tuple[Place, ...]
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Turner:
    """Reads the turns of one talk. `facts` are those of the tables."""

    recording: str
    topics: Topics
    lang: Lang
    facts: Mapping[str, Sequence[Fact]]

    def frames(self, turns: Sequence[Cue], users: frozenset[int]) -> Iterator[tuple[str, Frame]]:
        """(author, frame) of every turn that is understood; an author is a speaker of this talk."""
        focus = before = ""
        lines: dict[str, list[str]] = {}
        for cue in turns:
            lines.setdefault(cue.speaker, []).append(cue.text)
        for cue in turns:
            role: Role = "user" if cue.n in users else "agent"
            named = tuple(dict.fromkeys(hit.value for hit in self.topics.about(cue.text).entities))
            about = named[0] if len(named) == 1 else "" if named else focus
            most, new = 2 if role == "agent" else 1, about != focus or len(named) > 1
            read = self._read(cue.text.strip(), role, about, new) if len(named) <= most else None
            read = None if read and read.acts == (_NOTHING,) else read  # an answer: that a thing is not known
            for family, piece in ((OF[role], read), *self._pieces(read, role, about, new)) if read else ():
                frame = self._frame(family, piece, cue, lines[cue.speaker])
                yield f"{self.recording} {cue.speaker}", frame.model_copy(update={"stage": before})
            focus, before = about, answered(read.acts) if read else ""

    def _pieces(self, read: _Read, role: Role, about: str, new: bool) -> Iterator[tuple[str, _Read]]:
        """(family, piece) of what a turn is made of; those whose words anybody says."""
        found = apart(read.opened, self._does)
        if found is None:
            return
        lead, core, tail = PIECES[role]
        for family, beside, courtesies in (lead, found.lead, _BEFORE), (tail, found.tail, _BEHIND):
            said = "".join(beside).strip()
            if said:
                acts = self._said(_DATA["courtesies"][role], said.lower(), courtesies)
                yield family, _Read(said if acts and self._lends(said) else "", said, (), tuple(acts))
        clauses = list(shared(found.core, read.places))
        for several in {(*clauses,), *((each,) for each in clauses)} - {()}:
            joined = "".join(clause for clause, _ in several)
            text = ended(joined, lambda said: role == "user" and self._questions(said))
            places = tuple(place for _, each in several for place in each)
            if text == read.opened or (several != (*clauses,) and not self._is_whole(text)):
                continue
            piece = self._understood(text, places, role, about, new)
            if piece and piece.text and (_NOTHING not in piece.acts or _NOTHING in read.acts):
                yield core, piece

    def _is_whole(self, clause: str) -> bool:
        """A wish that is said by itself says what is wished for ("a place with $slot", not "with at least $value,")."""
        named = {name for slot in self.topics.domain.slots for name in slot.names.get(self.lang, ())}
        wants = re.search(_DATA["wants"][self.lang], clause.lower())
        return not wants or bool(self.topics.words(clause) - named)

    def _asks(self, said: str) -> bool:
        return bool(re.search(_DATA["asks"][self.lang], said.lower()))

    def _questions(self, said: str) -> bool:
        return bool(re.search(_DATA["asking"][self.lang] + "|[吗么呢]$", said.lower().rstrip("，；,; ")))

    def _lends(self, said: str) -> bool:
        """Whether a piece that does nothing fits any talk: it takes up nothing of its own."""
        return not self._strange(said) and not re.search(_DATA["reacts"][self.lang], said.lower())

    def _does(self, clause: str) -> bool:
        """Whether a clause does something, and is not said beside it."""
        low, tells = clause.lower(), (_DATA["asks"], _DATA["wants"], _DATA["wishes"])
        return "$" in low or bool(self._slots(low)) or any(re.search(each[self.lang], low) for each in tells)

    def _frame(self, family: str, read: _Read, cue: Cue, lines: Sequence[str]) -> Frame:
        return Frame(
            text=read.text,
            lang=self.lang,
            family=family,
            act=" ".join(act for act, _ in read.acts),
            slot=",".join(slot for _, slot in read.acts),
            stage="",
            delivery=frames.delivery(read.text),
            manners=(manner(lines, self.lang),),
            demand=1,
            own=self._own(frames.PLACE.sub(" ", read.text), _slots(read.acts)),
            evidence=(evidence_of(self.recording, (cue,)),),
        )

    def _read(self, said: str, role: Role, about: str, new: bool) -> _Read | None:
        if len(spoken(said)) != len(said) or frames.units(said) > _LONGEST[self.lang]:
            return None
        return self._understood(*self._opened(said, role, about), role, about, new)

    def _understood(self, text: str, places: tuple[Place, ...], role: Role, about: str, new: bool) -> _Read | None:
        bare = text.replace("$entity", f" {_THING} ").replace("$value", f" {_VALUE} ").replace("$slot", f" {_HAD} ")
        if re.search(_DATA["never"][self.lang], bare.lower()) or self._is_elsewhere(bare.lower()):
            return None
        if re.search(r"\d", bare) or numbers.mentions(re.sub("[\0\1\2]", " ", bare)):
            return None
        told = [slot for slot, _ in places if slot not in ("entity", "slot")]
        if _HAD in bare and any(not re.search(_DATA["has"][self.lang], each.lower()) for each in bare.split(_HAD)[:-1]):
            return None
        had = self._had(bare, role, about, [name for slot, name in places if slot == "slot"])
        if had is None or len({*told, *had}) < len(told) + len(had):
            return None
        things = list(dict.fromkeys(name for slot, name in places if slot == "entity"))
        if len(things) > 1 and (told or had or not re.search(_DATA["both"][self.lang], bare.lower())):
            return None
        acts = self._acts(bare.lower(), role, told, had, len(things) if new else 0)
        lends = not self._strange(bare) and not (role == "agent" and self.topics.promises(bare))
        return _Read(text if lends else "", text, places, tuple(acts)) if acts else None

    def _is_elsewhere(self, said: str) -> bool:
        """Whether it speaks of another service: somewhere to eat, where it is rooms."""
        own = self.topics.domain.words.get(self.lang, ())
        return any(not any(found in word for word in own) for found in re.findall(_DATA["others"][self.lang], said))

    def _had(self, bare: str, role: Role, about: str, names: Sequence[str]) -> list[str] | None:
        """The slots of what things have, signed: what an agent says is there, or is not there, has to be so."""
        denied = role == "agent" and bool(re.search(_DATA["denies"][self.lang], bare))
        value = (NO if denied else YES)[self.lang]
        known = {fact.attribute: fact.value for fact in self.facts.get(about, ())}
        if role == "agent" and any(known.get(name) != value for name in names):
            return None
        return [(HAS_NOT if denied else HAS) + name for name in names]

    def _acts(
        self, bare: str, role: Role, told: Sequence[str], had: Sequence[str], new: int
    ) -> list[tuple[str, str]]:
        """The courtesies it begins with, what it does, and the courtesies it ends with; [] where it is not known what
        it does, or where it does two things that no turn of ours does."""
        does = self._told_so(bare, told, had, new) if role == "agent" else self._wanted(bare, told, had, new)
        if does is None:
            return []
        form = _DATA["courtesies"][role]
        return [*self._said(form, bare, _BEFORE), *does, *self._said(form, bare, _BEHIND)]

    def _said(self, forms: Mapping[str, Mapping[Lang, str]], bare: str, names: Sequence[str]) -> list[tuple[str, str]]:
        return [(name, "") for name in names if name in forms and re.search(forms[name][self.lang], bare)]

    def _told_so(
        self, bare: str, told: Sequence[str], had: Sequence[str], new: int
    ) -> list[tuple[str, str]] | None:
        """What an agent does; `new` things are offered."""
        asked = [slot for slot in self._slots(bare) if slot.name not in told]
        if len(asked) == 1 and not (told or had or new) and re.search(_DATA["unknown"][self.lang], bare):
            return [("notify_unknown", asked[0].name)]
        if not asked and not had and re.search(_DATA["missed"][self.lang], bare):
            nearest = [*[("offer", "")] * new, *(("inform", slot) for slot in told)]
            return [_NOTHING, *nearest] if new or not told else None
        if new and re.search(_DATA["elsewhere"][self.lang], bare):
            return None
        denies = bool(had) and had[0].startswith(HAS_NOT)
        if asked or (re.search(_DATA["asks"][self.lang], bare) and (new or told)) or (denies and (told or new)):
            return None
        if not denies and re.search(_DATA["not_told"][self.lang], bare):
            return None
        return [*[("offer", "")] * new, *(("inform", slot) for slot in (*told, *had))]

    def _wanted(
        self, bare: str, told: Sequence[str], had: Sequence[str], new: int
    ) -> list[tuple[str, str]] | None:
        """What a user does."""
        asked = [slot for slot in self._slots(bare) if slot.name not in told]
        asks = bool(re.search(_DATA["asks"][self.lang], bare))
        if asked and not all(map(self._lies_there, asked)) and re.search(_DATA["elsewhere"][self.lang], bare):
            return None
        if len(re.findall(_DATA["asking"][self.lang], bare)) > max(1, len(asked) + len(had)):
            return None  # it asks for more than was understood
        wanted = [("inform", slot) for slot in (*told, *had)]
        if re.search(_DATA["wants"][self.lang], bare):
            return None if asked or new else [("inform_intent", ""), *wanted]
        if had and not told and asks and not re.search(_DATA["wishes"][self.lang], bare):
            if re.search(f"{_HAD} *的", bare):
                return None  # "one with a pool?" looks for another one
            return [*(("request", slot.name) for slot in asked), *(("request", slot) for slot in had)]
        if asked and (told or had or not asks or any("request" not in slot.use for slot in asked)):
            return None
        more = [("request", OTHER)] * bool(self._strange(bare)) if asks and not wanted else []
        return wanted or [*(("request", slot.name) for slot in asked), *more]

    def _lies_there(self, slot: SlotSpec) -> bool:
        """Whether it is of what lies near a thing."""
        return any(re.search(_DATA["elsewhere"][self.lang], name) for name in slot.names.get(self.lang, ()))

    def _slots(self, bare: str) -> list[SlotSpec]:
        """The slots spoken of, in order, of which something is known and whose value does not follow."""
        hits = [hit for hit in self.topics.about(bare).slots if _VALUE not in bare[hit.end : hit.end + _NEXT]]
        found = {hit.value.name: hit.value for hit in hits}
        return [slot for name, slot in found.items() if name in self._known]

    def _strange(self, bare: str) -> list[str]:
        """The words of slots of which nothing is known."""
        hits = [hit for hit in self.topics.about(bare).slots if hit.value.name not in self._known]
        return [word for hit in hits if (word := bare[hit.start : hit.end]) not in _DATA["everyday"][self.lang]]

    @cached_property
    def _known(self) -> frozenset[str]:
        """The slots that anything is known of."""
        return frozenset(fact.attribute for facts in self.facts.values() for fact in facts)

    @cached_property
    def _everyday(self) -> frozenset[str]:
        more = _DATA["everyday"][self.lang]
        return frozenset(more if self.lang == "zh" else more.split())

    def _own(self, said: str, slots: tuple[str, ...]) -> tuple[str, ...]:
        """What of it neither anybody says nor the words of its slots: words, pairs of characters of Chinese."""
        known = plain(self.lang) | spoken_of(self.topics.domain, self.lang, slots) | self._everyday
        if self.lang == "zh":
            runs = re.findall(r"[\u3400-\u9fff]+", said)
            pairs = [run[n : n + 2] for run in runs for n in range(max(len(run) - 1, 1))]
            return tuple(dict.fromkeys(pair for pair in pairs if not {*pair} <= known))
        words = re.findall(r"[a-z]+(?:'[a-z]+)?", said.lower().replace("’", "'"))
        return tuple(dict.fromkeys(word for word in words if not {word, word.rstrip("s")} & known))

    def _opened(self, said: str, role: Role, about: str) -> tuple[str, tuple[Place, ...]]:
        """The text with its places open, and what stood there in order."""
        hits: list[Hit[Place]] = [
            Hit(each.start, each.end, ("entity", each.value))
            for each in self.topics.about(said).entities
            if said[each.start : each.end] not in _DATA["everyday"][self.lang]  # "the hotel" names none
        ]
        hits += self._features.found(said)
        values = self._told(about, said) if role == "agent" else self._wished(said)
        for hit in sorted(values, key=lambda each: each.start - each.end):
            glued = re.match("[a-z]", said[hit.end :], re.IGNORECASE)  # "4star": no place could be told from a word
            if not glued and not any(hit.start < other.end and other.start < hit.end for other in hits):
                hits.append(hit)
        hits.sort(key=lambda each: each.start)
        out, done = [], 0
        for hit in hits:
            out += [said[done : hit.start], f"${hit.value[0]}" if hit.value[0] in _OPEN else "$value"]
            done = hit.end
        return "".join([*out, said[done:]]), tuple(hit.value for hit in hits)

    def _told(self, about: str, said: str) -> Iterator[Hit[Place]]:
        """Where the facts of the thing spoken of are told: as they are written, or as a number with its unit."""
        for mask in re.finditer(r"\[(\w+)\]", said):  # what the door has masked ("[address]")
            if mask[1] in self._known:
                yield Hit(*mask.span(), (mask[1], mask[0]))
        for fact in self.facts.get(about, ()):
            start, end = _place(said, fact.value)
            if fact.value in (YES[self.lang], NO[self.lang]):
                continue
            if start >= 0 and len(fact.value) > 1 and self.topics.domain.by_name[fact.attribute].kind != "flag":
                yield Hit(start, end, (fact.attribute, fact.value))
            elif fact.number is not None:
                yield from self._numbered(said, fact)

    def _numbered(self, said: str, fact: Fact) -> Iterator[Hit[Place]]:
        rest = [each for each in numbers.mentions(said) if each.value == fact.number]
        if len(rest) == 1 and self.lang == "en":
            yield Hit(rest[0].start, rest[0].end, (fact.attribute, fact.value))

    def _wished(self, said: str) -> Iterator[Hit[Place]]:
        """The values of a wish: the words of a slot, and a number with the unit and the bound that its slot has."""
        yield from self._words.found(said)
        for number in numbers.mentions(said):
            for slot in self.topics.domain.using("constrain"):
                unit = slot.unit.get(self.lang, "")
                bound = _DATA["bounds"][self.lang].get(slot.better)
                if unit and bound and said[number.end :].startswith(unit):
                    near = said[max(0, number.start - 6) : number.start] + "\0" + said[number.end + len(unit) :][:3]
                    if re.search(bound, near) and not re.search(r"\d\s*[-~—到至]\s*$", said[: number.start]):
                        yield Hit(number.start, number.end + len(unit), (slot.name, said[number.start : number.end]))

    @cached_property
    def _features(self) -> Phrases[Place]:
        """The words for what things have or have not."""
        had = [slot for slot in self.topics.domain.slots if slot.is_had and slot.name in self._known]
        return Phrases({name: ("slot", slot.name) for slot in had for name in slot.names.get(self.lang, ())})

    @cached_property
    def _words(self) -> Phrases[Place]:
        kinds = {slot.name: slot.kind for slot in self.topics.domain.using("constrain")}
        words: dict[str, Place] = {}
        for fact in (each for facts in self.facts.values() for each in facts):
            if kinds.get(fact.attribute) == "category":
                words[fact.value] = (fact.attribute, fact.value)
            elif kinds.get(fact.attribute) == "list":
                words |= {item: (fact.attribute, item) for item in listed(fact.value) if len(item) > 1}
        return Phrases(words)


def _slots(acts: Sequence[tuple[str, str]]) -> tuple[str, ...]:
    """The slots that acts name."""
    return tuple(slot.lstrip(HAS + HAS_NOT) for _, slot in acts if slot not in ("", OTHER))


def _place(said: str, value: str) -> tuple[int, int]:
    """Where a value is told: as it is written, or, of a list, where some of it is listed with others; (-1, -1) where
    it is not."""
    if (start := said.casefold().find(value.casefold())) >= 0:
        return start, start + len(value)
    starts = [at for item in value.split("、") if "、" in value and (at := said.find(item)) >= 0]
    if len(starts) < SEVERAL:
        return -1, -1
    before = re.split(r"[有是：:]", said[: min(starts)])[-1]
    end = re.search(r"等|[。！!？?；;]|$", said[max(starts) :])
    return min(starts) - len(before), max(starts) + (end.start() if end else 0)


def turned(
    recording: Recording, cues: Sequence[Cue], domain: Domain, lang: Lang, tabled: Mapping[str, Sequence[Fact]]
) -> Iterator[tuple[str, Frame]]:
    """(author, frame) of the turns of a talk of two that was written; nothing of any other recording."""
    people = cast(cues)
    if recording.source not in WRITTEN or not people.turns or not tabled:
        return
    users = frozenset(cue.n for cue in people.viewers)
    yield from Turner(recording.id, topics_of(domain, tuple(tabled)), lang, tabled).frames(people.turns, users)

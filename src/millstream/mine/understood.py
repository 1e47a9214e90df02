"""What a turn of a talk of two does: every act of it, with every value of it left open, or nothing at all.

A turn is understood as a whole; else sentence by sentence, where each is. The patterns are in mine/turns.yaml.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from millstream import frames, heard, numbers
from millstream.domain import NO, YES, SlotSpec
from millstream.mine.clauses import Place, shared
from millstream.mine.courteous import BEFORE, BEHIND, core, said_of
from millstream.mine.openings import DATA, HAD, THING, VALUE, Openings, is_everyday
from millstream.mine.words import spoken
from millstream.records import Lang, Role
from millstream.turns import HAS, HAS_NOT, OTHER

NOTHING = ("notify_failure", "")
"""That nothing is as it was wished for."""
TWO = 2
"""Things named, or wished for, that are rightly called two."""
_LONGEST = {"zh": 48, "en": 32}
"""Units of a turn that is worth it."""


class Read(NamedTuple):
    """A turn as it was understood: its text with open places, "" where it is not lent; the same in any case; what stood
    there, and its acts with their slots."""

    text: str
    opened: str
    places: tuple[Place, ...]
    acts: tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Understanding:
    """Reads turns one by one. `about`: the thing spoken of, "" where none is known; `new`: whether it is named for the
    first time."""

    open: Openings

    @property
    def lang(self) -> Lang:
        return self.open.lang

    def read(self, said: str, role: Role, about: str, new: bool) -> Read | None:
        if len(spoken(said)) != len(said) or frames.units(said) > _LONGEST[self.lang] or frames.PLACE.search(said):
            return None  # who writes "$value" opens no place
        opened, places = self.open.opened(said, role, about)
        whole = self.understood(opened, places, role, about, new)
        return whole or self._composed(list(shared(heard.clauses(opened), places)), role, about, new)

    def understood(self, text: str, places: tuple[Place, ...], role: Role, about: str, new: bool) -> Read | None:
        bare = text.replace("$entity", f" {THING} ").replace("$value", f" {VALUE} ").replace("$slot", f" {HAD} ")
        plain_said = re.sub(DATA["named_so"][self.lang], HAD, bare.lower())
        if re.search(DATA["never"][self.lang], core(plain_said, role, self.lang)) or self._is_elsewhere(plain_said):
            return None
        two = role == "user" and len(places) == TWO
        counted = re.sub(DATA["two"][self.lang], " ", bare) if two else bare
        if re.search(r"\d", bare) or numbers.mentions(re.sub("[\0\1\2]", " ", counted)):
            return None
        told = [slot for slot, _ in places if slot not in ("entity", "slot")]
        if not all(re.search(DATA["has"][self.lang], each.lower()) for each in bare.split(HAD)[:-1]):
            return None
        had = self._had(bare, role, about, [name for slot, name in places if slot == "slot"])
        if had is None or len({*told, *had}) < len(told) + len(had):
            return None
        things = list(dict.fromkeys(name for slot, name in places if slot == "entity"))
        if len(things) > 1 and (told or had or not re.search(DATA["both"][self.lang], bare.lower())):
            return None
        acts = self._acts(bare.lower(), role, told, had, len(things) if new else 0)
        lends = not self.strange(bare) and not (role == "agent" and self.open.topics.promises(bare))
        return Read(text if lends else "", text, places, tuple(acts)) if acts else None

    def _composed(
        self, parts: Sequence[tuple[str, tuple[Place, ...]]], role: Role, about: str, new: bool
    ) -> Read | None:
        """A turn of several sentences that are each understood, in as few as can be: all that they do."""
        for size in range(len(parts) - 1, 0, -1):
            first, rest = _joined(parts[:size]), parts[size:]
            if (head := self.understood(*first, role, about, new)) is None:
                continue
            goes_on = new and not any(act == "offer" for act, _ in head.acts)
            tail = self.understood(*_joined(rest), role, about, goes_on) or self._composed(rest, role, about, goes_on)
            if tail and _go_together(head.acts, tail.acts):
                text = head.text + tail.text if head.text and tail.text else ""
                return Read(text, head.opened + tail.opened, (*head.places, *tail.places), (*head.acts, *tail.acts))
        return None

    def _is_elsewhere(self, said: str) -> bool:
        """Whether it speaks of another service: somewhere to eat, where it is rooms."""
        own = self.open.topics.domain.words.get(self.lang, ())
        said = re.sub(DATA["situations"][self.lang], "", said)
        return any(not any(found in word for word in own) for found in re.findall(DATA["others"][self.lang], said))

    def _had(self, bare: str, role: Role, about: str, names: Sequence[str]) -> list[str] | None:
        """The slots of what things have, signed: what an agent says is there, or is not there, has to be so."""
        denied = role == "agent" and bool(re.search(DATA["denies"][self.lang], bare))
        value = (NO if denied else YES)[self.lang]
        known = {fact.attribute: fact.value for fact in self.open.facts.get(about, ())}
        if role == "agent" and any(known.get(name) != value for name in names):
            return None
        return [(HAS_NOT if denied else HAS) + name for name in names]

    def _acts(
        self, bare: str, role: Role, told: Sequence[str], had: Sequence[str], new: int
    ) -> list[tuple[str, str]]:
        """The courtesies it begins with, what it does, and the courtesies it ends with; [] where it is not known what
        it does, or where it does two things that no turn of ours does."""
        if role == "agent":
            does = self._told_so(core(bare, role, self.lang), told, had, new)
            books = [("offer_booking", "")] if re.search(DATA["books"][self.lang], bare) else []
        else:
            does, books = self._wanted(bare, told, had, new), []
        if does is None:
            return []
        does += books
        return [*said_of(bare, role, self.lang, BEFORE), *does, *said_of(bare, role, self.lang, BEHIND)]

    def _told_so(
        self, bare: str, told: Sequence[str], had: Sequence[str], new: int
    ) -> list[tuple[str, str]] | None:
        """What an agent does; `new` things are offered."""
        asked = [slot for slot in self.open.slots(bare) if slot.name not in told]
        if len(asked) == 1 and not (told or had or new) and re.search(DATA["unknown"][self.lang], bare):
            return [("notify_unknown", asked[0].name)]
        if not asked and not had and re.search(DATA["missed"][self.lang], bare):
            nearest = [*[("offer", "")] * new, *(("inform", slot) for slot in told)]
            return [NOTHING, *nearest] if new or not told else None
        if new and re.search(DATA["elsewhere"][self.lang], bare):
            return None
        denies = bool(had) and had[0].startswith(HAS_NOT)
        said = re.sub(DATA["tags"][self.lang], "", bare) if new else bare
        if asked or (re.search(DATA["replies"][self.lang], said) and (new or told)) or (denies and (told or new)):
            return None
        if not denies and re.search(DATA["not_told"][self.lang], bare):
            return None
        return [*[("offer", "")] * new, *(("inform", slot) for slot in (*told, *had))]

    def _wanted(
        self, bare: str, told: Sequence[str], had: Sequence[str], new: int
    ) -> list[tuple[str, str]] | None:
        """What a user does."""
        asked = [slot for slot in self.open.slots(bare) if slot.name not in told]
        asks = bool(re.search(DATA["asks"][self.lang], bare))
        if asked and not all(map(self._lies_there, asked)) and re.search(DATA["elsewhere"][self.lang], bare):
            return None
        if len(re.findall(DATA["asking"][self.lang], bare)) > max(1, len(asked) + len(had)):
            return None  # it asks for more than was understood
        wanted = [("inform", slot) for slot in (*told, *had)]
        if re.search(DATA["wants"][self.lang], bare):
            return None if asked or new else [("inform_intent", ""), *wanted]
        if had and not told and asks and not re.search(DATA["wishes"][self.lang], bare):
            if re.search(f"{HAD} *的", bare):
                return None  # "one with a pool?" looks for another one
            return [*(("request", slot.name) for slot in asked), *(("request", slot) for slot in had)]
        if asked and (told or had or not asks or any("request" not in slot.use for slot in asked)):
            return None
        more = [("request", OTHER)] * bool(self.strange(bare)) if asks and not wanted else []
        return wanted or [*(("request", slot.name) for slot in asked), *more]

    def _lies_there(self, slot: SlotSpec) -> bool:
        """Whether it is of what lies near a thing."""
        return any(re.search(DATA["elsewhere"][self.lang], name) for name in slot.names.get(self.lang, ()))

    def strange(self, bare: str) -> list[str]:
        """The words of slots of which nothing is known."""
        hits = [hit for hit in self.open.topics.about(bare).slots if hit.value.name not in self.open.known]
        return [word for hit in hits if not is_everyday(word := bare[hit.start : hit.end], self.lang)]


def _joined(parts: Sequence[tuple[str, tuple[Place, ...]]]) -> tuple[str, tuple[Place, ...]]:
    """Clauses as one text, with all that stands open in it."""
    return "".join(clause for clause, _ in parts), tuple(place for _, places in parts for place in places)


def _go_together(head: Sequence[tuple[str, str]], tail: Sequence[tuple[str, str]]) -> bool:
    """Whether one turn may do both: nothing twice, no greeting in the middle and no farewell before it, and nobody asks
    of what it is still looking for."""
    first, second = {act for act, _ in head}, {act for act, _ in tail}
    if first & {"thank", "bye"} or second & {"greet", "acknowledge"} or set(head) & set(tail) - {("offer", "")}:
        return False
    return not (first | second) >= {"inform_intent", "request"} and not (first & second & {"inform_intent", "offer"})

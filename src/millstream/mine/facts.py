"""What the host says of what: (entity, slot, value).

A number becomes a fact only where its slot is clear: named beside it, asked just before, given by its unit, or,
for a price, by standing right behind the entity. What the tables have is found by them first (confirmed.py). The
value is kept as it was said. This file knows nothing of chat or models; what contradicts a table is settled later
(know/).
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace

from millstream.domain import SlotSpec
from millstream.mine.claim import Claim, settled
from millstream.mine.confirmed import LACKS, Confirmed, Line, beside
from millstream.mine.corrections import TOLD, denials
from millstream.mine.course import Course
from millstream.mine.find import Hit, Phrases
from millstream.mine.focus import Focus, compared
from millstream.mine.measures import DATA, Said, counts_nothing, divided, measured, thousands
from millstream.mine.sheet import Sheet
from millstream.mine.topics import About, Topics, asks
from millstream.mine.words import alike, nameless, spoken
from millstream.records import Cue

_IS, _DENIED, OTHER, _STILL, APART, _ANSWERED, _ECHO = (
    re.compile(DATA[key], re.I) for key in ("is", "denied", "other", "still", "apart", "answered", "echo")
)
_BEHIND = re.compile(r"\s?的?是\s?")
_ASIDE = re.compile(r"\([^()]*\)")
_ALONE = re.compile("[零一二两三四五六七八九十百千]{3,}")
_YOU = re.compile(r"[?？您你吗]|\b(?:you|he|she|your)\b")
_CLAUSE = re.compile(r"[，,、。；;！!？?]|(?<=[\u4e00-\u9fff\0]) (?=[\u4e00-\u9fff\0])|\b(?:and|but|so|because)\b")
_REMEMBERED, _FRESH, _GUESSED, _PLAINLY = 8, 5, 2, 3


class Claims:
    """Reads the host's cues in order and remembers what is being talked about. Of things whose names are only
    guessed nothing is believed but a plain price. What is in a table is found by it (confirmed.py); a number that
    contradicts its table has to be said plainly."""

    def __init__(self, topics: Topics, sheet: Sheet | None = None, course: Course | None = None) -> None:
        self.topics, self.sheet, self.focus = topics, sheet or Sheet(), Focus()
        self.course = course or Course(self.sheet)
        self._heard: dict[Cue, tuple[Cue, str, About]] = {}
        self._confirmed = Confirmed(topics, self.sheet, self.focus)
        slots = topics.domain.slots
        self._money = next((slot for slot in slots if slot.kind == "money"), None)
        fixed = [slot for slot in slots if slot.kind in ("category", "text") and "request" in slot.use]
        self._values = Phrases({value: slot for slot in fixed for each in slot.values.values() for value in each})
        self._claims = {word for words in topics.domain.claims.values() for word in words}
        self._entity, self._open = "", False
        self._slot: SlotSpec | None = None
        self._by_unit: dict[tuple[str, str], SlotSpec] = {}
        self._prices: dict[str, float] = {}
        self._said: list[Claim] = []

    def read(self, cues: Iterable[Cue], asked: Mapping[Cue, About] | None = None) -> Iterator[Claim]:
        """The claims of lines in order; `asked` is what viewers ask about where a line begins to answer them."""
        lines = [self.heard(cue) for cue in cues]
        course = self.course.of([(text, named_of(about, text)) for _, text, about in lines])
        for at, (cue, text, about) in enumerate(lines):
            if about.strange:
                self.focus.lose()
                self._open, self._slot = False, None
                continue
            self.focus.follow(course[at], about.names, at)
            self._entity = self.focus.entity if self.focus.age(at) <= _REMEMBERED else ""
            self._heed((asked or {}).get(cue), about)
            line = Line(text, bare(text, about), about, at, self._slot)
            line = self._taken_back(line)
            counted = settled(self._numbers(line), text)
            for claim in counted:
                self.focus.turn(claim.entity, at)
            words = list(self._words(line))
            worded = {claim.key for claim in words if claim.part}
            found = [*(claim for claim in counted if claim.key not in worded), *words]
            self._said += found
            yield from (replace(claim, value=surface(cue.text, text, claim.value)) for claim in found)
            self._open = bool(about.entities) and bool(_IS.match(text[about.entities[-1].end :].strip()))
            self.focus.take(about.entities, text, at)
            self._slot = about.slots[-1].value if about.slots and not found else None

    def heard(self, cue: Cue) -> tuple[Cue, str, About]:
        """A cue, its words without asides, and what they are about."""
        if cue not in self._heard:
            text = spoken(nameless(cue.text))
            self._heard[cue] = cue, _ASIDE.sub(_blank, text), self._meant(self.topics.about(cue.text), text)
        return self._heard[cue]

    def _meant(self, about: About, text: str) -> About:
        """Without names that are a piece of what a cell says ("Gannet Quay" is not the Gannet Loft)."""
        cells = [hit for hit in self.course.parts.found(text) if len({cell.entity for cell in hit.value}) > 1]
        own = [hit for hit in about.entities if not any(c.start <= hit.start < hit.end < c.end for c in cells)]
        return about._replace(entities=tuple(own)) if len(own) < len(about.entities) else about

    def _heed(self, asked: About | None, about: About) -> None:
        """What a viewer names need not be named in the answer."""
        self.focus.asked = asked.entities[-1].value if asked and asked.entities and not about.entities else ""
        if asked and asked.slots and not about.slots:
            self._slot = asked.slots[-1].value

    def _taken_back(self, line: Line) -> Line:
        """A number that is denied brings back what it was said of, and its slot ("not 285, 275")."""
        names = line.about.names
        for value in denials(line.bare):
            same = [claim for claim in self._said if claim.counts(value) and (not names or claim.entity in names)]
            if same:
                best = max(same, key=lambda claim: (claim.entity == self.focus.entity, claim.at))
                self.focus.turn(best.entity, line.at)
                self._entity, self._slot = best.entity, self.topics.domain.by_name[best.slot]
                return line._replace(asked=self._slot)
        return line

    def _numbers(self, line: Line) -> Iterator[Claim]:
        last = 0
        for number in self._counted(line):
            value = line.text[number.start : number.end - 2 * number.unit.startswith("/")].strip()
            denied = any(form.search(line.bare[: number.start]) for form in (_DENIED, TOLD))
            barred = denied or APART.search(clause(line.bare, number.start, number.end)) or inquires(line.text)
            if not barred and (found := self._confirmed.number(number, line)):
                near, slot = found
                for entity in (near.entity, *self._confirmed.others(near.entity, slot.name, number, line)):
                    yield Claim(entity, slot.name, value, line.at, 0.9 if near.named else 0.8, True)
            elif not barred and (said := self._plain(number, line, last)):
                entity, slot, sure = said
                yield Claim(entity, slot.name, value, line.at, sure)
            elif not barred and (found := self._confirmed.elsewhere(number, line)):
                near, slot = found
                yield Claim(near.entity, slot.name, value, line.at, 0.7, True)
            else:
                slot = None
            if slot:
                self._by_unit["", number.unit] = slot
            last = number.end

    def _counted(self, line: Line) -> Iterator[Said]:
        """The numbers of a line; one that no table has is read as thousands and hundreds, or as two, where they have
        that."""
        for number in measured(line.bare):
            whole = not self.sheet or self._confirmed.number(number, line)
            ways = () if whole else (*thousands(line.bare, number), *divided(line.bare, number))
            alone = () if counts_nothing(line.bare, number) else (number,)
            yield from next((way for way in ways if self._have(way, line)), alone)

    def _have(self, way: Sequence[Said], line: Line) -> bool:
        """Have the tables the first, and of the same thing the second or what it may be a slip for?"""
        found = self._confirmed.number(way[0], line)
        return bool(found and all(any(c.near(each) for c in self.sheet.row(found[0].entity)) for each in way[1:]))

    def _plain(self, number: Said, line: Line, last: int) -> tuple[str, SlotSpec, float] | None:
        """A number that no table has; `last` is where the one before it ended."""
        if OTHER.search(clause(line.bare, number.start, number.end)) or not (
            number.kind == "money" or not self.topics.guessed
        ):
            return None
        entity, sure = self._whose(number, line.bare, line.about)
        slot = self._slot_of(number, line, last, entity)
        if not slot or not entity or not self._believed(entity, slot, number, line):
            return None
        if slot is self._money and (cell := next((c for c in self.sheet.row(entity) if c.counts(number)), None)):
            slot = self.topics.domain.by_name.get(cell.slot, slot)
        if slot is self._money:
            self._prices[entity] = number.value
        self._by_unit[entity, number.unit] = slot
        return entity, slot, sure

    def _believed(self, entity: str, slot: SlotSpec, number: Said, line: Line) -> bool:
        """May it be said of this thing, though a table says otherwise, or nothing?"""
        if not self.sheet:
            return True
        named = any(hit.value is slot for hit in beside(number, line))
        here = any(hit.value == entity for hit in line.about.entities)
        cell = self.sheet.cell(entity, slot.name)
        if here and any(0 <= number.start - hit.end <= _PLAINLY for hit in line.about.slots if hit.value is slot):
            return True
        if cell is None:
            fresh = self.sheet.has(slot.name) and self.focus.age(line.at) <= _FRESH
            return (named or slot is self._slot) and (here or fresh or self.focus.asked == entity)
        return cell.near(number) or (slot.kind == "text" and named)

    def _whose(self, number: Said, text: str, about: About) -> tuple[str, float]:
        """The entity a number belongs to: named behind "是", last named before it, or still in mind."""
        for hit in about.entities:
            if hit.start >= number.end and _BEHIND.fullmatch(text[number.end : hit.start]):
                return hit.value, 0.9
        before = [hit for hit in about.entities if hit.end <= number.start]
        if before:
            return before[-1].value, 0.9
        if about.entities and not self._entity:
            return about.entities[0].value, 0.6
        return self._entity, 0.7 if self._entity else 0.5

    def _slot_of(self, number: Said, line: Line, last: int, entity: str) -> SlotSpec | None:
        """Named beside it, measured by its unit, asked just before, said so earlier, or a price. The number before
        ended at `last`."""
        since, about = line.bare[last:], line.about
        for hit in beside(number, line):
            if _holds(hit.value, number.kind):
                return hit.value
        for slot in self.topics.domain.slots:
            if _measured(slot, number.kind, since[: number.end - last]):
                return slot
        asked = self._slot if not about.slots else None
        if asked and _holds(asked, number.kind) and (asked.kind != "text" or number.kind == "time"):
            return asked
        if number.kind == "time":
            named = self._by_unit.get(("", number.unit)) if about.entities else None
            return self._by_unit.get((entity, number.unit), named) if entity else None
        return self._money if self._is_price(number, since, last, about, entity, line.at) else None

    def _is_price(self, number: Said, since: str, last: int, about: About, entity: str, at: int) -> bool:
        """Does a number without a slot's name stand right behind its entity, or is it plainly money?"""
        if not entity or number.kind not in ("", "money") or number.value < 2:
            return False
        before = [hit.end for hit in about.entities if hit.end <= number.start]
        gap = since[max([0, *(end - last for end in before)]) : number.start - last].strip()
        behind = any(_BEHIND.fullmatch(since[number.end - last : hit.start - last]) for hit in about.entities)
        stated = bool(_IS.match(gap)) and bool(before or self._open or gap.startswith("这"))
        fresh = bool(about.entities) or self.focus.age(at) <= (_GUESSED if self.topics.guessed else _FRESH)
        known = self._prices.get(entity, number.value)
        other = number.unit in ("/位", "/人", "/斤", "a bottle", "a head") or any(
            _holds(hit.value, "money") for hit in about.slots if hit.value is not self._money
        )
        if self.topics.guessed and not before and not _STILL.match(gap):
            return False
        plain = number.kind == "money" and fresh and not other and 1 / 3 < number.value / known < 3
        clause = gap + since[number.start - last :].split(" ")[0]
        alone = fresh and number.value >= 100 and bool(_ALONE.fullmatch(clause))
        said = alone or (number.value >= 5 and (stated or behind))
        return plain or (number.kind == "" and said)

    def _words(self, line: Line) -> Iterator[Claim]:
        """Values that are words: those of the tables, those the domain lists, and a slot's name that says it all
        ("现车")."""
        if self.sheet and not inquires(line.text) and not APART.search(line.text):
            for found in (*self._confirmed.words(line), *self._confirmed.flags(line)):
                yield Claim(found.entity, found.slot, found.value, line.at, found.sure, True, True)
        text, about = line.text, line.about
        names = [hit for hit in about.slots if self._says_all(hit, text)]
        listed = [] if inquires(text) or self.topics.guessed else [*self._values.found(text)]
        fresh = self.focus.age(line.at) <= 1
        for hit in (*listed, *names):
            before = [each.value for each in about.entities if each.start <= hit.start]
            after = [each.value for each in about.entities if each.start > hit.start]
            entity = (before[-1:] or after[:1] or [self._entity if fresh or hit in names else ""])[0]
            left = line.bare[: hit.start].rstrip()
            counted = any(number.end == len(left) and not number.kind for number in measured(line.bare))
            inside = any(each.start <= hit.start < each.end for each in about.entities)
            if entity and not counted and not inside and not _DENIED.search(left) and self._free(entity, hit, line):
                yield Claim(entity, hit.value.name, text[hit.start : hit.end], line.at, 0.9 if about.entities else 0.6)

    def _free(self, entity: str, hit: Hit[SlotSpec], line: Line) -> bool:
        """Does no table say what words say here? Of a slot with a column only that column is believed, of another
        what is said of a thing by its name, the slot's name beside it."""
        if not self.sheet:
            return True
        here = any(each.value == entity for each in line.about.entities)
        said = any(each.value is hit.value and each.start != hit.start for each in line.about.slots)
        alone = hit.value.kind == "text" and not LACKS.search(line.bare[: hit.start])
        return not self.sheet.has(hit.value.name) and here and (said or alone)

    def _says_all(self, hit: Hit[SlotSpec], text: str) -> bool:
        word = text[hit.start : hit.end]
        labels = {names[0] for names in hit.value.names.values()}
        promises = any(alike(word, claim) for claim in self._claims)
        ends = not text[hit.end :].strip() or text[hit.end] in " ,，。"
        return hit.value.kind == "text" and word not in labels and promises and ends


def named_of(about: About, text: str) -> list[str]:
    """What a line names other than for comparison."""
    return [hit.value for hit in about.entities if not compared(text, hit)]


def _blank(found: re.Match[str]) -> str:
    return " " * len(found[0])


def inquires(text: str) -> bool:
    """Does the host ask a viewer something? (Caption lines break anywhere: "is 42" begins no question; and who asks
    itself "what was it oh no you're right" has its answer.)"""
    return asks(text) and bool(_YOU.search(text)) and not _ANSWERED.search(text)


def denied(value: str, quote: str) -> bool:
    """Does the quote say that the value is not so ("46, not 42")?"""
    return bool(_DENIED.search(quote[: max(0, quote.find(value))]))


def clause(text: str, start: int, end: int) -> str:
    """The clause in which something stands."""
    starts = [match.end() for match in _CLAUSE.finditer(text, 0, start)]
    ends = [match.start() for match in _CLAUSE.finditer(text, end)]
    return text[max([0, *starts]) : min([len(text), *ends])]


def _holds(slot: SlotSpec, kind: str) -> bool:
    """May a number of this kind be a value of this slot?"""
    if slot.kind == "money":
        return kind in ("", "money")
    if slot.kind == "number":
        return kind not in ("money", "rate", "time", "size", "volume", "weight")
    return slot.kind == "text" and kind in ("time", "money", "rate", "people", "distance")


def _measured(slot: SlotSpec, kind: str, up_to: str) -> bool:
    """Is this the slot that the unit at the end of a number measures?"""
    if slot.kind != "number" or "request" not in slot.use or kind not in ("distance", "people", "seats", "stars"):
        return False
    shared = any(kind in name for name in slot.names.get("en", ()))
    return shared or any(up_to.rstrip().endswith(unit.lower()) for unit in slot.unit.values())


def bare(text: str, about: About) -> str:
    """A line without what echoes a viewer, and with names blanked."""
    return _blanked(_ECHO.sub(_blank, text), about.entities)


def _blanked(text: str, hits: Sequence[Hit[str]]) -> str:
    for hit in hits:
        text = text[: hit.start] + "\0" * (hit.end - hit.start) + text[hit.end :]
    return text


def surface(original: str, plain: str, value: str) -> str:
    """A value as it stands in the cue, where its plain form kept the length."""
    start = plain.find(value)
    return original[start : start + len(value)] if len(original) == len(plain) and start >= 0 else value

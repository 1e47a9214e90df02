"""Is everything the agent claims supported by the knowledge?

Checked against the facts of the run, not against the draft: the values of its acts, what it quotes, every number it
says, every value and name of the knowledge base it uses, every word that promises something, and whether a value is
denied or put under the wrong slot. A user's own words are no claims; what the user has said the agent may repeat.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Any

from millstream import heard, phrases, resources, units
from millstream.affirmed import TELLING, Affirmed
from millstream.domain import Domain
from millstream.know import listed
from millstream.know.documents import unquoted
from millstream.records import Act, Dialogue, Fact, Lang, Turn, Verdict
from millstream.shapes import Critic, Known

_MANY = 1 << 12
"""Texts and clauses of which the answer is kept: each is asked about several times in a row."""


def _words() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("critics/claims.yaml")
    return loaded


def _promises(lang: Lang) -> list[str]:
    words: list[str] = _words()["promises"][lang]
    return words


@cache
def _dates(lang: Lang) -> re.Pattern[str]:
    return re.compile("|".join(_words()["times"][lang]), re.IGNORECASE)


@cache
def _bare(lang: Lang) -> dict[str, re.Pattern[str]]:
    return {kind: re.compile("|".join(of[lang]), re.IGNORECASE) for kind, of in _words()["bare"].items()}


@cache
def _worded(domain: Domain, lang: Lang) -> str:
    """All that the wordings say: what a host undertakes in them is no promise."""
    every = (*phrases.general(lang).values(), *(words.get(lang, ()) for words in domain.phrases.values()))
    return "\n".join(phrases.forms(text for texts in every for text in texts)).casefold()


def critic(known: Known) -> Critic:
    base = _Base(known, Affirmed(known))

    async def judge(dialogue: Dialogue) -> Verdict:
        found = [
            (n, what)
            for n, turn in enumerate(dialogue.turns)
            if turn.role == "agent"
            for what in base.faults(dialogue, n)
        ]
        reason = "; ".join(f"turn {n}: {what}" for n, what in found[:3])
        return Verdict(
            critic="claims", passed=not found, reason=reason, turns=tuple(dict.fromkeys(n for n, _ in found))
        )

    return judge


@dataclass(frozen=True)
class _Base:
    known: Known
    affirmed: Affirmed

    def faults(self, dialogue: Dialogue, n: int) -> Iterator[str]:
        turn = dialogue.turns[n]
        said = [each.text for each in dialogue.turns[:n]]
        yield from self._acts(turn.acts)
        yield from _quotes(turn)
        yield from self._numbers(turn, said)
        yield from self._promised(turn, said)
        yield from self._names(turn, said)
        yield from self._values(turn, said)
        yield from self.affirmed.faults(turn.text, turn.acts)
        yield from self._misplaced(turn)
        yield from self._swapped(turn)
        yield from self._bare(turn, said)
        yield from units.wrong(turn.text, [act.value for act in turn.acts])

    def _acts(self, acts: Sequence[Act]) -> Iterator[str]:
        for act in acts:
            if act.act in TELLING and act.slot and act.value:
                fact = self._fact(act.entity, act.slot)
                if fact is None or not self._tells(fact, act.value):
                    yield f"no fact says that {act.slot} of {act.entity!r} is {act.value!r}"

    def _tells(self, fact: Fact, told: str) -> bool:
        """Whether the fact has this value; of a list some of its items may be told."""
        spec = self.known.domain.by_name.get(fact.attribute)
        return fact.value == told or (spec is not None and spec.kind == "list" and listed.has(fact.value, told))

    def _numbers(self, turn: Turn, said: Sequence[str]) -> Iterator[str]:
        for number in sorted(heard.strange_numbers(turn.text, [*self._told(turn), *said[-1:], *_names_of(turn)])):
            yield f"the number {number:g} has no source"

    def _promised(self, turn: Turn, said: Sequence[str]) -> Iterator[str]:
        """A promise needs a fact's own words, or the name of the slot it tells of."""
        lang, text = self.known.lang, _nameless(self.known, turn.text).casefold()
        support = self._support(turn, said)
        for word in (*_promises(lang), *self.known.domain.claims.get(lang, ())):
            if _has(text, word, lang) and word not in support:
                yield f"promises {word!r} without evidence"
        for found in (match.group() for match in _dates(lang).finditer(text)):
            if found not in support:
                yield f"names a time, {found!r}, that nothing gives"

    def _support(self, turn: Turn, said: Sequence[str]) -> str:
        """What a claim of this turn may be found in: its facts, the names of their slots, the turn before."""
        lang, by_name = self.known.lang, self.known.domain.by_name
        slots = [by_name[act.slot] for act in turn.acts if act.slot in by_name]
        named = [name for slot in slots for name in (*slot.names.get(lang, ()), *slot.values.get(lang, ()))]
        return " ".join([*self._told(turn), *named, *said[-1:]]).casefold()

    def _names(self, turn: Turn, said: Sequence[str]) -> Iterator[str]:
        """An entity nobody has brought up and no act is about."""
        allowed = heard.plain(" ".join([*said, *_names_of(turn), *(act.value for act in turn.acts)]))
        text = heard.plain(turn.text)
        for name, plain in _names(self.known).items():
            if plain in text and plain not in allowed:
                yield f"names {name!r}, of which this turn has no fact"

    def _values(self, turn: Turn, said: Sequence[str]) -> Iterator[str]:
        """A value of the knowledge that belongs to none of the entities spoken of, and that nobody has said."""
        entities = set(_names_of(turn))
        facts = [fact.value for fact in self.known.facts if fact.entity in entities]
        wished = [held.value for held in turn.state]
        own = heard.plain(" ".join([*facts, *said[-1:], *wished, *self._told(turn)]))
        asked = {act.slot for act in turn.acts if act.act == "request"}
        text = _nameless(self.known, turn.text).casefold()
        for value in _telling(self.known, frozenset(asked)):
            if _has(text, value.casefold(), self.known.lang) and heard.plain(value) not in own:
                yield f"says {value!r}, which is not so for {', '.join(sorted(entities)) or 'anything named'}"

    def _misplaced(self, turn: Turn) -> Iterator[str]:
        """A value in a clause that names another slot and not its own, or right behind one that does, where nothing
        of that slot is told."""
        for act, clause, before, sentence in self.affirmed.clauses(turn.text, turn.acts):
            spoken = self._named(" ".join(self.known.domain.by_name[act.slot].tell.get(self.known.lang, ())))
            for named, where in ((self._named(clause), clause), (self._named(before), sentence)):
                there = {told.slot for told in turn.acts if told.slot in named and heard.says(where, told.value)}
                if named and not named & ({act.slot} | spoken | there):
                    yield f"puts {act.value!r} under {', '.join(sorted(named))}"
                if named:
                    break

    def _named(self, clause: str) -> frozenset[str]:
        return _slots_named(self.known.domain, self.known.lang, clause)

    def _swapped(self, turn: Turn) -> Iterator[str]:
        """Where two entities are told of: a value behind the name of the other one, or before it ("5 on the E7")."""
        told = [act for act in turn.acts if act.act in TELLING and act.entity and act.value]
        names = {act.entity for act in told}
        called = {form: name for name in names for form in (name, *self._last_part(name))}
        text = turn.text
        for form in sorted(called, key=len, reverse=True):  # "大床" in the name of a 大床房 is no value
            text = text.replace(form, "\0" * len(form))
        for act in told if len(names) > 1 else ():
            found = re.search(rf"(?<![\d.,]){re.escape(act.value)}(?!\d)", text)
            owner = _owner(turn.text, *found.span(), called) if found else ""
            if owner not in ("", act.entity) and self._value(owner, act.slot) != act.value:
                yield f"says {act.value!r} of {owner!r}, but it is of {act.entity!r}"

    def _last_part(self, name: str) -> list[str]:
        """What a Chinese name of two parts goes by once it was said."""
        return [name.rpartition(" ")[2]] if self.known.lang == "zh" else []

    def _bare(self, turn: Turn, said: Sequence[str]) -> Iterator[str]:
        """What no act carries and nothing supports: a lower price, an undertaking, what is left, what others do."""
        supports, worded = self._support(turn, said), _worded(self.known.domain, self.known.lang)
        text = _nameless(self.known, turn.text)
        for kind, pattern in _bare(self.known.lang).items():
            for found in (match.group().casefold() for match in pattern.finditer(text)):
                if found not in supports and not (kind == "undertakes" and found in worded):
                    yield f"{kind}: {found.strip()!r}"

    def _value(self, entity: str, slot: str) -> str:
        fact = self._fact(entity, slot)
        return fact.value if fact else ""

    def _told(self, turn: Turn) -> list[str]:
        """What this turn may rest on: the values of its acts and the facts it is grounded in."""
        facts = [self._fact(act.entity, act.slot) for act in turn.acts if act.slot and act.entity]
        return [act.value for act in turn.acts] + [fact.value for fact in facts if fact] + self._options(turn)

    def _options(self, turn: Turn) -> list[str]:
        """What a question may list ("five seats or seven?"): the values its slot takes."""
        asked = [act.slot for act in turn.acts if act.act == "request" and act.slot in self.known.domain.by_name]
        slots = [self.known.domain.by_name[slot] for slot in asked]
        return [value for slot in slots for value in slot.values.get(self.known.lang, ())]

    def _fact(self, entity: str, slot: str) -> Fact | None:
        return _table(self.known).get((entity, slot))


def _quotes(turn: Turn) -> Iterator[str]:
    """What is told out of a document, or as a host said it, stands there, and is said word for word: one "not" makes it
    another thing."""
    for act in (act for act in turn.acts if act.act == "inform_passage"):
        if heard.plain(unquoted(act.value, turn)):
            yield f"no document it rests on says {act.value!r}"
        if heard.plain(act.value) not in heard.plain(turn.text):
            yield f"does not quote {act.value!r} as it stands"


def _owner(text: str, start: int, end: int, called: Mapping[str, str]) -> str:
    """The one (by what it is called) that what stands at `start` to `end` is said of."""
    after = (name for form, name in called.items() if re.match(rf" on (?:the )?{re.escape(form)}", text[end:], re.I))
    behind = next(after, "")
    before = {text.rfind(form, 0, start): name for form, name in called.items()}
    return behind or (before[max(before)] if max(before) >= 0 else "")


@lru_cache(_MANY)
def _nameless(known: Known, text: str) -> str:
    """Without the names of things: a "Wild Mushroom Risotto" promises nothing wild."""
    for name, pattern in _called(known):
        text = pattern.sub(" ", text) if name in text.casefold() else text
    return text


@cache
def _called(known: Known) -> list[tuple[str, re.Pattern[str]]]:
    """What the names of things, and the parts of Chinese ones, are found by; the longest first."""
    whole = {fact.entity for fact in known.facts}
    parts = {part for name in whole for part in name.split() if len(part) > 2 and known.lang == "zh"}
    longest = sorted(whole | parts, key=len, reverse=True)
    return [(name.casefold(), re.compile(re.escape(name), re.IGNORECASE)) for name in longest]


@cache
def _names(known: Known) -> dict[str, str]:
    """Each thing's name with its plain form."""
    return {fact.entity: heard.plain(fact.entity) for fact in known.facts}


@cache
def _telling(known: Known, asked: frozenset[str]) -> tuple[str, ...]:
    """The values that say something by themselves, but of the slots `asked`: not numbers, not a bare yes or no."""
    slots = known.domain.by_name
    telling = (
        fact.value
        for fact in known.facts
        if fact.number is None
        and fact.attribute not in asked
        and len(heard.plain(fact.value)) > 1
        and fact.attribute in slots
        and slots[fact.attribute].kind != "flag"
    )
    return tuple(dict.fromkeys(telling))


@lru_cache(_MANY)
def _slots_named(domain: Domain, lang: Lang, clause: str) -> frozenset[str]:
    low, slots = clause.casefold(), domain.by_name.items()
    named = (name for name, slot in slots if any(_has(low, w.casefold(), lang) for w in slot.names.get(lang, ())))
    return frozenset(named)


@cache
def _table(known: Known) -> dict[tuple[str, str], Fact]:
    return {(fact.entity, fact.attribute): fact for fact in reversed(known.facts)}


def _names_of(turn: Turn) -> list[str]:
    return [act.entity for act in turn.acts if act.entity]


def _has(text: str, word: str, lang: Lang) -> bool:
    return word in text and (lang == "zh" or _word(word).search(text) is not None)


@cache
def _word(word: str) -> re.Pattern[str]:
    return re.compile(rf"(?<![a-z]){re.escape(word)}(?![a-z])")

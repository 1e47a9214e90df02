"""Writes an outline turn by turn: who says what, with which acts, resting on what.

A turn is made of parts, each one wording with its acts. The agent's turn always begins with what the user left
open (`pending`): a question is answered before anything else is said. So every move in moves.py has one shape:
the agent settles what is open and adds something, the user raises the next thing.
"""

import re
from collections import deque
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from random import Random
from typing import Literal

from millstream import heard, phrases
from millstream.domain import NO, NONE, YES, Domain, Need, SlotSpec
from millstream.frames import Frame, Voice
from millstream.know import listed
from millstream.know.base import Knowledge
from millstream.labels import CONTEXT, Labels
from millstream.manner import SAID_BY_USERS, suited
from millstream.plan.wishes import options_on
from millstream.records import (
    Act,
    Constraint,
    Evidence,
    Fact,
    Lang,
    Move,
    Outline,
    Recovery,
    Role,
    Scenario,
    Sentence,
    Slot,
    Step,
)
from millstream.turns import Turns

UNSAID = 0.5
"""Share of the agent's nods ("okay.") that go unsaid where something else follows: people do not nod at every turn."""
POINTED, LEFT_OUT = 0.85, 0.5
"""Share of sentences about what is being talked of that do not name it, and of Chinese ones that do not point at it."""
ALIKE: dict[Lang, int] = {"zh": 2, "en": 1}
"""Characters, or words, by which two sentences begin alike."""
TRIES = 4
"""Wordings drawn for one that does not begin like what the speaker said last."""
Named = Literal["", "once", "again"]
"""How often the entity was named in this turn already: it is named again by a pronoun, if at all."""
_GREETING = re.compile(
    r"(?:主播你好|你好主播|你好|您好|主播在吗|哈喽主播|哈喽|嗨|主播)，|(?:Hi|Hello|Hey)(?: there)?, (?!could)"
)
_OF_FOCUS = ("query", "tell", "tell_yes", "tell_no", "assure")
_RAISING = {"request", "request_compare", "request_passage"}
"""Acts before which a user may say what it makes of the last answer."""
_HEADS = re.compile(r"(?:^|[，)])\$entity")
"""Where a Chinese clause begins with its thing, which may be left out there."""

_NAMELESS = dict.fromkeys(("other", "need", "kind", "old", "options"), "")
"""The names of a wording that mostly stand for nothing."""
_MANY = 1 << 12
"""Answers kept."""

Pending = Callable[[], Sequence[Sentence]]
Begun = Mapping[Role, deque[Sequence[str]]]
"""How the last two of each side began."""


@dataclass
class Script:
    """The outline so far. `voice` is how its user speaks: what viewers of this stream really said and asked.

    `questions` is how many the user asks in one `inform`, `at_once` how many wishes it names as it opens; they make the
    length of a dialogue. `doubts` are the kinds of its objections (plan/rhythms.py) by stage. `recovery` is what has to
    be mended on this path, `mends` the strategy of the agent's next turn where that turn mends something, `ahead` the
    moves still to come; `reaction` is the wording for what the user makes of what it was just told, said where its next
    turn raises something of its own; `missing` a wish with the value that the opening asked for and nothing has;
    `turns` how talks of two go in the sources, if there are any; `unasked` whether `questions` kept the user from
    asking something; `beside` what was offered as a second choice.
    """

    scenario: Scenario
    knowledge: Knowledge
    rng: Random
    voice: Voice = field(default_factory=Voice)
    questions: int = 2
    at_once: int = 0
    need: str = ""
    doubts: Mapping[str, str] = field(default_factory=dict)
    steps: list[Step] = field(default_factory=list)
    state: dict[str, str] = field(default_factory=dict)
    offered: str = ""
    told: set[tuple[str, str]] = field(default_factory=set)
    requests: list[str] = field(default_factory=list)
    pending: Pending | None = None
    stage: str = ""
    ahead: tuple[Move, ...] = ()
    recovery: Recovery | None = None
    mends: str = ""
    reaction: str = ""
    missing: tuple[Constraint, str] | None = None
    turns: Turns = field(default_factory=Turns)
    unasked: bool = False
    beside: str = ""
    consulted: set[str] = field(default_factory=set)
    _turns_begun: Begun = field(default_factory=lambda: {"user": deque(maxlen=2), "agent": deque(maxlen=2)})
    _forms_begun: Begun = field(default_factory=lambda: {"user": deque(maxlen=2), "agent": deque(maxlen=2)})
    _used: dict[str, set[str]] = field(default_factory=dict)
    _borrowed: set[Evidence] = field(default_factory=set)

    @cached_property
    def lang(self) -> Lang:
        return self.scenario.lang

    def agent(self, *parts: Sentence, strategy: str, nods: float = 1 - UNSAID) -> None:
        """The agent settles what is open, then says `parts`; before them it nods at most as often as `nods`."""
        opening = list(self.pending() if self.pending else ())
        self.pending = None
        if parts and len(opening) == 1 and _is_nod(opening[0]) and self.rng.random() >= nods:
            opening = []
        stage = self.steps[-1].stage if opening and not parts else self.stage  # an answer belongs to its question
        self._turn("agent", [*opening, *parts] or [self._go_on()], self.mends or strategy, stage)
        self.mends = ""

    def user(self, *parts: Sentence, leaves: Pending | None = None, mends: str = "") -> None:
        """The user says `parts`; `leaves` makes what the agent has to say to it first."""
        if self.reaction and not self.turns and parts[0].acts[0].act in _RAISING:
            parts = (self.part(self.reaction, "acknowledge", entity=self.offered), *parts)
        self.reaction = ""
        self._turn("user", [*map(self._closed, parts[:-1]), *parts[-1:]], "", self.stage)
        self.pending, self.mends = leaves, mends

    def settle(self) -> None:
        """Works out now what is left open, so that what it tells counts as told."""
        if self.pending:
            parts = tuple(self.pending())
            self.pending = lambda: parts

    def was_said(self, key: str) -> bool:
        return key in self._used

    def part(
        self, key: str, act: str, slot: str = "", value: str = "", entity: str = "", named: Named = "", **more: str
    ) -> Sentence:
        """What a viewer said in place of the wording `key`, where something fits; else one of the general wordings,
        not used in this dialogue yet if there is one left."""
        label = _label(act, slot, value, entity)
        names = {**_NAMELESS, **more, "slot": self.shown(slot), "value": value, "entity": self._short(entity)}
        if key == "compare_tell":
            names["other"] = self._short(names["other"])
        return self._lent(key, label, names) or self._worded(key, label, names, named)

    def _lent(self, key: str, label: Act, names: Mapping[str, str]) -> Sentence | None:
        """The first frame this user may borrow that is right here: its words carry the label, and nothing in them
        was said before."""
        for frame in self.voice.lends(key, self._slots_like(label.slot)):
            text = self._filled(frame, key, dict(names))
            if text and self._borrowed.isdisjoint(frame.evidence) and self._is_right(frame, label, text):
                self._borrowed |= set(frame.evidence)
                return Sentence(text, (label,), self._heard(text, label, names), (frame.id,), frame.id)
        return None

    def _filled(self, frame: Frame, key: str, names: dict[str, str]) -> str:
        """The frame in this place; "" where something of it is not there. A greeting goes before what is asked for."""
        if frame.family == "greet":
            return self._greeting(frame, key, names)
        named = phrases.named(frame.text)
        names["entity"] = names["entity"] or self.offered
        if "other" not in named and self._in_focus(names["entity"]):
            names["entity"] = self.voice.calls(names["entity"])
        return phrases.put(frame.text, self.lang, names) if all(names[each] for each in named) else ""

    def _greeting(self, frame: Frame, key: str, names: Mapping[str, str]) -> str:
        """The mined greeting in place of the one an opening has; "" where no opening has one to take away."""
        left = _greeted(self._wordings(key, "", names))
        rest = phrases.put(self._fresh(key, left), self.lang, names) if left else ""
        return f"{frame.text}{'，' if self.lang == 'zh' else ', '}{rest}" if rest else ""

    def _is_right(self, frame: Frame, label: Act, text: str) -> bool:
        named = not label.entity or label.entity in text or self._in_focus(label.entity)
        context = [step.draft for step in self.steps[-CONTEXT:]]
        return named and self._is_fresh(frame, text) and not self._labels.lost(text, (label,), context)

    def _is_fresh(self, frame: Frame, text: str) -> bool:
        """Not what anybody said before; what tells nothing shares no word with the last turn ("leaving", "leaving,
        bye")."""
        if any(heard.plain(text) == heard.plain(step.draft) for step in self.steps):
            return False
        last = next((step.draft for step in reversed(self.steps) if step.role == "user"), "")
        return bool(phrases.named(frame.text)) or not heard.pieces(text) & heard.pieces(last)

    def _worded(self, key: str, label: Act, names: Mapping[str, str], named: Named) -> Sentence:
        choices: Sequence[str] = self._wordings(key, label.slot, names)
        if key == "grant" and not self.is_named(label.entity):
            choices = [each for each in choices if "$entity" in each] or choices
        wording = self._fresh(key, choices)
        if named or (key in _OF_FOCUS and self._in_focus(label.entity) and (self.turns or self.rng.random() < POINTED)):
            wording = phrases.with_pronoun(wording, self.lang, self._pronoun(wording, named))
        text = phrases.fill(wording, self.lang, **names)
        return Sentence(text, (label,), self._heard(text, label, names))

    def _short(self, entity: str) -> str:
        """The name as it is said again: of a Chinese one of two parts ("望潮度假村 海景大床房") the second, where the
        whole was said a moment ago."""
        if self.lang != "zh" or " " not in entity or not any(entity in step.draft for step in self.steps[1 - CONTEXT:]):
            return entity
        return entity.rpartition(" ")[2]

    def wordings(self, key: str, slot: str = "") -> Sequence[str]:
        return phrases.wordings(self.knowledge.domain, self.lang, key, self.spec(slot))

    def _wordings(self, key: str, slot: str, names: Mapping[str, str]) -> tuple[str, ...]:
        return self._sayable(key, slot, bool(names["options"]))

    @cached_property
    def _sayable(self) -> Callable[[str, str, bool], tuple[str, ...]]:
        return phrases.sayable(self.knowledge.domain, self.lang, staged=not self.turns)

    @cached_property
    def _slots_like(self) -> Callable[[str], tuple[str, ...]]:
        return _alike(self.knowledge.domain)

    def _heard(self, text: str, label: Act, names: Mapping[str, str]) -> tuple[str, ...]:
        return tuple([each for each in (label.value, label.entity, names["other"]) if each and each in text])

    def ask(self, wish: Constraint) -> Sentence:
        """The agent asks for a wish; where there are few things to choose from, it may name them, unless a thing was
        just spoken of: they would be heard to be of that."""
        spoken = any(act.entity for step in self.steps[-2:] for act in step.acts)
        options = () if spoken else options_on(wish, self.knowledge, self.rng)
        joined = phrases.either(options, self.lang)
        part = self.part("ask", "request", wish.slot, options=joined)
        return Sentence(part.text, part.acts, options if joined and joined.casefold() in part.text.casefold() else ())

    def tell(self, fact: Fact, named: Named = "", way: str = "tell") -> Sentence:
        """`way`: "tell_brief", the value alone, for who has just asked for it; "assure", against a fear."""
        self.told.add((fact.entity, fact.attribute))
        key = self._telling(fact)
        key = way if key == "tell" and (way == "tell_brief" or self.is_named(fact.entity)) else key
        spec = self.spec(fact.attribute)
        told = listed.some(fact.value, self.rng) if spec and spec.kind == "list" else fact.value
        part = self.part(key, "inform", fact.attribute, told, fact.entity, named)
        return Sentence(part.text, part.acts, part.must, (fact.id,))

    def after(self, key: str, part: Sentence) -> Sentence:
        """`part` behind a connective that carries no act of its own ("Also, ...")."""
        link = self._fresh(key, self.wordings(key))
        return part._replace(text=link + phrases.inner(part.text, self.lang, part.must))

    def spec(self, slot: str) -> SlotSpec | None:
        return self.knowledge.domain.by_name.get(slot)

    def shown(self, slot: str) -> str:
        spec = self.spec(slot)
        return (spec.names.get(self.scenario.lang) or (slot.replace("_", " "),))[0] if spec else ""

    @cached_property
    def purpose(self) -> Need | None:
        """What brings the user, with what a thing must be to serve it."""
        return self.knowledge.domain.need(self.lang, self.need)

    @cached_property
    def _labels(self) -> Labels:
        return Labels.of(self.knowledge.domain, self.lang)

    def _asks(self, part: Sentence) -> bool:
        """Viewers leave out the mark of a question."""
        marked = part.text.rstrip().endswith(("?", "？"))
        return marked or (bool(part.frame) and self._labels.asks(part.text))

    def _closed(self, part: Sentence) -> Sentence:
        """Typed lines have no final mark; where more follows they need one."""
        mark = "，" if self.lang == "zh" else "."
        return part._replace(text=part.text + mark) if part.text[-1:].isalnum() else part

    def outline(self) -> Outline:
        return Outline(self.scenario, tuple(self.steps))

    def _turn(self, role: Role, parts: Iterable[Sentence], strategy: str, stage: str) -> None:
        said = tuple([part for part in parts if part.text])
        step = Step(
            role=role,
            acts=tuple([act for part in said for act in part.acts]),
            state=_held(tuple(self.state.items())),
            stage=stage,
            draft=phrases.joined([(part.text, part.must) for part in said], self.lang),
            must=tuple(dict.fromkeys([word for part in said for word in part.must])),
            refs=tuple(dict.fromkeys([ref for part in said for ref in part.refs])),
            strategy=strategy,
            asks=any(map(self._asks, said)),
            frame=next((part.frame for part in said if part.frame), ""),
            parts=said,
        )
        self.steps.append(step)
        self._turns_begun[role].append(_beginning(step.draft, self.lang))

    def _pronoun(self, wording: str, named: Named) -> str:
        if self.lang == "en":
            return "it" if named == "again" else self.knowledge.domain.pronoun["en"]
        left_out = _HEADS.search(wording) and (named == "again" or (not named and self.rng.random() < LEFT_OUT))
        return "" if left_out else self.knowledge.domain.pronoun["zh"]

    def _telling(self, fact: Fact) -> str:
        """A yes, a no and a none are told by sentences of their own, where the slot has them."""
        spec, value = self.spec(fact.attribute), fact.value.casefold()
        key = {NO[self.lang]: "tell_no", NONE[self.lang]: "tell_no", YES[self.lang]: "tell_yes"}.get(value, "tell")
        return key if spec and getattr(spec, key).get(self.lang) else "tell"

    def is_named(self, entity: str) -> bool:
        """Named so lately that a sentence without it is still heard to be of it, whatever a delivery puts between."""
        return any(entity in step.draft for step in self.steps[2 - CONTEXT :])

    def _in_focus(self, entity: str) -> bool:
        """Named a moment ago and nothing else since, so that a pronoun is understood; in talks of two, where nobody
        else speaks of anything, longer."""
        lately = self.steps[1 - CONTEXT :] if self.turns else self.steps[-3:]
        return (
            entity == self.offered
            and any(entity in step.draft for step in lately)
            and not any(act.entity not in ("", entity) for step in lately for act in step.acts)
        )

    def _go_on(self) -> Sentence:
        """What an agent with nothing to answer and nothing to add says."""
        if "anything_else" not in self._used:
            return self.part("anything_else", "request_more")
        return self.part("ack", "acknowledge")

    def _fresh(self, key: str, choices: Sequence[str]) -> str:
        used = self._used.setdefault(key, set())
        left: Sequence[str] = [each for each in choices if each not in used] or choices
        if key in SAID_BY_USERS:
            left = suited(tuple(left), self.scenario.manner, self.lang)
        role: Role = "user" if key in SAID_BY_USERS else "agent"
        begun = (*self._turns_begun[role], *self._forms_begun[role])
        wording, form = self._drawn(left, begun)
        used.add(wording)
        self._forms_begun[role].append(_beginning(form, self.lang))
        return form

    def _drawn(self, choices: Sequence[str], begun: Container[Sequence[str]]) -> tuple[str, str]:
        """A wording and a form of it: of TRIES, drawn one by one, the first that begins in none of these ways."""
        tried: list[tuple[str, str]] = []
        for _ in range(TRIES):
            wording = self.rng.choice(choices)
            tried.append((wording, phrases.form(wording, self.rng)))
            if _beginning(tried[-1][1], self.lang) not in begun:
                return tried[-1]
        return tried[0]


def _is_nod(part: Sentence) -> bool:
    """A short "okay" that says nothing by itself."""
    return [act.act for act in part.acts] == ["acknowledge"] and len(part.text) <= phrases.NOD


@lru_cache(_MANY)
def _label(act: str, slot: str, value: str, entity: str) -> Act:
    """The same are said in every dialogue, and no record changes."""
    return Act(act=act, slot=slot, value=value, entity=entity)


@lru_cache(_MANY)
def _held(state: tuple[tuple[str, str], ...]) -> tuple[Slot, ...]:
    return tuple(Slot(slot=slot, value=value) for slot, value in state)


@lru_cache(_MANY)
def _greeted(openings: tuple[str, ...]) -> tuple[str, ...]:
    """What follows the greeting in those forms of some openings that have one."""
    return tuple(text[found.end() :] for text in phrases.forms(openings) if (found := _GREETING.match(text)))


def _beginning(text: str, lang: Lang) -> Sequence[str]:
    """What two sentences are told apart by at first: characters of Chinese, words of English."""
    if lang == "zh":
        return heard.plain(text)[: ALIKE[lang]]
    return [word.casefold() for word in text.split(maxsplit=ALIKE[lang])[: ALIKE[lang]]]


@cache
def _alike(domain: Domain) -> Callable[[str], tuple[str, ...]]:
    """A slot, where it takes one of a few words the others that do, and none: frames of them fit it as well."""

    @cache
    def alike(slot: str) -> tuple[str, ...]:
        spec = domain.by_name.get(slot)
        every = domain.slots if spec and spec.kind == "category" else ()
        return tuple(dict.fromkeys([slot, *(each.name for each in every if each.kind == "category"), ""]))

    return alike

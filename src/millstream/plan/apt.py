"""Whether a mined turn is apt where it is to be said: does it take up what was said there, and nothing else?

A turn was an answer in its own talk. What it takes up ("fine, that one then") has to be here too. Knows no pools of
turns. The patterns are in plan/apt.yaml.
"""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from typing import NamedTuple

from millstream import heard, resources
from millstream.frames import Frame
from millstream.labels import Labels, context
from millstream.plan.filling import Filling
from millstream.records import Lang, Role, Sentence, Step
from millstream.shapes import Known
from millstream.turns import OF, answered

_DATA = resources.data("plan/apt.yaml")
_OPENING = re.compile(r"[，。,.]")
_LISTED = 3
"""Things from which on a list is called long."""


@cache
def _form(name: str, lang: Lang) -> re.Pattern[str]:
    return re.compile(_DATA[name][lang], re.IGNORECASE)


@cache
def _answers(role: Role, lang: Lang) -> tuple[tuple[re.Pattern[str], re.Pattern[str]], ...]:
    """(how one begins who says yes or no, what that answers)."""
    forms = _DATA["answers"][role][lang]
    return tuple((re.compile(said, re.IGNORECASE), re.compile(to, re.IGNORECASE)) for said, to in forms.items())


class Here(NamedTuple):
    """Where a turn stands: who says it, the steps before, its number, whether it goes on behind a sentence, and whether
    nothing was found that is as wished for."""

    role: Role
    before: Sequence[Step]
    number: int
    on: bool = False
    missed: bool = False

    @property
    def texts(self) -> list[str]:
        return [step.draft for step in self.before]

    @property
    def context(self) -> Iterator[str]:
        return context((step.draft, step.acts) for step in self.before)

    def just_named(self, entity: str) -> bool:
        """Whether a thing was named, and is the last that was spoken of."""
        about = (found for step in reversed(self.before) if (found := {act.entity for act in step.acts} - {""}))
        return next(about, set()) == {entity} and any(entity in step.draft for step in self.before)

    def behind(self, step: Step, first: Sentence, n: int) -> "Here":
        """The place of the n-th sentence behind the first of a step."""
        known = [*self.before, step._replace(draft=first.text, acts=first.acts)]
        return self._replace(before=known, number=self.number + n, on=True)


def takes_up(frame: Frame, here: Here, known: Known) -> bool:
    """A user who takes note does so as after such an answer: nobody says "fine, that one then" to a no. Whole turns
    after an answer that was not understood may be lent, pieces not."""
    if here.role == "agent" or not here.before or "acknowledge" not in frame.act.split():
        return True
    last, whole = here.before[-1], frame.family == OF[here.role]
    acts = Filling(known.domain, known.lang, last.role).pairs(last.acts)
    return (whole and not frame.stage) or frame.stage == answered(acts)


def fits(said: Sentence, here: Here, labels: Labels) -> bool:
    """Nobody says the same twice, of the nearest there is that it is what was wished for, or of one thing that there
    are many, or asks which of several where there is one."""
    acts, lang = {act.act for act in said.acts}, labels.lang
    told = [act.value for act in said.acts if act.act == "inform"] if here.role == "agent" else []

    def says(name: str) -> bool:
        return bool(_form(name, lang).search(said.text))

    wrong = (
        here.missed and "notify_failure" not in acts and says("as_wished"),
        says("bounded_twice"),
        any(heard.plain(said.text) == heard.plain(each) for each in here.texts),
        bool(told) and says("many") and max(map(_items, told)) < _LISTED,
        here.role == "user" and "request" in acts and says("which") and not _has_choice(here),
    )
    apt = _begins(said, here, lang) and not _answers_nothing(said, here, lang) and not _wonders(said, labels)
    return apt and not any(wrong)


def _has_choice(here: Here) -> bool:
    """Whether two things were just offered."""
    last = here.before[-1].acts if here.before else ()
    return sum(act.act == "offer" for act in last) > 1


def _items(value: str) -> int:
    """The things that a value lists."""
    return value.count("、") + value.count(", ") + 1


def _begins(said: Sentence, here: Here, lang: Lang) -> bool:
    """Nobody begins by agreeing or with "another one", agrees in the middle, or greets twice."""
    acts = {act.act for act in said.acts}
    if not here.before:
        return "acknowledge" not in acts and not _form("again", lang).search(said.text)
    return "greet" not in acts and not ("acknowledge" in acts and here.on)


def _answers_nothing(said: Sentence, here: Here, lang: Lang) -> bool:
    """Whether it says yes, or a user no, to who asked nothing of the kind."""
    last = "".join(here.texts[-1:])
    return any(begins.match(said.text) and not asked.search(last) for begins, asked in _answers(here.role, lang))


def _wonders(said: Sentence, labels: Labels) -> bool:
    """Whether it begins with a question of its own talk ("really?") and goes on."""
    first, *more = filter(None, _OPENING.split(said.text))
    slots = [act.slot for act in said.acts if act.slot in labels.domain.by_name]
    return bool(more) and labels.asks(first) and not any(labels.speaks_of(first, slot) for slot in slots)

"""Whether a mined turn is apt where it is to be said: does it take up what was said there, and nothing else?

A turn was an answer in its own talk. What it takes up ("fine, that one then") has to be here too. Knows no pools of
turns.
"""

import re
from collections.abc import Sequence
from typing import NamedTuple

from millstream import heard
from millstream.frames import Frame
from millstream.labels import Labels, context
from millstream.plan.filling import Filling
from millstream.records import Role, Sentence, Step
from millstream.shapes import Known
from millstream.turns import OF, answered

_OPENING = re.compile(r"[，。,.]")
_AGAIN = re.compile(r"再|另|换|还[要想需]|在帮|这些|\b(?:another|else|also|instead|those|these)\b", re.IGNORECASE)
"""What nobody begins with."""
_AS_WISHED = re.compile(r"符合|满足|正好|\b(?:match\w*|meets?|fits?|exactly|perfect)\b", re.IGNORECASE)
"""What is not said of the nearest there is."""
_END = r"(?:[啊呀的呢哦了]|有)*[，。！,]"
_HM = "(?:嗯+[，,。])?"
_AGREES = (
    (re.compile(f"{_HM}(?:有的|有啊|是的|是啊|是呀|对){_END}"), re.compile(r"吗|(?<!什)么|有没|是否|是不是")),
    (
        re.compile(f"{_HM}(?:可以|当然|行|没问题|能){_END}"),
        re.compile(r"吗|(?<!什)么|能不|可不|可以|告诉|发|帮|给我|查|推荐|找"),
    ),
    (re.compile(r"(?:yes|yep|yeah)\b", re.I), re.compile(r"\b(?:do|does|is|are|can|could|have|has|would|may)\b", re.I)),
    (re.compile(r"\w+, (?:they|it) (?:do(?:es)?|is|are)\b", re.I), re.compile(r"\b(?:do|does|is|are)\b", re.I)),
)
"""How an agent begins who says yes, and what that answers."""
_NO = re.compile(r"(?:没有了?|没了|不用了?|no|nope|not (?:at|right|now)|any(?: of them)? will)\b", re.IGNORECASE)
_ASKED = re.compile(r"[?？吗么]|\b(?:else|let me know)\b", re.IGNORECASE)
"""How a user begins who says no, and what that answers."""
_WHICH = re.compile(r"这些|这[两几][家个]|哪一?家|\b(?:these|which of|any of them|either)\b", re.IGNORECASE)
"""What is asked of several things."""
_MANY = re.compile(r"很多|不少|挺多|太多|好多|几[个家处]|\b(?:many|several|a few|lots)\b", re.IGNORECASE)
_LISTED = 3
"""What calls a list long, and the things from which on one is."""
_TWICE = re.compile(r"以[上下内](?:左右|以[上下内]|之[间内])")
"""A bound that is bounded again."""


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
    def context(self) -> list[str]:
        return context([(step.draft, step.acts) for step in self.before])

    def just_named(self, entity: str) -> bool:
        """Whether a thing was named, and is the last that was spoken of."""
        about = (found for step in reversed(self.before) if (found := {act.entity for act in step.acts} - {""}))
        return next(about, set()) == {entity} and any(entity in step.draft for step in self.before)

    def behind(self, step: Step, first: Sentence, n: int) -> "Here":
        """The place of the n-th sentence behind the first of a step."""
        known = [*self.before, step.model_copy(update={"draft": first.text, "acts": first.acts})]
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
    acts = {act.act for act in said.acts}
    if here.missed and "notify_failure" not in acts and _AS_WISHED.search(said.text):
        return False
    if _TWICE.search(said.text) or any(heard.plain(said.text) == heard.plain(each) for each in here.texts):
        return False
    values = [act.value for act in said.acts if act.act == "inform"]
    if here.role == "agent" and values and _MANY.search(said.text) and max(map(_items, values)) < _LISTED:
        return False
    if here.role == "user" and "request" in acts and _WHICH.search(said.text) and not _has_choice(here):
        return False
    return _begins(said, here) and not _answers_nothing(said, here) and not _wonders(said, labels)


def _has_choice(here: Here) -> bool:
    """Whether two things were just offered."""
    last = here.before[-1].acts if here.before else ()
    return sum(act.act == "offer" for act in last) > 1


def _items(value: str) -> int:
    """The things that a value lists."""
    return value.count("、") + value.count(", ") + 1


def _begins(said: Sentence, here: Here) -> bool:
    """Nobody begins by agreeing or with "another one", agrees in the middle, or greets twice."""
    acts = {act.act for act in said.acts}
    if not here.before:
        return "acknowledge" not in acts and not _AGAIN.search(said.text)
    return "greet" not in acts and not ("acknowledge" in acts and here.on)


def _answers_nothing(said: Sentence, here: Here) -> bool:
    """An agent who says yes, or a user who says no, to who asked nothing of the kind."""
    last = "".join(here.texts[-1:])
    if here.role == "user":
        return bool(_NO.match(said.text)) and not _ASKED.search(last)
    return any(yes.match(said.text) and not asked.search(last) for yes, asked in _AGREES)


def _wonders(said: Sentence, labels: Labels) -> bool:
    """Whether it begins with a question of its own talk ("really?") and goes on."""
    first, *more = filter(None, _OPENING.split(said.text))
    slots = [act.slot for act in said.acts if act.slot in labels.domain.by_name]
    return bool(more) and labels.asks(first) and not any(labels.speaks_of(first, slot) for slot in slots)

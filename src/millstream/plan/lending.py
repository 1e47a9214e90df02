"""Lays mined turns over an outline: where a turn of a talk of two does what a step does, the step is said in its words.

A step takes a whole turn of the same acts and slots; where there is none, each of its sentences takes one. The values
are the step's own. What is lent has to carry the labels, and of an agent nothing is taken that the claim checks
(affirmed.py, vouched.py) would not let pass. Knows no cues.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from millstream import heard, phrases
from millstream.affirmed import Affirmed
from millstream.domain import NO
from millstream.frames import PLACE, Frame
from millstream.labels import CONTEXT, Labels
from millstream.records import Act, Outline, Role, Sentence, Step
from millstream.shapes import Known
from millstream.turns import COURTESIES, HAS, HAS_NOT, Turns, acts_of, echoes, key
from millstream.vouched import Vouched

STRIDE = 7
"""Turns of one kind that a scenario is ahead of the one before it."""
TRIES = 12
"""Turns looked at for one that is right here."""
NAMED = 4
"""Steps back within which a thing was just named."""
_EMPTY = ("acknowledge", "greet")
"""Courtesies that answer what only their own talk knows."""
_MARKS = "。！？!?.~～"
_OPENING = re.compile(r"[，。,.]")


@dataclass(frozen=True)
class Lender:
    """Lends the turns of one run. Made once: the checks behind it are dear to make."""

    turns: Turns
    known: Known
    labels: Labels = field(init=False)
    affirmed: Affirmed = field(init=False)
    vouched: Vouched = field(init=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "labels", Labels.of(self.known.domain, self.known.lang))
        object.__setattr__(self, "affirmed", Affirmed(self.known))
        object.__setattr__(self, "vouched", Vouched(self.known))

    def lent(self, outline: Outline) -> Outline:
        """The outline with every step that a mined turn fits said in its words."""
        if not self.turns:
            return outline
        steps: list[Step] = []
        for step in outline.steps:
            steps.append(self._said(step, steps, outline.scenario.number * STRIDE + len(steps)))
        return outline.model_copy(update={"steps": tuple(steps)})

    def _said(self, step: Step, before: Sequence[Step], number: int) -> Step:
        if whole := self._turn(step.role, step.acts, step.must, before, number):
            return _with(step, [whole], self.known.lang, self.labels)
        parts = [part for part in step.parts if not _courteous(part.acts)] or list(step.parts)
        found = self._each(step.role, parts, before, number)
        if not any(found):
            return step
        if not all(found):
            parts = list(step.parts)
            found = self._each(step.role, parts, before, number)
        merged = [new or (old, "") for new, old in zip(found, parts, strict=True)]
        return _with(step, merged, self.known.lang, self.labels)

    def _each(
        self, role: Role, parts: Sequence[Sentence], before: Sequence[Step], number: int
    ) -> list[tuple[Sentence, str] | None]:
        """For each sentence the turn that says it; but the first begins with no courtesy."""
        return [
            self._turn(role, part.acts, part.must, before, number if n == 0 else -number)
            for n, part in enumerate(parts)
        ]

    def _turn(
        self, role: Role, acts: Sequence[Act], must: Sequence[str], before: Sequence[Step], number: int
    ) -> tuple[Sentence, str] | None:
        """The first turn that is right here as a sentence, and its frame; below 0 `number` is of one that goes on."""
        wanted = key((act.act, self._signed(act, role)) for act in acts)
        if not wanted or wanted[0][0] in _EMPTY:
            return None
        entity = next((act.entity for act in acts if act.entity), "")
        named = bool(entity) and any(entity in step.draft for step in before[-NAMED:])
        lent = self.turns.lends(role, wanted, number)[:TRIES]
        for frame in sorted(lent, key=lambda each: named and "$entity" in each.text):
            courtesies = COURTESIES & {*frame.act.split()}
            if ("acknowledge" in courtesies and (number < 0 or not before)) or ("greet" in courtesies and before):
                continue  # nobody begins by agreeing, agrees in the middle, or greets twice
            carried = tuple(self._filled(frame, acts, role))
            text = self._put(self._pointed(frame.text) if named else frame.text, carried)
            if text and self._is_right(text, frame, role, carried, must, before):
                refs = (frame.id,)
                return Sentence(text=text, acts=carried, must=tuple(m for m in must if m in text), refs=refs), frame.id
        return None

    def _pointed(self, text: str) -> str:
        """What was named a moment ago is pointed at where no turn leaves its name out: whoever says a hotel's whole
        name every time is no person."""
        return phrases.with_pronoun(text, self.known.lang, self.known.domain.pronoun[self.known.lang])

    def _is_right(
        self, text: str, frame: Frame, role: Role, acts: Sequence[Act], must: Sequence[str], before: Sequence[Step]
    ) -> bool:
        said = [step.draft for step in before]
        if echoes(text, frame) or self.labels.lost(text, acts, said[-CONTEXT:]):
            return False
        if acts[0].act == "acknowledge" and self.labels.asks(_OPENING.split(text)[0]):
            return False  # "really?" takes up what only its own talk knows
        if any(heard.plain(text) == heard.plain(each) for each in said):
            return False
        if role == "user" and acts[-1].act == "inform" and "inform_intent" not in frame.act and self.labels.asks(text):
            return False  # what is asked is no answer
        lately = " ".join(said[-2:])
        if any(word not in lately for word in heard.missing(text, must)):
            return False
        if role == "user":
            return True
        return not any(self.vouched.strange(text, acts, lately)) and not list(self.affirmed.faults(text, acts))

    def _signed(self, act: Act, role: Role) -> str:
        """The slot of an act as frames have it: signed where it is of what a thing has or has not."""
        spec = self.known.domain.by_name.get(act.slot)
        if spec is None or not spec.is_had:
            return act.slot
        return (HAS_NOT if role == "agent" and act.value == NO[self.known.lang] else HAS) + act.slot

    def _filled(self, frame: Frame, acts: Sequence[Act], role: Role) -> Iterator[Act]:
        """The frame's acts with the values of these, in the frame's order; courtesies are the frame's own."""
        left = list(acts)
        for each in acts_of(frame):
            match = next((act for act in left if key([(act.act, self._signed(act, role))]) == key([each])), None)
            if match and match.act not in COURTESIES:
                left.remove(match)
                yield match
            else:
                yield Act(act=each[0])

    def _put(self, text: str, acts: Sequence[Act]) -> str:
        """A frame with its places filled; "" where something of it is not there."""
        by_name, lang = self.known.domain.by_name, self.known.lang
        had = [act.slot for act in acts if act.slot in by_name and by_name[act.slot].is_had]
        names = iter([by_name[slot].names[lang][0] for slot in had])
        values = iter([act.value for act in acts if act.act == "inform" and act.slot not in had])
        entity = next((act.entity for act in acts if act.entity), "")
        out, done = [], 0
        for place in PLACE.finditer(text):
            source = {"$entity": iter([entity]), "$slot": names}.get(place.group(), values)
            if not (filled := next(source, "")):
                return ""
            out += [text[done : place.start()], filled]
            done = place.end()
        return "".join([*out, text[done:]])


def _courteous(acts: Sequence[Act]) -> bool:
    return all(act.act in COURTESIES for act in acts)


def _with(step: Step, found: Sequence[tuple[Sentence, str]], lang: str, labels: Labels) -> Step:
    """The step said in these sentences."""
    closed = [_closed(part, lang) for part, _ in found[:-1]] + [found[-1][0]]
    draft = phrases.joined([(part.text, part.must) for part in closed], labels.lang)
    return step.model_copy(
        update={
            "acts": tuple(act for part in closed for act in part.acts),
            "draft": draft,
            "must": tuple(dict.fromkeys(word for part in closed for word in part.must)),
            "refs": tuple(dict.fromkeys([*step.refs, *(ref for part in closed for ref in part.refs)])),
            "asks": labels.asks(draft) if step.asks else False,
            "frame": next((frame for _, frame in found if frame), step.frame),
            "parts": tuple(closed),
        }
    )


def _closed(part: Sentence, lang: str) -> Sentence:
    """A sentence with a mark at its end where more follows."""
    if part.text[-1:] in _MARKS:
        return part
    return part.model_copy(update={"text": part.text.rstrip("，,") + ("，" if lang == "zh" else ".")})

"""Lays mined turns over an outline: where a turn of a talk of two does what a step does, the step is said in its words.

A step takes a whole turn of the same acts and slots; where there is none, each of its sentences takes one. The values
are the step's own. What is lent has to carry the labels, and of an agent nothing is taken that the claim checks
(affirmed.py, vouched.py) would not let pass. Knows no cues.
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, repeat

from millstream import heard, phrases
from millstream.affirmed import Affirmed
from millstream.domain import NO
from millstream.frames import PLACE, Frame, units
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
_FIRST = ("inform_intent", "offer")
"""What a turn that says several things begins with."""
MOST_LEFT = 2
"""Things that a turn of several says each in a clause of its own, at most."""
SHORT = 2
"""Units that a turn may be short of what is due."""
_MARKS = "。！？!?.~～"
_OPENING = re.compile(r"[，。,.]")
_AGAIN = re.compile(r"再|另|换|还[要想需]|在帮|这些|\b(?:another|else|also|instead|those|these)\b", re.IGNORECASE)
"""What nobody begins with."""
_TWICE = re.compile(r"以上(?:左右|以上|以内)|以内(?:左右|以内|以下)")
"""A bound that is bounded again."""


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
        if several := self._grouped(step, before, number):
            return _with(step, several, self.known.lang, self.labels)
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

    def _grouped(self, step: Step, before: Sequence[Step], number: int) -> list[tuple[Sentence, str]]:
        """A turn that says most of what the step says, and one for each thing that is left; [] where there are none."""
        acts = [act for act in step.acts if act.act not in COURTESIES]
        first = [act for act in acts if act.act in _FIRST]
        others = [act for act in acts if act not in first]
        for size in range(len(others) - 1, -1, -1):
            for chosen in combinations(others, size):
                head = [*first, *chosen]
                left = [act for act in others if act not in chosen]
                alone = [act.act for act in first].count("offer") > 1 and left  # told of which of the two?
                if not head or alone or len(left) > MOST_LEFT or not (said := self._turn(step.role, head, (), before, number)):
                    continue
                if more := self._behind(said[0], left, step, before, number):
                    return [said, *more]
        return []

    def _behind(
        self, first: Sentence, acts: Sequence[Act], step: Step, before: Sequence[Step], number: int
    ) -> list[tuple[Sentence, str]]:
        """For each of the acts the turn that says it behind the first sentence; [] where one has none."""
        known = [*before, step.model_copy(update={"draft": first.text, "acts": first.acts})]
        more = [self._turn(step.role, [act], _of(act, step.must), known, -number - n) for n, act in enumerate(acts, 1)]
        return [each for each in more if each] if all(more) else []

    def _turn(
        self, role: Role, acts: Sequence[Act], must: Sequence[str], before: Sequence[Step], number: int
    ) -> tuple[Sentence, str] | None:
        """The first turn that is right here as a sentence, and its frame; below 0 `number` is of one that goes on."""
        wanted = key((act.act, self._signed(act, role)) for act in acts)
        if not wanted or wanted[0][0] in _EMPTY:
            return None
        entity = next((act.entity for act in acts if act.entity), "")
        named = bool(entity) and _spoken_of(before[-NAMED:]) == {entity}
        lent = self.turns.lends(role, wanted, number)[:TRIES]
        for frame in sorted(lent, key=lambda each: ("$entity" in each.text) == named):
            if not self._fits(frame, before, number):
                continue
            carried = tuple(self._filled(frame, acts, role))
            text = self._put(self._pointed(frame.text) if named else frame.text, carried)
            if text and self._is_right(text, frame, role, carried, must, before):
                said = Sentence(text=text, acts=carried, must=tuple(m for m in must if m in text), refs=(frame.id,))
                return self._lengthened(said, role, self.turns.due(role, wanted, number), must, before, number), frame.id
        return None

    def _lengthened(
        self, said: Sentence, role: Role, due: int, must: Sequence[str], before: Sequence[Step], number: int
    ) -> Sentence:
        """The sentence as long as such turns are, with what others said before and behind theirs."""
        for place in 0, 2:
            room = due - units(said.text)
            if room < SHORT or number < 0 or (place == 0 and said.acts[0].act in _EMPTY):
                continue
            if number * STRIDE % 100 >= 100 * self.turns.rate(role, place):
                continue
            for piece in self.turns.piece(role, place, room, number)[:TRIES]:
                longer = self._beside(said, piece, place)
                new = not any(piece.text in step.draft for step in before)
                if new and self._fits(piece, before, number) and self._is_right(longer.text, piece, role, longer.acts, must, before):
                    said = longer
                    break
        return said

    def _beside(self, said: Sentence, piece: Frame, place: int) -> Sentence:
        """The sentence with a piece before or behind it."""
        acts, space = [Act(act=act) for act, _ in acts_of(piece)], "" if self.known.lang == "zh" else " "
        texts = [_open_ended(piece.text, self.known.lang), said.text] if place == 0 else [
            _closed(said, self.known.lang).text, piece.text
        ]
        return said.model_copy(update={
            "text": space.join(texts),
            "acts": (*acts, *said.acts) if place == 0 else (*said.acts, *acts),
            "refs": (*said.refs, piece.id),
        })

    def _fits(self, frame: Frame, before: Sequence[Step], number: int) -> bool:
        """Nobody begins by agreeing, agrees in the middle, or greets twice."""
        courtesies = COURTESIES & {*frame.act.split()}
        return not ("acknowledge" in courtesies and (number < 0 or not before)) and not ("greet" in courtesies and before)

    def _pointed(self, text: str) -> str:
        """What was named a moment ago is pointed at where no turn leaves its name out: whoever says a hotel's whole
        name every time is no person."""
        return phrases.with_pronoun(text, self.known.lang, self.known.domain.pronoun[self.known.lang])

    def _is_right(
        self, text: str, frame: Frame, role: Role, acts: Sequence[Act], must: Sequence[str], before: Sequence[Step]
    ) -> bool:
        said = [step.draft for step in before]
        if not before and _AGAIN.search(text):
            return False
        if echoes(text, frame) or _TWICE.search(text) or self.labels.lost(text, acts, said[-CONTEXT:]):
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
        offered = [act.entity for act in acts if act.act == "offer"]
        entities = iter(offered) if len(offered) > 1 else repeat(next((act.entity for act in acts if act.entity), ""))
        out, done = [], 0
        for place in PLACE.finditer(text):
            source = {"$entity": entities, "$slot": names}.get(place.group(), values)
            if not (filled := next(source, "")):
                return ""
            out += [text[done : place.start()], filled]
            done = place.end()
        return "".join([*out, text[done:]])


def _spoken_of(steps: Sequence[Step]) -> set[str]:
    """What the last of these that speaks of things speaks of."""
    return next((found for step in reversed(steps) if (found := {act.entity for act in step.acts} - {""})), set())


def _of(act: Act, must: Sequence[str]) -> tuple[str, ...]:
    """Of what must be heard that which this act says."""
    return tuple(word for word in must if word in (act.value, act.entity))


def _open_ended(text: str, lang: str) -> str:
    """What comes before more, with a mark behind it."""
    return text if text[-1:] in _MARKS + "，," else text + ("，" if lang == "zh" else ".")


def _courteous(acts: Sequence[Act]) -> bool:
    return all(act.act in COURTESIES for act in acts)


def _with(step: Step, found: Sequence[tuple[Sentence, str]], lang: str, labels: Labels) -> Step:
    """The step said in these sentences."""
    closed = [_running(part, lang) for part, _ in found[:-1]] + [found[-1][0]]
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


def _running(part: Sentence, lang: str) -> Sentence:
    """A sentence that more follows: in Chinese it runs on behind a comma, unless it asks."""
    if lang == "zh" and part.text.endswith("。"):
        return part.model_copy(update={"text": part.text[:-1] + "，"})
    return _closed(part, lang)


def _closed(part: Sentence, lang: str) -> Sentence:
    """A sentence with a mark at its end where more follows."""
    if part.text[-1:] in _MARKS:
        return part
    return part.model_copy(update={"text": part.text.rstrip("，,") + ("，" if lang == "zh" else ".")})

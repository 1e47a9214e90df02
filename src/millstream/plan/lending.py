"""Lays mined turns over an outline: where a turn of a talk of two does what a step does, the step is said in its words.

A step takes a whole turn of the same acts and slots; else one for most of them and one for each that is left; else each
of its sentences takes one. What is shorter than such turns are gets what others said before and behind theirs. The
values are the step's own. What is lent has to carry the labels, and of an agent nothing is taken that the claim checks
(affirmed.py, vouched.py) would not let pass. Knows no cues.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice

from millstream import heard, phrases
from millstream.affirmed import Affirmed
from millstream.frames import Frame, units
from millstream.labels import Labels
from millstream.plan import running
from millstream.plan.apt import Here, fits, takes_up
from millstream.plan.filling import Filling
from millstream.records import Act, Lang, Outline, Sentence, Step
from millstream.shapes import Known
from millstream.turns import COURTESIES, HAS, HAS_NOT, STRIDE, Key, Turns, acts_of, echoes
from millstream.vouched import Vouched

TRIES = 12
"""Turns looked at for one that is right here."""
MOST_LEFT = 2
"""Things that a turn of several says each in a clause of its own, at most."""
EVENLY = 37
"""Parts of a hundred that lie between a turn and the next: what is said in so many of a hundred is spread over them."""
SHORT = 2
"""Units that a turn may be short of what is due."""
_EMPTY = ("acknowledge", "greet")
"""Courtesies that answer what only their own talk knows."""
_FIRST = ("inform_intent", "notify_failure", "offer")
"""What a turn that says several things begins with."""
_AND: dict[Lang, dict[str, str]] = {"zh": {HAS: "和", HAS_NOT: "和"}, "en": {HAS: " and ", HAS_NOT: " or "}}
"""What stands between two things that are there, or are not."""
Lent = tuple[Sentence, str]
"""A sentence, and the frame it is."""


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
            missed = any(act.act == "notify_failure" for act in step.acts)
            here = Here(step.role, tuple(steps), outline.scenario.number * STRIDE + len(steps), missed=missed)
            found = self._said(step, here)
            steps.append(running.said_in(step, found, self.labels) if found else step)
        return outline._replace(steps=tuple(steps))

    def _said(self, step: Step, here: Here) -> Sequence[Lent]:
        """What says the step; () where nothing that was mined does."""
        if whole := self._turn(step.acts, step.must, here):
            return [whole]
        return self._grouped(step, here) or self._each(step, here)

    def _each(self, step: Step, here: Here) -> Sequence[Lent]:
        """Each sentence in the words of a turn where one says it, without courtesies of ours; () where none is."""
        bare = [part for part in step.parts if not _courteous(part.acts)] or list(step.parts)
        if all(found := self._by_part(bare, here)):
            return [each for each in found if each]
        if not any(found):
            return ()
        said = zip(self._by_part(step.parts, here), step.parts, strict=True)
        return [each or (part, "") for each, part in said if each or not _courteous(part.acts)]

    def _by_part(self, parts: Sequence[Sentence], here: Here) -> list[Lent | None]:
        """For each sentence the turn that says it; none but the first begins with a courtesy, and none is like one
        before it ("I hear this is nice. I hear that is nice.")."""
        found: list[Lent | None] = []
        for n, part in enumerate(parts):
            said = self._turn(part.acts, part.must, here._replace(on=n > 0, number=here.number + n))
            found.append(said if said and _goes_on(said, found, len(parts)) else None)
        return found

    def _grouped(self, step: Step, here: Here) -> Sequence[Lent]:
        """A turn that says most of what the step says, and one for each thing that is left; () where there are none."""
        for head, left in _parted([act for act in step.acts if act.act not in COURTESIES]):
            if not (said := self._turn(head, (), here)):
                continue
            more = [
                self._turn([act], _of(act, step.must), here.behind(step, said[0], n)) for n, act in enumerate(left, 1)
            ]
            if all(more):
                return [said, *(each for each in more if each)]
        return ()

    def _turn(self, acts: Sequence[Act], must: Sequence[str], here: Here) -> Lent | None:
        """The first turn that is right here, as a sentence."""
        filling = Filling(self.known.domain, self.known.lang, here.role)
        wanted = filling.key(acts)
        if not wanted or wanted[0][0] in _EMPTY:
            return None
        named = here.just_named(next((act.entity for act in acts if act.entity), ""))
        lent = [(each, each.id) for each in self.turns.lends(here.role, wanted, here.number)[:TRIES]]
        for frame, mined in sorted(
            lent or self._of_both(wanted, here), key=lambda each: ("$entity" in each[0].text) == named
        ):
            carried = tuple(filling.carried(frame, acts))
            text = filling.put(self._pointed(frame.text) if named else frame.text, carried)
            must_in = tuple(word for word in must if word in text)
            said = Sentence(text=text, acts=carried, must=must_in, refs=(mined,))
            if text and self._is_right(said, frame, must, here):
                due = self.turns.due(here.role, wanted, here.number)
                return self._lengthened(said, acts, due, must, here), mined
        return None

    def _of_both(self, wanted: Key, here: Here) -> list[tuple[Frame, str]]:
        """Turns that tell one thing which a thing has, or has not, telling two, and which frame each was: nobody denies
        them one by one."""
        if len(wanted) != 2 or wanted[0] != wanted[1] or wanted[0] not in (("inform", HAS), ("inform", HAS_NOT)):
            return []
        joined = _AND[self.known.lang][wanted[0][1]]
        single = self.turns.lends(here.role, wanted[:1], here.number)[:TRIES]
        return [(_twice(each, joined), each.id) for each in single if each.text.count("$slot") == 1]

    def _lengthened(self, said: Sentence, acts: Sequence[Act], due: int, must: Sequence[str], here: Here) -> Sentence:
        """The sentence nearly as long as is due, with what others said before (0) and behind (2) theirs, as often as
        they did; a user who is to take note of what was said does so first."""
        for place in () if here.on else (0, 2):
            notes = place == 0 and here.role == "user" and any(act.act == "acknowledge" for act in acts)
            if place == 0 and said.acts[0].act in (COURTESIES if notes else _EMPTY):
                continue
            room = due - units(said.text)
            rare = here.number * EVENLY % 100 >= 100 * self.turns.rate(here.role, place)
            if not notes and (rare or room < SHORT):
                continue
            pieces = self.turns.piece(here.role, place, max(SHORT, room), here.number)
            fresh = (each for each in pieces if not any(each.text in text for text in here.texts))
            fit = islice((each for each in fresh if not notes or each.act == "acknowledge"), TRIES)
            longer = ((self._beside(said, each, place), each) for each in fit)
            said = next((text for text, each in longer if self._is_right(text, each, must, here)), said)
        return said

    def _beside(self, said: Sentence, piece: Frame, place: int) -> Sentence:
        """The sentence with a piece before or behind it."""
        acts = tuple(Act(act=act) for act, _ in acts_of(piece))
        joined = running.before if place == 0 else running.behind
        return said._replace(
            text=joined(said.text, piece.text, self.known.lang),
            acts=(*acts, *said.acts) if place == 0 else (*said.acts, *acts),
            refs=(*said.refs, piece.id),
        )

    def _pointed(self, text: str) -> str:
        """What was named a moment ago is pointed at where no turn leaves its name out: whoever says a hotel's whole
        name every time is no person."""
        return phrases.with_pronoun(text, self.known.lang, self.known.domain.pronoun[self.known.lang])

    def _is_right(self, said: Sentence, frame: Frame, must: Sequence[str], here: Here) -> bool:
        """Whether a sentence of this frame carries its labels, fits here, and says nothing that nobody vouches for."""
        text, lately = said.text, " ".join(here.texts[-2:])
        if echoes(text, frame) or self.labels.lost(text, said.acts, here.context):
            return False
        if not takes_up(frame, here, self.known) or not fits(said, here, self.labels):
            return False
        if any(word not in lately for word in heard.missing(text, must)):
            return False
        if here.role == "user":
            answers = said.acts[-1].act == "inform" and "inform_intent" not in frame.act
            return not (answers and self.labels.asks(text))  # what is asked is no answer
        return not any(self.vouched.strange(text, said.acts, lately)) and not list(
            self.affirmed.faults(text, said.acts)
        )


def _goes_on(said: Lent, before: Sequence[Lent | None], parts: int) -> bool:
    """Whether a sentence can stand behind these: not as one of them, and asking for more only at the end."""
    sentence, mined = said
    again = any(each and each[1] == mined for each in before)
    return not again and (sentence.acts[-1].act != "request_more" or len(before) + 1 == parts)


def _twice(frame: Frame, joined: str) -> Frame:
    """A turn that tells one thing, telling two."""
    acts = [pair for act, slot in acts_of(frame) for pair in [(act, slot)] * (1 + (act == "inform"))]
    return frame.model_copy(update={
        "text": frame.text.replace("$slot", f"$slot{joined}$slot"), "act": " ".join(act for act, _ in acts),
        "slot": ",".join(slot for _, slot in acts),
    })  # fmt: skip


def _parted(acts: Sequence[Act]) -> Iterator[tuple[list[Act], list[Act]]]:
    """What a turn may say of some acts, the most first, and what it leaves; of two things offered nothing is told
    behind, for it would be told of either."""
    first = [act for act in acts if act.act in _FIRST]
    others = [act for act in acts if act not in first]
    offers = sum(act.act == "offer" for act in first)
    least = len(others) - MOST_LEFT if offers < 2 else len(others)
    for size in range(len(others) - 1, max(least, 0) - 1, -1):
        for chosen in combinations(others, size):
            if first or chosen:
                yield [*first, *chosen], [act for act in others if act not in chosen]


def _of(act: Act, must: Sequence[str]) -> tuple[str, ...]:
    """Of what must be heard that which this act says."""
    return tuple(word for word in must if word in (act.value, act.entity))


def _courteous(acts: Sequence[Act]) -> bool:
    return all(act.act in COURTESIES for act in acts)

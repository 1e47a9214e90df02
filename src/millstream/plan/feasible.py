"""Whether the moves of a path can take place for a user's goal, asked of what plays them; and whether they did.

A path is named after its moves and counted by them, so that one is drawn only for a goal with which each of them can be
made. What depends on the order of what is told is known when it was played (`left_out`). Knows no words.
"""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from millstream.know.base import Knowledge
from millstream.plan import booking, comparing, grievance, slips, talk
from millstream.records import Blueprint, Constraint, Lang, Move, Outcome, Path, Recovery, Step

TELLS: Mapping[Move, int] = {"recommend": 1, "inform": 1, "compare": 2, "objection": 1, "negotiate": 2}
"""Facts that a move tells, besides the price and what was wished for."""

_SEEN: Mapping[Move, str] = {
    "conflict": "notify_failure",
    "compare": "request_compare",
    "objection": "object",
    "negotiate": "negotiate",
    "invite": "offer_booking",
}
"""The act by which one sees that a move was made."""


@dataclass(frozen=True)
class Course:
    """The moves of a path, with what goes wrong on it, where the path says so, and how it ends."""

    moves: tuple[Move, ...]
    recovery: Recovery | None
    outcome: Outcome

    @staticmethod
    def of(blueprint: Blueprint, path: Path) -> "Course":
        return Course(tuple(map(blueprint.moves.__getitem__, path.stages)), path.recovery, path.outcome)


class Goal(NamedTuple):
    """What is wished for, around which thing."""

    aim: str
    wishes: tuple[Constraint, ...]


@dataclass(frozen=True)
class Feasible:
    """`talks`: the sources are talks of two, in which nothing is compared (moves.py)."""

    knowledge: Knowledge
    lang: Lang
    talks: bool = False

    def __call__(self, course: Course, goal: Goal) -> bool:
        """Whether each move can be made."""
        if not all(can(self, goal) for move, can in _CAN.items() if move in course.moves):
            return False
        return course.recovery is None or _GOES_WRONG[course.recovery](self, course, goal)

    def compares(self, goal: Goal) -> bool:
        return not self.talks and any(comparing.rivals(self.knowledge, goal.aim))

    def clashes(self, goal: Goal) -> bool:
        return not self.knowledge.matching(goal.wishes)

    def haggles(self, goal: Goal) -> bool:
        return talk.price_of(self.knowledge, goal.aim) > 0

    def books(self, goal: Goal) -> bool:
        return bool(booking.slots(self.knowledge.domain, self.lang))

    def mishears(self, course: Course, goal: Goal) -> bool:
        return bool(slips.mistaken(self.knowledge, goal.wishes, self.lang))

    def lacks(self, course: Course, goal: Goal) -> bool:
        return bool(slips.missing(self.knowledge, goal.wishes, self.lang))

    def mixes_up(self, course: Course, goal: Goal) -> bool:
        told_of_others = [slot for slot in self._open(goal) if slips.others(self.knowledge, goal.aim, slot)]
        return len(told_of_others) > _told(course)

    def answers_past(self, course: Course, goal: Goal) -> bool:
        return len(self._open(goal)) > _told(course) + 1  # what is asked, and what is told for it

    def complains(self, course: Course, goal: Goal) -> bool:
        return len(self._open(goal)) > _told(course)

    def fails(self, course: Course, goal: Goal) -> bool:
        if "invite" in course.moves:
            return bool(booking.movable(self.knowledge.domain, self.lang))
        return course.outcome in ("success", "handover", "resolved")

    def _open(self, goal: Goal) -> list[str]:
        """The slots of what can still be asked once the thing was offered."""
        heard = {"price", *(wish.slot for wish in goal.wishes)}
        facts = grievance.tellable(self.knowledge, goal.aim, self.lang)
        return [fact.attribute for fact in facts if fact.attribute not in heard]


_CAN: Mapping[Move, Callable[[Feasible, Goal], bool]] = {
    "conflict": Feasible.clashes,
    "compare": Feasible.compares,
    "negotiate": Feasible.haggles,
    "invite": Feasible.books,
}
_GOES_WRONG: Mapping[Recovery, Callable[[Feasible, Course, Goal], bool]] = {
    "misheard": Feasible.mishears,
    "unavailable": Feasible.lacks,
    "wrong_item": Feasible.mixes_up,
    "off_question": Feasible.answers_past,
    "complaint": Feasible.complains,
    "booking_failed": Feasible.fails,
}


def _told(course: Course) -> int:
    """How many facts are told before something goes wrong."""
    before = course.moves[: course.moves.index("recover")]
    return sum(TELLS.get(move, 0) for move in before)


def left_out(course: Course, steps: Sequence[Step]) -> list[str]:
    """The moves, and the recovery, of which nothing is to be seen in these steps."""
    acts = [act.act for step in steps for act in step.acts]
    ways = {step.strategy for step in steps}
    wanting: list[str] = [move for move, act in _SEEN.items() if course.moves.count(move) > acts.count(act)]
    if "recover" in course.moves and not _mended(course.recovery, ways):
        wanting.append(course.recovery or "recover")
    return wanting


def _mended(recovery: Recovery | None, ways: Collection[str]) -> bool:
    return f"repair:{recovery}" in ways if recovery else any(way.startswith("repair:") for way in ways)

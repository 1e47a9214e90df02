"""The orders in which a service dialogue can make its moves, and the ends each order can come to.

A rhythm is what stands between the needs and the end. Which moves may stand in it is mined (blueprints.py); which
orders make sense is ours, as rules one can read (docs/recipes/stream.md, assumptions). Knows no stage names, no
evidence and no words.
"""

from collections.abc import Collection, Iterator, Sequence
from itertools import combinations, permutations

from millstream.records import Move, Outcome

Rhythm = tuple[Move, ...]
"""The moves after `needs` and before `close` in their order; `recommend` and `inform` are always there."""
Doubt = str
"""What kind of doubt an objection is: a label of mined objections."""
Doubts = tuple[Doubt, ...]
"""The doubts of a dialogue, one for each objection, in their order; none twice."""

DOUBTS: Doubts = ("price", "elsewhere", "hesitates")
ROOM = 10
"""Turns that a rhythm may take besides opening, one wish, recommendation and end, which take ten of 20."""
TURNS: dict[Move, int] = {"inform": 2, "compare": 2, "objection": 2, "negotiate": 6, "recover": 2}
"""Turns that a move adds; a mix-up after the recommendation takes `MIXED_UP` more, a complaint after the questions
`COMPLAINED`, an invitation two for each two things it asks."""
MIXED_UP, COMPLAINED = 2, 6
_FRONT: tuple[Rhythm, ...] = (("recover",), ("conflict",), ("recover", "conflict"))
"""What can come before anything is recommended."""
_MIDDLE: tuple[Move, ...] = ("compare", "negotiate", "recover")
_WHOLE: tuple[Outcome, ...] = ("success", "delayed", "lost_price", "lost_competitor")

ENDINGS: dict[Outcome, tuple[frozenset[Move], frozenset[Move]]] = {
    # outcome: (moves of which it needs one as its cause, moves it may not have)
    "success": (frozenset(), frozenset()),
    "delayed": (frozenset({"objection", "compare", "recover", "conflict"}), frozenset({"invite"})),
    "lost_price": (frozenset({"negotiate"}), frozenset({"invite"})),
    "lost_competitor": (frozenset({"compare", "objection"}), frozenset({"invite", "negotiate"})),
    "abandoned": (frozenset({"inform"}), frozenset({"invite", "negotiate"})),
    "handover": (frozenset({"inform"}), frozenset({"invite", "negotiate"})),
}
"""An end of its own cause only: what was lost was argued about, what was left early was not."""


def turns(rhythm: Rhythm, booking: int = 0) -> int:
    """How many turns of `ROOM` it takes; `booking` is the number of things an invitation asks."""
    invited = 2 * -(-booking // 2) if "invite" in rhythm else 0
    return sum(TURNS.get(move, 0) for move in rhythm) + _trouble(rhythm) + invited


def _trouble(rhythm: Rhythm) -> int:
    if "recover" in rhythm and "invite" in rhythm:  # it is the booking that fails
        return MIXED_UP
    if "recover" not in rhythm or rhythm[0] == "recover":
        return 0
    return MIXED_UP if "inform" in rhythm[rhythm.index("recover") :] else COMPLAINED


def rhythms(shown: Collection[Move], doubts: Doubts) -> Iterator[Rhythm]:
    """Every order of shown moves that makes sense and leaves room, with an objection for each of `doubts`."""
    middle = [move for move in _MIDDLE if move in shown]
    must: list[Move] = ["objection"] * len(doubts)
    for size in range(len(middle) + 1):
        for extra in combinations(middle, size):
            for order in dict.fromkeys(permutations(("inform", *must, *extra))):
                if _makes_sense(order, doubts):
                    yield from (each for each in _around(order, shown) if room(each) >= 0)


def room(rhythm: Rhythm, booking: int = 0) -> int:
    """The turns of `ROOM` it leaves; a conflict needs a second wish, which takes two."""
    return ROOM - turns(rhythm, booking) - 2 * ("conflict" in rhythm)


def ends(rhythm: Rhythm, doubts: Doubts) -> Iterator[Outcome]:
    """The outcomes that a whole rhythm can come to, but for those of leaving early. Nobody but who succeeds is
    invited."""
    made = set(rhythm) - {"invite"}
    for outcome in _WHOLE:
        needed, banned = ENDINGS[outcome]
        if (not needed or needed & made) and not banned & made and _fits(outcome, rhythm, doubts):
            yield outcome


def cut(rhythm: Rhythm, outcome: Outcome, doubts: Doubts) -> Rhythm:
    """The route of who leaves early: up to the last questions, without what is argued; only who fears something leaves
    with a doubt."""
    last = len(rhythm) - rhythm[::-1].index("inform")
    banned = ENDINGS[outcome][1] | (set() if doubts == ("hesitates",) else {"objection"})
    left = [move for move in rhythm[:last] if move not in banned]
    return tuple(move for n, move in enumerate(left) if move != left[n - 1] or not n)


def _around(order: Sequence[Move], shown: Collection[Move]) -> Iterator[Rhythm]:
    """The order behind each thing that may come before it; with a second round of questions where something else came
    between."""
    again: list[tuple[Move, ...]] = [tuple(order)]
    if order[-1] != "inform":
        again.append((*order, "inform"))
    for each in again:
        yield ("recommend", *each)
        yield from ((*front, "recommend", *each) for front in _FRONT if set(front) <= set(shown) - set(order))


def _makes_sense(order: Sequence[Move], doubts: Doubts) -> bool:
    """Things are compared before they are haggled over; what was haggled over is settled, so that only a fear comes
    after it."""
    at = {move: n for n, move in enumerate(order)}
    objections = [n for n, move in enumerate(order) if move == "objection"]
    haggled = at.get("negotiate", len(order))
    settled = all(doubt == "hesitates" or n < haggled for n, doubt in zip(objections, doubts, strict=True))
    return settled and at.get("compare", -1) < haggled


def _fits(outcome: Outcome, rhythm: Rhythm, doubts: Doubts) -> bool:
    """Who is lost over the price leaves from the haggling; who fears something does not go elsewhere for it."""
    if outcome == "lost_price":
        return rhythm[-1 - ("invite" in rhythm)] == "negotiate" and "hesitates" not in doubts
    return outcome != "lost_competitor" or doubts != ("hesitates",) or "compare" in rhythm

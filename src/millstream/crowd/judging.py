"""What a whole talk has to hold: nobody contradicts its persona or the common ground, and no other talk says the same.

The first is asked of the model once a side, in both orders, and drops a talk where both say so. Knows no single line's
faults.
"""

from collections.abc import Sequence

from rapidfuzz import fuzz

from millstream import heard
from millstream.chat import fenced
from millstream.crowd.asking import Asker
from millstream.crowd.data import rules
from millstream.crowd.talk import Cell, Talk

SAME = 90
"""Likeness in 100 from which on two talks of one language are the same."""
_WORDS = ("fits", "contradicts")


async def contradicts(asker: Asker, talk: Talk) -> str:
    """Whose lines contradict what is known of them; "" where nobody's do."""
    for side, name in enumerate(talk.cell.names):
        task = (
            f"Known of {fenced(name)}: {fenced(known(talk.cell, side))}\n<said>\n"
            + "\n".join(fenced(each) for each in talk.said(side))
            + "\n</said>\nWhat was said, beside what is known: A = it $first, B = it $second. The letter:"
        )
        if await asker.either(rules("fits"), task, _WORDS, talk.id, "consistent") == 1:
            return name
    return ""


def known(cell: Cell, side: int) -> str:
    """The persona of a side and the common ground."""
    return " ".join((*cell.premise.people[side], cell.ground)).strip()


def doubles(talks: Sequence[Talk]) -> dict[str, str]:
    """Talks that say nearly what one before them in their language says: its id by theirs."""
    kept: list[tuple[Talk, str]] = []
    found: dict[str, str] = {}
    for talk in talks:
        text = heard.folded(" ".join(talk.said()))
        same = (each.id for each, other in kept if each.cell.lang == talk.cell.lang and fuzz.ratio(text, other) >= SAME)
        if twin := next(same, None):
            found[talk.id] = twin
        else:
            kept.append((talk, text))
    return found

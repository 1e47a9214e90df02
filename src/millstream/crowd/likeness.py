"""Texts of different languages compared by the embedded encoder: copies, events, personas, wordings and their goals.

E5's vectors lie in a narrow cone, so that only differences say something: a copy is nearer to one line of the examples
than to the others, and what is recognised is compared with its rivals. Knows no model of language.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from millstream.crowd.checks import Fault
from millstream.crowd.data import Demonstrations, Event, register
from millstream.crowd.judging import known
from millstream.crowd.talk import Talk
from millstream.crowd.writing import Fits, Sounds
from millstream.shapes import Embed

NEARER = 0.065
"""How much nearer a line is to one line of the examples than to all on average, in cosine, to be taken for its copy.
Set on 24 translations (20 found) and 30 other lines (2 taken for copies): docs/recipes/crowd.md."""


ASSISTING = 0.025
"""How much nearer a line is to what an assistant says than to what people say, in cosine, to be taken for it. Set on 17
lines of assistants in four languages (16 found) and 35 other ones (one taken for them): docs/recipes/crowd.md."""


async def sounding(embed: Embed, demos: Demonstrations) -> Sounds:
    """What is wrong with texts in whatever language: that they say what a line of the examples says, or, between
    private people, what an assistant says of itself."""
    shown = np.array(await embed([line for each in demos.demonstrations for line in each.lines]))
    assistant, people = [np.array(await embed(list(lines))) for lines in (register().assistant, register().people)]

    async def sounds(texts: Sequence[str], private: bool) -> list[Fault | None]:
        said = np.array(await embed(list(texts)))
        near = said @ shown.T
        copied = near.max(axis=1) - near.mean(axis=1) >= NEARER
        assisting = (said @ assistant.T).max(axis=1) - (said @ people.T).max(axis=1) >= ASSISTING
        return [_fault(bool(one), private and bool(other)) for one, other in zip(copied, assisting, strict=True)]

    return sounds


def _fault(copied: bool, assisting: bool) -> Fault | None:
    if copied:
        return Fault("copy", "says what an example says")
    return Fault("assistant", "says what an assistant says, not a person") if assisting else None


def fitting(embed: Embed) -> Fits:
    """How near wordings are to their goal: what a model's own likelihood does not tell, for it likes short echoes."""

    async def near(texts: Sequence[str], goal: str) -> list[float]:
        vectors = np.array(await embed([goal, *texts]))
        return [float(each) for each in vectors[1:] @ vectors[0]]

    return near


async def told_event(embed: Embed, talks: Sequence[Talk], events: Sequence[Event]) -> list[str]:
    """Which event each talk is taken for: the nearest description, after what all talks of its language and all
    descriptions have in common was taken away. An event is described by its meaning and its goals without personas."""
    texts = [" ".join((each.means, *(beat.partition(":")[0] for beat in each.beats))) for each in events]
    described = _centred(np.array(await embed(texts)))
    said = np.array(await embed([" ".join(each.said()) for each in talks]))
    langs = np.array([each.cell.lang for each in talks])
    for lang in set(langs.tolist()):
        said[langs == lang] = _centred(said[langs == lang])
    return [events[int(best)].code for best in (said @ described.T).argmax(axis=1)]


async def own_persona(embed: Embed, talks: Sequence[Talk]) -> list[tuple[int, int]]:
    """For each talk (sides whose lines are nearer to their own persona than to the other's, sides)."""
    found = []
    for talk in talks:
        said = np.array(await embed([" ".join(talk.said(side)) for side in (0, 1)]))
        people = np.array(
            await embed([" ".join(talk.cell.premise.people[side]) or known(talk.cell, side) for side in (0, 1)])
        )
        near = said @ people.T
        found.append((int(near[0, 0] > near[0, 1]) + int(near[1, 1] > near[1, 0]), 2))
    return found


async def twins(embed: Embed, talks: Sequence[Talk]) -> tuple[float, float] | None:
    """(mean cosine of talks of one premise in two languages, of talks of different premises in two languages)."""
    vectors = np.array(await embed([" ".join(each.said()) for each in talks])) if talks else np.zeros((0, 1))
    same, other = list[float](), list[float]()
    for n, one in enumerate(talks):
        for m, two in enumerate(talks[:n]):
            if one.cell.lang != two.cell.lang:
                pairs = same if one.cell.premise.id == two.cell.premise.id else other
                pairs.append(float(vectors[n] @ vectors[m]))
    return (float(np.mean(same)), float(np.mean(other))) if same and other else None


def _centred(vectors: NDArray[np.float64]) -> NDArray[np.float64]:
    return vectors - vectors.mean(axis=0) if len(vectors) > 1 else vectors

"""STREAM (arXiv 2605.25162): signals, personas and blueprints from live media, then grounded dialogues.

Ours differs where the paper's detail is not known; docs/recipes/stream.md names each assumption.
"""

from millstream.critics import (
    answers,
    claims,
    delivery,
    grounding,
    invented,
    labels,
    language,
    leak,
    recovery,
    repetition,
    shape,
)
from millstream.recipe import Recipe

_CRITICS = (shape, language, repetition, answers, labels, delivery, recovery, leak, claims, grounding, invented)


def recipe() -> Recipe:
    return Recipe(
        name="stream",
        about="live streams and short videos -> <P_u, P_a, B, H>, planned and reworded",
        critics=tuple(each.critic for each in _CRITICS),
    )

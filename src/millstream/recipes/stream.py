"""STREAM (arXiv 2605.25162): signals, personas and blueprints from live media, then grounded dialogues.

Ours differs where the paper's detail is not known; docs/recipes/stream.md names each assumption.
"""

from millstream.critics import answers, claims, invented, labels, language, leak, recovery, repetition, shape
from millstream.recipe import Recipe


def recipe() -> Recipe:
    return Recipe(
        name="stream",
        about="live streams and short videos -> <P_u, P_a, B, H>, planned and reworded",
        critics=tuple(
            each.critic for each in (shape, language, repetition, answers, labels, recovery, leak, claims, invented)
        ),
    )

"""Schema-Guided Dialogue (Rastogi et al. 2020): from a schema and its rows, played and worded by program.

`millstream simulate` plays it and runs/sgd.sh is the whole run; what it leaves in a run of streams are the checks that
need labels alone. Knows no claims.
"""

from millstream.critics import labels, shape
from millstream.recipe import Recipe


def recipe() -> Recipe:
    return Recipe(
        name="sgd",
        about="services by schema -> dialogues with states (millstream simulate); in a run: labels only",
        critics=(shape.critic, labels.critic),
    )

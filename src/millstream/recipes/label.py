"""A label for every utterance, by a model's soft scores and a small student (arXiv 2503.05620).

Dialogues in any known form are labelled by a teacher, by a student that learns from pairs inside one dialogue, or by
one trained before. docs/recipes/label.md names each assumption.
"""

import json

from millstream import label_figures, labelling, table
from millstream.models import opened_embedding
from millstream.recipe import Recipe, Task

FIGURES = "label.json"


def recipe() -> Recipe:
    return Recipe(
        name="label",
        about="dialogues -> a label for each utterance, by a teacher or its student (a run of its own)",
        critics=(),
        make=make,
    )


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    async with opened_embedding() as embedding:
        made = await labelling.labelled(task, embedding.query)
    found = label_figures.figures(made)
    table.write(task.run.folder / FIGURES, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    return len(made.labelled), label_figures.lines(found)

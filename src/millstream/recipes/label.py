"""A label for every utterance, by a model's soft scores and a small student (arXiv 2503.05620).

Dialogues in any known form are labelled by a teacher, by a student that learns from pairs inside one dialogue, or by
one trained before. docs/recipes/label.md names each assumption.
"""

import importlib
import json

from millstream import table
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
    """What learns is imported here: it needs the extra `eval`, and naming a recipe does not."""
    labelling, label_figures = (
        importlib.import_module(f"millstream.{name}") for name in ("labelling", "label_figures")
    )
    made = await labelling.labelled(task)
    found = label_figures.figures(made)
    table.write(task.run.folder / FIGURES, json.dumps(found, ensure_ascii=False, indent=1) + "\n")
    said: tuple[str, ...] = label_figures.lines(found)
    return len(made.labelled), said

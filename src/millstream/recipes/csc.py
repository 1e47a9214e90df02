"""Customer support conversation (arXiv 2508.04423): CSConv's and RoleCS's ways in one run.

Real service dialogues are annotated, reworded and filtered into an evaluation set; from their habits, topics and people
new talks are planned, played and filtered. docs/recipes/csc.md names each assumption.
"""

import json

from millstream import csc_figures, csconv, rolecs, table
from millstream.recipe import Recipe, Task
from millstream.report import support

FIGURES, PAGE = "csc.json", "report.html"


def recipe() -> Recipe:
    return Recipe(
        name="csc",
        about="service dialogues -> strategies, an evaluation set, and played support talk (a run of its own)",
        critics=(),
        make=make,
    )


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    found = csconv.material(task.inputs, task.settings)
    real = await csconv.evaluation_set(task, found)
    made = await rolecs.played(task, real, found)
    counted = csc_figures.figures(found, real, made, task.run.rejects)
    table.write(task.run.folder / FIGURES, json.dumps(counted, ensure_ascii=False, indent=1) + "\n")
    page = support.write(counted, task.run.folder / PAGE)
    return len(made), (*csc_figures.lines(counted), f"report: {page}")

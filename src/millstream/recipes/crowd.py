"""Multilingual crowdworkers (arXiv 2503.03462): the same premises talked over in several languages.

Persona pairs under speech events, and the outlines of a run as tasks; demonstrations in one language, no translation.
docs/recipes/crowd.md names each assumption.
"""

import json
from contextlib import AsyncExitStack

from millstream import crowd_figures, crowdwork, table
from millstream.models import opened_embedding
from millstream.recipe import Recipe, Task
from millstream.report import crowd as page

FIGURES, PAGE = "crowd.json", "report.html"


def recipe() -> Recipe:
    return Recipe(
        name="crowd",
        about="personas, speech events, outlines -> the same talks in several languages (a run of its own)",
        make=make,
    )


async def make(task: Task) -> tuple[int, tuple[str, ...]]:
    async with AsyncExitStack() as stack:
        wanted = task.model is not None and task.settings.encoder != "none"
        encoder = await stack.enter_async_context(opened_embedding(task.settings.encoder)) if wanted else None
        made = await crowdwork.made(task, encoder)
        counted = await crowd_figures.figures(made, task.run.rejects, encoder)
    table.write(task.run.folder / FIGURES, json.dumps(counted, ensure_ascii=False, indent=1) + "\n")
    table.write(task.run.folder / "messages.jsonl", "".join(f"{line}\n" for line in crowd_figures.rows(made.kept)))
    report = page.write(counted, made.cells, made.written, {each.id for each in made.kept}, task.run.folder / PAGE)
    return len(made.kept), (*crowd_figures.lines(counted), f"report: {report}")

"""How much of a source's variety a thousand dialogues use: `python benchmarks/coverage.py samples/automotive_zh ...`

Nothing is worded by a model: 1,000 scenarios are drawn, their outlines planned, and counted: blueprints that differ in
their typed graph (plan/blueprints.py, `graph`: names, texts and evidence do not count), sequences of moves that are
really in the outlines, and whether the outlines keep to their length.
"""

import argparse
import asyncio
import tempfile
from collections import Counter
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from millstream import intake, pipeline, plugins, prepare
from millstream.frames import Voice
from millstream.pipeline import Job
from millstream.plan.blueprints import graph
from millstream.plan.outline import LONGEST, SHORTEST, outline
from millstream.prepare import Ground
from millstream.recipe import Settings
from millstream.records import Blueprint, Outline, Scenario
from millstream.run import Run

COLUMNS = ("sample", "dialogues", "blueprints there are", "blueprints used", "move sequences", "with outcome",
           "most used blueprint", f"outside {SHORTEST} to {LONGEST} turns")  # fmt: skip


def grounded(folder: Path, settings: Settings) -> Ground:
    taken = intake.take([folder])
    start = prepare.prepared(settings, taken)
    with tempfile.TemporaryDirectory() as out, Run(Path(out)) as run:
        job = Job(settings, plugins.load("recipes", "stream")(), taken, start, run, None)
        mined = tuple(asyncio.run(run.each("1_mined", taken.readings, pipeline.miner(job, start), prepare.Mined)))
        base = prepare.ground(taken, mined, start, run)
    if base is None:
        raise SystemExit(f"{folder}: nothing is known of anything")
    return base


def realised(plan: Outline, blueprint: Blueprint) -> tuple[str, ...]:
    """The moves whose stages hold a turn, in their order."""
    stages = [stage for stage, _ in groupby(step.stage for step in plan.steps)]
    return tuple(blueprint.moves[stage] for stage in stages)


def measured(folder: Path, count: int, seed: int) -> Iterator[object]:
    settings = Settings(model="none", realiser="template", seed=seed)
    base = grounded(folder, settings)
    graphs = {each.id: each for each in base.blueprints}
    needs = {each.id: each.get("need") or "" for each in base.users}
    scenarios: list[Scenario] = list(prepare.sampler(settings, base).draw(count))
    plans = [outline(each, graphs[each.blueprint], base.knowledge, Voice(), needs[each.user]) for each in scenarios]
    moves = [(realised(plan, graphs[plan.scenario.blueprint]), plan.scenario.outcome) for plan in plans]
    used = Counter(graph(graphs[each.blueprint]) for each in scenarios)
    yield from (folder.name, count, len({graph(each) for each in base.blueprints}), len(used))
    yield from (len({route for route, _ in moves}), len(set(moves)), max(used.values()))
    yield sum(not SHORTEST <= len(plan.steps) <= LONGEST for plan in plans)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("samples", nargs="+", type=Path)
    parser.add_argument("--count", type=int, default=1000)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    print("|".join(("", *COLUMNS, "")))
    for folder in asked.samples:
        print("|".join(("", *map(str, measured(folder, asked.count, asked.seed)), "")), flush=True)


if __name__ == "__main__":
    main()

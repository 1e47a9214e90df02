"""Did a change make planning faster, and does it make the same dialogues? python benchmarks/engine/paired.py CHECKOUT

The tree this file is in beside another checkout of the project: both go on from the same mined tables under the same
key, in processes of their own, turn by turn, without a model. Printed are the milliseconds of processor time a dialogue
from the first scenario on, and whether every row of the tables is the same to the byte.
"""

import argparse
import asyncio
import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runs import HERE, folder

from millstream import table
from millstream.commands import making, run
from millstream.pipeline import KEY, Job, synthesise
from millstream.run import Run

ROOT = HERE.parents[1]
SAMPLES = ("restaurant_en", "automotive_zh", "hotel_zh_en")
RECIPES = ("engine.plain", "stream")
TABLES = ("5_scenarios_*.jsonl", "6_dialogues_*.jsonl", "7_judged_*.jsonl", "8_dialogues.jsonl", "rejects.jsonl")


def made(sample: str, recipe: str, count: int, out: Path) -> dict[str, Any]:
    """What a run of so many dialogues costs, and the hash of what it wrote."""
    begun: list[float] = []

    def on_done(step: str, done: int, total: int | None) -> None:
        if step == "5_scenarios_1" and done == 1:
            begun.append(time.process_time())

    options = run.Options([ROOT / "samples" / sample], out, count=count, model="none", recipe=recipe)
    ready = making.ready(run.order(options))
    with Run(out, on_done=on_done) as there:
        job = Job(ready.order.settings, ready.recipe, ready.taken, ready.start, there, None)
        asyncio.run(_synthesised(job))
    spent = time.process_time() - begun[0] if begun else 0.0
    return {"ms": 1000 * spent / count, "hash": _hash(out)}


async def _synthesised(job: Job) -> None:
    await synthesise(job)


def _hash(out: Path) -> str:
    found = hashlib.sha256()
    for name in TABLES:
        for path in sorted(out.glob(name)):
            found.update("".join(sorted(path.open(encoding="utf-8"))).encode())
    return found.hexdigest()


def _of(tree: Path, words: list[str]) -> dict[str, Any]:
    paths = os.pathsep.join(map(str, (tree / "src", HERE.parent)))
    told = subprocess.check_output([sys.executable, __file__, *words], env=os.environ | {"PYTHONPATH": paths})
    found: dict[str, Any] = json.loads(told)
    return found


def measured(other: Path, count: int, times: int) -> Iterator[str]:
    for sample in SAMPLES:
        for recipe in RECIPES:
            with folder() as place:
                mined = place / "mined"
                mined.mkdir()
                table.write(mined / KEY, "0" * 32)
                _of(ROOT, ["--one", sample, recipe, "1", str(mined)])
                for path in (path for name in TABLES for path in mined.glob(name)):
                    path.unlink()
                yield f"{sample:14} {recipe:12} {_beside(other, sample, recipe, count, times, place)}"


def _beside(other: Path, sample: str, recipe: str, count: int, times: int, place: Path) -> str:
    """Each tree in turn; the least of its times, for what runs beside it only adds."""
    told: dict[Path, list[dict[str, Any]]] = {other: [], ROOT: []}
    for _ in range(times):
        for tree, results in told.items():
            out = place / "run"
            shutil.copytree(place / "mined", out)
            results.append(_of(tree, ["--one", sample, recipe, str(count), str(out)]))
            shutil.rmtree(out)
    before, after = (min(each["ms"] for each in results) for results in told.values())
    same = len({each["hash"] for results in told.values() for each in results}) == 1
    return f"{before:5.2f} -> {after:5.2f} ms ({after / before:.2f}), {'the same' if same else 'OTHER'} dialogues"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("other", type=Path, nargs="?", help="the checkout to compare with")
    parser.add_argument("--dialogues", type=int, default=400)
    parser.add_argument("--times", type=int, default=1, help="runs of each tree")
    parser.add_argument("--one", nargs=4, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.one:
        sample, recipe, count, out = given.one
        print(json.dumps(made(sample, recipe, int(count), Path(out))))
        return
    for line in measured(given.other, given.dialogues, given.times):
        print(line, flush=True)


if __name__ == "__main__":
    main()

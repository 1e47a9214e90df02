"""How fast are outlines? Plays them from a schema in two processes and prints outlines and turns a second.

python benchmarks/outlines.py schema.json --count 100000 --processes 2 [--words]
"""

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from functools import partial
from pathlib import Path

from millstream.services import knowledge, schema
from millstream.services.annotated import TaskDialogue
from millstream.services.knowledge import Knowledge
from millstream.simulate.goals import World
from millstream.simulate.play import outlines
from millstream.simulate.policy import Policy
from millstream.simulate.words import Unsaid, Wording


def played(
    services: tuple[schema.ServiceSchema, ...], known: Knowledge, words: bool, numbers: range
) -> tuple[int, int, float]:
    """(dialogues, turns, seconds of the processor) of these numbers; one whose words lose its labels is none."""
    used = time.process_time()
    wording, made, turns = Wording(services), 0, 0
    for each in outlines(World(services, known), Policy(), 0, numbers):
        if words and worded(wording, each) is None:
            continue
        made += 1
        turns += len(each.turns)
    return made, turns, time.process_time() - used


def worded(wording: Wording, outline: TaskDialogue) -> TaskDialogue | None:
    try:
        return wording.worded(outline)
    except Unsaid:
        return None


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schema", type=Path)
    parser.add_argument("--count", type=int, default=100_000)
    parser.add_argument("--processes", type=int, default=2)
    parser.add_argument("--words", action="store_true")
    given = parser.parse_args()
    services = schema.read(given.schema)
    work = partial(played, services, knowledge.invented(services), given.words)
    parts = [range(at, min(at + 2000, given.count)) for at in range(0, given.count, 2000)]
    start = time.perf_counter()
    with ProcessPoolExecutor(given.processes) as pool:
        found = list(pool.map(work, parts))
    took = time.perf_counter() - start
    made, turns, used = (sum(each) for each in zip(*found, strict=True))
    print(f"{made} of {given.count} in {took:.1f} s: {made / took:.0f} a second, {turns / made:.1f} turns each")
    print(f"{used:.1f} s of the processor: {made / used:.0f} a second of one core")


if __name__ == "__main__":
    main()

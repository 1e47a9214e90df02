"""The real pipeline at size: scenarios worded by templates, judged, to disk. Time, CPU and memory of the command.

Two runs, one of a tenth: their difference is what dialogues cost, without reading and mining the sources.
"""

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from typing import NamedTuple

from runs import HERE, folder


class Took(NamedTuple):
    wall: float
    cpu: float
    memory: float


def run(count: int) -> Took:
    samples = HERE.parents[1] / "samples" / "restaurant_en"
    with folder() as place:
        command = [sys.executable, "-m", "millstream", "run", str(samples), "--model", "none", "--quiet"]
        command += ["--recipe", "engine.plain", "--count", str(count), "--out", str(place / "run")]
        paths = os.pathsep.join(filter(None, (str(HERE.parent), os.environ.get("PYTHONPATH"))))
        start = time.monotonic()
        process = subprocess.Popen(command, env=os.environ | {"PYTHONPATH": paths}, stderr=subprocess.DEVNULL)
        _, status, used = os.wait4(process.pid, 0)
        if status:
            raise SystemExit(f"the run ended with {os.waitstatus_to_exitcode(status)}")
    return Took(time.monotonic() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1024)


def measured(count: int) -> Iterator[str]:
    small, large = run(max(20, count // 10)), run(count)
    fewer = max(20, count // 10)
    more = count - fewer
    each = (large.cpu - small.cpu) / more
    yield (
        f"{count:,} dialogues, templates, to disk: {count / large.wall:,.0f} a second in all, "
        f"{more / (large.wall - small.wall):,.0f} without the start; {1000 * each:.1f} ms "
        f"CPU each, start {small.cpu - each * fewer:.0f} s CPU; peak {large.memory:,.0f} MiB in the largest process"
    )

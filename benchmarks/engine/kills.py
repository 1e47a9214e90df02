"""SIGKILL at random moments of one run at full speed: what is bought again, lost or doubled."""

import os
import random
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from runs import Serving, folder, library, served, started
from server import Order

from play import Load, export

SLOTS, TURNS = 64, 10


def undisturbed(load: Load, place: Path, **how: Any) -> tuple[bytes, float]:
    """The dataset of a run that nobody kills, and how long it took from the first request on."""
    with served(Order()) as server:
        load.url, load.folder = server.url, str(place)
        with started(load, **how) as process:
            assert process.wait() == 0
        log = server.log()
    return export(place / "dialogues.jsonl"), log[-1].left - log[0].came


def killed(load: Load, dice: random.Random, seconds: float, server: Serving, **how: Any) -> bool:
    """Start it, kill it at a random moment after it asked something; False if it was done before."""
    before = server.count()
    with started(load, **how) as process:
        while process.poll() is None and server.count() == before:
            time.sleep(0.002)
        time.sleep(dice.uniform(0, seconds))
        process.kill()
        return process.wait() != 0


def measured(kills: int, dialogues: int, slow: int = 0) -> Iterator[str]:
    """`slow`: milliseconds by which each fsync is longer."""
    load, dice = Load("", "", dialogues, TURNS, SLOTS), random.Random(9)
    with folder() as place, folder() as other, served(Order()) as server:
        env = os.environ | ({"LD_PRELOAD": str(library(other)), "SLOW": str(slow)} if slow else {})
        whole, seconds = undisturbed(load, other, env=env)
        load.url, load.folder = server.url, str(place)
        times = sum(killed(load, dice, 0.6 * seconds / kills, server, env=env) for _ in range(kills))
        with started(load) as process:
            assert process.wait() == 0
        bought = Counter(entry.key for entry in server.log() if entry.status == 200)
        same = export(place / "dialogues.jsonl") == whole
    again, calls = bought.total() - len(bought), dialogues * TURNS
    told = "the same" if same else "NOT THE SAME"
    disk = f", each fsync {slow} ms longer" if slow else ""
    yield (
        f"SIGKILL {times} times in one run of {calls:,} calls{disk}: {again} bought again, {again / max(1, times):.1f} "
        f"a kill (in flight: {SLOTS}), {len(bought) - calls:+d} different; dataset {told}"
    )

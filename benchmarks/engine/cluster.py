"""Ray: one worker beside two, of 32 slots each, and two on two nodes of which one is killed. How near is it to linear,
and is it the same dataset? python benchmarks/engine/cluster.py

The nodes are Ray nodes of this machine; the second is killed with its worker at 40% of the calls. The makespan is from
the first request to the last answer, at the server. What the model says is worked out of the question, so that every
run makes the same dataset.
"""

import argparse
import os
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import NamedTuple

from ray.cluster_utils import Cluster
from runs import HERE, Serving, folder, served
from server import Order

from millstream import dataset
from millstream.records import Dialogue
from millstream.table import Table

SLOTS, SECONDS, KILLED = 32, 0.2, 0.4
SAMPLE = HERE.parents[1] / "samples" / "restaurant_en"
_QUIET = {"RAY_DISABLE_MEMORY_MONITOR": "1", "RAY_USAGE_STATS_ENABLED": "0", "NO_PROXY": "127.0.0.1"}


class Took(NamedTuple):
    """`seconds` of the calls, how many there were, how many were bought more than once, and the dataset's hash."""

    seconds: float
    calls: int
    again: int
    hash: str


@contextmanager
def nodes() -> Iterator[Cluster]:
    """A head that has room for both workers, for when the other node is gone, and a node for one."""
    os.environ.update(_QUIET)
    cluster = Cluster(initialize_head=True, head_node_args={"num_cpus": 2})
    try:
        yield cluster
    finally:
        cluster.shutdown()


def started(out: Path, server: Serving, dialogues: int, workers: int, address: str) -> "subprocess.Popen[bytes]":
    command = [sys.executable, "-m", "millstream", "run", str(SAMPLE), "--out", str(out), "--quiet", "--read", "0"]
    command += ["--set", "wording_tries=1", "--set", "waves=1", "--count", str(dialogues), "--model", "mock"]
    command += ["--base-url", server.url, "--ray", address, "--workers", str(workers), "--slots", str(SLOTS)]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # where Ray tells of nodes


def run(place: Path, like: Path | None, dialogues: int, workers: int, calls: int = 0) -> Took:
    """With `calls`, those of a whole run, the second node is killed on the way. `like`: a run whose viewers' names this
    one takes."""
    place.mkdir()
    for name in ("fingerprint", "pseudonyms.key") if like else ():
        shutil.copy(like / name, place / name)  # type: ignore[operator]
    with nodes() as cluster, served(Order(median=SECONDS)) as server:
        node = cluster.add_node(num_cpus=1) if calls else None
        with started(place, server, dialogues, workers, cluster.address) as process:
            while node and process.poll() is None and len(server.log()) < KILLED * calls:
                time.sleep(0.5)
            if node and process.poll() is None:
                cluster.remove_node(node, allow_graceful=False)
            if process.wait():
                raise SystemExit(f"the run ended with {process.returncode}")
        log = [each for each in server.log() if each.status == 200]
    made = dataset.digest(Table(place / "8_dialogues.jsonl", Dialogue))
    again = len(log) - len({each.key for each in log})
    return Took(max(each.left for each in log) - min(each.came for each in log), len(log), again, made)


def measured(dialogues: int, rounds: int) -> Iterator[str]:
    """One worker and two in turn, `rounds` times: medians. The disk of this machine is everybody's, and a call is kept
    before it is handed on."""
    with folder() as place:
        ones = [run(place / "one", None, dialogues, 1)]
        twos = [run(place / "two", place / "one", dialogues, 2)]
        for n in range(1, rounds):
            ones.append(run(place / f"one-{n}", place / "one", dialogues, 1))
            twos.append(run(place / f"two-{n}", place / "one", dialogues, 2))
        killed = run(place / "killed", place / "one", dialogues, 2, twos[0].calls)
    one, two = median(each.seconds for each in ones), median(each.seconds for each in twos)
    same, calls = len({each.hash for each in (*ones, *twos, killed)}) == 1, ones[0].calls
    yield (
        f"Ray, {dialogues} dialogues, {calls:,} calls of {SECONDS:g} s, {rounds} rounds: {calls / one:.0f} calls/s "
        f"with one worker of {SLOTS} slots, {calls / two:.0f} with two, {one / two / 2:.2f} of linear; a node killed "
        f"at {KILLED:.0%}: {killed.again} bought again; dataset {'the same each time' if same else 'NOT THE SAME'}"
    )


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--dialogues", type=int, default=400)
    parser.add_argument("--rounds", type=int, default=1)
    order = parser.parse_args()
    for line in measured(order.dialogues, order.rounds):
        print(line)


if __name__ == "__main__":
    main()

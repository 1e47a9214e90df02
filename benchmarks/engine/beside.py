"""Ours beside its peers, on one machine in one hour: python benchmarks/engine/beside.py [PEER...]

Each peer is installed in a virtual environment of its own under `--venvs`, with the version that is named here, and
plays the load of play.py (200 dialogues of 10 turns, 64 at a time, the whole history in each call) against the same
server, in the form nearest to ours. Asked are: calls a second and processor time a call without latency; the makespan
under a heavy tail over the greedy bound; and how many answers are bought again after SIGKILL at half of the calls.
Processor time is that of the whole process tree, its start included. One run a cell: ours and the peers in turn.
"""

import argparse
import json
import os
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict, dataclass
from pathlib import Path

from makespan import MEDIAN, SIGMA, greedy
from runs import HERE, Serving, folder, served
from server import Order

from play import Load

PEERS = {
    "datatrove": ("datatrove==0.10.1", "aiofiles", "aiosqlite", "orjson", "transformers", "xxhash"),
}
"""What is installed for each: the version is the one the script in peers/ was written for."""
SEED = 8
TOO_LONG = 120.0
"""Seconds after which a run is ended: a cell without a figure says so."""


@dataclass
class Player:
    """A way to play the load: `python script LOAD`."""

    name: str
    python: str
    script: Path

    def started(self, load: Load) -> "subprocess.Popen[bytes]":
        command = [self.python, str(self.script), json.dumps(asdict(load))]
        with (Path(load.folder) / "log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True)


@dataclass
class Ended:
    """How a run ended: its CPU seconds, and whether it ended well."""

    cpu: float
    well: bool


def installed(name: str, venvs: Path) -> Player:
    """The peer in its environment, which is made where it is not there yet."""
    place = venvs / name
    python = place / "bin" / "python"
    if not (place / "installed").exists():
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        subprocess.run([str(python), "-m", "pip", "install", "--quiet", *PEERS[name]], check=True)
        (place / "installed").touch()
    return Player(name, str(python), HERE / "peers" / f"{name}_play.py")


def waited(process: "subprocess.Popen[bytes]") -> Ended:
    """Its end, or what is left of it after `TOO_LONG`."""
    until = time.monotonic() + TOO_LONG
    while time.monotonic() < until:
        done, status, used = os.wait4(process.pid, os.WNOHANG)
        if done:
            process.returncode = os.waitstatus_to_exitcode(status)
            return Ended(used.ru_utime + used.ru_stime, status == 0)
        time.sleep(0.05)
    killed(process)
    return Ended(0.0, False)


def killed(process: "subprocess.Popen[bytes]") -> None:
    with suppress(ProcessLookupError):  # it may have ended by itself
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()


def quick(player: Player, load: Load) -> str:
    with served(Order()) as server, folder() as place:
        ended = waited(player.started(placed(load, server, place)))
        log = [each for each in server.log() if each.status == 200]
    if not ended.well or not log:
        return "did not end well|"
    rate = len(log) / (max(each.left for each in log) - log[0].came)
    return f"{rate:,.0f}|{1000 * ended.cpu / len(log):.2f}"


def tailed(player: Player, load: Load) -> str:
    with served(Order(seed=SEED, median=MEDIAN, sigma=SIGMA)) as server, folder() as place:
        ended = waited(player.started(placed(load, server, place)))
        log = [each for each in server.log() if each.status == 200]
    if not ended.well or not log:
        return "did not end well"
    return f"{(max(each.left for each in log) - log[0].came) / greedy([each.seconds for each in log]):.2f}"


def cut(player: Player, load: Load) -> str:
    """Bought again, of what was bought when it was killed."""
    with served(Order(median=0.05, sigma=0.5)) as server, folder() as place:
        process = player.started(placed(load, server, place))
        while process.poll() is None and server.count() < load.dialogues * load.turns / 2:
            time.sleep(0.02)
        killed(process)
        before = len({each.key for each in server.log() if each.status == 200})
        ended = waited(player.started(load))
        bought = Counter(each.key for each in server.log() if each.status == 200)
    return f"{bought.total() - len(bought)} of {before}" if ended.well else "did not start again"


def placed(load: Load, server: Serving, place: Path) -> Load:
    load.url, load.folder = server.url, str(place)
    return load


def measured(players: list[Player]) -> Iterator[str]:
    yield "|system|calls a second at 0 ms|ms of CPU a call|makespan by greedy|bought again after SIGKILL at half|"
    yield "|---|---:|---:|---:|---:|"
    for player in players:
        load = Load("", "")
        yield f"|{player.name}|{quick(player, load)}|{tailed(player, load)}|{cut(player, load)}|"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("peers", nargs="*", metavar="PEER", help=", ".join(PEERS))
    parser.add_argument("--venvs", type=Path, default=Path("build/peers"), help="where they are installed")
    order = parser.parse_args()
    for name in order.peers:
        if name not in PEERS:
            parser.error(f"no peer {name}; there are {', '.join(PEERS)}")
    ours = Player("millstream", sys.executable, HERE / "play.py")
    for line in measured([ours, *(installed(name, order.venvs) for name in order.peers or PEERS)]):
        print(line, flush=True)


if __name__ == "__main__":
    main()

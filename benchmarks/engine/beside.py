"""Ours beside its peers, on one machine in one hour: python benchmarks/engine/beside.py [FORM...]

Each peer is installed in a virtual environment of its own under `--venvs`, with the version that is named here, and
plays the load of play.py (200 dialogues of 10 turns, 64 at a time, the whole history in each call) against the same
server, in the form nearest to ours. Asked are: calls a second and processor time a call without latency; the makespan
under a heavy tail over the greedy bound; and how many answers are bought again after SIGKILL on the way, and whether
the dataset at the end has each dialogue once. Processor time is that of the whole process tree, its start included.
All forms in turn, `--runs` times, and the makespan with `--seeds` draws of latencies: of one draw alone, an ideal
schedule lies at 1.00 to 1.25 of the bound. Medians, and of what is lost or doubled the worst.
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
from dataclasses import asdict, dataclass, field
from pathlib import Path
from statistics import median

from makespan import MEDIAN, SIGMA, greedy
from runs import HERE, Serving, folder, served
from server import Entry, Order

from play import Load

PEERS = {
    "datatrove": ("datatrove==0.10.1", "aiofiles", "aiosqlite", "httpx", "orjson", "transformers", "xxhash"),
    "curator": ("bespokelabs-curator==0.1.31",),
    "sdialog": ("torch==2.13.0", "sdialog==0.5.3"),
    "data-designer": ("data-designer==0.9.6",),
    "afterimage": ("afterimage==0.18.1",),
}
"""What is installed for each: the version is the one the script in peers/ was written for."""
FORMS = {name: (name,) for name in PEERS} | {"data-designer-groups": ("data-designer", "10", "7")}
"""The peer of each form, and what its script is told."""
KILLED = 0.55
"""Of the calls. At half, a system that plays all dialogues turn by turn has just ended a turn."""
TOO_LONG = 120.0
"""Seconds after which a run is ended: a cell without a figure says so."""


@dataclass
class Player:
    """A way to play the load: `python script LOAD [WORD...]`, which writes items.json, the dialogues that are whole."""

    name: str
    command: list[str]

    def started(self, load: Load) -> "subprocess.Popen[bytes]":
        script, *words = self.command[1:]
        command = [self.command[0], script, json.dumps(asdict(load)), *words]
        with (Path(load.folder) / "log").open("ab") as log:
            return subprocess.Popen(command, stdout=log, stderr=log, start_new_session=True, cwd=load.folder)


@dataclass
class Ended:
    """How a run ended: its CPU seconds, and whether it ended well."""

    cpu: float
    well: bool


@dataclass
class Row:
    """The figures of a form, one for each run that ended well; `lost` and `doubled` are the worst."""

    rates: list[float] = field(default_factory=list)
    cpus: list[float] = field(default_factory=list)
    calls: list[float] = field(default_factory=list)
    spans: list[float] = field(default_factory=list)
    again: list[float] = field(default_factory=list)
    before: list[float] = field(default_factory=list)
    lost: int = 0
    doubled: int = 0

    def cells(self) -> Iterator[str]:
        yield _middle(self.rates, ",.0f")
        yield _middle(self.cpus, ".2f")
        yield _middle(self.calls, ",.0f")
        yield _middle(self.spans, ".2f")
        yield f"{_middle(self.again, ',.0f')} of {_middle(self.before, ',.0f')}"
        yield f"{self.lost}, {self.doubled}"


def _middle(figures: list[float], form: str) -> str:
    return format(median(figures), form) if figures else "did not end well"


def installed(form: str, venvs: Path) -> Player:
    """The peer in its environment, which is made where it is not there yet."""
    peer, *words = FORMS[form]
    place = venvs / peer
    python, told = place / "bin" / "python", place / "installed"
    if not told.exists() or told.read_text() != " ".join(PEERS[peer]):
        subprocess.run([sys.executable, "-m", "venv", str(place)], check=True)
        for package in PEERS[peer]:  # in order: what a peer would fetch otherwise comes before it
            subprocess.run([str(python), "-m", "pip", "install", "--quiet", package], check=True)
        told.write_text(" ".join(PEERS[peer]))
    script = HERE.resolve() / "peers" / f"{peer.replace('-', '_')}_play.py"
    return Player(form, [str(python), str(script), *words])


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


def answered(server: Serving) -> list[Entry]:
    return [each for each in server.log() if each.status == 200]


def quick(player: Player, load: Load, row: Row) -> None:
    with served(Order()) as server, folder() as place:
        ended = waited(player.started(placed(load, server, place)))
        log = answered(server)
    if ended.well and log:
        row.rates.append(len(log) / (max(each.left for each in log) - log[0].came))
        row.cpus.append(1000 * ended.cpu / len(log))
        row.calls.append(len(log))


def tailed(player: Player, load: Load, row: Row, seed: int) -> None:
    with served(Order(seed=seed, median=MEDIAN, sigma=SIGMA)) as server, folder() as place:
        ended = waited(player.started(placed(load, server, place)))
        log = answered(server)
    if ended.well and log:
        row.spans.append((max(each.left for each in log) - log[0].came) / greedy([each.seconds for each in log]))


def cut(player: Player, load: Load, row: Row) -> None:
    """What is bought again after the kill, of what was bought before it, and what came of the dialogues."""
    with served(Order(median=0.05, sigma=0.5)) as server, folder() as place:
        process = player.started(placed(load, server, place))
        while process.poll() is None and server.count() < KILLED * load.dialogues * load.turns:
            time.sleep(0.02)
        killed(process)
        before = len({each.key for each in answered(server)})
        ended = waited(player.started(load))
        bought = Counter(each.key for each in answered(server))
        if ended.well:
            row.again.append(bought.total() - len(bought))
            row.before.append(before)
            made = Counter(json.loads((place / "items.json").read_text()))
            row.lost = max(row.lost, sum(not made[str(n)] for n in range(load.dialogues)))
            row.doubled = max(row.doubled, made.total() - len(made))


def placed(load: Load, server: Serving, place: Path) -> Load:
    load.url, load.folder = server.url, str(place)
    return load


def measured(players: list[Player], runs: int, seeds: int) -> Iterator[str]:
    rows = {player.name: Row() for player in players}
    for n in range(max(runs, seeds)):
        for player in players:
            row = rows[player.name]
            if n < runs:
                quick(player, Load("", ""), row)
                cut(player, Load("", ""), row)
            if n < seeds:
                tailed(player, Load("", ""), row, n)
            print(f"run {n + 1}: {player.name}: {', '.join(row.cells())}", file=sys.stderr)
    names = "system|calls a second at 0 ms|ms of CPU a call|calls bought|makespan by greedy"
    yield f"|{names}|bought again after SIGKILL|lost, doubled|"
    yield f"|---|{'---:|' * 6}"
    for name, row in rows.items():
        yield f"|{name}|{'|'.join(row.cells())}|"


def main() -> None:
    cache = Path(os.environ.get("XDG_CACHE_HOME") or Path.home() / ".cache")
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("forms", nargs="*", metavar="FORM", help=", ".join(FORMS))
    parser.add_argument("--venvs", type=Path, default=cache / "millstream-peers", help="where they are installed")
    parser.add_argument("--runs", type=int, default=1)
    parser.add_argument("--seeds", type=int, default=3)
    order = parser.parse_args()
    for name in order.forms:
        if name not in FORMS:
            parser.error(f"no peer {name}; there are {', '.join(FORMS)}")
    ours = Player("millstream", [sys.executable, str(HERE.resolve() / "play.py")])
    peers = [installed(name, order.venvs.resolve()) for name in order.forms or FORMS]
    for line in measured([ours, *peers], order.runs, order.seeds):
        print(line, flush=True)


if __name__ == "__main__":
    main()

"""What the engine promises, measured: python benchmarks/engine [ROW...]

Each row of the table in docs/engine.md has a name; without one all are measured, in about an hour. `--quick` takes
small loads and few seeds: it shows that all works, and no figure. The server is ours and a process of its own; so is
the load.
"""

import argparse
from collections.abc import Callable, Iterator

import edits
import faults
import kills
import makespan
import power
import scale
import speed
import storm

Row = Callable[[argparse.Namespace], Iterator[str]]


def ten(order: argparse.Namespace) -> Iterator[str]:
    yield from makespan.measured(200, 10, order.seeds, order.time)


def thousand(order: argparse.Namespace) -> Iterator[str]:
    yield from makespan.measured(100 if order.quick else 1000, 17, order.seeds, order.time)


def edited(order: argparse.Namespace) -> Iterator[str]:
    yield from edits.measured(100, 1)
    yield from edits.measured(100 if order.quick else 1000, 6 if order.quick else 16)


def stormed(order: argparse.Namespace) -> Iterator[str]:
    for seconds in (5,) if order.quick else (20, 60):
        yield from storm.measured(seconds, 200 if order.quick else 600)


def killed(order: argparse.Namespace) -> Iterator[str]:
    yield from kills.measured(3 if order.quick else 20, 200 if order.quick else 2000)
    yield from kills.measured(3 if order.quick else 20, 50 if order.quick else 300, slow=50)


ROWS: dict[str, Row] = {
    "ten": ten,
    "thousand": thousand,
    "speed": lambda order: speed.measured(200 if order.quick else 3000),
    "kills": killed,
    "power": lambda order: power.measured(5, 200) if order.quick else power.measured(order.cuts, 400),
    "edits": edited,
    "storm": stormed,
    "faults": lambda order: faults.measured(100 if order.quick else 1000),
    "scale": lambda order: scale.measured(200 if order.quick else order.dialogues),
}


def main() -> None:
    parser = argparse.ArgumentParser(prog="python benchmarks/engine", description=__doc__)
    parser.add_argument("rows", nargs="*", metavar="ROW", help=", ".join(ROWS))
    parser.add_argument("--seeds", type=int, default=20, help="of the makespans (20)")
    parser.add_argument("--time", type=float, default=1.0, help="scale of the makespans' latencies (1)")
    parser.add_argument("--dialogues", type=int, default=100_000, help="of scale (100,000)")
    parser.add_argument("--cuts", type=int, default=100, help="of power (100)")
    parser.add_argument("--quick", action="store_true", help="small loads: no figure to be told")
    order = parser.parse_args()
    if order.quick:
        order.seeds, order.time = 1, 0.2
    for name in order.rows or ROWS:
        if name not in ROWS:
            parser.error(f"no row {name}; there are {', '.join(ROWS)}")
        for line in ROWS[name](order):
            print(f"{name:9} {line}", flush=True)


if __name__ == "__main__":
    main()

"""A server and a load, each in a process of its own, started and ended. Knows no figure."""

import json
import subprocess
import sys
import tempfile
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from server import Entry, Order

from play import Load

HERE = Path(__file__).parent


@dataclass
class Serving:
    """A running server: its address, and what it saw."""

    url: str

    def count(self) -> int:
        """How many questions it had."""
        with urllib.request.urlopen(f"{self.url}/count") as answer:
            return int(json.load(answer))

    def log(self) -> list[Entry]:
        with urllib.request.urlopen(self.url) as answer:
            return [Entry(**each) for each in json.load(answer)]


@contextmanager
def served(order: Order) -> Iterator[Serving]:
    command = [sys.executable, str(HERE / "server.py"), json.dumps(asdict(order))]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout
        try:
            yield Serving(process.stdout.readline().strip())
        finally:
            process.kill()


@contextmanager
def folder() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(prefix="millstream-") as name:
        yield Path(name)


def library(place: Path) -> Path:
    """journal.c, to be preloaded."""
    made = place / "journal.so"
    subprocess.run(["cc", "-O2", "-shared", "-fPIC", "-o", str(made), str(HERE / "journal.c"), "-ldl"], check=True)
    return made


def started(load: Load, **how: Any) -> "subprocess.Popen[str]":
    command = [sys.executable, str(HERE / "play.py"), json.dumps(asdict(load))]
    return subprocess.Popen(command, stdout=subprocess.PIPE, text=True, **how)


def played(load: Load) -> dict[str, float]:
    """Play it to the end; what it took."""
    with started(load) as process:
        out, _ = process.communicate()
    if process.returncode:
        raise SystemExit(f"the load ended with {process.returncode}")
    told: dict[str, float] = json.loads(out.splitlines()[-1])
    return told

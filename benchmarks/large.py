"""How long people wait at a large run: `python benchmarks/large.py RUN` makes one of 10,000 dialogues out of RUN's own
(the same again under other ids), evaluates it and opens it in the viewer.

Printed are seconds of processor time and the peak memory of `millstream evaluate`, with and without the encoder, and of
the viewer's index, each in a process of its own. What repeats compresses, and nothing here depends on that.
"""

import argparse
import json
import resource
import shutil
import subprocess
import sys
import tempfile
import time
from itertools import cycle, islice
from pathlib import Path
from typing import NamedTuple

from millstream.commands import folder as files
from millstream.rows import encoded
from millstream.viewer import index

KEPT = ("fingerprint", "2_facts.jsonl", files.DOMAIN, files.SETTINGS, files.SUMMARY)
COLUMNS = ("what", "dialogues", "seconds of processor time", "seconds by the clock", "peak MB")


class Waited(NamedTuple):
    processor: float
    clock: float
    megabytes: float


def multiplied(run: Path, count: int, out: Path) -> Path:
    """A run folder with `count` dialogues, those of `run` over and over."""
    out.mkdir()
    for name in KEPT:
        shutil.copy(run / name, out / name)
    with (out / files.DIALOGUES).open("wb") as file:
        for n, each in enumerate(islice(cycle(files.dialogues(run)), count)):
            again = each.model_copy(update={"scenario": each.scenario.model_copy(update={"number": n})})
            file.write(encoded(again.id, [again]))
    return out


def waited(words: list[str]) -> Waited:
    """A process of its own, to its end."""
    begun, before = time.perf_counter(), resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, *words], check=True, stdout=subprocess.DEVNULL)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    used = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Waited(used, time.perf_counter() - begun, after.ru_maxrss / 1024)


def indexed(run: Path) -> None:
    begun = time.process_time()
    found = index.opened(run)
    print(json.dumps({"entries": len(found.entries), "seconds": time.process_time() - begun}))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--dialogues", type=int, default=10_000)
    parser.add_argument("--index", action="store_true", help="only open the run in this process")
    asked = parser.parse_args()
    if asked.index:
        return indexed(asked.run)
    print("|".join(("", *COLUMNS, "")))
    with tempfile.TemporaryDirectory() as folder:
        large = str(multiplied(files.existing(asked.run), asked.dialogues, Path(folder) / "large"))
        for what, words in (
            ("view: the index", [__file__, large, "--index"]),
            ("evaluate", ["-m", "millstream", "evaluate", large, "--json"]),
            ("evaluate --encoder", ["-m", "millstream", "evaluate", large, "--json", "--encoder"]),
        ):
            told = (f"{value:,.1f}" for value in waited(words))
            print("|".join(("", what, f"{asked.dialogues:,}", *told, "")), flush=True)
    return None


if __name__ == "__main__":
    main()

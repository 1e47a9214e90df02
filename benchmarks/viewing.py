"""How long a person waits for the viewer: `python benchmarks/viewing.py RUN [--dialogues 10000] [--times 5]`.

Makes a run of that many dialogues out of RUN's own, and for each of several times starts `millstream view`, opens its
address in headless Chromium and waits until the rows are there; then turns a page, opens a dialogue, filters, and
searches all of them for words. Printed are medians by the clock with the shortest and the longest, and the processor
time of the viewer until the first row, which hardly depends on what else the machine does; the browser runs before, as
a person's does. Needs playwright and /usr/bin/chromium.
"""

import argparse
import os
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any

from large import multiplied
from playwright.sync_api import Browser, Page, sync_playwright

from millstream.commands import folder as files

CHROMIUM = "/usr/bin/chromium"
Times = dict[str, list[float]]


@contextmanager
def serving(run: Path, times: Times) -> Iterator[tuple[str, int]]:
    """`millstream view` in a process of its own: the address it printed, and its number."""
    begun = time.perf_counter()
    words = [sys.executable, "-m", "millstream", "view", str(run), "--port", "0"]
    with subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout
        url = process.stdout.readline().strip()
        times["from the command to the address"].append(time.perf_counter() - begun)
        yield url, process.pid
        process.terminate()


def waited(times: Times, what: str, act: Callable[[], Any], until: Callable[[], Any]) -> None:
    begun = time.perf_counter()
    act()
    until()
    times[what].append(time.perf_counter() - begun)


def spent(process: int) -> float:
    """Seconds of processor time of a process (proc(5): the 14th and 15th field)."""
    fields = Path(f"/proc/{process}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    return sum(map(int, fields[11:13])) / os.sysconf("SC_CLK_TCK")


def looked(page: Page, count: int, times: Times) -> None:
    """What a person does first; each step ends when the page shows it."""
    shown = f"{count:,}"
    waited(times, "next page", lambda: page.keyboard.press("]"), page.get_by_text(f"51 to 100 of {shown}").wait_for)
    waited(times, "open a dialogue", lambda: page.keyboard.press("Enter"), page.locator("#turns li").first.wait_for)
    waited(times, "filter by a decision", lambda: page.locator("#decision").select_option("accept"),
           page.get_by_text("None passes these filters.").wait_for)  # fmt: skip
    page.locator("#decision").select_option("")
    page.get_by_text(f"1 to 50 of {shown}").wait_for()
    waited(times, "search all words", lambda: page.locator("#text").fill("no such words"),
           page.get_by_text("None passes these filters.").wait_for)  # fmt: skip


def once(browser: Browser, run: Path, count: int, times: Times) -> None:
    with serving(run, times) as (url, number):
        page = browser.new_context().new_page()
        waited(times, "from the address to the first row", lambda: page.goto(url),
               lambda: page.locator("#rows li").first.wait_for())  # fmt: skip
        times["processor time of the viewer until then"].append(spent(number))
        looked(page, count, times)
        page.context.close()
    ways = ("from the command to the address", "from the address to the first row")
    times["from the command to the first row"].append(sum(times[name][-1] for name in ways))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--dialogues", type=int, default=10_000)
    parser.add_argument("--times", type=int, default=5)
    asked = parser.parse_args()
    times: Times = defaultdict(list)
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as started:
        run = multiplied(files.existing(asked.run), asked.dialogues, Path(folder) / "large")
        size = (run / files.DIALOGUES).stat().st_size / 1e6
        browser = started.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox", "--headless"])
        for _ in range(asked.times):
            once(browser, run, asked.dialogues, times)
        browser.close()
    print(f"{asked.dialogues:,} dialogues, {size:,.0f} MB, {asked.times} times, load {os.getloadavg()[0]:.1f} on "
          f"{os.cpu_count()} processors\n\n|what|median s|shortest|longest|")  # fmt: skip
    print("|---|---:|---:|---:|")
    for name, found in times.items():
        print(f"|{name}|{median(found):.2f}|{min(found):.2f}|{max(found):.2f}|")


if __name__ == "__main__":
    main()

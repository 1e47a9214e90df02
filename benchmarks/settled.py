"""What viewers asked beside the slots and the host settled, for reading: `python benchmarks/settled.py SOURCE...`

Mines each source without a model and prints a line for each topic that dialogues may come to (mine/exchanged.py):
of how many things it holds, the viewers' words, the host's. Whether an answer answers, a person has to say.
"""

import argparse
import subprocess
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from millstream import domain as domains
from millstream.mine.exchanged import exchanged
from millstream.prepare import Mined
from millstream.table import Table


def shown(source: Path) -> None:
    with TemporaryDirectory() as folder:
        run = Path(folder) / "run"
        command = [sys.executable, "-m", "millstream", "run", str(source), "--out", str(run), "--model", "none"]
        subprocess.run([*command, "--count", "1", "--quiet"], check=False, capture_output=True)
        if not (run / "1_mined.jsonl").is_file():
            print(f"{source.name}: nothing was mined")
            return
        mined = Table(run / "1_mined.jsonl", Mined)
        domain = domains.read(str(run / "domain.yaml"))
        signals = [signal for each in mined for signal in each.signals]
        for topic in (topic for lang in ("zh", "en") for topic in exchanged(domain, signals, lang)):
            asked = " / ".join(each.text for each in topic.asked)
            print(f"{source.name} | {len(topic.about)} | {asked} | {topic.passage.text}", flush=True)


if __name__ == "__main__":
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("sources", nargs="+", type=Path)
    for given in words.parse_args().sources:
        shown(given)

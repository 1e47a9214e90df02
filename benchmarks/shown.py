"""Does the detector of the recipe salesbot see intents where they are, and none where there are none?

On SGD: user turns that open an intent (is the domain right, is the intent?), and turns of courtesies alone, where
nothing is to be found. On persona chat, if given: how often it takes hobby talk for an intent, which nobody has
labelled. Floor: the most frequent domain.

python benchmarks/shown.py data/sgd/dev [--chat FILE.csv]
"""

import argparse
import csv
from collections import Counter
from pathlib import Path

from planted import wilson
from represented import read

from millstream.services import schema
from millstream.services.shown import Detector

QUIET = {"THANK_YOU", "GOODBYE", "AFFIRM", "NEGATE", "SELECT"}


def said(hits: int, every: int) -> str:
    low, high = wilson(hits, every)
    return f"{hits / every:.1%} ({low:.1%} to {high:.1%}) of {every}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("corpus", type=Path)
    parser.add_argument("--chat", type=Path)
    given = parser.parse_args()
    services = schema.read(given.corpus / "schema.json")
    detector, domain = Detector(services), {each.name: each.domain for each in services}
    opened, quiet, gold = [], [], Counter[str]()
    for dialogue in read(given.corpus):
        for turn in (turn for turn in dialogue.turns if turn.role == "user"):
            acts = {act.act for frame in turn.frames for act in frame.acts}
            found, _ = detector.best(turn.text)
            if "INFORM_INTENT" in acts:
                (frame, *_) = [f for f in turn.frames if any(act.act == "INFORM_INTENT" for act in f.acts)]
                wanted = next(act.values[0] for act in frame.acts if act.act == "INFORM_INTENT")
                gold[domain[frame.service]] += 1
                right = found is not None and found.service.domain == domain[frame.service]
                opened.append((found is not None, right, right and found is not None and found.intent.name == wanted))
            elif acts <= QUIET:
                quiet.append(found is not None)
    print(f"turns that open an intent: something shown {said(sum(o[0] for o in opened), len(opened))}")
    print(f"  its domain right {said(sum(o[1] for o in opened), len(opened))}")
    print(f"  its name right, of any service of the domain {said(sum(o[2] for o in opened), len(opened))}")
    print(f"  floor, the most frequent domain {said(gold.most_common(1)[0][1], len(opened))}")
    print(f"courtesies alone: something shown {said(sum(quiet), len(quiet))}")
    if given.chat:
        with given.chat.open(encoding="utf-8", newline="") as file:
            talks = [row[-1] for row in csv.reader(file)][1:]
        lines = [line.partition(": ")[2] for talk in talks for line in talk.splitlines()][:20000]
        shown = sum(detector.best(line)[0] is not None for line in lines)
        print(f"persona chat: something shown {said(shown, len(lines))}")


if __name__ == "__main__":
    main()

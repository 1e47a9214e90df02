"""Draws dialogues for reading, by a printed seed: `python benchmarks/reading.py RUN... --n 10 --seed 0 [--drafts]`.

Five questions are put to each, answered yes or no by a person: would a person say it; is what was asked answered;
is nothing repeated; is everyone in role; are the facts right. `--drafts` shows the template realiser's words of the
same outline beside the model's, so that both are read on the same ten. The answers stand in docs/log.md.
"""

import argparse
import random
from collections.abc import Iterator
from pathlib import Path

from millstream.records import Dialogue
from millstream.table import Table

QUESTIONS = ("said by a person", "asked is answered", "nothing repeated", "in role", "facts right")


def drawn(runs: list[Path], n: int, seed: int) -> list[tuple[str, Dialogue]]:
    """`n` kept dialogues of these runs, spread evenly over them."""
    rng = random.Random(seed)
    pools = []
    for run in runs:
        kept = sorted(Table(run / "8_dialogues.jsonl", Dialogue), key=lambda dialogue: dialogue.id)
        rng.shuffle(kept)
        pools.append([(run.name, dialogue) for dialogue in kept])
    even = [pool[i] for i in range(max(map(len, pools))) for pool in pools if i < len(pool)]
    return even[:n]


def page(name: str, dialogue: Dialogue, drafts: bool) -> Iterator[str]:
    scenario = dialogue.scenario
    wishes = ", ".join(f"{wish.slot} {wish.op} {wish.value}" for wish in scenario.constraints)
    yield f"{name} {dialogue.id} · {scenario.path} · {scenario.aim} · {wishes}"
    for n, turn in enumerate(dialogue.turns):
        mark = {"model": " ", "kept": "=", "template": "t"}[turn.worded]
        yield f"{n:2} {turn.role[0]}{mark} {turn.text}"
        if drafts and turn.text != turn.draft:
            yield f"       [{turn.draft}]"
    yield " | ".join(f"{question}: _" for question in QUESTIONS)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", nargs="+", type=Path)
    parser.add_argument("--n", type=int, default=10)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--drafts", action="store_true", help="show the template's words too")
    asked = parser.parse_args()
    print(f"seed {asked.seed}, {asked.n} dialogues of {', '.join(run.name for run in asked.runs)}\n")
    for name, dialogue in drawn(asked.runs, asked.n, asked.seed):
        print("\n".join(page(name, dialogue, asked.drafts)), end="\n\n")


if __name__ == "__main__":
    main()

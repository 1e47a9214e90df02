"""What frames change: `python benchmarks/frames.py WITH WITHOUT`, two runs of the same scenarios, frames on and off.

A Markdown table: how many users' turns have a frame and how many frames that are, and plain measures of the users'
words (metrics/surface.py) over whole dialogues, as many of each run. Reads the kept dialogues of two run folders.
"""

import argparse
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path
from statistics import fmean

from millstream.corpora import millstream as own
from millstream.metrics import delivery, repeated, surface
from millstream.metrics.tokens import tokens
from millstream.metrics.windows import Window
from millstream.records import Dialogue, Turn
from millstream.table import Table


def users(dialogue: Dialogue) -> list[Turn]:
    return [turn for turn in dialogue.turns if turn.role == "user"]


def measures(dialogues: Sequence[Dialogue]) -> Iterator[tuple[str, str]]:
    """(what, how much), the bank's own figures first."""
    turns = [turn for dialogue in dialogues for turn in users(dialogue)]
    lent = Counter(turn.frame for turn in turns if turn.frame)
    each = [len({turn.frame for turn in users(dialogue)} - {""}) / len(users(dialogue)) for dialogue in dialogues]
    yield "users' turns", f"{len(turns)}"
    yield "with a frame", f"{lent.total() / len(turns):.0%}"
    yield "distinct frames a users' turn, mean over dialogues", f"{fmean(each):.0%}"
    yield "distinct frames, whole run", f"{len(lent)}"
    yield "most dialogues a frame is in", f"{max(lent.values(), default=0)}"
    said = [" ".join(turn.text for turn in users(dialogue)) for dialogue in dialogues]
    yield "4-grams of a user that another user has", f"{repeated.rep4([tokens(text) for text in said]):.0%}"
    yield "distinct users' turns", f"{len({turn.text for turn in turns}) / len(turns):.0%}"
    lengths = [delivery.words(turn.text) for turn in turns]
    yield "words a users' turn", f"{fmean(lengths):.1f}"
    yield "variation of their length", f"{delivery.variation(lengths):.2f}"
    conversations = [own.conversation(dialogue) for dialogue in dialogues]
    whole = surface.surface([Window(each, 0, len(each.turns)) for each in conversations])
    yield "both sides: 4-grams that another dialogue has", f"{whole.repetition:.0%}"
    yield "both sides: openers a hundred turns", f"{whole.openers:.0f}"
    yield "both sides: at most two words", f"{whole.short:.0%}"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("on", type=Path)
    parser.add_argument("off", type=Path)
    asked = parser.parse_args()
    kept = [list(Table(run / "8_dialogues.jsonl", Dialogue)) for run in (asked.on, asked.off)]
    least = min(map(len, kept))
    print(f"| {asked.on.name} ({least} dialogues) | frames on | frames off |\n|---|---|---|")
    for (what, on), (_, off) in zip(*(measures(each[:least]) for each in kept), strict=True):
        print(f"| {what} | {on} | {off} |")


if __name__ == "__main__":
    main()

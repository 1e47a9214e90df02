"""A package of items for raters out of runs of our own alone: the one in samples/raters, or one of other runs.

    python benchmarks/raters.py RUN... --out FOLDER --items 100 --seed 0

Half of each run stands on one side. On the other, every second dialogue has a fault that a reader can see, since raters
who never meet a bad dialogue use two marks of five; the key says which. Two sound dialogues in a pair show how far
choices are chance.
"""

import argparse
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

import damages

from millstream.commands import folder
from millstream.commands.terminal import tell
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.records import Dialogue
from millstream.viewer import blind

FAULTS: Mapping[str, damages.Damage] = {
    "turns shuffled": damages.shuffled, "cut short": damages.cut_short, "agent padded": damages.padded,
    "gibberish": damages.gibberish,
}  # fmt: skip


def sides(dialogues: Sequence[Dialogue], chance: Random) -> tuple[list[Conversation], list[Conversation]]:
    """(sound ones, others of which every second has a fault) of one run; the corpus of a faulty one is its fault."""
    drawn = chance.sample(dialogues, len(dialogues))
    half = len(drawn) // 2
    sound, rest = drawn[:half], drawn[half:]
    others = [own.conversation(each) for each in rest[::2]]
    for n, (name, damage) in enumerate(FAULTS.items()):
        faulty = damage(rest[1::2][n :: len(FAULTS)], chance)
        others += [own.conversation(each).model_copy(update={"corpus": name}) for each in faulty]
    return [own.conversation(each) for each in sound], others


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("runs", type=Path, nargs="+")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--items", type=int, default=100)
    parser.add_argument("--seed", type=int, default=0)
    asked = parser.parse_args()
    chance = Random(f"raters {asked.seed}")
    both = [sides(list(folder.dialogues(run)), chance) for run in asked.runs]
    ours, others = ([each for run in both for each in run[n]] for n in (0, 1))
    for path in blind.write(blind.made(ours, others, asked.items, asked.seed), asked.out):
        tell(path)


if __name__ == "__main__":
    main()

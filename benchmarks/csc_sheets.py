"""The held-out turns of benchmarks/csc.py: which they are, and their sheets for two readings in different orders.

    python benchmarks/csc_sheets.py --data DATA --pass 1    # dialogues in a drawn order, turns in theirs
    python benchmarks/csc_sheets.py --data DATA --pass 2    # single turns in another order, each with those before
    python benchmarks/csc_sheets.py --data DATA --pass 3    # as the first, for another reader
    python benchmarks/csc_sheets.py --data DATA --pass 1 --labels FILE    # a reading -> csc_labels/pass_1.csv

Whole dialogues are drawn by a printed seed until there are 200 turns of agents. The corpora's texts stay where they
are: the repository has keys, turn numbers and labels, and the sheets are rebuilt from the data.
"""

import argparse
import csv
from collections.abc import Iterator, Sequence
from pathlib import Path
from random import Random
from typing import NamedTuple

from millstream import corpora
from millstream.strategies import framework
from millstream.support.prefilter import faults, merged
from millstream.support.talk import SupportDialogue

HERE = Path(__file__).parent / "csc_labels"
SEED, TURNS = 8, 200
SHARES = (
    ("abcd_service/abcd_sample.json", 3),
    ("taskmaster/TM-1-2019_sample.json", 1),
    ("taskmaster/TM-3-2020_reward_07.json", 7),
    ("hr_multiwoz/sgd_dataset.json", 9),
    ("sgd/test/dialogues_001.json", 30),
)
"""Files and how many dialogues of each are drawn; SGD fills what is left."""
CONTEXT = 3


class Place(NamedTuple):
    """One turn of an agent: its dialogue's id and its number among the merged turns."""

    dialogue: str
    turn: int


def held_out(data: Path, seed: int = SEED) -> list[SupportDialogue]:
    """The drawn dialogues; the last is cut where there are enough turns."""
    found: list[SupportDialogue] = []
    left = TURNS
    for file, count in SHARES:
        fit = [each for each in map(merged, corpora.conversations(data / file)) if _usable(each)]
        for each in Random(f"{seed} {file}").sample(fit, min(count, len(fit))):
            if left <= 0:
                return found
            found.append(_cut(each, left))
            left -= len(found[-1].agent)
    return found


def _usable(dialogue: SupportDialogue) -> bool:
    return dialogue.corpus == "abcd" or not any(faults(dialogue))


def _cut(dialogue: SupportDialogue, most: int) -> SupportDialogue:
    at = [n for n, turn in enumerate(dialogue.turns) if turn.role == "agent"]
    last = at[most - 1] + 1 if len(at) > most else len(dialogue.turns)
    return dialogue.model_copy(update={"turns": dialogue.turns[:last]})


def places(dialogues: Sequence[SupportDialogue]) -> list[Place]:
    return [Place(each.id, n) for each in dialogues for n, turn in enumerate(each.turns) if turn.role == "agent"]


def order(dialogues: Sequence[SupportDialogue], reading: int) -> list[Place]:
    """Readings 1 and 3: dialogues shuffled; reading 2: turns shuffled."""
    rng = Random(f"reading {reading} {SEED}")
    if reading != 2:
        shuffled = list(dialogues)
        rng.shuffle(shuffled)
        return places(shuffled)
    found = places(dialogues)
    rng.shuffle(found)
    return found


def sheet(dialogues: Sequence[SupportDialogue], reading: int) -> Iterator[str]:
    by = {each.id: each for each in dialogues}
    before = ""
    for n, place in enumerate(order(dialogues, reading)):
        turns = by[place.dialogue].turns
        near = turns[max(0, place.turn - (CONTEXT if reading == 2 else 1)) : place.turn]
        if reading != 2 and place.dialogue != before:
            yield f"== {place.dialogue.partition(':')[0]}"
            before = place.dialogue
        said = " / ".join(f"{each.role[0].upper()}: {each.text}" for each in near)
        first = "" if any(each.role == "agent" for each in turns[: place.turn]) else " [first]"
        yield f"{n}{first} ({said}) A: {turns[place.turn].text}"


def write(dialogues: Sequence[SupportDialogue], reading: int, labels: Sequence[str]) -> Path:
    """The labels of a reading, in the order of its sheet, as a file in the order of the dialogues."""
    known, placed = framework(), order(dialogues, reading)
    if len(labels) != len(placed):
        raise SystemExit(f"{len(labels)} labels for {len(placed)} turns")
    given = {place: known.code(label) for place, label in zip(placed, labels, strict=True)}
    path = HERE / f"pass_{reading}.csv"
    with path.open("w", encoding="utf-8", newline="") as out:
        rows = csv.writer(out, lineterminator="\n")
        rows.writerow(("dialogue", "turn", "strategy"))
        rows.writerows((place.dialogue, place.turn, given[place]) for place in places(dialogues))
    return path


def read(reading: int) -> dict[Place, str]:
    """InputError for a label outside the set."""
    known, path = framework(), HERE / f"pass_{reading}.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    where = f"{path.name}: line "
    return {
        Place(row["dialogue"], int(row["turn"])): known.code(row["strategy"], f"{where}{n}")
        for n, row in enumerate(rows, 2)
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--pass", type=int, choices=(1, 2, 3), required=True, dest="reading")
    parser.add_argument("--labels", type=Path, help="codes, separated by blanks, in the order of the sheet")
    asked = parser.parse_args()
    dialogues = held_out(asked.data)
    if asked.labels:
        print(write(dialogues, asked.reading, asked.labels.read_text(encoding="utf-8").split()))
        return
    print(f"seed {SEED}, {len(dialogues)} dialogues, {len(places(dialogues))} turns, reading {asked.reading}")
    print("\n".join(sheet(dialogues, asked.reading)))


if __name__ == "__main__":
    main()

"""Few labels by people: JSON lines {"dialogue": KEY, "turn": N, "label": NAME}. Knows no student."""

from collections.abc import Sequence
from pathlib import Path
from random import Random

from millstream import text
from millstream.errors import InputError
from millstream.label.tasks import LabelTask
from millstream.label.teacher import Scored

Place = tuple[str, int]
"""(key of a dialogue in its corpus, number of the turn from 0)."""


def read(path: Path, task: LabelTask) -> dict[Place, str]:
    """InputError names the line: no JSON, no place, or a label outside the set."""
    found = {}
    for n, line in enumerate(text.read(path).splitlines(), 1):
        if not line.strip():
            continue
        where = f"{path} line {n}"
        row = text.parse_json(line, where)
        key, turn, label = (text.dig(row, name) for name in ("dialogue", "turn", "label"))
        if not isinstance(key, str) or not isinstance(turn, int) or not isinstance(label, str):
            raise InputError("no label of an utterance", where, 'write {"dialogue": KEY, "turn": N, "label": NAME}')
        found[key, turn] = task.code(label, where)
    return found


def of_corpus(dialogues: Sequence[Scored], count: int, seed: int) -> dict[Place, str]:
    """`count` of the labels that the corpus itself has, drawn by the seed; all of them where there are fewer."""
    every = {(each.key, turn.n): turn.gold for each in dialogues for turn in each.turns if turn.gold}
    places = sorted(every)
    drawn = Random(f"human {seed}").sample(places, min(count, len(places)))
    return {place: label for place in drawn if (label := every[place])}

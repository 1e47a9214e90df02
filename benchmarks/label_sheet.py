"""The label error rate of dialogues with services, by a blind reading.

    python benchmarks/label_sheet.py draw made/dialogues.jsonl sheet.csv --turns 300 --schema schema.json
    python benchmarks/label_sheet.py draw runs/demo-zh sheet.csv --worded model
    python benchmarks/label_sheet.py score made/dialogues.jsonl sheet.csv

`draw` writes turns of both sides with what was said before them and the slots there are, and no label. The reader fills
the column `told` with what this very turn says and asks: `slot=value; slot=?`, or `nothing`. `score` then counts the
turns whose labels say something else, with the Wilson interval; whether the reader or the label is wrong is for a
second look at the turns it lists. Of a run's folder its accepted dialogues are taken, with `--worded` only the turns in
a model's words, a template's, or those that a template said because the model failed (kept).
"""

import argparse
import csv
from collections.abc import Collection, Iterator, Mapping
from pathlib import Path
from random import Random
from typing import NamedTuple

from scipy.stats import binomtest

from millstream.commands import folder as files
from millstream.commands.train import read
from millstream.errors import InputError
from millstream.formats import ours
from millstream.services import schema
from millstream.services.annotated import Frame, TaskDialogue

COLUMNS = ("dialogue", "turn", "role", "before", "text", "slots", "told")
BEFORE = 4
NOTHING = "nothing"
ASKED = "?"
"""The value of a slot that is asked for."""
_UNSAID = {"REQUEST", "INFORM_INTENT", "OFFER_INTENT", "INFORM_COUNT"}
"""Acts that tell no value of a slot, though they name one."""
Places = Collection[tuple[str, int]]
"""(a dialogue, the number of a turn)."""


class Told(NamedTuple):
    """What a turn's labels say it adds: of each slot every form that is right."""

    dialogue: str
    turn: int
    slots: Mapping[str, tuple[str, ...]]


def told(dialogue: TaskDialogue) -> Iterator[Told]:
    """Of a user's turn the change of the state, of an agent's the values of its acts; of both what they ask for."""
    before: dict[str, Mapping[str, tuple[str, ...]]] = {}
    for n, turn in enumerate(dialogue.turns):
        new: dict[str, tuple[str, ...]] = {}
        for frame in turn.frames:
            held = before.get(frame.service, {})
            if frame.state:
                now, asked = frame.state.values, set(frame.state.requested)
                values = {slot: each for slot, each in now.items() if not set(each) & set(held.get(slot, ()))}
                before[frame.service] = now
            else:
                asked = {act.slot for act in frame.acts if act.act == "REQUEST"} - {""}
                values = _said(frame)
            new |= dict.fromkeys(sorted(asked), (ASKED,)) | values
        yield Told(dialogue.key, n, new)


def _said(frame: Frame) -> dict[str, tuple[str, ...]]:
    values: dict[str, tuple[str, ...]] = {}
    for act in frame.acts:
        if act.act not in _UNSAID and act.slot and act.values:
            values[act.slot] = (*values.get(act.slot, ()), *act.canonical, *act.values)
    return values


def draw(
    dialogues: list[TaskDialogue], slots: Mapping[str, str], turns: int, seed: int, only: Places | None = None
) -> list[dict[str, str]]:
    """One turn of each dialogue before a second of any; `slots` by service, as the reader is shown them."""
    rng = Random(f"label sheet {seed}")
    places = [(rng.random() + n, each, one) for each in dialogues for n, one in enumerate(_mixed(each, rng, only))]
    rows = []
    for _, dialogue, n in sorted(places, key=lambda place: place[0])[:turns]:
        earlier = "\n".join(f"{each.role}: {each.text}" for each in dialogue.turns[max(0, n - BEFORE) : n])
        named = "\n".join(slots.get(frame.service, "") for frame in dialogue.turns[n].frames)
        turn = dialogue.turns[n]
        row = (dialogue.key, str(n), turn.role, earlier, turn.text, named, "")
        rows.append(dict(zip(COLUMNS, row, strict=True)))
    return rows


def _named(dialogues: list[TaskDialogue]) -> dict[str, str]:
    """Every slot that any label of a service names, where there is no schema."""
    found: dict[str, set[str]] = {}
    for frame in (frame for each in dialogues for turn in each.turns for frame in turn.frames):
        named = (act.slot for act in frame.acts if act.act not in _UNSAID or act.act == "REQUEST")
        found.setdefault(frame.service, set()).update(named)
        found[frame.service].update(frame.state.values if frame.state else ())
    return {service: "\n".join(sorted(names - {""})) for service, names in found.items()}


def _mixed(dialogue: TaskDialogue, rng: Random, only: Places | None) -> list[int]:
    numbers = [n for n, turn in enumerate(dialogue.turns) if turn.frames]
    numbers = [n for n in numbers if only is None or (dialogue.key, n) in only]
    return rng.sample(numbers, len(numbers))


def answer(cell: str, where: str) -> dict[str, str]:
    if cell.strip().casefold() == NOTHING:
        return {}
    pairs = [each.partition("=") for each in cell.split(";") if each.strip()]
    if bad := [slot for slot, mark, value in pairs if not (slot.strip() and mark and value.strip())]:
        raise InputError(f"no slot=value: {bad[0].strip()!r}", where, f"write slot=value; slot=value, or {NOTHING}")
    return {slot.strip(): value.strip() for slot, _, value in pairs}


def differs(said: Mapping[str, str], label: Told) -> bool:
    """Another slot, or a value that is none of the label's forms."""
    forms = {slot: {value.casefold() for value in values} for slot, values in label.slots.items()}
    return said.keys() != forms.keys() or any(value.casefold() not in forms[slot] for slot, value in said.items())


def score(rows: list[dict[str, str]], labels: Mapping[tuple[str, int], Told], sheet: str) -> Iterator[str]:
    """The turns that differ, then the share of them. Rows without an answer are counted and left out."""
    read_ones = [(n, row) for n, row in enumerate(rows, 2) if row["told"].strip()]
    if not read_ones:
        raise InputError("holds no answer", sheet, "fill the column `told`")
    wrong = 0
    for n, row in read_ones:
        label = labels.get((row["dialogue"], int(row["turn"])))
        if label is None:
            raise InputError(f"no turn {row['turn']} of {row['dialogue']}", f"{sheet}: line {n}", "give its dialogues")
        said = answer(row["told"], f"{sheet}: line {n}")
        if differs(said, label):
            wrong += 1
            yield f"{row['dialogue']} {row['turn']}: read {said}, labelled {dict(label.slots)}"
    sure = binomtest(wrong, len(read_ones)).proportion_ci(method="wilson")
    rate = 100 * wrong / len(read_ones)
    yield f"{wrong} of {len(read_ones)} turns differ: {rate:.1f}% ({100 * sure.low:.1f} to {100 * sure.high:.1f})"
    if len(rows) > len(read_ones):
        yield f"{len(rows) - len(read_ones)} turns of the sheet were not read"


def taken(path: Path, worded: str) -> tuple[list[TaskDialogue], Places | None]:
    """The dialogues of a run's folder, or SGD rows; and the turns that are worded so, where that is asked."""
    if path.is_dir() and files.made_as(path):
        run = files.dialogues(path)
        places = {(each.id, n) for each in run for n, turn in enumerate(each.turns) if turn.worded == worded}
        return [ours.task(each) for each in run], places if worded else None
    if worded:
        raise InputError("SGD rows do not say who worded a turn", str(path), "give a run's folder")
    return list(read(path)), None


def loaded(sheet: Path) -> list[dict[str, str]]:
    try:
        with sheet.open(encoding="utf-8", newline="") as file:
            rows = list(csv.DictReader(file))
    except (OSError, UnicodeDecodeError, csv.Error) as error:
        raise InputError("no sheet", str(sheet), "write one with `draw`") from error
    if not rows or any(None in row.values() or not row.get("turn", "").isdigit() for row in rows):
        raise InputError("no sheet, or torn", str(sheet), "write it again with `draw`")
    return rows


def main() -> None:
    words = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    words.add_argument("what", choices=("draw", "score"))
    words.add_argument("dialogues", type=Path)
    words.add_argument("sheet", type=Path)
    words.add_argument("--schema", type=Path, help="draw: the services, for the slots that the reader is shown")
    words.add_argument("--turns", type=int, default=300)
    words.add_argument("--seed", type=int, default=0)
    words.add_argument("--worded", choices=("model", "template", "kept"), default="", help="draw, of a run")
    asked = words.parse_args()
    try:
        dialogues, only = taken(asked.dialogues, asked.worded)
        if asked.what == "score":
            labels = {(one.dialogue, one.turn): one for each in dialogues for one in told(each)}
            print(*score(loaded(asked.sheet), labels, str(asked.sheet)), sep="\n")
            return
        services = schema.read(asked.schema) if asked.schema else ()
        slots = {each.name: "\n".join(f"{one.name}: {one.description}" for one in each.slots) for each in services}
        slots = slots or _named(dialogues)
        rows = draw(dialogues, slots, asked.turns, asked.seed, only)
        with asked.sheet.open("w", encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, COLUMNS)
            writer.writeheader()
            writer.writerows(rows)
        print(f"{len(rows)} turns of {len({row['dialogue'] for row in rows})} dialogues: {asked.sheet}")
    except InputError as error:
        raise SystemExit(f"label_sheet: {error}") from error


if __name__ == "__main__":
    main()

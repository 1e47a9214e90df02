"""What a proof has measured so far, a line for each training, written as soon as it is known: a proof that was stopped
leaves what it finished, to be read and to go on from.

A line is taken again only for the same arm, seed, dialogues, test, services and tracker; the code of the tracker is not
looked at. Trains and measures nothing.
"""

import hashlib
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any, NamedTuple

from millstream.errors import InputError
from millstream.metrics.dst import Counts
from millstream.prove.figures import Scored
from millstream.prove.targets import Target
from millstream.services.annotated import TaskDialogue
from millstream.table import drop_torn_line

_BEGINS = b'{"target": '


class Mark(NamedTuple):
    """What a training is known by."""

    target: Target
    arm: str
    seed: int
    dialogues: Sequence[TaskDialogue]


class Kept:
    """The lines of a file; without one nothing is kept. `tracker` says what learns (its name and settings)."""

    def __init__(self, path: Path | None = None, tracker: str = "") -> None:
        self.path, self.tracker = path, tracker
        self._found: dict[str, Scored] = {}
        if path and path.exists():
            self._read(path)

    def _read(self, path: Path) -> None:
        """A torn last line, as a kill leaves it, is cut off. InputError for any other that is none of a proof."""
        raw = path.read_bytes()
        end = raw.rfind(b"\n") + 1
        for n, line in enumerate(raw[:end].splitlines(), 1):
            try:
                row = json.loads(line)
                self._found[row["mark"]] = _scored(row)
            except (ValueError, KeyError, TypeError, AttributeError) as error:
                raise InputError("no line of a proof, or torn", f"{path}: line {n}", "name another file") from error
        if not _BEGINS.startswith(raw[end:][: len(_BEGINS)]):
            raise InputError("no line of a proof, or torn", f"{path}: last line", "name another file")
        drop_torn_line(path)

    def found(self, mark: Mark) -> Scored | None:
        return self._found.get(self._mark(mark)) if self.path else None

    def add(self, mark: Mark, found: Scored) -> None:
        if self.path is None:
            return
        right, frames = (sum(each[n] for each in found.dialogues.values()) for n in (0, 1))
        row: dict[str, Any] = {"target": mark.target.name, "arm": mark.arm, "seed": mark.seed}
        row |= {"joint": round(100 * right / frames, 2), "mark": self._mark(mark), **asdict(found)}
        self.path.parent.mkdir(parents=True, exist_ok=True)
        with self.path.open("a", encoding="utf-8") as out:
            out.write(f"{json.dumps(row, ensure_ascii=False)}\n")

    def _mark(self, mark: Mark) -> str:
        target = mark.target
        told = [self.tracker, target.name, mark.arm, mark.seed, sorted(target.scored), target.services, target.test]
        more = [(s, slot, sorted(known)) for s, slots in target.knowledge.more.items() for slot, known in slots.items()]
        whole = repr((*told, target.knowledge.rows, more, list(mark.dialogues)))
        return hashlib.sha256(whole.encode()).hexdigest()


def _scored(row: Any) -> Scored:
    dialogues = {str(key): (int(right), int(frames)) for key, (right, frames) in row["dialogues"].items()}
    return Scored(dialogues, float(row["official"]), Counts(**row["counts"]))

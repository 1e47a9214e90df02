"""`millstream contamination`: does training data hold the test? Reads and shows; the looking is metrics/."""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import corpora
from millstream.commands import folder as files
from millstream.commands.terminal import Json, say, show
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.errors import InputError
from millstream.metrics import contamination as looking
from millstream.metrics.contamination import Found, Trained

FEWEST = 4
"""Dialogues of a test that can be halved and planted."""


@dataclass(frozen=True)
class Options:
    train: Annotated[list[Path], Argument(metavar="TRAIN...", help="Run folders and corpora that are trained on.")]
    test: Annotated[Path, Option(help="The corpus that is tested on: a file or a folder.")]
    canaries: Annotated[int, Option(min=0, help="Test dialogues planted to see whether they are found.")] = 20
    seed: Annotated[int, Option(min=0, help="Which ones are planted.")] = 0
    as_json: Json = False


def command(options: Options) -> int:
    """Look for the test in training data: turns, runs of words, whole dialogues; and plant some.

    millstream contamination runs/kitchen --test data/multiwoz/val.json.zip
    """
    train = [each for path in options.train for each in _read(path)]
    test = list(_read(options.test))
    if len(test) < FEWEST:
        raise InputError(f"{len(test)} dialogues are too few for a test", str(options.test), f"{FEWEST} are needed")
    sides = {"training data": (train, test), "floor: half of the test": (test[::2], test[1::2])}
    rows = [_row(name, looking.found(Trained(one), other)) for name, (one, other) in sides.items()]
    seen, planted = looking.canaries(train, test, options.canaries, options.seed)
    if options.as_json:
        print(json.dumps({"rows": rows, "canaries": {"found": seen, "planted": planted}}, ensure_ascii=False, indent=1))
        return 0
    show([{name: _shown(value) for name, value in row.items()} for row in rows], False)
    say(f"{seen} of {planted} planted dialogues are found, half of them with other values")
    return 0


def _read(path: Path) -> Iterator[Conversation]:
    if (path / "fingerprint").is_file():
        return own.read(files.each_dialogue(path).path)
    return corpora.conversations(path)


def _row(name: str, found: Found) -> dict[str, Any]:
    return {
        "looked for in": name,
        "long turns": found.turns,
        "word for word": _share(found.verbatim, found.turns),
        "a run in common": _share(found.runs, found.turns),
        "dialogues": found.dialogues,
        "the same but for values": _share(found.copied, found.dialogues),
        "nearest": round(found.nearest, 3),
    }


def _share(count: int, of: int) -> float | None:
    return round(count / of, 4) if of else None


def _shown(value: Any) -> Any:
    if value is None:
        return "-"
    return f"{value:.1%}" if isinstance(value, float) else value

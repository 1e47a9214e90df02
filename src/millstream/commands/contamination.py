"""`millstream contamination`: does training data hold the test? Reads and shows; the looking is metrics/."""

import importlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import corpora, plugins
from millstream.commands import folder as files
from millstream.commands.terminal import Json, say, show
from millstream.conversations import Conversation
from millstream.corpora import millstream as own
from millstream.errors import InputError
from millstream.metrics import contamination as looking
from millstream.metrics.contamination import Canaries, Found, Trained

FEWEST = 4
"""Dialogues of a test that can be halved and planted."""


@dataclass(frozen=True)
class Options:
    train: Annotated[list[Path], Argument(metavar="TRAIN...", help="Run folders and corpora that are trained on.")]
    test: Annotated[Path, Option(help="The corpus that is tested on: a file or a folder.")]
    encoder: Annotated[bool, Option("--encoder", help="Look for the same meaning too: an encoder reads it all.")] = (
        False
    )
    canaries: Annotated[int, Option(min=0, help="Test dialogues planted to see whether they are found.")] = 20
    seed: Annotated[int, Option(min=0, help="Which ones are planted.")] = 0
    as_json: Json = False


def command(options: Options) -> int:
    """Look for the test in training data: turns, runs of words, dialogues, meaning; and plant some.

    millstream contamination runs/kitchen --test data/multiwoz/val.json.zip
    """
    if options.encoder:
        plugins.needed("--encoder", ["sklearn"], "eval")
    train = [each for path in options.train for each in _read(path)]
    test = list(_read(options.test))
    if len(test) < FEWEST:
        raise InputError(f"{len(test)} dialogues are too few for a test", str(options.test), f"{FEWEST} are needed")
    sides = {"training data": (train, test), "floor: half of the test": (test[::2], test[1::2])}
    rows = [_row(name, looking.found(Trained(one), other)) for name, (one, other) in sides.items()]
    put = looking.canaries(test, options.canaries, options.seed)
    counts = {"found": looking.seen(train, test, put), "planted": len(put.planted)}
    if options.encoder:
        counts["found by meaning"] = _meant(train, test, put, rows)
    if options.as_json:
        print(json.dumps({"rows": rows, "canaries": counts}, ensure_ascii=False, indent=1))
        return 0
    show([{name: _shown(value) for name, value in row.items()} for row in rows], False)
    say(f"{counts['found']} of {counts['planted']} planted dialogues are found, half of them with other values")
    if options.encoder:
        say(f"{counts['found by meaning']} of {counts['planted']} are found by their meaning")
    return 0


def _meant(train: list[Conversation], test: list[Conversation], put: Canaries, rows: list[dict[str, Any]]) -> int:
    """Two more columns: the share of the test that something in training means, and the nearest of all. The floor is a
    hundredth, for that is where the bar is. How many canaries are found so."""
    meaning = importlib.import_module("millstream.metrics.meaning")
    with importlib.import_module("millstream.commands.encoding").encoder() as encode:
        meant = meaning.Meant(test, encode)
        near = meant.nearest(train)
        found: int = meaning.seen(meant, put)
    told = ((near >= meant.bar).mean(), near.max()), (1 - meaning.STRANGE, meant.bar)
    for row, (share, nearest) in zip(rows, told, strict=True):
        row |= {"the same in meaning": round(float(share), 4), "nearest meaning": round(float(nearest), 3)}
    return found


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

"""`millstream train`: small models from dialogues. Reads files and saves a model; learns nothing itself."""

import importlib
import importlib.util
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import corpora, text
from millstream.commands.terminal import say, tell
from millstream.errors import InputError
from millstream.formats import sgd
from millstream.services import knowledge, schema
from millstream.services.annotated import TaskDialogue

MODELS = ("dst",)


@dataclass(frozen=True)
class Options:
    model: Annotated[str, Argument(help="What to train: dst, a state tracker.")]
    dialogues: Annotated[Path, Argument(help="SGD rows: a .jsonl, a dialogues_*.json, or a folder of them.")]
    schema: Annotated[Path, Option(help="The schema.json of their services.")]
    to: Annotated[Path, Option(help="The file of the model, .npz.")]
    rows: Annotated[Path | None, Option(help="Rows of each service, for the values that are known.")] = None
    hidden: Annotated[float, Option(min=0, max=1, help="Share of open values that training does not list.")] = 0.5
    seed: Annotated[int, Option(min=0, help="Everything random is drawn from it.")] = 0


def command(options: Options) -> int:
    """Train a small state tracker that reads the schema.

    It takes seconds on a processor, so there is nothing to resume.

    millstream train dst data/made --schema schema.json --rows data/made/rows.json --to tracker.npz
    """
    if options.model not in MODELS:
        raise InputError(f"no model {options.model!r}", "train", f"there are: {', '.join(MODELS)}")
    tracker, candidates = modules()
    services = schema.read(options.schema)
    known = knowledge.read(options.rows) if options.rows else knowledge.invented(services)
    dialogues = list(read(options.dialogues))
    lexicons = {each.name: candidates.Lexicon(each, known, options.hidden) for each in services}
    made = tracker.Tracker(lexicons).fit(dialogues, options.seed)
    options.to.parent.mkdir(parents=True, exist_ok=True)
    made.save(options.to)
    tell(options.to)
    say(f"trained on {len(dialogues)} dialogues of {len(services)} services")
    return 0


def modules() -> tuple[Any, Any]:
    """The tracker and its candidates. InputError where the extra is not installed."""
    if importlib.util.find_spec("sklearn") is None:
        raise InputError("training needs scikit-learn, which is not installed", remedy="pip install 'millstream[eval]'")
    return importlib.import_module("millstream.train.tracker"), importlib.import_module("millstream.train.candidates")


def read(path: Path) -> Iterator[TaskDialogue]:
    """The dialogues of a file or a folder. InputError names the first row that is none, and all that is wrong in it."""
    named = (*path.glob("dialogues*.jsonl"), *path.glob("dialogues_*.json")) if path.is_dir() else (path,)
    if not named:
        raise InputError("holds no dialogues", str(path), "give SGD rows: dialogues_*.json or dialogues.jsonl")
    for file in sorted(named):
        for key, row in _rows(file):
            if found := sgd.faults(row):
                what = f"no SGD dialogue: {'; '.join(found[:3])}"
                raise InputError(what, f"{file}: {key}", "mend it or leave it out")
            yield sgd.parse(row, key)


def _rows(file: Path) -> Iterator[tuple[str, Any]]:
    if file.suffix != ".jsonl":
        yield from corpora.entries(file)
        return
    for n, each in enumerate(text.read(file).splitlines(), 1):
        try:
            yield str(n), json.loads(each)
        except json.JSONDecodeError as error:
            raise InputError("not JSON, or torn", f"{file}: line {n}", "write it again") from error

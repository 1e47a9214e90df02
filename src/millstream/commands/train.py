"""`millstream train`: small models from dialogues. Reads files and saves a model; learns nothing itself."""

import asyncio
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import corpora, text
from millstream.commands import folder as files
from millstream.commands.backbones import Backbone, check_backbone, learners, modules
from millstream.commands.progress import shown
from millstream.commands.terminal import say, tell
from millstream.errors import InputError
from millstream.formats import sgd
from millstream.label import tasks
from millstream.label.teacher import Scored
from millstream.services import knowledge, schema
from millstream.services.annotated import TaskDialogue
from millstream.table import Table

MODELS = ("dst", "utterance")
_SCORES = "3_scores.jsonl"


@dataclass(frozen=True)
class Options:
    model: Annotated[str, Argument(help="dst, a state tracker; utterance, a student of a teacher's labels.")]
    dialogues: Annotated[
        Path, Argument(help="SGD rows: a .jsonl, a dialogues_*.json, or a folder of them. utterance: a run of `label`.")
    ]
    to: Annotated[Path, Option(help="The file of the model, .npz; of lora a folder.")]
    schema: Annotated[Path | None, Option(help="dst: the schema.json of their services.")] = None
    rows: Annotated[Path | None, Option(help="Rows of each service, for the values that are known.")] = None
    backbone: Annotated[str, Option(help="dst: words, encoder (vectors beside them), vectors or lora.")] = "words"
    vectors: Annotated[Path | None, Option(help="dst: file that keeps vectors: a run that was stopped goes on.")] = None
    base: Annotated[str, Option(help="lora: the embedded model that is tuned (`millstream models`).")] = "smollm2-135m"
    turns: Annotated[int, Option(min=1, help="lora: user turns it is tuned on, once each.")] = 300
    hidden: Annotated[float, Option(min=0, max=1, help="Share of open values that training does not list.")] = 0.5
    human: Annotated[
        str, Option(metavar="FILE|N", help="utterance: a file of human labels, or how many of the corpus's own.")
    ] = "0"
    loss: Annotated[str, Option(help="utterance: pairs, cross, hard, soft, gce or confident.")] = "pairs"
    seed: Annotated[int, Option(min=0, help="Everything random is drawn from it.")] = 0


def command(options: Options) -> int:
    """Train a small model: a state tracker that reads the schema, or a student that labels utterances.

    It takes seconds on a processor, so there is nothing to resume; with an encoder minutes, which --vectors keeps. LoRA
    takes a GPU or patience; stopped, the same command goes on from its last checkpoint.

    millstream train dst data/made --schema schema.json --rows data/made/rows.json --to tracker.npz

    millstream train dst data/made --schema schema.json --backbone lora --to tracker

    millstream train utterance runs/labels --human labels.jsonl --to student.npz
    """
    if options.model not in MODELS:
        raise InputError(f"no model {options.model!r}", "train", f"there are: {', '.join(MODELS)}")
    options.to.parent.mkdir(parents=True, exist_ok=True)
    return _tracker(options) if options.model == "dst" else _student(options)


def _tracker(options: Options) -> int:
    check_backbone(options.backbone)
    if options.schema is None:
        raise InputError("a tracker reads a schema", "--schema", "give the schema.json of the services")
    (candidates,) = modules("train.candidates")
    services = schema.read(options.schema)
    known = knowledge.read(options.rows) if options.rows else knowledge.invented(services)
    dialogues = list(read(options.dialogues))
    lexicons = {each.name: candidates.Lexicon(each, known, options.hidden) for each in services}
    kept = options.to.with_name(f"{options.to.name}.checkpoint")
    asked = Backbone(options.backbone, options.vectors, options.base, options.turns, kept)
    with shown(False) as progress, learners(asked, progress) as learn:
        learn(dialogues, lexicons, lexicons, options.seed).save(options.to)
    kept.unlink(missing_ok=True)
    tell(options.to)
    say(f"trained on {len(dialogues)} dialogues of {len(services)} services")
    return 0


def _student(options: Options) -> int:
    """Of a run of the recipe `label`: the teacher is not asked again."""
    if not (options.dialogues / _SCORES).is_file():
        remedy = "make them with `millstream run ... --recipe label`"
        raise InputError("holds no teacher's scores", str(options.dialogues), remedy)
    told = files.settings(options.dialogues)
    about = tasks.task(str(told["task"]))
    (labelling,) = modules("labelling")
    scored = list(Table(options.dialogues / _SCORES, Scored))
    people = labelling.people_of(options.human, about, scored, options.seed)

    async def made() -> Any:
        async with labelling.encoder(told["features"], scored[0].lang) as encode:
            return await labelling.taught(about, scored, people, encode, options.loss, options.seed)

    asyncio.run(made()).save(options.to)
    tell(options.to)
    say(f"{about.name}: trained on the scores of {len(scored)} dialogues and {len(people)} human labels")
    return 0


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

"""The backbones of a state tracker by their names: what `train dst` and `prove` learn with. Trains nothing itself."""

import importlib
import importlib.util
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from millstream import weights
from millstream.commands.encoding import token_vectors
from millstream.commands.progress import Shown
from millstream.download_bar import shown as downloading
from millstream.errors import InputError

BACKBONES = ("words", "encoder", "vectors", "lora")
LORA = "lora"


@dataclass(frozen=True)
class Backbone:
    """What was asked for: `vectors` keeps those of an encoder; `base` is the embedded model that LoRA tunes, on so many
    `turns`, going on from the checkpoint `kept`."""

    name: str
    vectors: Path | None = None
    base: str = ""
    turns: int = 0
    kept: Path | None = None


def check_backbone(backbone: str) -> None:
    """InputError for a backbone that is none."""
    if backbone not in BACKBONES:
        raise InputError(f"no backbone {backbone!r}", "--backbone", f"there are: {', '.join(BACKBONES)}")


def modules(*names: str) -> list[Any]:
    """What trains: by default the tracker and its candidates. InputError where the extra is not installed."""
    if importlib.util.find_spec("sklearn") is None:
        raise InputError("training needs scikit-learn, which is not installed", remedy="pip install 'millstream[eval]'")
    wanted = names or ("train.tracker", "train.candidates")
    return [importlib.import_module(f"millstream.{name}") for name in wanted]


@contextmanager
def learners(asked: Backbone, progress: Shown) -> Iterator[Any]:
    """How a tracker of this backbone learns (prove/trial.py, Learn)."""
    check_backbone(asked.name)
    if asked.name == LORA:
        yield _causal(asked, progress)
        return
    trial, encoded = modules("prove.trial", "train.encoded")
    if asked.name == "words":
        yield trial.learner()
        return
    with token_vectors(asked.vectors) as vectors:
        hashed = asked.name == "encoder"
        yield trial.learner(lambda: encoded.Encoded(vectors, hashed, lambda n, of: progress.step("encoded", n, of)))


def _causal(asked: Backbone, progress: Shown) -> Any:
    """Of no dialogues the base as it is. The base is read anew each time: an adapter changes it."""
    for needed in ("torch", "transformers", "peft", "gguf"):
        if importlib.util.find_spec(needed) is None:
            raise InputError(f"LoRA needs {needed}, which is not installed", remedy="pip install 'millstream[tune]'")
    prompted, lora = modules("train.prompted", "train.lora")
    with downloading(asked.base) as on_progress:
        file = weights.fetch(asked.base, on_progress)

    def learn(dialogues: Sequence[Any], partly: Any, lexicons: Any, seed: int) -> Any:
        model = lora.unpacked(file, asked.base)
        if dialogues:
            lessons = prompted.lessons(dialogues, partly, asked.turns, seed)
            plan = lora.Plan(seed, kept=asked.kept, done=lambda n, of: progress.step("tuned", n, of))
            model = lora.tuned(model, lessons, plan)
        return prompted.Prompted(lexicons, model)

    return learn

"""What makes a run another run: its settings, this package's version and data, and the content of its inputs.

`count` and `waves` are left out: scenario n does not depend on them, so a larger count extends a run. The address
of a model is left out, because the same model may move; rights and prices are, because they change no dialogue.
"""

import hashlib
from collections.abc import Iterable, Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path

from millstream import weights
from millstream.commands.release import version
from millstream.recipe import Settings

_FREE = {"count", "waves"}
_PLAIN = {"prices.yaml", "providers.yaml"}
"""Data that changes no dialogue."""


def fingerprint(settings: Settings, inputs: Iterable[str]) -> str:
    """The sha256 over all of it, in hex. `inputs` are the files that are used."""
    digest = hashlib.sha256()
    for part in (version(), settings.model_dump_json(exclude=_FREE), *_data(), *_files(inputs), *_own(settings)):
        digest.update(part.encode("utf-8", "surrogateescape") + b"\n")
    return digest.hexdigest()


def _data() -> Iterator[str]:
    """The prompts, phrases, domains and word lists of the package."""
    for name, file in walked(files("millstream"), ""):
        if name in _PLAIN:
            continue
        yield f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}"


def walked(
    folder: Traversable, above: str, endings: tuple[str, ...] = (".yaml", ".md")
) -> Iterator[tuple[str, Traversable]]:
    """(path in the package, file) of all that end so, in one order everywhere."""
    for each in sorted(folder.iterdir(), key=lambda each: each.name):
        if each.is_dir():
            yield from walked(each, f"{above}{each.name}/", endings)
        elif each.name.endswith(endings):
            yield above + each.name, each


def _files(inputs: Iterable[str]) -> list[str]:
    """By name and content: a folder may be moved."""
    return sorted(f"{Path(each).name} {weights.digest(Path(each))}" for each in inputs)


def _own(settings: Settings) -> Iterator[str]:
    """The domain file, the rates of deliveries, the probabilities and the languages, where they are the user's own."""
    spoken = (Path(each.strip()) for each in settings.languages.split(","))
    for path in (Path(settings.domain), Path(settings.delivery), Path(settings.policy), *spoken):
        if path.suffix in (".yaml", ".yml") and path.is_file():
            yield weights.digest(path)

"""`manifest.json`: what a run was made of, pinned, so that it can be made again and checked.

It names prompts, data, code, packages and inputs by their hashes, models by name and the hash of their weights, and the
settings with the seed; when the run is over, the hash of its dataset. Hosts, keys and times are not in it. The
fingerprint says whether a run is another one, the manifest what is different.
"""

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field
from importlib import metadata
from importlib.resources import files as packaged
from pathlib import Path
from typing import Any

from millstream import prices, table, weights
from millstream.commands.fingerprint import walked
from millstream.commands.release import version
from millstream.errors import InputError
from millstream.recipe import Recipe, Settings

MANIFEST = "manifest.json"
_FREE = ("prices", "settings count", "settings waves", "data prices.yaml", "data providers.yaml")
"""What may differ and change nothing, as in fingerprint.py."""
NO_OTHER_RUN = ("code", "packages")
"""What the fingerprint does not hold: a run goes on with another."""
TOLD = 6
"""Differences named in one line."""


@dataclass(frozen=True)
class Pinned:
    """A model as the run knew it: `spec` is what --model said; `live` is in the requests (see models.Model)."""

    spec: str
    name: str
    digest: str
    live: int


@dataclass(frozen=True)
class Cast:
    """Which models answered: the run's own first; `instead` names, by item, the number of another one."""

    models: tuple[Pinned, ...] = ()
    instead: Mapping[str, int] = field(default_factory=dict)


def pins(settings: Settings, recipe: Recipe, inputs: Mapping[str, Any], priced: prices.Prices) -> dict[str, Any]:
    """Everything that is known before the run. `inputs` are the files that are used."""
    return {
        "millstream": version(),
        "packages": dict(_packages()),
        "code": _code(),
        "recipe": {"name": recipe.name, "critics": [each.__module__.rpartition(".")[2] for each in recipe.critics]},
        "settings": settings.model_dump(mode="json"),
        "seed": settings.seed,
        "prompts": dict(_hashes(".md")),
        "data": dict(_hashes(".yaml")),
        "inputs": {Path(each).name: weights.digest(Path(each)) for each in sorted(inputs)},
        "prices": {"version": priced.version, "sha256": priced.digest},
    }


def write(folder: Path, pinned: Mapping[str, Any], cast: Cast) -> None:
    """Leaves out the dataset: it is not there yet, or no longer what it was."""
    told = {"models": [asdict(each) for each in cast.models], "instead": dict(cast.instead)}
    _write(folder, {**pinned, **told})


def close(folder: Path, dataset: str, dialogues: int) -> None:
    """Note what was made; the rest stays as it stands."""
    _write(folder, read(folder) | {"dataset": {"sha256": dataset, "dialogues": dialogues}})


def read(folder: Path) -> dict[str, Any]:
    """InputError where there is none: the run is of an older version, or was never begun."""
    path = folder / MANIFEST
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise InputError("has no manifest", str(folder), "run the same command again: it writes one") from error
    if not isinstance(said, dict):
        raise InputError("is no manifest", str(path), "run the same command again: it writes one")
    return said


def cast(folder: Path) -> Cast:
    """Which models answered; none where there is no manifest yet."""
    if not (folder / MANIFEST).is_file():
        return Cast()
    said = read(folder)
    try:
        return Cast(tuple(Pinned(**each) for each in said["models"]), said["instead"])
    except (KeyError, TypeError) as error:
        raise InputError("names no models", str(folder / MANIFEST), "run the same command again") from error


def dataset(folder: Path) -> str:
    """The hash of the finished run's dataset; "" before."""
    said = read(folder) if (folder / MANIFEST).is_file() else {}
    return str(said.get("dataset", {}).get("sha256", ""))


def changes(before: Mapping[str, Any], now: Mapping[str, Any]) -> list[str]:
    """What is different and may change a dialogue, by name: "seed", "settings temperature", "inputs menu.csv"."""
    found: list[str] = []
    for part in now:
        old, new = before.get(part), now[part]
        if isinstance(old, dict) and isinstance(new, dict):
            found += [f"{part} {key}" for key in sorted(old.keys() | new.keys()) if old.get(key) != new.get(key)]
        elif old != new:
            found.append(part)
    return [each for each in found if not each.startswith(_FREE)]


def _write(folder: Path, value: Mapping[str, Any]) -> None:
    table.write(folder / MANIFEST, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _hashes(ending: str) -> Iterator[tuple[str, str]]:
    for name, file in walked(packaged("millstream"), ""):
        if name.endswith(ending):
            yield name, hashlib.sha256(file.read_bytes()).hexdigest()


def _code() -> str:
    """One hash over the package's own Python files."""
    digest = hashlib.sha256()
    for name, file in walked(packaged("millstream"), "", (".py",)):
        digest.update(f"{name} {hashlib.sha256(file.read_bytes()).hexdigest()}\n".encode())
    return digest.hexdigest()


def _packages() -> Iterator[tuple[str, str]]:
    """The versions of what the package stands on; none where it is run from its source and not installed."""
    try:
        wanted = metadata.requires("millstream") or []
    except metadata.PackageNotFoundError:
        return
    for each in wanted:
        name = re.split(r"[^\w.-]", each)[0]
        if "extra ==" not in each:
            yield name, metadata.version(name)

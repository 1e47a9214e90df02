"""Find a plug-in by name. The folder is the registry: a new file is a new plug-in."""

import importlib
import pkgutil
from collections.abc import Sequence
from importlib.util import find_spec
from typing import Any

from millstream.errors import InputError

KINDS = {
    "sources": "read",
    "documents": "read",
    "corpora": "read",
    "backends": "connect",
    "critics": "critic",
    "deliveries": "deliver",
    "exporters": "export",
    "recipes": "recipe",
    "retrievers": "index",
}
"""What a file in each folder must define."""


def load(kind: str, name: str) -> Any:
    """`load("sources", "srt")`, or `load("sources", "their.module")` for one from outside the package."""
    found = module(kind, name)
    if not hasattr(found, KINDS[kind]):
        raise InputError(f"{name} defines no {KINDS[kind]!r}", remedy=f"every file of {kind} defines it")
    return getattr(found, KINDS[kind])


def module(kind: str, name: str) -> Any:
    target = name if "." in name else f"millstream.{kind}.{name}"
    try:
        return importlib.import_module(target)
    except ModuleNotFoundError as error:
        if not f"{target}.".startswith(f"{error.name}."):  # the plug-in is there; something it imports is not
            raise InputError(
                f"{kind}/{name} needs {error.name!r}, which is not installed",
                remedy=f"install it, for instance: pip install {error.name}",
            ) from error
        raise InputError(f"no {name!r} in {kind}", remedy=f"there are: {', '.join(names(kind))}") from error


def needed(what: str, modules: Sequence[str], extra: str) -> None:
    """InputError where a library that comes with an extra is not installed; `what` needs it."""
    for name in modules:
        if find_spec(name) is None:
            remedy = f"pip install 'millstream[{extra}]'"
            raise InputError(f"{what} needs {name}, which is not installed", remedy=remedy)


def names(kind: str) -> list[str]:
    folder = importlib.import_module(f"millstream.{kind}")
    return sorted(each.name for each in pkgutil.iter_modules(folder.__path__))

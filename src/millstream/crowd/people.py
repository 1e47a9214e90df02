"""Pairs of personas out of files: Synthetic-Persona-Chat's CSV, our own YAML, and the mined users of a run.

A persona is a few lines about oneself, in whatever language. Knows no event.
"""

import csv
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import TypeAdapter, ValidationError

from millstream import text
from millstream.errors import InputError
from millstream.records import Persona
from millstream.table import Table

Pair = tuple[tuple[str, ...], tuple[str, ...]]
MINED = "3_personas.jsonl"
LINES = 4
"""Lines of a persona that are used."""
COLUMNS = ("user 1 personas", "user 2 personas")
_PAIRS: TypeAdapter[list[Pair]] = TypeAdapter(list[Pair])


def pairs(path: Path) -> Iterator[Pair]:
    """Of a file, of every CSV and YAML file in a folder, or of a run. InputError says where a file is torn."""
    if (path / MINED).is_file():
        people = [lines for each in Table(path / MINED, Persona) if each.role == "user" and (lines := _lines(each))]
        yield from zip(people, people[1:] + people[:1], strict=True) if len(people) > 1 else ()
    elif path.is_dir():
        for file in sorted(each for each in path.iterdir() if each.suffix in (".csv", ".yaml", ".yml")):
            if file.stem != "rights":
                yield from pairs(file)
    elif path.suffix == ".csv":
        yield from _rows(path)
    elif path.suffix in (".yaml", ".yml"):
        yield from _listed(path)
    else:
        raise InputError("no file of personas", str(path), "give CSV, YAML or a run folder: docs/recipes/crowd.md")


def _lines(persona: Persona) -> tuple[str, ...]:
    return tuple(f"{each.name}: {each.value}" for each in persona.fields if each.value)[:LINES]


def _rows(path: Path) -> Iterator[Pair]:
    rows = csv.DictReader(text.read(path).splitlines(keepends=True), strict=True)
    try:
        if not set(COLUMNS) <= set(rows.fieldnames or ()):
            raise InputError(f"has no column {COLUMNS[0]!r} and {COLUMNS[1]!r}", str(path), "name them so")
        for row in rows:
            both = tuple(_split(row[name]) for name in COLUMNS)
            if not all(both):
                raise InputError("a pair with an empty persona", f"{path}:{rows.line_num}", "mend or drop the row")
            yield both[0], both[1]
    except csv.Error as error:
        raise InputError(f"torn: {error}", f"{path}:{rows.line_num}", "check that the file is whole") from error


def _split(cell: str | None) -> tuple[str, ...]:
    return tuple(said for each in (cell or "").splitlines() if (said := text.line(each)))[:LINES]


def _listed(path: Path) -> Iterator[Pair]:
    try:
        found = _PAIRS.validate_python(yaml.safe_load(text.read(path))["pairs"])
    except (yaml.YAMLError, TypeError, KeyError) as error:
        raise InputError("no list of pairs", str(path), "write `pairs:` and a list of two lists of lines") from error
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"pairs.{place}: {first['msg']}", str(path), "each pair is two lists of lines") from error
    for one, other in found:
        if not one or not other:
            raise InputError("a pair with an empty persona", str(path), "mend or drop it")
        yield one[:LINES], other[:LINES]

"""The forms a dataset leaves in, one file each: `export(dialogues, folder) -> the files it wrote`.

This file holds what every exporter needs: a file that appears whole or not at all, and one JSON line. It
refuses to know what is in a row, and whether the rights of the sources allow an export: the command asks that
before it calls any of these.
"""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TextIO

from millstream.errors import InputError

_SPLITTERS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}
"""Characters that str.splitlines takes for the end of a line; inside JSON they can be written as escapes."""


@contextmanager
def whole(path: Path) -> Iterator[TextIO]:
    """A text file that takes its name only when it is complete; after an error nothing of it remains."""
    part = path.with_name(f"{path.name}.part")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with part.open("w", encoding="utf-8", newline="\n") as out:
            yield out
        part.replace(path)
    except (FileExistsError, NotADirectoryError, IsADirectoryError, PermissionError) as error:
        raise InputError(
            f"cannot be written ({error.strerror})", str(path), "give a folder that can be written to"
        ) from error
    finally:
        if part.is_file():
            part.unlink()


def line(row: dict[str, Any]) -> str:
    """One row as one line of JSON, however a reader splits lines."""
    return json.dumps(row, ensure_ascii=False).translate(_SPLITTERS)

"""The forms a dataset leaves in, one file each: `export(dialogues, folder) -> the files it wrote`.

This file holds what every exporter needs: one row as one JSON line. It refuses to know what is in a row, and whether
the rights of the sources allow an export: the command asks that before it calls any of these.
"""

import json
from pathlib import Path
from typing import Any

from millstream.whole import whole

_SPLITTERS = {ord(char): f"\\u{ord(char):04x}" for char in "\x85\u2028\u2029"}
"""Characters that str.splitlines takes for the end of a line; inside JSON they can be written as escapes."""


def line(row: dict[str, Any]) -> str:
    """One row as one line of JSON, however a reader splits lines."""
    return json.dumps(row, ensure_ascii=False).translate(_SPLITTERS)


def listed(path: Path, rows: Any) -> Path:
    """A file that is one JSON value."""
    with whole(path) as out:
        json.dump(rows, out, ensure_ascii=False, indent=1)
    return path

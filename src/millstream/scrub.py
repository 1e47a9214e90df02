"""Taking things out of files for good: lines of a table, entries of JSON, rows of an SQLite file.

Each file is written anew beside the old one and takes its place, so that a kill leaves the one or the other; SQLite
overwrites what it deletes and gives its free pages back. What cannot be taken apart is removed whole. Knows nothing of
runs.
"""

import json
import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

from millstream import table
from millstream.errors import StoreError

Holds = Callable[[str], bool]
"""Does a piece of text hold what is to go?"""


def lines(path: Path, change: Callable[[str], str]) -> int:
    """Every line by what `change` makes of it, "" for none; returns how many were changed. The file keeps its mode."""
    kept, changed = list[str](), 0
    for line in table.lines(path):
        new = change(line)
        changed += new != line
        if new:
            kept.append(f"{new}\n")
    if changed:
        table.write(path, "".join(kept), path.stat().st_mode & 0o777)
    return changed


def entries(path: Path, holds: Holds) -> int:
    """A JSON file without the entries of its lists and objects that hold it. Returns how many went."""
    try:
        value = json.loads(path.read_text(encoding="utf-8"))
    except ValueError:
        path.unlink()
        return 1
    left, gone = _without(value, holds)
    if gone:
        table.write(path, json.dumps(left, ensure_ascii=False, indent=1) + "\n", path.stat().st_mode & 0o777)
    return gone


def _without(value: Any, holds: Holds) -> tuple[Any, int]:
    """What is left of a value, and how many entries went: the innermost ones of its outermost list."""
    if not holds(json.dumps(value, ensure_ascii=False)):
        return value, 0
    if isinstance(value, list):
        kept = [each for each in value if not holds(json.dumps(each, ensure_ascii=False))]
        return kept, len(value) - len(kept)
    if isinstance(value, dict):
        named = {key: each for key, each in value.items() if not holds(json.dumps(key, ensure_ascii=False))}
        left = {key: _without(each, holds) for key, each in named.items()}
        gone = len(value) - len(named) + sum(n for _, n in left.values())
        return {key: each for key, (each, _) in left.items()}, gone
    return None, 1


def cache(path: Path, holds: Holds) -> int:
    """A cache without the attempts that hold it, by item or error, and the replies they bought; and without every reply
    that holds it. The pages of what went are overwritten and given back, those of the write-ahead log too."""
    try:
        with closing(sqlite3.connect(path, isolation_level=None)) as store:
            store.create_function("holds", 1, lambda text: holds(str(text or "")), deterministic=True)
            store.execute("pragma secure_delete = on")
            store.execute("begin immediate")
            asked = "select key from attempt where holds(item) or holds(error)"
            gone = store.execute(f"delete from reply where holds(value) or key in ({asked})").rowcount
            gone += store.execute("delete from attempt where holds(item) or holds(error)").rowcount
            store.execute("commit")
            store.execute("pragma wal_checkpoint(truncate)")
            if gone or _has_free_pages(store):
                store.execute("vacuum")
                store.execute("pragma wal_checkpoint(truncate)")
            return gone
    except sqlite3.Error as error:
        raise StoreError(f"cannot take anything out of {path}: {error}") from error


def _has_free_pages(store: sqlite3.Connection) -> bool:
    """A kill between the commit and the vacuum leaves them."""
    return bool(store.execute("pragma freelist_count").fetchone()[0])


def removed(path: Path) -> None:
    """Overwritten and gone, so that its bytes do not stand in what is given free."""
    with path.open("r+b") as file:
        file.write(b"\0" * path.stat().st_size)
        file.flush()
        os.fsync(file.fileno())
    path.unlink()


def walked(folder: Path) -> Iterator[Path]:
    """Every file under a folder, links left out."""
    yield from (each for each in sorted(folder.rglob("*")) if each.is_file() and not each.is_symlink())

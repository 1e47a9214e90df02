"""A file appears whole or not at all. Knows nothing of what is written."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from millstream.errors import InputError


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

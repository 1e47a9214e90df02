"""preferences.jsonl: preference pairs for TRL, a true turn and the same with a false value, one a line.

Refuses to know preferences of taste.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import line
from millstream.formats import ours, preferences
from millstream.records import Dialogue
from millstream.whole import whole


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    tasks = [ours.task(each) for each in dialogues]
    values = preferences.heard(tasks)
    path = folder / "preferences.jsonl"
    with whole(path) as out:
        out.writelines(f"{line(row)}\n" for each in tasks for row in preferences.rows(each, values))
    return (path,)

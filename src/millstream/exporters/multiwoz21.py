"""multiwoz21.json: MultiWOZ 2.1's log with metadata and acts.

The domain is the only service. Refuses to know goals: there are none in this form for us.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import listed
from millstream.formats import multiwoz21, ours
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    return (listed(folder / "multiwoz21.json", {task.key: multiwoz21.row(task) for task in map(ours.task, dialogues)}),)

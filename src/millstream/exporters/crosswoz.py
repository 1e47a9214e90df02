"""crosswoz.json: CrossWOZ's messages with acts and states.

The domain is the only one. Refuses to know goals and users' states.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import listed
from millstream.formats import crosswoz, ours
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    return (listed(folder / "crosswoz.json", {task.key: crosswoz.row(task) for task in map(ours.task, dialogues)}),)

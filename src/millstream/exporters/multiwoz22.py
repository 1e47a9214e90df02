"""multiwoz22/dialogues_001.json, multiwoz22/dialog_acts.json: MultiWOZ 2.2, SGD's form with slots named by domain.

The acts lie in a file of their own. Refuses to know canonical values.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import listed
from millstream.formats import multiwoz22, ours
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    tasks = [ours.task(each) for each in dialogues]
    place = folder / "multiwoz22"
    return (
        listed(place / "dialogues_001.json", [multiwoz22.row(each) for each in tasks]),
        listed(place / "dialog_acts.json", {each.key: multiwoz22.acts(each) for each in tasks}),
    )

"""sgd/dialogues_001.json: Schema-Guided Dialogue's own form, acts, spans and states.

The domain is the service. Refuses to know what an act means.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import listed
from millstream.formats import ours, sgd
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    return (listed(folder / "sgd/dialogues_001.json", [sgd.row(ours.task(each)) for each in dialogues]),)

"""sharegpt.json, dataset_info.json: conversations as LLaMA-Factory reads them, and the entry that registers them.

Refuses to know states and acts.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import listed
from millstream.formats import ours, sharegpt
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    rows = [sharegpt.row(ours.task(each)) for each in dialogues]
    return (
        listed(folder / "sharegpt.json", rows),
        listed(folder / "dataset_info.json", {"millstream": sharegpt.info("sharegpt.json")}),
    )

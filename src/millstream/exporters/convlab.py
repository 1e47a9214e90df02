"""convlab.json: ConvLab-3's unified form.

The domain is the only domain. Refuses to know ontologies and databases.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import listed
from millstream.formats import convlab, ours
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    return (listed(folder / "convlab.json", [convlab.row(ours.task(each)) for each in dialogues]),)

"""risawoz.json: RiSAWOZ's pairs of utterances with belief states.

Turns of one side in a row are joined. Refuses to know its databases.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.exporters import listed
from millstream.formats import ours, risawoz
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    return (listed(folder / "risawoz.json", [risawoz.row(ours.task(each)) for each in dialogues]),)

"""dialogues.parquet: typed columns for datasets, pandas and duckdb. Needs the extra `parquet`.

Refuses to know how it will be read.
"""

from collections.abc import Iterable
from pathlib import Path

from millstream.formats import ours, parquet
from millstream.records import Dialogue


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    path = folder / "dialogues.parquet"
    part = path.with_name(f"{path.name}.part")
    folder.mkdir(parents=True, exist_ok=True)
    parquet.write(part, [ours.task(each) for each in dialogues])
    part.replace(path)  # whole or not at all
    return (path,)

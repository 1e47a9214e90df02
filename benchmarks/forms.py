"""How fast do dialogues change their form? Writes and reads 10,000 made ones in every form; prints seconds of each.

python benchmarks/forms.py schema.json --count 10000
"""

import argparse
import json
import tempfile
import time
from pathlib import Path
from typing import Any

from millstream.formats import (
    convlab,
    crosswoz,
    multiwoz21,
    multiwoz22,
    parquet,
    preferences,
    risawoz,
    sgd,
    sharegpt,
    tools,
)
from millstream.services import knowledge, schema
from millstream.services.annotated import TaskDialogue
from millstream.simulate.goals import World
from millstream.simulate.play import outlines
from millstream.simulate.policy import Policy
from millstream.simulate.words import Wording

FORMS = (sgd, multiwoz21, multiwoz22, convlab, crosswoz, risawoz, tools, sharegpt)


def there_and_back(form: Any, dialogues: list[TaskDialogue], path: Path) -> bool:
    """To a file of JSON lines, and from it to rows again; are they the same?"""
    with path.open("w", encoding="utf-8") as out:
        out.writelines(json.dumps(form.row(each), ensure_ascii=False) + "\n" for each in dialogues)
    with path.open(encoding="utf-8") as lines:
        return all(form.row(form.parse(row, "")) == row for row in map(json.loads, lines))


def pairs(dialogues: list[TaskDialogue], path: Path) -> bool:
    values = preferences.heard(dialogues)
    rows = [row for each in dialogues for row in preferences.rows(each, values)]
    return all(preferences.row(preferences.parse(row)) == row for row in rows)


def columns(dialogues: list[TaskDialogue], path: Path) -> bool:
    parquet.write(path, dialogues)
    return all(a == b for a, b in zip(parquet.read(path), dialogues, strict=True))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("schema", type=Path)
    parser.add_argument("--count", type=int, default=10_000)
    given = parser.parse_args()
    services = schema.read(given.schema)
    world, wording = World(services, knowledge.invented(services)), Wording(services)
    dialogues = [wording.worded(each) for each in outlines(world, Policy(), 0, range(given.count))]
    works: dict[str, Any] = {each.__name__.rpartition(".")[2]: each for each in FORMS}
    works |= {"preferences": pairs, "parquet": columns}
    with tempfile.TemporaryDirectory() as folder:
        for name, work in works.items():
            start, used = time.perf_counter(), time.process_time()
            path = Path(folder) / name
            same = work(dialogues, path) if callable(work) else there_and_back(work, dialogues, path)
            took, cpu = time.perf_counter() - start, time.process_time() - used
            print(f"{name:12} {took:5.1f} s, {cpu:5.1f} s of the processor, {'the same' if same else 'NOT THE SAME'}")


if __name__ == "__main__":
    main()

"""`millstream knowledge RUN`: what a run knows as one DuckDB file with Parquet beside it, named by its content.

The file lies in the run's folder and holds its sources' words, so that `forget` finds it there. Knows nothing of how a
fact came to be; any program that reads DuckDB or Parquet may ask it.
"""

import importlib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from typer import Argument

from millstream import plugins
from millstream.commands import folder as files
from millstream.commands.terminal import Json, say, show
from millstream.errors import InputError
from millstream.know.build import Lost
from millstream.records import Fact, Passage
from millstream.table import Table

FOLDER, FACTS = "knowledge", "2_facts.jsonl"


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    as_json: Json = False


def command(options: Options) -> int:
    """Write what a run knows as one DuckDB file, with Parquet beside it, and say the name of its state.

    RUN/knowledge holds knowledge.duckdb and a Parquet file a table: facts, passages, and what lost, with the fact that
    won and by which rule. The name is a hash of the content: the same knowledge has it anywhere.
    """
    plugins.needed("knowledge", ["duckdb"], "store")
    store = importlib.import_module("millstream.know.store")
    run = files.existing(options.run)
    if not (run / FACTS).is_file():
        raise InputError("knows nothing: it has no table of facts", str(run), "finish it with `millstream resume`")
    facts = tuple(Table(run / FACTS, Fact))
    state = store.snapshot(facts, Table(run / "2_passages.jsonl", Passage), Table(run / "2_lost.jsonl", Lost))
    path = store.save(state, run / FOLDER)
    counts = {"facts": len(state.facts), "passages": len(state.passages), "lost": len(state.lost)}
    show([{"snapshot": state.name, **counts, "file": str(path)}], options.as_json)
    say(f"snapshot {state.name}: {path}")
    return 0

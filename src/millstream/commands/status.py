"""`millstream status`: how far a run is, read off its files, also while it runs. Takes no lock and writes nothing."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

from typer import Argument, Option

from millstream import table
from millstream.commands import folder as files
from millstream.commands.terminal import Json, say, show, tell
from millstream.records import Failure
from millstream.run import holder
from millstream.summary import failures, rejects

_WAVE = re.compile(r"_\d+$")


@dataclass(frozen=True)
class Options:
    run: Annotated[Path, Argument(metavar="RUN", help="The run folder.")]
    failures: Annotated[bool, Option("--failures", help="Each item that fails, with its trace.")] = False
    only: Annotated[
        str, Option(metavar="WORDS", help="Of the failures, those with these words in step, item or error.")
    ] = ""
    as_json: Json = False


def command(options: Options) -> int:
    """Say how far a run is: counts by step, failures, rejects by reason.

    `items` have been worked on, `records` came of them; the waves of a step are counted together.
    """
    run = files.existing(options.run)
    if options.failures:
        return _tell_failures(run, options.only, options.as_json)
    steps, failed = list(_steps(run)), failures(run)
    rejected = [{"step": step, "reason": reason, "count": count} for step, reason, count in rejects(run)]
    done, writer = files.finished(run), holder(run)
    if options.as_json:
        state = {"finished": done, "writer": writer, "steps": steps, "failures": dict(failed), "rejects": rejected}
        print(json.dumps(state, ensure_ascii=False, indent=1))
        return 0
    show(steps, False)
    if rejected:
        print()
        show(rejected, False)
    for step, count in failed.items():
        say(f"{count} items failed in {step}: `millstream resume {run} --only failed` tries them again")
    idle = "finished" if done else "not finished: the command that began it goes on where it stopped"
    say(f"process {writer} is writing it" if writer else idle)
    return 0


def _tell_failures(run: Path, only: str, as_json: bool) -> int:
    """The failures themselves; a trace holds what the model said, where a reply was the trouble."""
    found = (Failure.model_validate_json(line) for line in table.lines(run / "failures.jsonl") if line.endswith("}"))
    chosen = [each for each in found if only in f"{each.step} {each.item} {each.error}"]
    if as_json:
        print(json.dumps([each.model_dump() for each in chosen], ensure_ascii=False, indent=1))
        return 0
    for each in chosen:
        tell(f"{each.step} {each.item}: {each.error}")
        for line in each.trace.splitlines():
            tell(f"    {line}")
    say(f"{len(chosen)} failures")
    return 0


def _steps(run: Path) -> Iterator[dict[str, Any]]:
    items: dict[str, set[str]] = {}
    records: Counter[str] = Counter()
    for path in files.tables(run):
        step = _WAVE.sub("", path.stem)
        seen = items.setdefault(step, set())
        for item, count in _rows(path):
            if item not in seen:
                seen.add(item)
                records[step] += count
    yield from ({"step": step, "items": len(found), "records": records[step]} for step, found in items.items())


def _rows(path: Path) -> Iterator[tuple[str, int]]:
    """(item, records) of each whole row; the last may still be on its way."""
    for line in table.lines(path):
        try:
            row = json.loads(line)
        except ValueError:
            continue
        yield row["item"], len(row["made"])

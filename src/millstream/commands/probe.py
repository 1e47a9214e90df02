"""`millstream probe`: is damage to our dialogues noticed, and to real ones? Reads and shows; measures nothing."""

import importlib
import json
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from functools import partial
from pathlib import Path
from random import Random
from typing import Annotated, Any

from typer import Argument, Option

from millstream import corpora, plugins
from millstream.commands import folder as files
from millstream.commands.progress import shown
from millstream.commands.terminal import Json, show, tell
from millstream.corpora import millstream as own

STEP = "1_folds"


@dataclass(frozen=True)
class Options:
    runs: Annotated[list[Path], Argument(metavar="RUN...", help="Run folders; their languages may differ.")]
    against: Annotated[list[Path] | None, Option(help="Real dialogues to damage too: a file or a folder.")] = None
    most: Annotated[int, Option(min=20, help="Dialogues a side, drawn at random.")] = 120
    misses: Annotated[int, Option(min=0, help="Examples a side of damage that was not noticed.")] = 5
    seed: Annotated[int, Option(min=0, help="Which dialogues, which damage.")] = 0
    as_json: Json = False


def command(options: Options) -> int:
    """Damage dialogues and see whether it is noticed: what can be lost unnoticed says nothing.

    millstream probe runs/talk --against corpora/crosswoz
    """
    found = list(_measured(options))
    if options.as_json:
        print(json.dumps({"seed": options.seed, "sides": found}, ensure_ascii=False, indent=1))
    else:
        _tell(found, options)
    return 0


def _measured(options: Options) -> Iterator[dict[str, Any]]:
    """One object for ours in each language and for each corpus."""
    plugins.needed("probe", ["sklearn"], "eval")
    probes = importlib.import_module("millstream.metrics.probes")
    people = _people(options)
    for name, dialogues in _sides(options).items():
        drawn = Random(f"sides {options.seed}").sample(dialogues, min(options.most, len(dialogues)))
        with shown(options.as_json) as progress:
            done = partial(progress.step, f"{STEP} of {name}", total=probes.FOLDS)
            rows, every = probes.measured(name, drawn, options.seed, done)
            rows += people.get(name, [])
        yield {
            "name": name,
            "dialogues": len(drawn),
            "rows": [asdict(row) | {"interval": row.noticed.interval} for row in rows],
            "probes": [asdict(each) for each in every],
        }


def _people(options: Options) -> dict[str, list[Any]]:
    """The rows of personas, that only ours have."""
    recognition = importlib.import_module("millstream.metrics.recognition")
    found: dict[str, list[Any]] = defaultdict(list)
    for run in options.runs:
        for dialogue in files.dialogues(run):
            text = " / ".join(turn.text for turn in dialogue.turns if turn.role == "user")
            found[f"ours {dialogue.scenario.lang}"].append(recognition.Spoken(dialogue.personas[0], text))
    return {name: recognition.rows(said, options.seed) for name, said in found.items()}


def _sides(options: Options) -> dict[str, list[Any]]:
    damage = importlib.import_module("millstream.metrics.damage")
    found: dict[str, list[Any]] = defaultdict(list)
    for run in options.runs:
        for dialogue in files.dialogues(run):
            stages = tuple(turn.stage for turn in dialogue.turns)
            found[f"ours {dialogue.scenario.lang}"].append(damage.Staged(own.conversation(dialogue), stages))
    for path in options.against or []:
        for each in corpora.conversations(path):
            found[f"{each.corpus} {each.lang}"].append(damage.Staged(each))
    return dict(found)


# --- showing -----------------------------------------------------------------------------------------------


def _tell(found: list[dict[str, Any]], options: Options) -> None:
    show([_row(each["name"], row) for each in found for row in each["rows"]], False)
    for each in found:
        missed = [probe for probe in each["probes"] if not probe["noticed"]]
        if each["name"].startswith("ours"):
            tell()
            show(list(_stages(each["name"], each["probes"])), False)
        if missed and options.misses:
            tell()
            tell(f"not noticed in {each['name']}, {options.misses} of {len(missed)} at random")
        for probe in Random(f"misses {options.seed}").sample(missed, min(options.misses, len(missed))):
            said = " / ".join([*probe["before"], f"[{probe['was']}] {probe['now']}"])
            tell(f"  {probe['kind']}, {probe['stage']}: {said}")


def _row(name: str, row: dict[str, Any]) -> dict[str, str | int]:
    low, high = row["interval"]
    return {
        "dialogues of": name, "damage": row["kind"], "probes": row["noticed"]["of"], "noticed": _share(row["noticed"]),
        "95%": f"{low:.0%} to {high:.0%}", "floor": _share(row["floor"]), "pointed at": _share(row["pointed"]),
        "by chance": f"{row['by_chance']:.0%}" if row["pointed"]["of"] else "-",
    }  # fmt: skip


def _share(counts: dict[str, int]) -> str:
    return f"{counts['yes'] / counts['of']:.0%}" if counts["of"] else "-"


def _stages(name: str, probes: Sequence[dict[str, Any]]) -> Iterator[dict[str, str | int]]:
    """How much is noticed in each stage of ours, the least first."""
    seen: dict[str, list[bool]] = defaultdict(list)
    for probe in probes:
        seen[probe["stage"]].append(probe["noticed"])
    for stage, noticed in sorted(seen.items(), key=lambda each: sum(each[1]) / len(each[1])):
        share = f"{sum(noticed) / len(noticed):.0%}"
        yield {"stage": stage, "dialogues of": name, "probes": len(noticed), "noticed": share}

"""The files of a run folder that people and commands read (docs/operating.md lists them all).

Reads and writes them; knows neither the engine nor how anything is shown. Rights are worked out anew whenever
they are asked for, because a rights file may have been written, or an owner may have opted out, since the run.
"""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any

import yaml
from pydantic import BaseModel, TypeAdapter, ValidationError

from millstream import intake, table
from millstream.addresses import shown
from millstream.domain import Domain
from millstream.errors import InputError, RightsError
from millstream.ledger import LEDGER
from millstream.records import Dialogue, Rights
from millstream.report.counts import Summary
from millstream.table import Table

TALKS = "5_dialogues.jsonl"
"""What the recipe crowd keeps: its languages are more than the two of our dialogues."""
TASKS, PLAYED = "dialogues.jsonl", "1_played"
"""What the recipes of task dialogues keep, as SGD rows, and the table of what they played."""
DIALOGUES, SUMMARY, SETTINGS, RIGHTS = "8_dialogues.jsonl", "summary.json", "settings.json", "rights.json"
CONVERSATIONS = "conversations.jsonl"
"""What a recipe that takes dialogues as they are writes."""
DOMAIN, REPORT, CARD, CACHE, CLOCK = "domain.yaml", "report.html", "card.md", LEDGER, "seconds"
BATCHES = "batches"
UNPINNED = "unpinned.jsonl"
"""The inputs that may be changed once, since somebody in them was forgotten."""
_SUMMARY = TypeAdapter(Summary)


_FIRST = {"lock", "pseudonyms.key"}
"""What may lie in a folder before a run does."""


def existing(folder: Path) -> Path:
    """The folder, if it is that of a run."""
    if not (folder / "fingerprint").is_file():
        raise InputError("not a run folder", str(folder), "give the --out folder of `millstream run`")
    return folder


def made_as(folder: Path) -> str:
    """The fingerprint of the run that is there; "" where there is none."""
    mark = folder / "fingerprint"
    return mark.read_text(encoding="utf-8") if mark.is_file() else ""


def unpin(folder: Path, names: Iterable[str]) -> None:
    """These inputs may be changed once without another run being made of it."""
    table.write(folder / UNPINNED, "".join(f"{json.dumps(each)}\n" for each in sorted({*unpinned(folder), *names})))


def unpinned(folder: Path) -> set[str]:
    return {json.loads(line) for line in table.lines(folder / UNPINNED)}


def renew(folder: Path, mark: str) -> None:
    """It is made of its inputs as they stand now, and those are pinned again."""
    table.write(folder / "fingerprint", mark)
    (folder / UNPINNED).unlink(missing_ok=True)


def free_for_a_run(folder: Path) -> bool:
    """Whether nothing is there. InputError for what is there and no run: it is not ours to write into. The key of
    another run may have been copied there, for the same pseudonyms."""
    if not folder.exists():
        return True
    if not folder.is_dir():
        raise InputError("is no folder", str(folder), "give --out another name")
    there = {each.name for each in folder.iterdir()}
    if there - _FIRST and "fingerprint" not in there:
        raise InputError("holds other things than a run", str(folder), "give --out a new or an empty folder")
    return not there


def finished(folder: Path) -> bool:
    """Whether its summary is younger than all its tables."""
    made = folder / SUMMARY
    return made.is_file() and all(path.stat().st_mtime <= made.stat().st_mtime for path in tables(folder))


def tables(folder: Path) -> list[Path]:
    """The tables of the steps in their order."""
    return sorted(folder.glob("[0-9]_*.jsonl"))


def each_dialogue(folder: Path) -> Table[Dialogue]:
    """The accepted ones, read as they are asked for; those of another version are pydantic's error."""
    path = existing(folder) / DIALOGUES
    if not path.is_file():
        if (folder / CONVERSATIONS).is_file():
            raise InputError("holds people's own talk, nothing made", str(folder), f"read its {CONVERSATIONS}")
        if (folder / TALKS).is_file():
            raise InputError("holds talks in many languages", str(folder), "read its messages.jsonl or report.html")
        if (folder / TASKS).is_file():
            remedy = f"its {TASKS} has SGD rows, tools.jsonl messages with tool calls"
            raise InputError("holds task dialogues, which are written already", str(folder), remedy)
        raise InputError("has no dialogues yet", str(folder), "run the same command again: it goes on where it stopped")
    return Table(path, Dialogue)


def accepted(folder: Path) -> Iterator[Dialogue]:
    """The same, with one line for those of another version."""
    try:
        yield from each_dialogue(folder)
    except ValidationError as error:
        remedy = "use the version of millstream that made it, or make the run again"
        raise InputError("dialogues of another version", str(folder / DIALOGUES), remedy) from error


def dialogues(folder: Path) -> list[Dialogue]:
    """All of them, in memory."""
    return list(accepted(folder))


def write_settings(folder: Path, settings: BaseModel, base_url: str, inputs: list[Path], version: str) -> None:
    """Where an address holds a name or a key, it stays out of the file."""
    address = shown(base_url).partition("?")[0].partition("#")[0]
    kept = {"version": version, "base_url": address, "inputs": [str(each.absolute()) for each in inputs]}
    _write(folder / SETTINGS, settings.model_dump(mode="json") | kept)


def settings(folder: Path) -> dict[str, Any]:
    return _read(folder / SETTINGS)


def write_domain(folder: Path, domain: Domain) -> None:
    text = yaml.safe_dump(domain.model_dump(mode="json", exclude_defaults=True), allow_unicode=True, sort_keys=False)
    table.write(folder / DOMAIN, text)


def write_summary(folder: Path, summary: Summary, more: Mapping[str, Any]) -> None:
    """`more` are figures worked out of it, for programs."""
    _write(folder / SUMMARY, asdict(summary) | {"figures": more})


def summary(folder: Path) -> Summary:
    said = _read(existing(folder) / SUMMARY)
    said.pop("figures", None)
    try:
        return _SUMMARY.validate_python(said)
    except ValidationError as error:
        where = str(folder / SUMMARY)
        raise InputError("not a summary of this version", where, "run the same command again") from error


# --- rights ------------------------------------------------------------------------------------------------


def write_rights(folder: Path, taken: intake.Intake, inputs: list[Path], declared: Rights | None) -> Rights:
    """What may be done with the run, and why: the rights of each file and what was declared on the command line."""
    whole = intake.combined(list(taken.rights.values()))
    sources = [
        {"file": str(Path(file).absolute()), "root": str(_root(Path(file), inputs)), **rights.model_dump(mode="json")}
        for file, rights in taken.rights.items()
    ]
    said = declared.model_dump(mode="json", exclude_unset=True) if declared else None
    _write(folder / RIGHTS, {"synthetic": True, **whole.model_dump(mode="json"), "declared": said, "sources": sources})
    return whole


def declared(folder: Path) -> Rights | None:
    """The rights that were declared for all inputs of the run."""
    said = _read(existing(folder) / RIGHTS)["declared"]
    return Rights(**said) if said else None


def rights_now(folder: Path, override: Rights | None = None) -> dict[str, Rights]:
    """The rights of each file of the run as they stand today: as the files beside it say, where it is still there.

    `override` replaces them, as on the command line of a run. RightsError for a file that opted out, or that was to
    be gone by now.
    """
    said = _read(existing(folder) / RIGHTS)
    found = dict(_rights_of(said["sources"], override or declared(folder)))
    for file, rights in found.items():
        if rights.opted_out:
            raise RightsError("its owner opted out", file, "make the run again without it")
        if rights.retention and rights.retention < date.today().isoformat():
            raise RightsError(f"it was to be gone by {rights.retention}", file, "delete it and the run")
    return found


def _rights_of(sources: list[dict[str, Any]], declared: Rights | None) -> Iterator[tuple[str, Rights]]:
    for each in sources:
        file, root = Path(each["file"]), Path(each["root"])
        recorded = Rights(**{name: each[name] for name in Rights.model_fields})
        if file.is_file():
            yield str(file), intake.rights_of(file, root, declared)
        elif declared:
            update = declared.model_dump(exclude_unset=True)
            yield str(file), recorded.model_copy(update={**update, "opted_out": recorded.opted_out})
        else:
            yield str(file), recorded


def _root(file: Path, inputs: list[Path]) -> Path:
    """The folder it was found under: rights files are looked for up to there."""
    above = file.absolute().parents
    folders = (each.absolute() for each in inputs if each.is_dir())
    return next((each for each in folders if each in above), above[0])


# --- json --------------------------------------------------------------------------------------------------


def _write(path: Path, value: Any) -> None:
    table.write(path, json.dumps(value, ensure_ascii=False, indent=1) + "\n")


def _read(path: Path) -> dict[str, Any]:
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError as error:
        remedy = "run the same command again: it goes on where it stopped"
        raise InputError("is not there: the run is not finished", str(path), remedy) from error
    except (ValueError, OSError) as error:
        raise InputError("cannot be read", str(path), "run the same command again") from error
    if not isinstance(said, dict):
        raise InputError("not what a run wrote", str(path), "run the same command again")
    return said

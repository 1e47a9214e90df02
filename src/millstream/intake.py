"""The way in: files and folders become recordings on one clock, knowledge and seeds, each with its rights.

Every file is offered to the plug-ins, which know their formats by sight. One that nobody knows, or that is
empty, torn or not allowed, is left out with its reason and the others still run. This file knows no format.
"""

import heapq
import re
from collections import Counter, deque
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from types import ModuleType
from typing import Any

import yaml
from pydantic import ValidationError

from millstream import plugins, text
from millstream.corpora.streamdial import AgentSeed, PlanSeed
from millstream.errors import InputError, RightsError
from millstream.records import Basis, Cue, Passage, Recording, Rights, TrackName
from millstream.shapes import Line, Reading, Table, Unread
from millstream.sources import columns as mapped
from millstream.sources import name_of

KINDS = ("sources", "corpora", "documents")
RIGHTS = "rights.yaml"
LEFT = ("readme", "license", "licence", "gold")
"""Files that begin so are never taken: they speak about the others, or hold the answers of tests."""

FREE, OPEN, STRANGE, NONE = 0, 1, 7, 8
CREATIVE = {"": 2, "sa": 3, "nc": 4, "nc sa": 5, "nd": 6, "nc nd": 6}
"""How much licences forbid: the public domain, open source, Creative Commons, a name not known, no licence."""

BASES: tuple[Basis, ...] = ("fiction", "owned", "licensed", "consent", "unknown")
"""Bases by how much they forbid."""

GLANCE = 512
"""Lines of a file by which it is seen that it has a clock; where they have none, all are looked at."""

LeftOut = list[tuple[str, str]]
"""(file, reason) of what is not used."""


@dataclass(frozen=True)
class Gathered:
    """All readings of one recording, and the file of each."""

    recording: Recording
    readings: tuple[Reading, ...]
    files: tuple[str, ...]

    @property
    def id(self) -> str:
        return self.recording.id


@dataclass
class Intake:
    """What was taken in. `rights` are those of each file that is used; `left_out` is (file, reason)."""

    readings: list[Gathered] = field(default_factory=list)
    tables: list[Table] = field(default_factory=list)
    passages: list[Passage] = field(default_factory=list)
    profiles: list[AgentSeed] = field(default_factory=list)
    plans: list[PlanSeed] = field(default_factory=list)
    left_out: LeftOut = field(default_factory=list)
    rights: dict[str, Rights] = field(default_factory=dict)


def take(
    paths: list[Path],
    overrides: Rights | None = None,
    columns: Mapping[Any, str] | None = None,
    simplify: bool = False,
) -> Intake:
    """Everything usable of these files and folders; `simplify`: traditional Chinese is read as simplified.

    `overrides` are rights declared for all of it; they replace what the files beside it say, but never lift an
    opt-out. `columns` is the map by which files in rows are read that have all its columns. Raises
    InputError where a rights file is wrong or nothing usable is found.
    """
    taken = Intake()
    found: list[Found] = []
    for path, root in _files(paths):
        rights = rights_of(path, root, overrides)
        try:
            refuse(path, rights)
            found += [Found(path, reading, track, rights) for reading, track in _sort(path, taken, columns or {})]
            taken.rights[str(path)] = rights
        except InputError as error:
            taken.left_out.append((str(path), str(error)))
    taken.readings = list(_gather(found, taken))
    if not (taken.readings or taken.tables or taken.passages or taken.profiles or taken.plans):
        raise _nothing(taken.left_out)
    return _simplified(taken) if simplify else taken


def lost_table(left_out: Iterable[tuple[str, str]]) -> str:
    """Why the first table that was left out was; "" where none was. Without it little is known of what is on offer."""
    return next((reason for path, reason in left_out if _is_table(Path(path))), "")


def _is_table(path: Path) -> bool:
    if path.suffix.lower() in (".csv", ".tsv", ".xlsx", ".xlsm"):
        return True
    table: ModuleType = plugins.module("documents", "table")
    return path.suffix.lower() == ".json" and path.is_file() and bool(table.recognises(path, text.head(path)))


def _simplified(taken: Intake) -> Intake:
    to: Any = plugins.module("mine", "simplified")
    taken.readings = [replace(each, readings=tuple(map(to.reading, each.readings))) for each in taken.readings]
    taken.tables, taken.passages = list(map(to.table, taken.tables)), list(map(to.passage, taken.passages))
    return taken


def cues(gathered: Gathered, left_out: LeftOut) -> Iterator[Cue]:
    """The cues of a recording in the order of its clock, numbered anew by track; those without a time at the end.

    Each reading is gone through once before it is used: one that is torn anywhere is dropped whole and named in
    `left_out`, and half of it never reaches the caller.
    """
    sound = []
    for reading, file in zip(gathered.readings, gathered.files, strict=True):
        try:
            deque(reading.lines(), maxlen=0)
            sound.append(reading)
        except InputError as error:
            left_out.append((file, str(error)))
    for n, line in lines(sound):
        yield Cue(recording=gathered.recording.id, n=n, **line._asdict())


def lines(readings: Iterable[Reading]) -> Iterator[tuple[int, Line]]:
    """What those cues are made of, light, each with its number: for who reads millions of them once.

    Raises InputError at a fault of a file, when the lines before it are out already.
    """
    counts: Counter[TrackName | None] = Counter()
    renumbered: dict[tuple[int, int], int] = {}
    for _, number, old, line in heapq.merge(*(_timed(each, number) for number, each in enumerate(readings))):
        n = counts[line.track]
        counts[line.track] += 1
        if line.track == "comment":  # only comments answer by number
            renumbered[number, old] = n
            answered = None if line.reply_to is None else renumbered.get((number, line.reply_to))
            line = line._replace(reply_to=answered)
        yield n, line


def _timed(reading: Reading, number: int) -> Iterator[tuple[float, int, int, Line]]:
    """(seconds, number of the reading, of the line, line): no two are alike in the first three."""
    told = reading.lines()
    begun = list(islice(told, GLANCE))
    clocked = any(line.start is not None for line in begun)
    if not clocked and len(begun) == GLANCE:
        clocked = any(line.start is not None for line in reading.lines())
    at = 0.0 if clocked else float("inf")
    for old, line in enumerate(chain(begun, told)):
        at = at if line.start is None else line.start
        yield at, number, old, line


def strictest(licences: Iterable[str]) -> str:
    """The licence that forbids most; "" (not known) if there is none or one is not known."""
    return max(licences, key=_forbids, default="")


def _forbids(licence: str) -> tuple[int, str]:
    """(rank, name); the name only makes the choice among equals the same every time."""
    words = set(re.findall(r"cc0|[^\W\d_]+", licence.casefold()))
    name = words - {"license", "licence", "the", "v", "version", "clause", "international", "universal", "unported"}
    if not name:
        return NONE, licence
    if name <= {"cc0", "cc", "zero", "public", "domain"}:
        return FREE, licence
    if len(name) == 1 and name <= {"mit", "apache", "bsd"}:
        return OPEN, licence
    if {"cc", "by"} <= name:
        return CREATIVE.get(" ".join(sorted(name - {"cc", "by"})), STRANGE), licence
    return STRANGE, licence


# --- files -------------------------------------------------------------------------------------------------


def _files(paths: list[Path]) -> Iterator[tuple[Path, Path]]:
    """(file, the folder it was found under), each once."""
    seen: set[Path] = set()
    for path in paths:
        inside = sorted(path.rglob("*")) if path.is_dir() else [path]
        root = path if path.is_dir() else path.parent
        for each in inside:
            hidden = any(part.startswith(".") for part in each.relative_to(root).parts)
            if each.is_dir() or hidden or _is_apart(each.name) or each.resolve() in seen:
                continue
            seen.add(each.resolve())
            text.check_name(each)
            yield each, root


def _is_apart(name: str) -> bool:
    low = name.casefold()
    apart = low.startswith(LEFT[:3]) or (low.startswith(LEFT[3]) and low.endswith(".json"))
    return apart or low.endswith((RIGHTS, ".gold.json"))


def refuse(path: Path, rights: Rights) -> None:
    if rights.opted_out:
        raise RightsError("not read: its owner opted out", str(path), "leave it out")
    if rights.retention and rights.retention < date.today().isoformat():
        raise RightsError(f"not read: it was to be gone by {rights.retention}", str(path), "delete it")
    if path.suffix == ".txt" and any(path.with_suffix(other).is_file() for other in (".srt", ".vtt")):
        raise InputError("the words of the file beside it, without times", str(path), "leave it out")


def _sort(path: Path, taken: Intake, columns: Mapping[str, str]) -> list[tuple[Reading, str]]:
    """Put the file's seeds, tables and passages where they belong, whole or not at all.

    Returns its readings with their tracks: the first cue of each is read, so that a file torn at its start is
    out at once.
    """
    if mapped.fits(path, columns):
        return _begun(mapped.read_by(path, columns), path)
    kind, module = _plugin(path)
    if kind == "sources":
        return _begun(module.read(path), path)
    if kind == "corpora":
        profiles, plans = _seeds(module, path)
        taken.profiles += profiles
        taken.plans += plans
        return []
    parts = list(module.read(path))
    if not parts:
        raise InputError("holds no text", str(path), "leave it out")
    taken.tables += [part for part in parts if isinstance(part, Table)]
    taken.passages += [part for part in parts if isinstance(part, Passage)]
    taken.left_out += [(str(path), f"{path} {part.where}: {part.why}") for part in parts if isinstance(part, Unread)]
    return []


def _begun(readings: Iterable[Reading], path: Path) -> list[tuple[Reading, str]]:
    begun = [(each, next(each.told(Counter()), None)) for each in readings]
    spoken = [(reading, reading.track or first.track or "") for reading, first in begun if first is not None]
    if not spoken:
        raise InputError("holds no utterance", str(path), "leave it out")
    return spoken


def _seeds(module: ModuleType, path: Path) -> tuple[list[AgentSeed], list[PlanSeed]]:
    if '"plan_id"' in text.head(path):
        return [], list(module.read_plans(path))
    return list(module.read_profiles(path)), []


def _plugin(path: Path) -> tuple[str, ModuleType]:
    """The first plug-in that knows the file by its name and its first 64 KiB; what is no text first."""
    raw = text.head_bytes(path)
    for kind in ("sources", "documents"):
        for name in plugins.names(kind):
            binary: ModuleType = plugins.module(kind, name)
            if hasattr(binary, "recognises_bytes") and binary.recognises_bytes(path, raw):
                return kind, binary
    head = text.head(path)
    if not head.strip():
        raise InputError("empty", str(path), "leave it out")
    for kind in KINDS:
        for name in plugins.names(kind):
            module: ModuleType = plugins.module(kind, name)
            if kind == "corpora" and not hasattr(module, "read_plans"):
                continue  # dialogues of others: compared with (millstream realism), never planned from
            if module.recognises(path, head):
                return kind, module
    raise InputError("not recognised", str(path), "see docs/formats.md for what is read")


def _nothing(left_out: LeftOut) -> InputError:
    if len(left_out) == 1:
        return InputError(left_out[0][1])
    first = f"; the first of {len(left_out)} left out: {left_out[0][1]}" if left_out else ""
    return InputError(f"nothing usable found{first}", remedy="give captions, chats, tables or documents")


# --- recordings --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Found:
    """A reading, the file and the track it is of, and its rights."""

    path: Path
    reading: Reading
    track: str
    rights: Rights


def _gather(found: list[Found], taken: Intake) -> Iterator[Gathered]:
    """Files of one key in one folder are one recording. Of two that hold the same track the better is used."""
    groups: dict[tuple[Path, str], list[Found]] = {}
    for each in found:
        groups.setdefault((each.path.parent, each.reading.recording.key), []).append(each)
    keys = [key for _, key in groups]
    for (folder, key), members in groups.items():
        own = list(_distinct(members, taken))
        name = f"{folder.name}/{key}" if keys.count(key) > 1 else key
        files = tuple(str(each.path) for each in own)
        yield Gathered(_merged(name, own), tuple(each.reading for each in own), files)


ALIKE = (
    *("whisper_json", "funasr_json", "youtube_chat", "twitch_chat", "chat_downloader", "youtube_live_api", "douyin"),
    *("bilibili", "bilibili_segments", "bilibili_subtitle", "vtt", "srt", "ass", "media"),
)
"""Formats in which one track of a recording is often stored twice, the one that says more first."""


def _distinct(members: list[Found], taken: Intake) -> Iterator[Found]:
    used: dict[tuple[str, str, str], Path] = {}
    for each in sorted(members, key=lambda each: (_rank(each), each.path.suffix != ".json")):
        path = each.path
        apart = "" if _rank(each) < len(ALIKE) else str(path)
        first = used.setdefault((each.track, each.reading.recording.lang, apart), path)
        if first == path:
            yield each
        else:
            taken.rights.pop(str(path), None)
            taken.left_out.append((str(path), f"{path}: its {each.track} was already read from {first.name}"))


def _rank(found: Found) -> int:
    source = found.reading.recording.source
    return ALIKE.index(source) if source in ALIKE else len(ALIKE)


def _merged(key: str, members: list[Found]) -> Recording:
    headers = [each.reading.recording for each in members]
    sources = {header.source for header in headers}
    langs = {header.lang for header in headers if header.lang}
    return Recording(
        source=sources.pop() if len(headers) == 1 else "stream",
        key=key,
        title=next((header.title for header in headers if header.title), ""),
        lang=langs.pop() if len(langs) == 1 else "",
        rights=combined([each.rights for each in members]),
    )


# --- rights ------------------------------------------------------------------------------------------------


def combined(several: list[Rights]) -> Rights:
    """The rights of what is made from all of these: of each field the one that forbids most."""
    return Rights(
        basis=max((each.basis for each in several), key=BASES.index, default="unknown"),
        licence=strictest(each.licence for each in several),
        terms="; ".join(dict.fromkeys(each.terms for each in several if each.terms)),
        consent="; ".join(dict.fromkeys(each.consent for each in several if each.consent)),
        retention=min((each.retention for each in several if each.retention), default=""),
        opted_out=any(each.opted_out for each in several),
    )


def rights_of(path: Path, root: Path, overrides: Rights | None = None) -> Rights:
    """Rights declared for the file, else for its recording, else for its folder or one above it up to `root`."""
    folders = [each for each in path.parents if each == root or root in each.parents]
    own = [path.parent / f"{name}.{RIGHTS}" for name in (path.name, path.stem, name_of(path)[0])]
    beside = next((each for each in (*own, *(folder / RIGHTS for folder in folders)) if each.is_file()), None)
    declared = _read_rights(beside) if beside else Rights()
    if overrides is None:
        return declared
    update = overrides.model_dump(exclude_unset=True)
    return declared.model_copy(update={**update, "opted_out": declared.opted_out or overrides.opted_out})


def _read_rights(path: Path) -> Rights:
    remedy = f"its keys are {', '.join(Rights.model_fields)}"
    try:
        said: Any = yaml.safe_load(text.read(path))
    except (yaml.YAMLError, RecursionError, ValueError) as error:
        what = f"not YAML: {type(error).__name__}"
        mark = getattr(error, "problem_mark", None)
        raise InputError(what, f"{path} line {mark.line + 1}" if mark else str(path), remedy) from error
    if not isinstance(said, dict):
        raise InputError("no rights in it", str(path), remedy)
    plain = {str(key): each.isoformat() if isinstance(each, date) else each for key, each in said.items()}
    try:
        rights = Rights.model_validate(plain)
        date.fromisoformat(rights.retention or "2000-01-01")
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(map(str, first["loc"]))
        raise InputError(f"{place}: {first['msg']}", str(path), remedy) from error
    except ValueError as error:
        raise InputError(f"retention: {rights.retention!r} is no date", str(path), "write it as 2026-12-31") from error
    return rights

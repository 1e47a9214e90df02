"""Where each dialogue of a run lies and what it is about, without reading the dialogues: a run of 10,000 opens at once.

Of each line only the scenario at its beginning is parsed; a dialogue is parsed when it is asked for, and a page of the
list when it is shown. Knows tables; nothing of how anything is shown.
"""

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from millstream.errors import InputError
from millstream.records import Dialogue, Reject

HEADS = (1024, 65_536)
"""Bytes of a line in which its scenario ends: most of them, and all."""
BUFFER = 1 << 20
"""Bytes read at once: lines are long."""
_SCENARIO = b'"made": [{"scenario":'
_JSON = json.JSONDecoder()


@dataclass(frozen=True)
class Entry:
    """One dialogue. `reason` is why a critic rejected it, "" where it was accepted."""

    id: str
    path: Path
    start: int
    length: int
    domain: str
    lang: str
    route: str
    outcome: str
    about: str
    reason: str = ""

    @property
    def status(self) -> str:
        return "rejected" if self.reason else "accepted"


@dataclass(frozen=True)
class Filter:
    """What to list; "" asks for nothing. `text` is looked for in all that a dialogue holds, whatever the case."""

    text: str = ""
    domain: str = ""
    lang: str = ""
    outcome: str = ""
    status: str = ""
    decision: str = ""


class Index:
    """The accepted dialogues in their order, then those that critics rejected."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self.entries = tuple(entries)
        self._by_id = {each.id: each for each in entries}

    def find(self, name: str) -> Entry | None:
        return self._by_id.get(name)

    def read(self, entry: Entry) -> Dialogue:
        """The dialogue itself. InputError where the file has changed under us."""
        try:
            made = json.loads(_line(entry))["made"]
            return Dialogue.model_validate(made[0])
        except (ValueError, KeyError, IndexError, OSError) as error:
            raise InputError("has changed since it was opened", str(entry.path), "open the run again") from error

    def chosen(self, wanted: Filter, decisions: Mapping[str, str]) -> list[Entry]:
        """Those that pass; the text is searched last, since it reads the file."""
        checks: list[Callable[[Entry], bool]] = [
            lambda each: wanted.domain in ("", each.domain),
            lambda each: wanted.lang in ("", each.lang),
            lambda each: wanted.outcome in ("", each.outcome),
            lambda each: wanted.status in ("", each.status),
            lambda each: wanted.decision in ("", decisions.get(each.id, "none")),
        ]
        found = [each for each in self.entries if all(check(each) for check in checks)]
        return list(_holding(found, wanted.text)) if wanted.text else found


def opened(run: Path) -> Index:
    """The index of a run folder: `8_dialogues.jsonl`, and what rejects.jsonl says of the dialogues that were played."""
    rejects = {each.item: f"{each.step}: {each.reason}" for each in _rejects(run / "rejects.jsonl")
               if each.step.startswith("critic ")}  # fmt: skip
    kept = list(_entries(run / "8_dialogues.jsonl", {}))
    seen = {each.id for each in kept}
    for path in sorted(run.glob("6_dialogues_*.jsonl")) if rejects else []:
        for each in _entries(path, rejects):
            if each.reason and each.id not in seen:
                seen.add(each.id)
                kept.append(each)
    return Index(kept)


def _entries(path: Path, rejects: Mapping[str, str]) -> Iterator[Entry]:
    if not path.is_file():
        return
    with path.open("rb", BUFFER) as file:
        start = 0
        for number, line in enumerate(file, 1):
            if line.endswith(b"\n") and (head := line.find(_SCENARIO, 0, 200)) >= 0:
                yield _entry(path, start, line, head + len(_SCENARIO), rejects, number)
            start += len(line)


def _entry(path: Path, start: int, line: bytes, at: int, rejects: Mapping[str, str], number: int) -> Entry:
    try:
        scenario, item = _scenario(line, at), str(_JSON.raw_decode(line[9:200].decode("utf-8", "replace"))[0])
        return Entry(
            id=item, path=path, start=start, length=len(line), domain=scenario["domain"], lang=scenario["lang"],
            route=scenario["path"], outcome=scenario["outcome"], about=scenario["aim"],
            reason=rejects.get(item, ""),
        )  # fmt: skip
    except (ValueError, KeyError, TypeError) as error:
        raise InputError("not a dialogue", f"{path} line {number}", "delete the file and run again") from error


def _scenario(line: bytes, at: int) -> dict[str, str]:
    """ValueError where it does not end in the largest of `HEADS`."""
    *few, most = HEADS
    for size in few:
        with suppress(ValueError):
            return _object(line[at : at + size])
    return _object(line[at : at + most])


def _object(text: bytes) -> dict[str, str]:
    found: dict[str, str] = _JSON.raw_decode(text.decode("utf-8", "replace").lstrip())[0]
    return found


def _rejects(path: Path) -> Iterator[Reject]:
    if path.is_file():
        for line in path.read_text(encoding="utf-8", errors="replace").splitlines():
            if line.startswith("{"):
                yield Reject.model_validate_json(line)


def _line(entry: Entry) -> bytes:
    with entry.path.open("rb") as file:
        file.seek(entry.start)
        return file.read(entry.length)


def _holding(entries: Sequence[Entry], text: str) -> Iterator[Entry]:
    """JSON's own spelling of the text, so that a quotation mark is found too."""
    wanted = json.dumps(text, ensure_ascii=False)[1:-1].casefold().encode()
    for each in entries:
        if wanted in _folded(_line(each), text):
            yield each


def _folded(line: bytes, text: str) -> bytes:
    """Bytes of ASCII are folded as they are; only a text with other cased letters has to be decoded."""
    plain = text.isascii() or text.casefold() == text
    return line.lower() if plain else line.decode("utf-8", "replace").casefold().encode()


"""MultiWOZ 2.1 as its release and ConvLab-2 have it: a log whose system turns carry `metadata` and `dialog_act`.

The state of a user turn stands in the metadata of the system turn behind it. What is empty, "not mentioned" or "none"
is no value there. Goals and databases are kept as they stand.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from millstream.formats import first, known, wrong
from millstream.services.annotated import Act, Frame, State, TaskDialogue, Turn

NOTHING: tuple[Any, ...] = ("", "not mentioned", "none", "None", [])
BOOK = frozenset({"people", "day", "time", "stay"})
_INFORM = {"INFORM": "Inform", "CORRECT": "Inform", "REQUEST": "Request", "OFFER": "Recommend", "CONFIRM": "Select"}


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    log = row["log"]
    turns = []
    for n, each in enumerate(log):
        behind = log[n + 1].get("metadata", {}) if n % 2 == 0 and n + 1 < len(log) else {}
        turns.append(_turn(n, each, behind))
    services = tuple(sorted({frame.service for turn in turns for frame in turn.frames}))
    return TaskDialogue(row.get("key", key), services, tuple(turns), extra=known(row, "log", "key"))


def _turn(n: int, row: Mapping[str, Any], metadata: Mapping[str, Any]) -> Turn:
    acts = _acts(row.get("dialog_act"))
    values = {domain: _values(parts) for domain, parts in metadata.items()}
    names = sorted({name for name in (*acts, *(d for d, v in values.items() if v)) if name in values or n % 2})
    frames = tuple(
        Frame(
            name, tuple(acts.get(name, ())), state=None if n % 2 else _state(acts.get(name, []), values.get(name, {}))
        )
        for name in names
        if name not in ("general", "booking")
    )
    return Turn("agent" if n % 2 else "user", row["text"], frames, known(row, "text"))


def _acts(row: Any) -> dict[str, list[Act]]:
    """Acts by domain: {"Hotel-Inform": [["Area", "east"]]}."""
    found: dict[str, list[Act]] = {}
    for name, pairs in row.items() if isinstance(row, Mapping) else ():
        domain, _, act = name.partition("-")
        for slot, value in pairs:
            empty = value in ("?", "none", "")
            found.setdefault(domain.lower(), []).append(Act(act.upper(), slot.lower(), () if empty else (str(value),)))
    return found


def _values(parts: Mapping[str, Any]) -> dict[str, tuple[str, ...]]:
    both = {**parts.get("semi", {}), **parts.get("book", {})}
    return {name: (value,) for name, value in both.items() if name != "booked" and value not in NOTHING}


def _state(acts: list[Act], values: dict[str, tuple[str, ...]]) -> State:
    asked = tuple(act.slot for act in acts if act.act == "REQUEST")
    return State("find", asked, values)


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    """The row it was read from, its texts as they are now; of another dialogue, one made of its frames."""
    log = [{"text": turn.text} | dict(turn.extra) for turn in dialogue.turns]
    if not all("metadata" in turn.extra for turn in dialogue.turns):
        log = _made(dialogue)
    return (
        {"log": log}
        | ({"goal": {}} if dialogue.synthetic else {})
        | dict(dialogue.extra)
        | ({"synthetic": True} if dialogue.synthetic else {})
    )


def _made(dialogue: TaskDialogue) -> list[dict[str, Any]]:
    """The log of a dialogue that was not read from this form. The state before a system turn is its metadata."""
    log = []
    held: dict[str, dict[str, str]] = {name: {} for name in dialogue.services}
    for turn in dialogue.turns:
        acts: dict[str, list[list[str]]] = {}
        for frame in turn.frames:
            if frame.state:
                held[frame.service] = {name: first(values) for name, values in frame.state.values.items()}
            for act in frame.acts:
                name = f"{frame.service.title()}-{_INFORM.get(act.act, act.act.title())}"
                acts.setdefault(name, []).append(
                    [act.slot or "none", first(act.values) or ("?" if act.slot else "none")]
                )
        metadata = {} if turn.role == "user" else {name: _metadata(values) for name, values in held.items()}
        log.append({"text": turn.text, "metadata": metadata, "dialog_act": acts})
    return log


def _metadata(values: Mapping[str, str]) -> dict[str, Any]:
    semi = {name: value for name, value in values.items() if name not in BOOK}
    return {"book": {"booked": []} | {n: v for n, v in values.items() if n in BOOK}, "semi": semi}


def faults(row: Any) -> list[str]:
    """Shapes; texts that are empty; who speaks by turns; states that are no texts; acts without a domain."""
    found = list(wrong(row, {"log": list, "goal": Mapping}, "dialogue"))
    return found or [fault for n, turn in enumerate(row["log"]) for fault in _turn_faults(n, turn)]


def _turn_faults(n: int, turn: Any) -> Iterator[str]:
    where = f"log.{n}"
    shape = list(wrong(turn, {"text": str, "metadata": Mapping}, where))
    yield from shape
    if shape:
        return
    if not turn["text"].strip():
        yield f"{where}.text: empty"
    if bool(turn["metadata"]) == (n % 2 == 0):
        yield f"{where}.metadata: the system speaks on odd turns, and there its state stands"
    for domain, parts in turn["metadata"].items():
        for part in ("semi", "book"):
            values = parts.get(part) if isinstance(parts, Mapping) else None
            if not isinstance(values, Mapping):
                yield f"{where}.metadata.{domain}.{part}: missing"
                continue
            for name, value in values.items():
                if name != "booked" and not isinstance(value, str):
                    yield f"{where}.metadata.{domain}.{part}.{name}: not a text"
    for name in turn.get("dialog_act") or {}:
        if "-" not in name:
            yield f"{where}.dialog_act.{name}: no Domain-Act"

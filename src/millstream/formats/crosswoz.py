"""CrossWOZ: messages of `usr` and `sys` with acts, and the state before the database was asked in `sys_state_init`.

The state of a user turn stands in the message behind it. Several dishes or facilities in one value are parted by a
blank, as the corpus has them. Goals and the other states are kept as they stand.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from millstream.formats import first, known, wrong
from millstream.services.annotated import Act, Frame, State, TaskDialogue, Turn

RESULTS = "selectedResults"
_ROLE = {"usr": "user", "sys": "agent"}
_ACTS = {"INFORM": "Inform", "CORRECT": "Inform", "REQUEST": "Request", "OFFER": "Inform", "CONFIRM": "Select"}


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    messages = row["messages"]
    turns = []
    for n, message in enumerate(messages):
        user = message["role"] == "usr"
        behind = messages[n + 1].get("sys_state_init", {}) if user and n + 1 < len(messages) else {}
        turns.append(_turn(message, behind, user))
    services = tuple(sorted({frame.service for turn in turns for frame in turn.frames}))
    return TaskDialogue(row.get("key", key), services, tuple(turns), "zh", extra=known(row, "messages", "key"))


def _turn(message: Mapping[str, Any], behind: Mapping[str, Any], user: bool) -> Turn:
    acts: dict[str, list[Act]] = {}
    for act, domain, slot, value in message.get("dialog_act", ()):
        acts.setdefault(domain, []).append(Act(act.upper(), slot, (value,) if value not in ("", "none") else ()))
    values: dict[str, dict[str, tuple[str, ...]]] = {
        domain: {
            name: (value,) for name, value in slots.items() if name != RESULTS and isinstance(value, str) and value
        }
        for domain, slots in behind.items()
    }
    names = sorted({name for name in (*acts, *(d for d, v in values.items() if v)) if name not in ("greet", "none")})
    frames = tuple(
        Frame(name, tuple(acts.get(name, ())), state=_state(acts.get(name, []), values.get(name, {})) if user else None)
        for name in names
    )
    role = _ROLE[message["role"]]
    return Turn(role, message["content"], frames, known(message, "content", "role"))  # type: ignore[arg-type]


def _state(acts: list[Act], values: dict[str, tuple[str, ...]]) -> State:
    return State("find", tuple(act.slot for act in acts if act.act == "REQUEST"), values)


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    if all("dialog_act" in turn.extra for turn in dialogue.turns):
        back = {"user": "usr", "agent": "sys"}
        messages = [{"content": turn.text, "role": back[turn.role]} | dict(turn.extra) for turn in dialogue.turns]
    else:
        messages = _made(dialogue)
    more = ({"goal": [], "sys-usr": [0, 0]} if dialogue.synthetic else {}) | dict(dialogue.extra)
    return {"messages": messages} | more | ({"synthetic": True} if dialogue.synthetic else {})


def _made(dialogue: TaskDialogue) -> list[dict[str, Any]]:
    messages = []
    held: dict[str, dict[str, Any]] = {name: {RESULTS: []} for name in dialogue.services}
    for turn in dialogue.turns:
        acts = []
        for frame in turn.frames:
            if frame.state:
                said = {name: first(values) for name, values in frame.state.values.items()}
                held[frame.service] = said | {RESULTS: []}
            acts += [
                [_ACTS.get(a.act, a.act.title()), frame.service, a.slot or "none", first(a.values)] for a in frame.acts
            ]
        made: dict[str, Any] = {
            "content": turn.text,
            "role": "usr" if turn.role == "user" else "sys",
            "dialog_act": acts,
        }
        if turn.role == "user":
            made["user_state"] = []
        else:
            now = {name: dict(values) for name, values in held.items()}
            made |= {"sys_state_init": now, "sys_state": now}
        messages.append(made)
    return messages


def faults(row: Any) -> list[str]:
    """Shapes; unknown roles; empty turns; acts that are no quadruples; system turns without their states."""
    found = list(wrong(row, {"messages": list, "goal": list}, "dialogue"))
    return found or [fault for n, turn in enumerate(row["messages"]) for fault in _turn_faults(turn, f"messages.{n}")]


def _turn_faults(turn: Any, where: str) -> Iterator[str]:
    shape = list(wrong(turn, {"content": str, "role": str, "dialog_act": list}, where))
    yield from shape
    if shape:
        return
    if turn["role"] not in _ROLE:
        yield f"{where}.role: {turn['role']!r} is neither usr nor sys"
    if not turn["content"].strip():
        yield f"{where}.content: empty"
    for n, act in enumerate(turn["dialog_act"]):
        if not isinstance(act, list) or len(act) != 4 or not all(isinstance(each, str) for each in act):
            yield f"{where}.dialog_act.{n}: not [act, domain, slot, value]"
    if turn["role"] == "sys":
        yield from wrong(turn, {"sys_state_init": Mapping, "sys_state": Mapping}, where)
        states = turn.get("sys_state_init")
        for domain, slots in states.items() if isinstance(states, Mapping) else ():
            if not isinstance(slots, Mapping):
                yield f"{where}.sys_state_init.{domain}: not an object"

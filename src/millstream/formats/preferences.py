"""Preference pairs as TRL reads them: a prompt, the agent's true turn, and the same turn with one value that is false.

The false value is one that the same slot has elsewhere in the data, so that nothing but the truth tells the two apart.
"""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from millstream.formats import known, wrong
from millstream.services.annotated import Span, TaskDialogue, Turn

_ROLES = {"user": "user", "agent": "assistant"}
Values = Mapping[tuple[str, str], Sequence[str]]


def heard(dialogues: Sequence[TaskDialogue]) -> dict[tuple[str, str], list[str]]:
    """Every form in which agents tell the values of a slot, by (service, slot)."""
    found: dict[tuple[str, str], dict[str, None]] = {}
    for dialogue in dialogues:
        for turn in dialogue.turns:
            for frame in turn.frames if turn.role == "agent" else ():
                for span in frame.spans:
                    found.setdefault((frame.service, span.slot), {})[turn.text[span.start : span.end]] = None
    return {key: list(values) for key, values in found.items()}


def rows(dialogue: TaskDialogue, values: Values, seed: int = 0) -> Iterator[dict[str, Any]]:
    """A pair for each agent turn that tells a value for which there is another."""
    rng = Random(f"{seed} {dialogue.key}")
    for n, turn in enumerate(dialogue.turns):
        spans = (
            [(frame.service, span) for frame in turn.frames for span in frame.spans]
            if n and turn.role == "agent"
            else []
        )
        for service, span in spans[:1]:
            true = turn.text[span.start : span.end]
            others = [each for each in values.get((service, span.slot), ()) if each != true]
            if others:
                yield _pair(dialogue, n, span, rng.choice(others))


def _pair(dialogue: TaskDialogue, n: int, span: Span, false: str) -> dict[str, Any]:
    turn = dialogue.turns[n]
    wrong_text = f"{turn.text[: span.start]}{false}{turn.text[span.end :]}"
    return {
        "prompt": [{"role": _ROLES[each.role], "content": each.text} for each in dialogue.turns[:n]],
        "chosen": [{"role": "assistant", "content": turn.text}],
        "rejected": [{"role": "assistant", "content": wrong_text}],
        "id": f"{dialogue.key}.{n}",
        "slot": span.slot,
        "synthetic": dialogue.synthetic,
    }


def parse(row: Mapping[str, Any], key: str = "") -> TaskDialogue:
    """The dialogue up to the chosen turn."""
    back = {"user": "user", "assistant": "agent"}
    turns = tuple(Turn(back[each["role"]], each["content"]) for each in (*row["prompt"], *row["chosen"]))  # type: ignore[arg-type]
    return TaskDialogue(row.get("id", key), (), turns, extra=known(row, "prompt", "chosen"))


def row(dialogue: TaskDialogue) -> dict[str, Any]:
    """The pair that was read."""
    said = [{"role": _ROLES[turn.role], "content": turn.text} for turn in dialogue.turns]
    return {"prompt": said[:-1], "chosen": said[-1:]} | dict(dialogue.extra)


def faults(row: Any) -> list[str]:
    """Shapes; a prompt that does not end with the user; sides that are the same."""
    found = list(wrong(row, {"prompt": list, "chosen": list, "rejected": list}, "pair"))
    if found:
        return found
    for name in ("prompt", "chosen", "rejected"):
        for n, message in enumerate(row[name]):
            found += wrong(message, {"role": str, "content": str}, f"pair.{name}.{n}")
    if not row["prompt"] or row["prompt"][-1].get("role") != "user":
        found.append("pair.prompt: does not end with the user")
    if row["chosen"] == row["rejected"]:
        found.append("pair.rejected: the same as chosen")
    return found

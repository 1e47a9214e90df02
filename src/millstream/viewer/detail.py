"""All that is shown of one dialogue, as plain values for the page: turns, evidence in the order of the clock, calls.

The words behind the evidence are the run's own quotations, which passed the door; the recordings are not opened again,
so no name that was masked comes back. Knows records and the ledger; nothing of HTML.
"""

import json
import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import closing
from pathlib import Path
from typing import Any

from millstream.errors import InputError
from millstream.ledger import LEDGER
from millstream.records import Dialogue, Evidence, Turn

_CALLS = """select attempt.stage, attempt.status, attempt.error, attempt.seconds, attempt.tokens_in, attempt.tokens_out,
    attempt.tokens_cached, reply.value from attempt left join reply on reply.key = attempt.key
    where attempt.item = ? order by attempt.started limit 500"""


def shown(dialogue: Dialogue, calls: Sequence[dict[str, Any]]) -> dict[str, Any]:
    """The dialogue, which stages its path takes, and its evidence on the clock."""
    plan, scenario = dialogue.blueprint, dialogue.scenario
    path = next((each for each in plan.paths if each.name == scenario.path), None)
    return {
        "id": dialogue.id,
        "scenario": scenario.model_dump(mode="json"),
        "personas": [each.model_dump(mode="json") for each in dialogue.personas],
        "stages": [stage.model_dump() | {"taken": bool(path and stage.name in path.stages)} for stage in plan.stages],
        "path": list(path.stages) if path else [],
        "nodes": [node.model_dump(mode="json", exclude={"evidence"}) for node in plan.nodes],
        "turns": [turn.model_dump(mode="json") for turn in dialogue.turns],
        "ended": dialogue.ended,
        "realiser": dialogue.realiser,
        "licence": dialogue.licence,
        "clock": list(clock(dialogue)),
        "calls": [call | {"turn": _turn(call["reply"], dialogue.turns)} for call in calls],
    }


def clock(dialogue: Dialogue) -> Iterator[dict[str, Any]]:
    """Each piece of evidence once, by source and second, with the turns that rest on it; what has no clock is last."""
    found: dict[tuple[Any, ...], tuple[Evidence, list[int]]] = {}
    persons = [each for persona in dialogue.personas for trait in persona.fields for each in trait.evidence]
    for n, each in [(-1, each) for each in persons] + [
        (n, each) for n, turn in enumerate(dialogue.turns) for each in turn.grounding
    ]:
        _, turns = found.setdefault((each.source, each.kind, each.track, each.at), (each, []))
        if n >= 0 and n not in turns:
            turns.append(n)
    far = float("inf")
    for each, turns in sorted(found.values(), key=lambda pair: (
        pair[0].source, far if pair[0].start is None else pair[0].start, pair[0].at
    )):  # fmt: skip
        yield each.model_dump(mode="json") | {"turns": turns}


def calls(run: Path, dialogue: str) -> list[dict[str, Any]]:
    """The attempts of the ledger that were made for a dialogue, with what came back."""
    path = run / LEDGER
    if not path.exists():
        return []
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as reader:
            rows = reader.execute(_CALLS, (dialogue,)).fetchall()
    except sqlite3.Error as error:
        raise InputError(f"not a ledger: {error}", str(path), "give a run folder of millstream") from error
    names = ("stage", "status", "error", "seconds", "tokens_in", "tokens_out", "tokens_cached", "reply")
    return [dict(zip(names, row, strict=True)) | {"reply": _words(row[-1])} for row in rows]


def _words(value: str | None) -> str:
    """The first text of a stored reply."""
    try:
        said = json.loads(value or "null")
    except ValueError:
        return value or ""
    texts = said.get("texts") if isinstance(said, dict) else said
    while isinstance(texts, list) and texts:
        texts = texts[0]
    return str(texts or "")


def _turn(reply: str, turns: Sequence[Turn]) -> int | None:
    """The turn that a reply became: the one whose words it holds."""
    return next((n for n, turn in enumerate(turns) if turn.text and turn.text in reply), None)

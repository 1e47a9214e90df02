"""The figures of a crowd run: what each language kept and why not the rest, how it is worded, what is recognised.

Every share has its interval over dialogues and stands beside chance; a language fails where no talk of it, or less than
half, holds all checks. Knows no model but the encoder it is handed.
"""

import json
from collections import Counter
from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from millstream.crowd import likeness
from millstream.crowd.data import chosen, events
from millstream.crowd.talk import Talk
from millstream.crowdwork import Made
from millstream.metrics.intervals import Figure, ratio
from millstream.metrics.lexical import distinct
from millstream.metrics.repeated import rep4
from millstream.records import Reject
from millstream.shapes import Embedding

ENOUGH = 0.5
"""Share of a language's talks that must hold every check, else it fails."""


async def figures(made: Made, rejects: Sequence[Reject], encoder: Embedding | None) -> dict[str, Any]:
    """All of it as plain values; what the encoder tells is None without one."""
    premises = made.work.premises
    return {
        "source": made.work.demos.lang,
        "premises": {kind: sum(each.kind == kind for each in premises) for kind in ("open", "task")},
        "written": len(made.written),
        "kept": len(made.kept),
        "encoder": encoder.name if encoder else None,
        "languages": [_language(made, rejects, each.code, each.name) for each in made.work.locales],
        "events": await _events(made.written, encoder),
        "personas": await _personas(made.written, encoder),
        "twins": await likeness.twins(encoder.query, made.written) if encoder else None,
    }


def _language(made: Made, rejects: Sequence[Reject], code: str, name: str) -> dict[str, Any]:
    asked = [each for each in made.cells if each.lang == code]
    ids = {each.id for each in asked}
    written = [each for each in made.written if each.cell.lang == code]
    kept = [each for each in made.kept if each.cell.lang == code]
    lines = list(chain.from_iterable(each.lines for each in written))
    words = [pieces(" ".join(each.said())) for each in written]
    share = ratio([(float(each.id in {k.id for k in kept}), 1.0) for each in asked])
    return {
        "code": code,
        "name": name,
        "asked": len(asked),
        "written": len(written),
        "kept": len(kept),
        "fails": len(kept) < ENOUGH * len(asked),
        "share": _shown(share),
        "rejects": Counter(each.step for each in rejects if each.item in ids).most_common(),
        "drawn": sum(each.drawn for each in lines),
        "faults": Counter(fault for each in lines for fault in each.faults).most_common(),
        "chosen": dict(Counter(each.chosen for each in lines)),
        "distinct2": distinct(list(chain.from_iterable(words)), 2) if lines else None,
        "shared4": rep4(words) if len(words) > 1 else None,
        "length": sum(len(each.text) for each in lines) / len(lines) if lines else None,
    }


def pieces(text: str) -> list[str]:
    """Words; single characters of Chinese. Korean and any other script by blanks."""
    return [piece for word in text.casefold().split() for piece in _cut(word.strip(".,!?;:\"'()。，！？、；：“”…«»"))]


def _cut(word: str) -> list[str]:
    return list(word) if any("一" <= char <= "鿿" for char in word) else [word] if word else []


async def _events(talks: Sequence[Talk], encoder: Embedding | None) -> dict[str, Any] | None:
    """How many open talks are taken for their own event, among the run's events and among all 29."""
    opened = [each for each in talks if each.cell.premise.kind == "open"]
    codes = sorted({each.cell.premise.event for each in opened})
    if encoder is None or len(codes) < 2:
        return None
    found: dict[str, Any] = {"talks": len(opened)}
    for name, among in (("run", [events()[code] for code in codes]), ("all", list(chosen("all")))):
        told = await likeness.told_event(encoder.query, opened, among)
        right = [float(code == each.cell.premise.event) for code, each in zip(told, opened, strict=True)]
        found[name] = {"chance": 1 / len(among), **_shown(ratio([(each, 1.0) for each in right]))}
    return found


async def _personas(talks: Sequence[Talk], encoder: Embedding | None) -> dict[str, Any] | None:
    opened = [each for each in talks if each.cell.premise.kind == "open"]
    if encoder is None or not opened:
        return None
    found = await likeness.own_persona(encoder.query, opened)
    return {"chance": 0.5, **_shown(ratio([(float(right), float(sides)) for right, sides in found]))}


def _shown(figure: Figure) -> dict[str, Any]:
    return {"value": figure.value, "low": figure.low, "high": figure.high, "why": figure.why}


def rows(talks: Sequence[Talk]) -> Iterator[str]:
    """Chat messages, one line a talk: the first speaker is the user."""
    for each in talks:
        said = [{"role": ("user", "assistant")[line.side], "content": line.text} for line in each.lines]
        premise = each.cell.premise
        about = {"lang": each.cell.lang, "event": premise.event, "kind": premise.kind, "synthetic": True}
        yield json.dumps({"id": each.id, "messages": said, "metadata": about}, ensure_ascii=False)


def lines(made: dict[str, Any]) -> tuple[str, ...]:
    """What is said at the end."""
    told = [
        f"premises: {made['premises']['open']} open, {made['premises']['task']} tasks; examples in {made['source']}"
    ]
    for each in made["languages"]:
        why = ", ".join(f"{count} x {step}" for step, count in each["rejects"])
        verdict = "FAILS its checks" if each["fails"] else "holds"
        told.append(
            f"{each['name']}: {each['kept']} of {each['asked']} talks kept, {verdict}{f' ({why})' if why else ''}"
        )
    for name, found in (
        ("event recognised", (made["events"] or {}).get("run")),
        ("own persona nearer", made["personas"]),
    ):
        if found and found["value"] is not None:
            value, low, high, chance = (f"{found[key]:.0%}" for key in ("value", "low", "high", "chance"))
            told.append(f"{name}: {value} ({low} to {high}), chance {chance}")
    return tuple(told)

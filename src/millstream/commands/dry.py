"""`millstream run --dry-run`: what would be read and made, and what it may cost at most. Makes nothing."""

from typing import Any

from millstream import intake
from millstream.commands.making import Ready
from millstream.commands.terminal import say, show

_TURNS = 16
"""Turns of a dialogue, on average, as planned dialogues have them."""


def plan(ready: Ready, as_json: bool) -> None:
    """One row a source on stdout; the rest on stderr."""
    taken, settings = ready.taken, ready.order.settings
    show(_sources(ready), as_json)
    rights = intake.combined(list(taken.rights.values()))
    say(f"domain {ready.start.domain.name}, language {ready.start.lang}, recipe {settings.recipe}")
    say(f"rights: basis {rights.basis}, licence {rights.licence or 'not known'}")
    if rights.basis == "unknown":
        say("the basis of a source is not known: for local reading only, export will refuse")
    for _, reason in taken.left_out:
        say(f"left out: {reason}")
    if settings.model != "none":
        reads = settings.read * len(taken.readings)
        words = settings.count * _TURNS * settings.wording_tries if settings.realiser == "llm" else 0
        say(f"at most about {reads + words} calls of {settings.model}: {reads} to read, {words} to word")


def _sources(ready: Ready) -> list[dict[str, Any]]:
    taken = ready.taken
    recordings = [
        {"source": each.recording.title or each.recording.key, "kind": each.recording.source, "records": _cues(each)}
        for each in taken.readings
    ]
    tables = [{"source": each.key, "kind": "table", "records": len(each.rows)} for each in taken.tables]
    keys = [each.key for each in taken.profiles] + [each.key for each in taken.plans]
    seeds = [{"source": key, "kind": "seed", "records": 1} for key in keys]
    names = [each.evidence[0].source for each in taken.passages]
    texts = [{"source": name, "kind": "document", "records": names.count(name)} for name in dict.fromkeys(names)]
    return [*recordings, *tables, *texts, *seeds]


def _cues(gathered: intake.Gathered) -> int:
    return sum(1 for _ in intake.cues(gathered, []))

"""Reports for people: one page about a run, and the card of a dataset.

This file holds what both need: the templates' environment, which takes every text for hostile, and a file that
appears whole or not at all. It refuses to know what is reported.
"""

import math
import re
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined

from millstream.records import Evidence
from millstream.whole import whole

_CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufffe\uffff]")
"""Controls no page may hold, and those that turn the direction of the text after them."""


def environment(*, html: bool) -> Environment:
    """Templates of this folder. In a page every value is escaped; a value that is not known is an error."""
    made = Environment(
        loader=PackageLoader("millstream", "report"),
        autoescape=html,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=_clean,
    )
    made.filters |= {"number": number, "percent": percent, "clock": clock, "place": place, "scaled": scaled}
    return made


def write(path: Path, text: str) -> Path:
    with whole(path) as out:
        out.write(text)
    return path


def _clean(value: Any) -> Any:
    if value is None:
        return "–"
    trusted = not isinstance(value, str) or hasattr(value, "__html__")
    return value if trusted else _CONTROL.sub("\ufffd", value)


def number(value: float | None, digits: int = 0) -> str:
    return "–" if value is None else f"{value:,.{digits}f}"


def percent(share: float | None) -> str:
    return "–" if share is None else f"{share:.0%}"


def clock(seconds: float | None) -> str:
    """Seconds of a media clock as people read them off a player: 4:05, 1:02:03."""
    if seconds is None:
        return "–"
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def scaled(count: int, most: int) -> float:
    """A count between 0 and 1 on a logarithmic scale on which `most` is 1."""
    return math.log1p(count) / math.log1p(most) if most > 0 else 0.0


def place(evidence: Evidence) -> str:
    """Where in its source: "chat, cues 3 and 4, 4:05–4:12", "row 2", "characters 10 to 25"."""
    numbers = " and ".join(filter(None, (", ".join(map(str, evidence.at[:-1])), *map(str, evidence.at[-1:]))))
    if evidence.kind == "row":
        return f"row{'s' if len(evidence.at) > 1 else ''} {numbers}"
    if evidence.kind == "span":
        return f"characters {' to '.join(map(str, evidence.at))}"
    times = "" if evidence.start is None else clock(evidence.start)
    if times and evidence.end is not None and clock(evidence.end) != times:
        times += f"–{clock(evidence.end)}"
    cues = f"cue{'s' if len(evidence.at) > 1 else ''} {numbers}".rstrip()
    return ", ".join(filter(None, (evidence.track, cues, times or "no clock")))

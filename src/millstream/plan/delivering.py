"""Lays the deliveries over an outline, kind by kind, by their rates. Knows no kind: the folder holds them, rates.yaml
their order.

A kind that costs a label anywhere in the dialogue is taken back: after delivery no more labels are lost than before. So
is one that leads out of the lengths a dialogue may have.
"""

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import takewhile
from pathlib import Path

import yaml

from millstream import plugins, resources
from millstream.deliveries import How
from millstream.errors import InputError
from millstream.labels import CONTEXT
from millstream.plan.outline import LONGEST, SHORTEST
from millstream.records import Outline, Step
from millstream.shapes import Known

Rates = Mapping[str, float]


def presets() -> dict[str, dict[str, float]]:
    loaded: dict[str, dict[str, float]] = resources.data("deliveries/rates.yaml")
    return loaded


def delivered(outline: Outline, known: Known, rates: Rates) -> Outline:
    """The outline with its deliveries. `rates` are of those kinds that may happen; a rate is 0 to 1."""
    scenario = outline.scenario
    for kind, deliver in _kinds():
        if not (rate := rates.get(kind, 0.0)):
            continue
        how = How(known, rate, f"{scenario.seed}/{scenario.aim}/{scenario.number}/delivery/{kind}")
        made = deliver(outline, how)
        if made is not outline and _off(made) <= _off(outline) and not _costs(made.steps, outline.steps, how):
            outline = made
    return outline


@cache
def _kinds() -> tuple[tuple[str, Callable[[Outline, How], Outline]], ...]:
    return tuple((kind, plugins.load("deliveries", kind)) for kind in presets()["light"])


def rates_of(name: str, fitted: Rates, live: bool = True) -> Rates:
    """The rates of a setting: none, a preset, those counted in the chat (`fitted`, over the preset `light`), or a YAML
    file of a rate a kind. Where no source is `live` turns are lent whole, and `light` lays nothing over them: they come
    as they were delivered. InputError for a file that is none."""
    if name == "off":
        return {}
    light = presets()["light"] if live else {}
    if name in ("light", "fitted"):
        return light | (dict(fitted) if name == "fitted" else {})
    return presets()[name] if name in presets() else _read(Path(name))


def _read(path: Path) -> Rates:
    known = ", ".join(presets()["light"])
    try:
        loaded = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, yaml.YAMLError, UnicodeDecodeError) as error:
        remedy = f"give off, fitted, {', '.join(presets())}, or a YAML file of rates"
        raise InputError("no deliveries can be read from it", str(path), remedy) from error
    for kind, rate in (loaded if isinstance(loaded, dict) else {"": None}).items():
        if kind not in presets()["light"] or not isinstance(rate, int | float) or not 0 <= rate <= 1:
            raise InputError(f"{kind}: {rate} is no rate of a delivery", str(path), f"0 to 1 of {known}")
    return dict(loaded)


def _off(outline: Outline) -> int:
    """How many turns it is too short or too long."""
    return max(SHORTEST - len(outline.steps), len(outline.steps) - LONGEST, 0)


def _costs(made: Sequence[Step], before: Sequence[Step], how: How) -> bool:
    """Whether more labels are lost than before: in what is no longer the same, and in what that is the context of."""
    start = _shared(made, before)
    end = min(_shared(made[::-1], before[::-1]), len(made) - start, len(before) - start)
    lost = _lost(made, start, end, how)
    return lost > 0 and lost > _lost(before, start, end, how)


def _shared(some: Sequence[Step], others: Sequence[Step]) -> int:
    """How many of the first are the same in both."""
    return len(list(takewhile(lambda pair: pair[0] is pair[1], zip(some, others, strict=False))))


def _lost(steps: Sequence[Step], start: int, end: int, how: How) -> int:
    """The labels that steps lose behind the first `start` and up to CONTEXT into the last `end`."""
    return sum(len(how.lost(steps, n)) for n in range(start, min(len(steps), len(steps) - end + CONTEXT)))

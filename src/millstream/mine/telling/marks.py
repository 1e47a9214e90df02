"""What is seen of a candidate: of its thing, its value, its slot, its rivals and its line, as numbers.

Nothing here is of a trade or a shop: names and values are only compared with each other, so that what is learned on
one kind of table holds on another. Knows no weights.
"""

import math
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from millstream.mine.arrays import Doubles
from millstream.mine.confirmed import ALL, FAMILY, LACKS, NONE, THESE, TWO
from millstream.mine.corrections import DENIED
from millstream.mine.facts import OTHER, clause
from millstream.mine.focus import compared
from millstream.mine.measures import Said, measured
from millstream.mine.sheet import HAN, Cell
from millstream.mine.telling.candidates import Candidate, Spoken, Tables
from millstream.mine.topics import asks, sign

Marks = dict[str, float]
_FAR, _OLD, _LEAST, _WIDE = 60, 20, 1e-9, 1.5
SEVERAL = {"all": ALL, "two": TWO, "these": THESE, "family": FAMILY}
"""How a line speaks of several things at once."""


@dataclass(frozen=True)
class Around:
    """Where a line stands: `belief` and `before` are how likely each thing is talked of, by all lines and by those up
    to here; `ages`, how many lines ago each was named; `course`, what the line is about."""

    lines: Sequence[Spoken]
    belief: Doubles
    before: Doubles
    ages: Mapping[str, int]
    course: str


def marks(candidates: Sequence[Candidate], tables: Tables, at: int, around: Around) -> Iterator[Marks]:
    """The marks of each candidate of one line."""
    places: dict[tuple[int, str, bool], set[str]] = defaultdict(set)
    spans: dict[int, list[Candidate]] = defaultdict(list)
    for each in candidates:
        places[each.place].add(each.entity)
        spans[each.start].append(each)
    parts = Counter(each.part for each in candidates)
    line = around.lines[at]
    for each in candidates:
        yield {
            **_named(each, line),
            **_in_mind(each, tables, line, around),
            **_rivals(each, tables, places[each.place], spans[each.start], around, at),
            **_slot(each, around.lines, at),
            **(_number(each.said, each, tables, line) if each.said else _words(each, tables, line, parts)),
            **_spoken(each, line),
            f"is {each.kind}": 1.0,
            "shared": tables.sheet.shared(each.entity, each.slot.name),
        }


def _named(each: Candidate, line: Spoken) -> Marks:
    """Is its thing named in the line?"""
    hits = line.about.entities
    before = [hit for hit in hits if hit.end <= each.start]
    behind = [hit for hit in hits if hit.start >= each.end]
    own = [hit for hit in hits if hit.value == each.entity]
    gaps = [each.start - hit.end if hit.end <= each.start else hit.start - each.end for hit in own]
    return {
        "named": bool(own),
        "named before": any(hit.value == each.entity for hit in before),
        "named behind": any(hit.value == each.entity for hit in behind),
        "last before": bool(before) and before[-1].value == each.entity,
        "first behind": bool(behind) and behind[0].value == each.entity,
        "others named": len(own) < len(hits),
        "gap": min([max(0, gap) for gap in gaps] + [_FAR]),
        "compared": any(compared(line.text, hit) for hit in own),
    }


def _in_mind(each: Candidate, tables: Tables, line: Spoken, around: Around) -> Marks:
    """Is its thing asked about, or talked of around the line?"""
    at, n, belief = line.at, tables.things[each.entity], around.belief
    asked = line.asked.names if line.asked else frozenset()
    return {
        "age": around.ages.get(each.entity, _OLD),
        "rank": sum(age < around.ages.get(each.entity, _OLD) for age in around.ages.values()),
        "belief": belief[at, n],
        "log belief": max(-12.0, math.log(belief[at, n] + _LEAST)),
        "belief so far": around.before[at, n],
        "belief in the line before": belief[at - 1, n] if at else 0.0,
        "belief in the next line": belief[min(at + 1, len(belief) - 1), n],
        "course": around.course == each.entity,
        "asked about": each.entity in asked,
        "another asked about": bool(asked) and each.entity not in asked,
        "named next": at + 1 < len(around.lines) and each.entity in around.lines[at + 1].about.names,
    }


def _rivals(
    each: Candidate, tables: Tables, rivals: set[str], span: Sequence[Candidate], around: Around, at: int
) -> Marks:
    """What else could be meant there?"""
    belief = {thing: float(around.belief[at, tables.things[thing]]) for thing in rivals}
    own = [other for other in span if other.entity == each.entity]
    total = math.fsum(belief.values())  # a sum that no order changes
    return {
        "things": math.log(len(tables.things)),
        "rivals": math.log(len(rivals)),
        "share of the column": len(rivals) / max(1, tables.sizes[each.slot.name]),
        "slots": len({other.slot.name for other in own}),
        "candidates": math.log(len(span)),
        "belief in all": total,
        "share of belief": belief[each.entity] / (total + _LEAST),
        "most believed": belief[each.entity] >= max(belief.values()) - _LEAST,
        "youngest": min(around.ages.get(thing, _OLD) for thing in rivals),
        "listed of it": any(other.kind != "other" for other in own),
        "listed": any(other.kind != "other" for other in span),
    }


def _slot(each: Candidate, lines: Sequence[Spoken], at: int) -> Marks:
    """Is its slot named, or asked for?"""
    line, name = lines[at], each.slot.name
    before = [hit for hit in line.about.slots if hit.end <= each.start]
    behind = [hit for hit in line.about.slots if hit.start >= each.end]
    gaps = [each.start - hit.end for hit in before if hit.value.name == name]
    gaps += [hit.start - each.end for hit in behind if hit.value.name == name]
    past = [lines[at - back] for back in (1, 2) if at >= back]
    return {
        "slot before": any(hit.value.name == name for hit in before),
        "slot last before": bool(before) and before[-1].value.name == name,
        "slot behind": any(hit.value.name == name for hit in behind),
        "slot close behind": bool(behind) and behind[0].value.name == name and behind[0].start - each.end <= 6,
        "slot gap": min([*gaps, 40]),
        "slot plainly before": any(0 <= each.start - hit.end <= 3 for hit in before if hit.value.name == name),
        "another slot": any(hit.value.name != name for hit in line.about.slots),
        "slot asked": bool(line.asked and name in line.asked.slot_names),
        "answers": bool(line.asked),
        **{f"slot asked {n} before": bool(p.asked and name in p.asked.slot_names) for n, p in enumerate(past, 1)},
        **{f"slot {n} before": name in p.about.slot_names for n, p in enumerate(past, 1)},
        f"of {each.slot.kind}": 1.0,
    }


def _number(said: Said, each: Candidate, tables: Tables, line: Spoken) -> Marks:
    """The number that is said, beside those of the column."""
    cell, column = each.cell, tables.counted.get(each.slot.name, [])
    kinds = {number.kind for number in (cell.numbers if cell else column)}
    return {
        "size": math.log10(max(said.value, 1e-3)),
        "broken": said.value % 1 > 0,
        "digits": len(f"{said.value:g}".replace(".", "").rstrip("0")),
        "unit": bool(said.kind),
        "money said": said.kind == "money",
        "same unit": bool(said.kind) and said.kind in kinds,
        "other unit": bool(said.kind) and bool(kinds) and said.kind not in kinds,
        "unit in the cell": any(kinds),
        "numbers of the line": len(measured(line.bare)),
        "split": each.split,
        **(_listed(said, cell) if cell and each.kind == "number" else _unlisted(said, cell, column)),
    }


def _listed(said: Said, cell: Cell) -> Marks:
    """A number of its cell."""
    return {
        "numbers of the cell": len(cell.numbers),
        "short cell": len(cell.value) <= 8,
        "first": bool(cell.numbers) and cell.numbers[0].value == said.value,
    }


def _unlisted(said: Said, cell: Cell | None, column: Sequence[Said]) -> Marks:
    """A number that its cell has not: might it have been said for it?"""
    low, high = (f([number.value for number in column], default=0.0) for f in (min, max))
    own = cell.numbers[0].value if cell and cell.numbers else 0.0
    return {
        "no cell": cell is None,
        "slip": bool(cell and cell.near(said)),
        "ratio": abs(math.log(said.value / own)) if own > 0 and said.value > 0 else -1.0,
        "in range": low / _WIDE <= said.value <= high * _WIDE,
    }


def _words(each: Candidate, tables: Tables, line: Spoken, parts: Counter[str]) -> Marks:
    part, plain = each.part, line.bare.replace("-", " ")
    longer = (other for other in tables.sheet.column(each.slot.name) if part in other and other != part)
    own = each.cell.value if each.cell else ""
    return {
        "length": len(part) * (2 if HAN.search(part) else 1),
        "word for word": part.lower() in line.bare,
        "whole cell": part == own,
        "in the name": part.lower() in each.entity.lower(),
        "longer": any(other != own and other.lower() in plain for other in longer),
        "said of": math.log(parts[part]),
        "holds a number": bool(measured(part)),
        "none": bool(NONE.match(part)),
    }


def _spoken(each: Candidate, line: Spoken) -> Marks:
    """How the line speaks."""
    bare, before = line.bare, line.bare[: each.start]
    return {
        "asks": asks(line.text),
        "of another": bool(OTHER.search(clause(bare, each.start, each.end))),
        "denied": bool(DENIED.search(before)),
        "lacks": bool(LACKS.search(before)),
        "corrects": bool(sign("corrects").search(line.text)),
        "restates": bool(sign("restates").search(line.text)),
        "line": len(line.text) * (2 if HAN.search(line.text) else 1),
        "place": each.start / max(1, len(line.text)),
        **{name: bool(form.search(bare)) for name, form in SEVERAL.items()},
    }

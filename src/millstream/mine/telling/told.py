"""What a host tells by the tables: the candidates that weigh enough, together with what rules believe.

Rules say what they say for a reason that a person wrote; what nobody foresaw is weighed. A claim of the rules counts
for much, and is still dropped where all that is seen of it speaks against it. Knows no model of language.
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from millstream.mine.claim import Claim, settled
from millstream.mine.confirmed import of_another
from millstream.mine.facts import Claims, bare, named_of, surface
from millstream.mine.focus import compared
from millstream.mine.telling.candidates import Candidate, Spoken, Tables
from millstream.mine.telling.marks import SEVERAL, Around, Marks, marks
from millstream.mine.telling.weights import Weights
from millstream.mine.topics import About
from millstream.records import Cue

LEAST, _RULED = 0.4, 1.5
"""How likely a candidate must be to be believed, and the log-odds that a claim of the rules adds: of what they say on
streams that nobody had read about five of six hold."""

DOUBTED = 0.05
"""How likely a slip must be told to be taken back by words of correction."""


@dataclass(frozen=True)
class Weighed:
    """A candidate of the line `at`, what is seen of it, how likely it is told, and whether a rule claims it."""

    candidate: Candidate
    claim: Claim
    marks: Marks
    odds: float = 0.0
    ruled: bool = False

    @property
    def key(self) -> tuple[str, str, int]:
        return (*self.claim.key, self.claim.at)


def candidates(claims: Claims, tables: Tables, cues: Sequence[Cue], asked: Mapping[Cue, About]) -> list[Weighed]:
    """All that lines may tell, not yet weighed; nothing without tables, or of too many things."""
    heard = [claims.heard(cue) for cue in cues]
    lines = [Spoken(text, bare(text, about), about, at, asked.get(cue)) for at, (cue, text, about) in enumerate(heard)]
    named = [(line.text, named_of(line.about, line.text)) for line in lines]
    belief, before = claims.course.belief(named)
    if not belief.any():
        return []
    course, last, found = claims.course.of(named), dict[str, int](), list[Weighed]()
    for at, line in enumerate(lines):
        around = Around(lines, belief, before, {thing: at - since for thing, since in last.items()}, course[at])
        own = () if line.about.strange else tables.of(line, belief[at])
        seen = zip(own, marks(own, tables, at, around), strict=True)
        kept = ((each, what) for each, what in seen if not of_another(each.entity, each.start, line))
        found += [Weighed(each, _claim(each, line, cues[at]), what) for each, what in kept]
        last |= {hit.value: at for hit in line.about.entities if not compared(line.text, hit)}
    return found


def _claim(each: Candidate, line: Spoken, cue: Cue) -> Claim:
    said = each.said
    value = line.text[each.start : each.end - 2 * said.unit.startswith("/")].strip() if said else each.part
    return Claim(
        each.entity,
        each.slot.name,
        surface(cue.text, line.text, value),
        line.at,
        0.5,
        each.kind != "other",
        said is None,
    )


def weighed(found: Sequence[Weighed], ruled: Sequence[Claim], weights: Weights) -> list[Weighed]:
    """Candidates with their odds; where a rule claims the same, with its claim and the more likely for it."""
    claimed: dict[tuple[str, str, int], list[Claim]] = defaultdict(list)
    for claim in ruled:
        claimed[(*claim.key, claim.at)].append(claim)
    done = list[Weighed]()
    for each, odds in zip(found, weights.odds([each.marks for each in found]).tolist(), strict=True):
        same = next((claim for claim in claimed[each.key] if claim.agrees(each.claim)), None)
        if same:
            odds = 1 / (1 + math.exp(-_RULED) * (1 - odds) / max(odds, 1e-12))
        claim = replace(same or each.claim, sure=round(odds, 2))
        done.append(replace(each, claim=claim, odds=odds, ruled=same is not None))
    return done


def told(done: Sequence[Weighed], ruled: Sequence[Claim], texts: Sequence[str]) -> list[Claim]:
    """The claims that are likely enough, and those of the rules that are no candidate: in the order of the lines, whose
    words are `texts`."""
    keys: dict[tuple[str, str, int], list[Claim]] = defaultdict(list)
    lines: dict[int, list[Weighed]] = defaultdict(list)
    for each in done:
        keys[each.key].append(each.claim)
        if each.odds > LEAST:
            lines[each.claim.at].append(each)
    own = [claim for claim in ruled if not any(claim.agrees(other) for other in keys[(*claim.key, claim.at)])]
    likely = (claim for at, likely in lines.items() for claim in _apart(likely, texts[at]))
    return sorted([*own, *dict.fromkeys(likely)], key=lambda claim: claim.at)


def doubted(done: Sequence[Weighed]) -> list[Claim]:
    """What a host may have said by a slip: values that no table has, too unlikely to be believed, of which nothing else
    is. Only what takes one back shows that it was said."""
    told = {(each.claim.at, each.candidate.start) for each in done if each.odds > LEAST}
    unlikely = (each for each in done if each.candidate.kind == "other" and DOUBTED <= each.odds <= LEAST)
    return [each.claim for each in unlikely if (each.claim.at, each.candidate.start) not in told]


def _apart(likely: Sequence[Weighed], text: str) -> list[Claim]:
    """Of one line: what is said once tells one slot of a thing, and is of one thing if no more are spoken of; words
    of a cell stand for its numbers, and numbers of one cell are one value."""
    worded = {each.claim.key for each in likely if not each.candidate.said}
    kept: list[Weighed] = []
    for each in sorted(likely, key=lambda each: -each.odds):
        counted = each.candidate.said and each.claim.key in worded
        if not counted and not any(_excludes(other, each) for other in kept):
            kept.append(each)
    kept.sort(key=lambda each: each.candidate.start)
    numbers = settled((each.claim for each in kept if each.candidate.said), text)
    return numbers + [each.claim for each in kept if not each.candidate.said]


def _excludes(kept: Weighed, other: Weighed) -> bool:
    """Is the other told by the same words, so that it cannot be told too?"""
    one, two = kept.candidate, other.candidate
    if one.entity == two.entity:
        return one.start < two.end and two.start < one.end
    several = other.ruled or any(other.marks[name] for name in ("named", *SEVERAL))
    return one.place == two.place and not several

"""Do personas show? Whose words these are is asked of a persona and four others of the same domain.

The matcher is fitted on dialogues of other personas: words of a field beside words of the user's turns, and how much of
the field is said. It sees the user's words and the fields that are shown; nothing else of a dialogue.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from sklearn.model_selection import GroupKFold

from millstream.metrics import coherence
from millstream.metrics.coherence import Features, Preference, Weighing, said
from millstream.metrics.probes import Row, Share
from millstream.records import Persona

FOLDS = 3
AMONG = 5
LESSONS = 8
"""Strangers that the matcher learns to put below a dialogue's own persona."""


@dataclass(frozen=True)
class Spoken:
    """What the user said in a dialogue, all turns on one line, and who the user is."""

    persona: Persona
    text: str


@dataclass(frozen=True)
class Match:
    """The own persona's place among AMONG (1 is first); `beats` whether it is above one stranger drawn at random, and
    `floor` whether one stranger is above another."""

    place: int
    beats: bool
    floor: bool


def rows(dialogues: Sequence[Spoken], seed: int) -> list[Row]:
    """Personas swapped with another's, and the own one first of five; no rows where there are too few personas."""
    found = matches(dialogues, seed)
    if not found:
        return []
    count = len(found)
    swapped, floor = sum(each.beats for each in found), sum(each.floor for each in found)
    first = sum(each.place == 1 for each in found)
    return [
        Row("personas swapped", Share(swapped, count), Share(floor, count)),
        Row(f"persona, first of {AMONG}", Share(first, count), Share(count, AMONG * count)),
    ]


def matches(dialogues: Sequence[Spoken], seed: int) -> list[Match]:
    """One for each dialogue that has enough others beside it; none where there are too few personas."""
    people = [each.persona.id for each in dialogues]
    found: list[Match] = []
    if len(set(people)) < FOLDS * AMONG:
        return found
    for n, (taught, asked) in enumerate(GroupKFold(FOLDS).split(dialogues, groups=people)):
        chance = Random(f"personas {seed} {n}")
        learned = [dialogues[at] for at in taught]
        weighing = Weighing([[each.text] for each in learned])
        taste = Preference(list(_lessons(learned, weighing, chance)))
        held = [dialogues[at] for at in asked]
        found += [match for each in held if (match := _match(each, held, taste, weighing, chance))]
    return found


def _lessons(learned: Sequence[Spoken], weighing: Weighing, chance: Random) -> list[Features]:
    made = []
    for each in learned:
        others = _strangers(each, learned)
        for stranger in chance.sample(others, min(LESSONS, len(others))):
            first, second = (features(persona, each.text, weighing) for persona in (each.persona, stranger))
            made.append({name: first.get(name, 0.0) - second.get(name, 0.0) for name in first.keys() | second.keys()})
    return made


def _strangers(one: Spoken, others: Sequence[Spoken]) -> list[Persona]:
    """The other personas of its domain and language, in one order."""
    found = {each.persona.id: each.persona for each in others if each.persona.id != one.persona.id}
    alike = [each for each in found.values() if (each.domain, each.lang) == (one.persona.domain, one.persona.lang)]
    return sorted(alike, key=lambda persona: persona.id)


def _match(one: Spoken, held: Sequence[Spoken], taste: Preference, weighing: Weighing, chance: Random) -> Match | None:
    strangers = _strangers(one, held)
    if len(strangers) < AMONG - 1:
        return None
    drawn = chance.sample(strangers, AMONG - 1)
    own, *rest = (taste.score(features(each, one.text, weighing)) for each in (one.persona, *drawn))
    return Match(1 + sum(score >= own for score in rest), own > rest[0], rest[1] > rest[0])


def features(persona: Persona, text: str, weighing: Weighing) -> Features:
    """What the shown fields of a persona have to do with what a user said."""
    now, found = said(text), dict[str, float]()
    spoken = weighing.known(now)
    for trait in persona.fields:
        field = said((trait.value or "").replace("_", " "))
        if field.tokens:
            length = coherence.PAIRED / math.sqrt(len(field.tokens) * max(len(spoken), 1))
            found |= {f"{trait.name} {one} {other}": length for one in field.tokens for other in spoken}
            found[f"{trait.name}: said"] = weighing.covered(field.tokens, now.tokens)
            found[f"{trait.name}: rarest said"] = max(map(weighing.rarity, field.tokens & now.tokens), default=0.0) / 5
    return found

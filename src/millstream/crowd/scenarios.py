"""Premises without a language, and the same in a language: names, relation, place and time out of its data.

An open premise is a pair of personas under a speech event; a task is the outline of a planned dialogue, whose acts and
values are read and whose sentences are not. Everything is drawn from the seed and the number. Knows no model.
"""

import re
from collections.abc import Iterator, Mapping, Sequence
from random import Random
from string import Template
from typing import Any

from millstream import resources
from millstream.crowd.data import Event, Locale, events
from millstream.crowd.people import Pair
from millstream.crowd.talk import Cell, Goal, Premise
from millstream.domain import Domain
from millstream.records import Act, Dialogue, Persona, Turn

SERVICE = "a customer and an adviser find out whether something on offer suits the customer"
LAST = {"inform_passage", "handover", "digress", "complain"}
"""Acts for which an outline is taken after those without them."""
ASIDE = {
    "user": (
        {"request", "acknowledge", "accept", "object", "negotiate"},
        {"acknowledge", "inform", "empathise", "refuse", "request_more"},
    ),
    "agent": ({"confirm"}, {"correct", "accept"}),
}
"""Exchanges that a shorter talk can do without, by who begins them: acts of the first turn and of its answer. Nothing
is wished, proposed, chosen or booked in them."""
_OF_THE_DAY = re.compile(r"[^.!?。！？]*\$matter[^.!?。！？]*[.!?。！？]?")
_MAYBE, _NAMES = re.compile(r"\[(.*?)\]"), re.compile(r"\$(\w+)")
Texts = dict[str, Any]


def opened(pairs: Sequence[Pair], among: Sequence[Event], shared: set[str], count: int, seed: int) -> Iterator[Premise]:
    """Every event once before any comes again; pairs in a drawn order. `shared`: relations every language has."""
    chance = Random(f"{seed}/pairs")
    order = chance.sample(pairs, len(pairs))
    turns = chance.sample(among, len(among))
    for number in range(count):
        event, people = turns[number % len(turns)], order[number % len(order)]
        draw = Random(f"{seed}/{number}/relation")
        relation = draw.choice([each for each in event.between if each in shared])
        yield Premise(
            number=number,
            kind="open",
            event=event.code,
            means=event.means,
            relation=relation,
            people=people,
            goals=_goals(event, people, draw),
        )


def _goals(event: Event, people: Pair, draw: Random) -> tuple[Goal, ...]:
    """The beats, each $own filled with another line of its speaker's."""
    left = [draw.sample(lines, len(lines)) for lines in people]
    made = []
    for n, beat in enumerate(event.beats):
        side = n % 2
        own = left[side].pop() if "$own" in beat and left[side] else ""
        made.append(
            Goal(
                side=side,
                text=beat.replace("$own", f'it is true of you that "{own}"' if own else "tell a little of yourself"),
                own=own,
            )
        )
    return tuple(made)


def tasks(dialogues: Sequence[Dialogue], domain: Domain, count: int, most: int = 0) -> Iterator[Premise]:
    """The outlines of the first dialogues, shortest first: of each turn its acts and what must be heard of it; of those
    with more than `most` turns (0: of none) asides are left out. What is answered out of a document has no canonical
    value that another language could keep, and what is handed over or strays is a matter of the house: such talks
    come last."""
    outlines = [(each, shorter(each.turns, most)) for each in dialogues]
    order = sorted(outlines, key=lambda found: (_own(found[0]), len(found[1]), found[0].id))
    for number, (each, turns) in enumerate(order[:count]):
        yield Premise(
            number=number,
            kind="task",
            event="service",
            means=SERVICE,
            relation="",
            people=(_shown(each.personas[0]), _shown(each.personas[1])),
            goals=tuple(_goal(turn, domain) for turn in turns),
            origin=each.id,
        )


def shorter(turns: Sequence[Turn], most: int) -> tuple[Turn, ...]:
    """Without the exchanges that are asides, the last one first, until no more than `most` turns are left, or nothing
    but what the talk is about. How it begins and ends stays."""
    left = list(turns)
    for n in range(len(left) - 3, 0, -1):
        if 0 < most < len(left) and _aside(left[n], left[n + 1]):
            del left[n : n + 2]
    return tuple(left)


def _aside(first: Turn, answer: Turn) -> bool:
    begins, ends = ASIDE[first.role]
    return {act.act for act in first.acts} <= begins and {act.act for act in answer.acts} <= ends


def _own(dialogue: Dialogue) -> bool:
    return any(act.act in LAST for turn in dialogue.turns for act in turn.acts)


def _shown(persona: Persona) -> tuple[str, ...]:
    return tuple(f"{each.name}: {each.value}" for each in persona.fields if each.value and len(each.value) < 80)[:3]


def _goal(turn: Turn, domain: Domain) -> Goal:
    entities = tuple(each.entity for each in turn.acts if each.entity and each.entity in turn.draft)
    said = dict.fromkeys(_told(act, turn.role, domain) for act in turn.acts)
    must = tuple(dict.fromkeys((*turn.must, *entities)))
    return Goal(side=0 if turn.role == "user" else 1, text="; then ".join(said), acts=turn.acts, must=must)


def _told(act: Act, role: str, domain: Domain) -> str:
    found: str | Mapping[str, str] = _phrases().get(act.act, act.act.replace("_", " "))
    phrase = found if isinstance(found, str) else found.get(role, act.act)
    spec = domain.by_name.get(act.slot)
    names = spec.names.get("en") if spec else None
    slot = names[0] if names else act.slot.replace("_", " ")
    if act.slot and not act.value and "$value" in phrase:
        phrase = "speak of the $slot"
    known = {"slot": slot, "value": act.value, "entity": act.entity or ""}
    whole = _MAYBE.sub(lambda part: part[1] if all(known[name] for name in _NAMES.findall(part[1])) else "", phrase)
    return Template(whole).safe_substitute(known | {"entity": act.entity or "it"})


def _phrases() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("crowd/task_goals.yaml")
    return loaded


def localised(premise: Premise, locale: Locale, seed: int) -> Cell:
    """The premise in a language. A task's two go by their parts; open talk has names, a place, a time
    and what both know, the same kind of thing in every language."""
    if premise.kind == "task":
        names = (locale.roles["user"], locale.roles["agent"])
        return Cell(premise=premise, lang=locale.code, names=names, ground="")
    draw = Random(f"{seed}/{premise.number}/{locale.code}")
    one, other, event = *draw.sample(locale.names, 2), events()[premise.event]
    said = {
        "a": one,
        "b": other,
        "relation": locale.relations[premise.relation],
        "place": locale.home if event.home else draw.choice(locale.places),
        "time": draw.choice(
            [said for name, said in locale.times.items() if name in event.when] or [*locale.times.values()]
        ),
        "matter": locale.matters[premise.number % len(locale.matters)],
    }
    ground, scene = (
        Template(each).safe_substitute(said).strip() for each in (locale.ground, _OF_THE_DAY.sub("", locale.ground))
    )
    return Cell(premise=premise, lang=locale.code, names=(one, other), ground=ground, scene=scene)

"""Persuasion that presses, told by its label: false scarcity and haste ("only two left", "ends tonight").

Streams are full of it, so it is mined and tagged; no outline makes a turn of it, and superlatives are promises that
the claim critic refuses (critics/claims.yaml). A dataset leaves it out unless it is asked for: dialogues with a turn
that presses, and what blueprints and agents' personas tell of it.
"""

from collections.abc import Iterable, Iterator

from millstream.records import Dialogue, Persona, Trait

LABELS = frozenset({"urgency"})
"""Strategy labels of mined signals (mine/signs.yaml), tactics and turns that press."""


def left_out(dialogues: Iterable[Dialogue]) -> Iterator[Dialogue]:
    """The dialogues in which nobody is pressed, without the pressing tactics of their blueprints and personas."""
    for dialogue in dialogues:
        if not any(turn.strategy in LABELS for turn in dialogue.turns):
            plan, (user, agent) = dialogue.blueprint, dialogue.personas
            tactics = tuple(each for each in plan.tactics if each.action not in LABELS)
            calm = {"blueprint": plan.model_copy(update={"tactics": tactics}), "personas": (user, _calm(agent))}
            yield dialogue.model_copy(update=calm)


def _calm(agent: Persona) -> Persona:
    """The persona without the labels that press in its style; a style of nothing else is not shown."""
    return agent.model_copy(update={"fields": tuple(map(_spoken, agent.fields))})


def _spoken(trait: Trait) -> Trait:
    if trait.name != "style" or trait.value is None:
        return trait
    labels = [label for label in trait.value.split(", ") if label not in LABELS]
    if not labels:
        return Trait(name=trait.name, value=None, origin="not_shown")
    return trait.model_copy(update={"value": ", ".join(labels)})

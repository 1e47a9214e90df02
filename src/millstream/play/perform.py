"""Plays an outline: each step is handed, as a View, to the realiser of its side, and becomes a turn.

A view holds the speaker's own persona, its own step and what was said; the other side's persona and the steps to
come are not in it. The result does not depend on who words it: labels come from the outline.
"""

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cached_property, lru_cache

from millstream.records import Blueprint, Dialogue, Evidence, Outline, Persona, Role, Step, Turn, View, Wording
from millstream.shapes import Realiser

_MANY = 1 << 14
"""Answers kept."""


@dataclass(frozen=True)
class Cast:
    """Who plays, after which blueprint, on what evidence (reference id -> evidence), and under which licence."""

    personas: Mapping[str, Persona]
    blueprints: Mapping[str, Blueprint]
    evidence: Mapping[str, tuple[Evidence, ...]]
    licence: str = ""

    @cached_property
    def behind(self) -> Callable[[tuple[str, ...]], tuple[Evidence, ...]]:
        """The evidence behind some references, each once; a run asks for the same again and again."""
        of = self.evidence
        return lru_cache(_MANY)(lambda refs: tuple(dict.fromkeys(each for ref in refs for each in of.get(ref, ()))))

    @cached_property
    def sources(self) -> Callable[[Persona], frozenset[str]]:
        """What a persona rests on."""
        return lru_cache(_MANY)(lambda who: frozenset(each.source for field in who.fields for each in field.evidence))


async def perform(outline: Outline, realiser: Realiser | None, cast: Cast, name: str) -> Dialogue:
    """`name` is the realiser's, kept with the dialogue; None: by templates, the draft is the turn."""
    scenario = outline.scenario
    personas: dict[Role, Persona] = {"user": cast.personas[scenario.user], "agent": cast.personas[scenario.agent]}
    turns: list[Turn] = []
    said: list[Turn] = []
    for n, step in enumerate(outline.steps):
        if realiser is None:
            turns.append(_turn(step, step.draft, "template", cast))
            continue
        view = View(
            scenario=scenario.id,
            role=step.role,
            persona=personas[step.role],
            step=step,
            turns=tuple(said),
            seed=_seed(scenario.seed, scenario.number, n),
        )
        worded = await realiser(view)
        turns.append(_turn(step, worded.text, worded.worded, cast))
        said.append(heard_only(turns[-1]))
    lineage = {each.source for turn in turns for each in turn.grounding}.union(*map(cast.sources, personas.values()))
    return Dialogue(
        scenario=scenario,
        personas=(personas["user"], personas["agent"]),
        blueprint=cast.blueprints[scenario.blueprint],
        turns=tuple(turns),
        ended=scenario.outcome,
        lineage=tuple(sorted(lineage)),
        realiser=name,
        licence=cast.licence,
    )


def _turn(step: Step, text: str, worded: Wording, cast: Cast) -> Turn:
    return Turn(
        role=step.role,
        text=text,
        acts=step.acts,
        state=step.state,
        stage=step.stage,
        strategy=step.strategy,
        grounding=cast.behind(step.refs),
        draft=step.draft,
        must=step.must,
        asks=step.asks,
        worded=worded,
        frame=step.frame,
        delivery=step.delivery,
    )


def heard_only(turn: Turn) -> Turn:
    """A turn as the other side has it: what was said, without the labels, the draft and what it rests on."""
    return Turn(role=turn.role, text=turn.text, acts=(), state=(), stage="")


def _seed(*parts: int) -> int:
    """A seed of its own for every turn, the same on every machine."""
    return int.from_bytes(hashlib.sha256("/".join(map(str, parts)).encode()).digest()[:4]) >> 1

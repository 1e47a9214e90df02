"""quadruplets.jsonl: <P_u, P_a, B, H> of STREAM (arXiv 2605.25162) with every label and all evidence.

The one form that loses nothing a reader of a dialogue needs. One dialogue a line:

    id, domain, lang, synthetic, generator, licence, lineage, split (if there is one),
    scenario {path, outcome, aim, constraints, requests, seed, number}, ended,
    P_u, P_a   {id, role, fields: [{name, value, origin, evidence}]}; value null = the source does not show it
    B          {id, domain, lang, origin, stages, nodes, tactics, paths, evidence}
    H          [{n, role, text, acts, state, stage, strategy, evidence, draft, worded}], n from 0

Evidence is {source, kind, track, at, start, end, quote}: the recording or document, the numbers of its cues
(or characters, or rows), the seconds of the media clock (null without one) and the words themselves.
It refuses to know how a split was made.
"""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

from millstream.exporters import line
from millstream.records import Dialogue, Persona, Turn
from millstream.whole import whole

_ELSEWHERE = {"domain", "lang", "user", "agent", "blueprint"}
"""Fields of the scenario that the row has beside it: as itself, as P_u, P_a and B."""


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    path = folder / "quadruplets.jsonl"
    with whole(path) as out:
        out.writelines(f"{line(each)}\n" for each in rows(dialogues))
    return (path,)


def rows(dialogues: Iterable[Dialogue]) -> Iterator[dict[str, Any]]:
    return (row(dialogue) for dialogue in dialogues)


def row(dialogue: Dialogue, split: str = "") -> dict[str, Any]:
    """One dialogue; `split` is "train", "dev", "test" or "" for none."""
    scenario, (user, agent) = dialogue.scenario, dialogue.personas
    return {
        "id": dialogue.id,
        "domain": scenario.domain,
        "lang": scenario.lang,
        "synthetic": True,
        "generator": f"millstream/{dialogue.realiser}",
        "licence": dialogue.licence,
        "lineage": list(dialogue.lineage),
        **({"split": split} if split else {}),
        "scenario": scenario.model_dump(mode="json", exclude=_ELSEWHERE),
        "ended": dialogue.ended,
        "P_u": _persona(user),
        "P_a": _persona(agent),
        "B": {"id": dialogue.blueprint.id, **dialogue.blueprint.model_dump(mode="json")},
        "H": [_turn(n, turn) for n, turn in enumerate(dialogue.turns)],
    }


def _persona(persona: Persona) -> dict[str, Any]:
    return {"id": persona.id, **persona.model_dump(mode="json", include={"role", "fields"})}


def _turn(n: int, turn: Turn) -> dict[str, Any]:
    labelled = turn.model_dump(mode="json", exclude={"grounding", "must"})
    return {"n": n, **labelled, "evidence": [each.model_dump(mode="json") for each in turn.grounding]}

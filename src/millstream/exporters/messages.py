"""messages.jsonl: OpenAI chat messages, the form that fine-tuning tools read.

One dialogue a line: {"messages": [{"role", "content"}], "metadata": {...}}. The agent is the `assistant`, the
user the `user`; the system message says who the agent is, from what its persona shows and nothing else. Chat
formats want the roles to take turns, so that consecutive turns of one role are joined with a newline.
It refuses to know labels and evidence: quadruplets.jsonl has them, under the same id.
"""

from collections.abc import Iterable
from itertools import groupby
from pathlib import Path
from typing import Any

from millstream.exporters import line
from millstream.records import Dialogue, Lang, Persona
from millstream.whole import whole

_ROLES = {"user": "user", "agent": "assistant"}
_OPENING: dict[Lang, str] = {
    "zh": "你是这段服务对话中的客服一方。",
    "en": "You are the agent's side of this service dialogue.",
}
_FIELD: dict[Lang, str] = {"zh": "{}：{}", "en": "{}: {}"}


def export(dialogues: Iterable[Dialogue], folder: Path) -> tuple[Path, ...]:
    path = folder / "messages.jsonl"
    with whole(path) as out:
        out.writelines(f"{line(row(dialogue))}\n" for dialogue in dialogues)
    return (path,)


def row(dialogue: Dialogue) -> dict[str, Any]:
    scenario = dialogue.scenario
    spoken = [
        {"role": _ROLES[role], "content": "\n".join(turn.text for turn in turns)}
        for role, turns in groupby(dialogue.turns, key=lambda turn: turn.role)
    ]
    return {
        "messages": [{"role": "system", "content": introduction(dialogue.personas[1])}, *spoken],
        "metadata": {
            "id": dialogue.id,
            "domain": scenario.domain,
            "lang": scenario.lang,
            "synthetic": True,
            "generator": f"millstream/{dialogue.realiser}",
            "licence": dialogue.licence,
            "source": list(dialogue.lineage),
            "outcome": dialogue.ended,
        },
    }


def introduction(agent: Persona) -> str:
    """The system message: one line a field. What the source does not show is not said."""
    shown = [
        _FIELD[agent.lang].format(trait.name, " ".join(trait.value.split()))
        for trait in agent.fields
        if trait.value is not None
    ]
    return "\n".join([_OPENING[agent.lang], *shown])

"""What a real dialogue lacks at its ends: a greeting before a customer who opens, a farewell behind the last thanks.

CSConv lets the model extend; here only sentences without any fact are added, and they are marked as added. What is
missing in the middle is not made up. Knows no model.
"""

from typing import Any

from millstream import resources
from millstream.records import Lang
from millstream.strategies import Framework
from millstream.support.annotate import staged
from millstream.support.talk import SupportDialogue, SupportTurn


def _lines() -> dict[Lang, dict[str, list[str]]]:
    loaded: dict[Lang, dict[str, list[str]]] = resources.data("support/ends.yaml")
    return loaded


def extended(dialogue: SupportDialogue, framework: Framework, seed: int) -> SupportDialogue:
    """The dialogue with both ends, its stages worked out anew."""
    turns = list(dialogue.turns)
    if turns[0].role == "user":
        turns.insert(0, _added(dialogue, "greeting", "GT", seed))
    if turns[-1].role == "agent" and turns[-1].strategy != "AC":
        turns.append(_added(dialogue, "thanks", "", seed))
    if turns[-1].role == "user":
        turns.append(_added(dialogue, "farewell", "AC", seed))
    return staged(dialogue.model_copy(update={"turns": tuple(turns)}), framework)


def _added(dialogue: SupportDialogue, kind: str, strategy: str, seed: int) -> SupportTurn:
    choices: Any = _lines()[dialogue.lang][kind]
    text = choices[(seed + sum(map(ord, dialogue.id))) % len(choices)]
    return SupportTurn(role="agent" if strategy else "user", text=text, strategy=strategy, words="added")

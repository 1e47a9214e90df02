"""The five filters behind a rewriting, after CSConv's; each of them fires, and a test shows what on.

In the released code the length filter cannot fire and its last check lets two strategies through
(docs/recipes/csc.md). Every filter gives the dialogue, mended or as it was, and the reason to drop it, if any. Knows no
model; the judge of quality is asked for by the recipe.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from millstream.errors import InputError
from millstream.strategies import Framework
from millstream.support.annotate import ranked
from millstream.support.talk import SupportDialogue

NOTE = re.compile(r"[\[【(（<][^\])】）>]{2,}[\])】）>]")
"""Bracketed words: a note of the system, unless it is a smiley."""
SMILEY = re.compile(r"^.(?:[:;=xX].{0,3}|[^\w]*|[一-鿿]{1,2}|smil\w*|laugh\w*|grin|wink).$", re.IGNORECASE)
THIRD = re.compile(
    r"\b(?:system|bot|ivr|narrator|supervisor)\b\s*[:：]|\bas an ai\b|"
    r"系统(?:提示|消息)|旁白|作为(?:一个)?(?:AI|人工智能|语言模型)",
    re.IGNORECASE,
)
"""Somebody else's words, or the model's about itself."""
Filter = Callable[[SupportDialogue], tuple[SupportDialogue, str]]


@dataclass(frozen=True)
class Bar:
    """`turns`: utterances of a dialogue; `needed`: strategies that must be there (the paper: GT, IV and AC);
    `adherence`: the share of turns that must sound like their strategy."""

    turns: tuple[int, int] = (10, 50)
    needed: tuple[str, ...] = ("GT", "AC")
    adherence: float = 0.5


def filters(framework: Framework, bar: Bar | None = None) -> tuple[tuple[str, Filter], ...]:
    """The filters by name, in their order. InputError where the bar needs a strategy that is none."""
    bar = bar or Bar()
    needed = tuple(framework.code(word, "needed") for word in bar.needed)

    def quality(dialogue: SupportDialogue) -> tuple[SupportDialogue, str]:
        return dialogue, _third(dialogue) or _unfinished(dialogue) or _strays(dialogue, bar.adherence)

    def length(dialogue: SupportDialogue) -> tuple[SupportDialogue, str]:
        count, (least, most) = len(dialogue.turns), bar.turns
        return dialogue, "" if least <= count <= most else f"{count} utterances, {least} to {most} wanted"

    def strategies(dialogue: SupportDialogue) -> tuple[SupportDialogue, str]:
        return dialogue, _labelled(dialogue, framework) or _missing(dialogue, needed)

    return (
        ("notes", unnoted), ("quality", quality), ("length", length), ("strategies", strategies), ("turns", alternating)
    )  # fmt: skip


def passed(dialogue: SupportDialogue, every: Sequence[tuple[str, Filter]]) -> tuple[SupportDialogue, str, str]:
    """(the dialogue, the first filter that drops it, why); both are empty where all let it through."""
    for name, each in every:
        dialogue, why = each(dialogue)
        if why:
            return dialogue, name, why
    return dialogue, "", ""


def unnoted(dialogue: SupportDialogue) -> tuple[SupportDialogue, str]:
    """Last lines that hold a note of the system go, one by one; nothing left is a reason to drop."""
    turns = list(dialogue.turns)
    while turns and has_note(turns[-1].text):
        turns.pop()
    if not turns:
        return dialogue, "nothing but notes of the system"
    return dialogue.model_copy(update={"turns": tuple(turns)}), ""


def has_note(text: str) -> bool:
    return any(not SMILEY.match(found.group()) for found in NOTE.finditer(text))


def _third(dialogue: SupportDialogue) -> str:
    return next((f"turn {n}: words of a third party" for n, t in enumerate(dialogue.turns) if THIRD.search(t.text)), "")


def _unfinished(dialogue: SupportDialogue) -> str:
    """The agent has the last word, and does not end on a question."""
    last = dialogue.turns[-1]
    if last.role != "agent":
        return "not complete: the customer has the last word"
    return "not complete: it ends on a question" if last.strategy in ("PR", "IV", "RP") else ""


def _strays(dialogue: SupportDialogue, least: float) -> str:
    """Turns whose words show other strategies alone; Others sounds like nothing."""
    said, opening, sound = 0, True, 0
    for turn in dialogue.agent:
        if turn.strategy != "OT":
            said += 1
            sound += turn.strategy in ranked(turn.text, dialogue.lang, opening)
        opening = False
    return "" if sound >= least * said else f"{sound} of {said} turns sound like their strategy"


def _labelled(dialogue: SupportDialogue, framework: Framework) -> str:
    for n, turn in enumerate(dialogue.turns):
        if turn.role == "user" and turn.strategy:
            return f"turn {n}: a customer with a strategy"
        if turn.role == "agent":
            try:
                framework.code(turn.strategy)
            except InputError:
                return f"turn {n}: {turn.strategy!r} is not one strategy"
    return ""


def _missing(dialogue: SupportDialogue, needed: Sequence[str]) -> str:
    there = {turn.strategy for turn in dialogue.agent}
    lost = [code for code in needed if code not in there]
    return f"no turn of {', '.join(lost)}" if lost else ""


def alternating(dialogue: SupportDialogue) -> tuple[SupportDialogue, str]:
    twice = next((n for n, (one, other) in enumerate(pairwise(dialogue.turns), 1) if one.role == other.role), None)
    return dialogue, "" if twice is None else f"turn {twice}: a speaker twice in a row"

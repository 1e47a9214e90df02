"""One strategy for each turn of the agent by rule, and the stage it stands in: the baseline beside a model's labels.

A turn is named by the sentence that moves the talk on; the patterns are in signs.yaml. Knows the framework and nothing
of where a dialogue comes from.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from millstream import resources
from millstream.records import Lang
from millstream.strategies import OTHERS, Framework
from millstream.support.talk import SupportDialogue, SupportTurn

Label = Callable[[Sequence[SupportTurn], int], str]
"""(the turns, which one) -> its strategy; what stands behind it is not for the eyes of whoever labels."""
_SENTENCE = re.compile(r"(?<=[.!?。！？…;；])\s*(?=\S)")


def _signs() -> dict[str, Any]:
    loaded: dict[str, Any] = resources.data("support/signs.yaml")
    return loaded


@dataclass(frozen=True)
class _Rule:
    code: str
    when: str
    pattern: re.Pattern[str]


@cache
def _rules(lang: Lang) -> tuple[_Rule, ...]:
    return tuple(_Rule(code, when, re.compile(sign[lang], re.IGNORECASE)) for code, when, sign in _signs()["rules"])


@cache
def _question(lang: Lang) -> re.Pattern[str]:
    return re.compile(_signs()["question"][lang], re.IGNORECASE)


def ranked(text: str, lang: Lang, opening: bool) -> tuple[str, ...]:
    """The strategies that the sentences of a turn show, the one that names the turn first. `opening`: the agent has
    said nothing yet; later nobody greets."""
    found = {_named(sentence, lang, opening) for sentence in _SENTENCE.split(text) if sentence.strip()}
    return tuple(code for code in _signs()["weight"] if code in found) or (OTHERS,)


def _named(sentence: str, lang: Lang, opening: bool) -> str:
    asks = bool(_question(lang).search(sentence))
    for rule in _rules(lang):
        if rule.when != "any" and (rule.when == "ask") != asks:
            continue
        if rule.code == "GT" and not opening:
            continue
        if rule.pattern.search(sentence):
            return rule.code
    return OTHERS


def asks(text: str, lang: Lang) -> bool:
    return bool(_question(lang).search(text))


def by_rule(lang: Lang) -> Label:
    def label(turns: Sequence[SupportTurn], n: int) -> str:
        opening = not any(turn.role == "agent" for turn in turns[:n])
        return ranked(turns[n].text, lang, opening)[0]

    return label


def annotated(dialogue: SupportDialogue, label: Label, framework: Framework) -> SupportDialogue:
    """The dialogue with a strategy for each turn of the agent; its stages follow from the strategies."""
    turns = list(dialogue.turns)
    for n, turn in enumerate(turns):
        if turn.role == "agent":
            turns[n] = turn.model_copy(update={"strategy": framework.code(label(turns, n), dialogue.id)})
    return staged(dialogue.model_copy(update={"turns": tuple(turns)}), framework)


def staged(dialogue: SupportDialogue, framework: Framework) -> SupportDialogue:
    """The stages that the strategies stand in; the customer's turns are in the stage they answer."""
    turns, stage = list[SupportTurn](), ""
    for turn in dialogue.turns:
        if turn.role == "agent":
            stage = framework.home(turn.strategy, stage)
        turns.append(turn.model_copy(update={"stage": stage or framework.order[0]}))
    return dialogue.model_copy(update={"turns": tuple(turns)})

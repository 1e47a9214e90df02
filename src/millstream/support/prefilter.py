"""Which conversations are service talk worth annotating: lines of one side merged, then rules, then a model.

The rules are those of CSConv's pre-filter (arXiv 2508.04423, released code). Knows no strategy but that there is one.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby

from millstream import heard
from millstream.conversations import Conversation
from millstream.support.talk import SupportDialogue, SupportTurn

_SENTENCE_END = {"zh": "。！？!?…", "en": ".!?…"}


@dataclass(frozen=True)
class Bounds:
    """The paper's values. Exchanges are merged lines by two; `short` and `longest` count characters. English says in
    characters about three times what Chinese does, so its longest line is three times as long."""

    exchanges: tuple[int, int] = (3, 30)
    short: int = 3
    spoken: float = 0.7
    longest: int = 500
    longest_en: int = 1500
    service: float = 0.5


def merged(conversation: Conversation) -> SupportDialogue:
    """Consecutive lines of one side as one turn, which remembers the lines. Numbers, and values that the corpus marks,
    are what a rewording must keep."""
    numbered = list(enumerate(conversation.turns))
    turns = []
    for role, lines in groupby(numbered, key=lambda pair: pair[1].role):
        said = list(lines)
        text = _joined([line.text for _, line in said], conversation.lang)
        origin = tuple(n for n, _ in said)
        must = _kept(text, conversation.values)
        turns.append(SupportTurn(role=role, text=text, origin=origin, source=text, must=must))
    return SupportDialogue(corpus=conversation.corpus, key=conversation.key, lang=conversation.lang, turns=tuple(turns))


def _joined(lines: list[str], lang: str) -> str:
    """Lines typed one after the other, with the stop that the line end stood for."""
    stop = "。" if lang == "zh" else "."
    ended = [line if line[-1] in _SENTENCE_END[lang] + ",，、:：" else line + stop for line in lines]
    return ("" if lang == "zh" else " ").join([*ended[:-1], lines[-1]])


def _kept(text: str, values: tuple[str, ...]) -> tuple[str, ...]:
    """The marked values of two characters or more that are heard, longest first, none within another."""
    kept: list[str] = []
    for value in sorted(values, key=len, reverse=True):
        there = len(heard.plain(value)) > 1 and heard.says(text, value) and value.casefold() in text.casefold()
        if there and not any(value.casefold() in other.casefold() for other in kept):
            kept.append(value)
    return tuple(kept)


def faults(dialogue: SupportDialogue, bounds: Bounds | None = None) -> Iterator[str]:
    """Why it is no material, in the order of the paper's rules."""
    bounds = bounds or Bounds()
    turns, least, most = dialogue.turns, *bounds.exchanges
    users = [turn for turn in turns if turn.role == "user"]
    agents = len(turns) - len(users)
    if not agents or not users:
        yield "one side says nothing"
        return
    if not least <= len(turns) // 2 <= most:
        yield f"{len(turns) // 2} exchanges, {least} to {most} wanted"
    lines = [sum(len(turn.origin) or 1 for turn in turns if turn.role == role) for role in ("user", "agent")]
    if 2 * lines[0] <= lines[1]:
        yield f"{lines[0]} customer lines against {lines[1]} of the agent"
    spoken = sum(len(turn.text) > bounds.short for turn in users) / len(users)
    if spoken < bounds.spoken:
        yield f"{spoken:.0%} of the customer's turns are longer than {bounds.short} characters"
    longest = bounds.longest if dialogue.lang == "zh" else bounds.longest_en
    if any(len(turn.text) > longest for turn in turns):
        yield f"a turn of more than {longest} characters"


def no_service(dialogue: SupportDialogue, bounds: Bounds | None = None) -> str:
    """The reason why an annotated dialogue is no service talk: too few turns of the agent have a strategy."""
    bounds = bounds or Bounds()
    agents = dialogue.agent
    served = sum(turn.strategy not in ("", "OT") for turn in agents)
    if served < bounds.service * len(agents):
        return f"no service talk: {served} of {len(agents)} turns of the agent have a strategy"
    asked = {"PR", "IV", "RP", "PS", "RI", "EM"} & {turn.strategy for turn in agents}
    return "" if asked else "no service talk: the agent asks, proposes and does nothing"

"""Paraphrase by rule: phrases of a sentence replaced by equals, outside the values. The spans move along.

The stand-in for a model that rewords (Genie paraphrases what its grammar synthesised). Knows no acts.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from random import Random

from millstream import resources
from millstream.records import Lang
from millstream.services.annotated import Span, TaskDialogue, Turn

SHARE = 0.5
"""A phrase that has equals is replaced in such a share of its places."""


@cache
def equals(lang: Lang) -> tuple[re.Pattern[str], Mapping[str, Sequence[str]]]:
    """What finds any of the phrases, and the others of its group."""
    groups: dict[str, list[list[str]]] = resources.data("simulate/paraphrases.yaml")
    others = {phrase: [o for o in group if o != phrase] for group in groups[lang] for phrase in group}
    edge = r"(?<!\w){}(?!\w)" if lang == "en" else "{}"
    found = "|".join(re.escape(each) for each in sorted(others, key=len, reverse=True))
    return re.compile(edge.format(f"(?:{found})")), others


def paraphrased(dialogue: TaskDialogue, rng: Random) -> TaskDialogue:
    """The user's turns in other words."""
    turns = [_turn(turn, dialogue.lang, rng) if turn.role == "user" else turn for turn in dialogue.turns]
    return replace(dialogue, turns=tuple(turns))


def _turn(turn: Turn, lang: Lang, rng: Random) -> Turn:
    pattern, others = equals(lang)
    taken = [(span.start, span.end) for frame in turn.frames for span in frame.spans]
    text, at, moves = "", 0, list[tuple[int, int]]()
    for found in pattern.finditer(turn.text):
        if any(start < found.end() and found.start() < end for start, end in taken) or rng.random() >= SHARE:
            continue
        other = rng.choice(others[found[0]])
        text += turn.text[at : found.start()] + other
        at = found.end()
        moves.append((at, len(text) - at))
    frames = tuple(replace(f, spans=tuple(_moved(s, moves) for s in f.spans)) for f in turn.frames)
    return replace(turn, text=text + turn.text[at:], frames=frames)


def _moved(span: Span, moves: Sequence[tuple[int, int]]) -> Span:
    """`moves`: (from this character of the old text on, by so many)."""
    by = next((by for start, by in reversed(moves) if start <= span.start), 0)
    return Span(span.slot, span.start + by, span.end + by)

"""How a viewer writes, by what can be counted in its lines, and what suits that: wordings, and other viewers' lines.

Three yes-or-no features cut a stream's authors into clusters: short or long, polite or plain, with or without the
small words of talk. Knows no meaning: a wording suits or does not, whatever it says.
"""

import re
from collections.abc import Sequence
from functools import lru_cache
from itertools import product

from millstream.records import Lang

_POLITE: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"请|您|谢|麻烦|你好|不好意思|辛苦"),
    "en": re.compile(r"\b(?:please|thanks?|thank|could|would|sorry|hello|lovely)\b", re.I),
}
_PARTICLES: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"[吗呢呗啊吧嘛呀哦啦哈嗯]"),
    "en": re.compile(r"\b(?:hmm|oh|ah|well|okay|ok|hey|hi|right|tho|lol|guys|so|yeah|nah)\b", re.I),
}
_FEATURES = (("short", "long"), ("polite", "plain"), ("with particles", "without particles"))
MANNERS = tuple(", ".join(each) for each in product(*_FEATURES))
"""The clusters."""
SHORT: dict[Lang, int] = {"zh": 8, "en": 30}
"""Characters a line up to which an author is short of words."""
SAID_BY_USERS = frozenset({
    "open", "open_need", "want", "query", "ack_user", "compare", "objection", "objection_elsewhere",
    "objection_hesitates", "doubt", "fear", "relieved", "let_down", "within", "saves", "haggle", "haggle_again",
    "haggle_extra", "haggle_bid", "pleased", "unmoved", "accept_relax", "doubt_relax", "accept_price", "accept_held",
    "accept_known", "accept_later", "lose_other", "correct_value", "correct_line", "correct_entity", "accept_booking",
    "select", "thank", "delay", "lose_price", "lose_competitor", "lose_compared", "abandon", "ask_handover",
    "ask_handover_failed", "accept_handover", "bye_user",
})  # fmt: skip
"""The wordings a user says; the agent's manner is the host's."""


def manner(lines: Sequence[str], lang: Lang) -> str:
    """The cluster of an author, in words: "short, plain, with particles"."""
    length = sorted(map(len, lines))[len(lines) // 2]
    polite = sum(bool(_POLITE[lang].search(line)) for line in lines)
    loose = sum(bool(_PARTICLES[lang].search(line)) for line in lines)
    return ", ".join(
        (
            "short" if length <= SHORT[lang] else "long",
            "polite" if 3 * polite >= len(lines) else "plain",
            "with particles" if 2 * loose >= len(lines) else "without particles",
        )
    )


@lru_cache(1 << 12)
def alike(manner: str, others: tuple[str, ...]) -> int:
    """How many of the three features a manner shares with the nearest of some others."""
    mine = set(manner.split(", "))
    return max((len(mine & set(other.split(", "))) for other in others), default=0)


@lru_cache(1 << 12)
def suited(wordings: tuple[str, ...], wanted: str, lang: Lang) -> tuple[str, ...]:
    """The wordings that suit a manner best, at least one: those with the most of its features."""
    if not wanted:
        return wordings
    middle = sorted(map(len, wordings))[len(wordings) // 2]

    def fit(wording: str) -> int:
        features = (
            ("short" in wanted) == (len(wording) < middle),
            ("polite" in wanted) == bool(_POLITE[lang].search(wording)),
            ("with particles" in wanted) == bool(_PARTICLES[lang].search(wording)),
        )
        return sum(features)

    most = max(map(fit, wordings))
    return tuple(each for each in wordings if fit(each) == most)

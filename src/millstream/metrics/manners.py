"""Four groups of conversational realism: mood and its arc, complexity, style of interaction, shape of the exchange.

The groups are those of "Why Synthetic Isn't Real Yet" (arXiv 2508.18210), the measures in them plain ones of ours. Each
is a sum by a sum over the turns of a dialogue, so that dialogues can be resampled. Knows one dialogue at a time.
"""

import re
import statistics
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import NamedTuple

from millstream import resources
from millstream.metrics import delivery
from millstream.metrics.tokens import Talk
from millstream.records import Lang

Pair = tuple[float, float]


class Manner(NamedTuple):
    """`group` of the four; `of` gives (above, below) of one dialogue."""

    name: str
    group: str
    of: Callable[[Talk], Pair]


@cache
def _words(lang: Lang) -> Mapping[str, re.Pattern[str]]:
    """Patterns: an English word may end in any way, a negated one counts for the other side."""
    lists: dict[str, list[str]] = resources.data("metrics/tones.yaml")[lang]
    bound = r"\b" if lang == "en" else ""
    return {kind: re.compile(bound + "(?:" + "|".join(map(re.escape, words)) + ")") for kind, words in lists.items()}


def mood(text: str, lang: Lang) -> int:
    """Words of praise less words of complaint; one right after a negation (three words, two characters) turns round."""
    said, kinds, total = text.casefold(), _words(lang), 0
    for kind, sign in (("good", 1), ("bad", -1)):
        for found in kinds[kind].finditer(said):
            before = said[: found.start()]
            near = before[-2:] if lang == "zh" else " ".join(before.split()[-3:])
            total += -sign if kinds["not"].search(near) else sign
    return total


def _moods(talk: Talk, role: str) -> list[int]:
    return [mood(turn.text, talk.said.lang) for turn in talk.said.turns if turn.role == role]


def _tone(role: str) -> Callable[[Talk], Pair]:
    def of(talk: Talk) -> Pair:
        found = _moods(talk, role)
        return float(sum(found)), float(len(found))

    return of


def _arc(talk: Talk) -> Pair:
    """The user's mood in the last third of the user's turns less that in the first third."""
    found = _moods(talk, "user")
    third = len(found) // 3
    if not third:
        return 0.0, 0.0
    return statistics.fmean(found[-third:]) - statistics.fmean(found[:third]), 1.0


def _stir(talk: Talk) -> Pair:
    """The standard deviation of the mood over the turns."""
    found = [mood(turn.text, talk.said.lang) for turn in talk.said.turns]
    return (statistics.pstdev(found), 1.0) if len(found) > 1 else (0.0, 0.0)


def _variation(talk: Talk) -> Pair:
    """Turn lengths: standard deviation by mean, within a dialogue."""
    return (delivery.variation([len(turn) for turn in talk.turns]), 1.0) if len(talk.turns) > 1 else (0.0, 0.0)


def _of_turns(count: Callable[[Talk], float]) -> Callable[[Talk], Pair]:
    return lambda talk: (float(count(talk)), float(len(talk.turns)))


def _shown(name: str) -> Callable[[Talk], float]:
    habit = next(each for each in delivery.HABITS if each.name == name)

    def count(talk: Talk) -> float:
        turns, lang = talk.said.turns, talk.said.lang
        return sum(habit.shows(turn, turns[n - 1] if n else None, lang) for n, turn in enumerate(turns))

    return count


def _letters(talk: Talk) -> Pair:
    every = talk.flat()
    return float(sum(map(len, every))), float(len(every))


def _sentences(talk: Talk) -> float:
    return sum(max(1, len(re.findall(r"[.!?。！？]+(?=\s|$|[\u4e00-\u9fff])", turn.text))) for turn in talk.said.turns)


def _user_share(talk: Talk) -> Pair:
    said = [len(found) for turn, found in zip(talk.said.turns, talk.turns, strict=True) if turn.role == "user"]
    return float(sum(said)), float(sum(map(len, talk.turns)))


def _taken_up(talk: Talk) -> Pair:
    """The share of a turn's tokens that the turn before had."""
    shares = [len(set(now) & set(last)) / len(set(now))
              for last, now in zip(talk.turns, talk.turns[1:], strict=False) if now]  # fmt: skip
    return sum(shares), float(len(shares))


MANNERS: Sequence[Manner] = (
    Manner("user mood", "mood", _tone("user")),
    Manner("agent mood", "mood", _tone("agent")),
    Manner("rise of the user's mood", "mood", _arc),
    Manner("stir of the mood", "mood", _stir),
    Manner("tokens a turn", "complexity", _of_turns(lambda talk: sum(map(len, talk.turns)))),
    Manner("letters a token", "complexity", _letters),
    Manner("sentences a turn", "complexity", _of_turns(_sentences)),
    Manner("variation of turn length", "complexity", _variation),
    Manner("questions", "interaction", _of_turns(_shown("asks"))),
    Manner("acknowledgements", "interaction", _of_turns(_shown("acknowledges"))),
    Manner("fillers", "interaction", _of_turns(_shown("filler"))),
    Manner("thanks", "interaction", _of_turns(_shown("thanks"))),
    Manner("turns a dialogue", "exchange", lambda talk: (float(len(talk.turns)), 1.0)),
    Manner("user's share of tokens", "exchange", _user_share),
    Manner("same speaker again", "exchange", _of_turns(_shown("again"))),
    Manner("turns of two words or fewer", "exchange", _of_turns(_shown("short"))),
    Manner("taken up from the turn before", "exchange", _taken_up),
)

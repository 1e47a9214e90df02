"""How turns are delivered, whatever they are about: ends, marks, length, runs of one speaker, openers.

Each habit of a turn is a question with a yes or a no, so that it can be told as a share of turns. Knows windows and
nothing of detectors.
"""

import re
import statistics
from collections.abc import Callable, Iterator
from typing import NamedTuple

from millstream.conversations import Utterance
from millstream.metrics import masking
from millstream.metrics.windows import Window
from millstream.records import Lang

HAN = re.compile("[\u4e00-\u9fff]")
ENDS = re.compile(r"[.。!！?？…~～](?:[\"”'）)]*)$")
ACKNOWLEDGES = re.compile(
    r"(?:好|行|嗯|哦|对|明白|了解|没问题|可以|是的|ok\b|okay\b|alright\b|right\b|sure\b|yes\b|yeah\b|great\b|got it\b)",
    re.I,
)
FILLER = re.compile(r"嗯|呃|哎|唉|那个，|就是说|哈哈|\b(?:uh|um+|hmm*|er|well|oh|ah|lol|haha|you know|i mean)\b", re.I)
THANKS = re.compile(r"谢|\bthank|\bthx\b|\bcheers\b", re.I)


class Habit(NamedTuple):
    """A yes-or-no question to a turn: `phrase` completes "ours ..." in a sentence."""

    name: str
    phrase: str
    shows: Callable[[Utterance, Utterance | None, Lang], bool]


def words(text: str) -> int:
    """Words of a text; Chinese counts a word for every two characters, and one that is left over."""
    han = len(HAN.findall(text))
    return (han + 1) // 2 + len(re.findall(r"[A-Za-z]+(?:['’][A-Za-z]+)*|\d[\d.,:]*", text))


HABITS = (
    Habit("full_stop", "end with a full stop", lambda turn, before, lang: turn.text.endswith(("。", "."))),
    Habit("asks", "end with a question mark", lambda turn, before, lang: turn.text.endswith(("?", "？"))),
    Habit("open_end", "end without a mark", lambda turn, before, lang: not ENDS.search(turn.text)),
    Habit("exclaims", "have an exclamation mark", lambda turn, before, lang: bool(re.search("[!！]", turn.text))),
    Habit("comma", "have a comma", lambda turn, before, lang: bool(re.search("[,，]", turn.text))),
    Habit("sentences", "have two sentences or more", lambda turn, before, lang: len(_sentences(turn.text)) > 1),
    Habit("short", "have at most two words", lambda turn, before, lang: words(turn.text) <= 2),
    Habit("again", "follow a turn of the same speaker", lambda turn, before, lang: _same(turn, before)),
    Habit("acknowledges", "open with a word like okay or 好", lambda turn, *_: bool(ACKNOWLEDGES.match(turn.text))),
    Habit("filler", "have a filler like well or 嗯", lambda turn, before, lang: bool(FILLER.search(turn.text))),
    Habit("thanks", "give thanks", lambda turn, before, lang: bool(THANKS.search(turn.text))),
    Habit("lower", "begin with a small letter", lambda turn, before, lang: turn.text[:1].islower()),
)


def _sentences(text: str) -> list[str]:
    return [part for part in re.split(r"[。！？]+|[.!?]+(?:\s|$)", text) if part.strip()]


def _same(turn: Utterance, before: Utterance | None) -> bool:
    return before is not None and before.role == turn.role


def opener(turn: Utterance, lang: Lang) -> str:
    """The first two words, folded; of Chinese the first two of `masking.tokens`."""
    return " ".join(masking.tokens(turn.text, lang)[:2])


def habits(window: Window) -> Iterator[tuple[int, str]]:
    """(turn of the window, habit) for every yes."""
    before: Utterance | None = None
    for n, turn in enumerate(window.turns):
        yield from ((n, each.name) for each in HABITS if each.shows(turn, before, window.conversation.lang))
        before = turn


def shares(window: Window) -> dict[str, float]:
    """Share of each side's turns that show a habit, and the numbers of a window as a whole."""
    turns, lang = window.turns, window.conversation.lang
    sides = {role: sum(turn.role == role for turn in turns) for role in ("user", "agent")}
    made = {f"{role} {each.name}": 0.0 for role in sides for each in HABITS}
    for n, name in habits(window):
        made[f"{turns[n].role} {name}"] += 1 / sides[turns[n].role]
    lengths = [words(turn.text) for turn in turns]
    for role in sides:
        made[f"{role} words"] = _mean([n for n, turn in zip(lengths, turns, strict=True) if turn.role == role])
    made["variation"] = variation(lengths)
    made["openers"] = len({opener(turn, lang) for turn in turns}) / len(turns)
    return made


def variation(lengths: list[int]) -> float:
    """Coefficient of variation: standard deviation by mean, 0 for silence."""
    mean = _mean(lengths)
    return statistics.pstdev(lengths) / mean if mean else 0.0


def _mean(numbers: list[int]) -> float:
    return statistics.fmean(numbers) if numbers else 0.0

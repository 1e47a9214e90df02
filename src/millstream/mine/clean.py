"""Which chat lines are read further, and which say the same. Every line that is not gets a reason.

The rules are words and patterns (clean.yaml). Text that tries to instruct a model is dropped here and
counted; what goes on is still only data. This file knows nothing of domains: whether a line is *about*
something is decided later.
"""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from importlib.resources import files

import yaml
from rapidfuzz import fuzz, process

from millstream.language import detect
from millstream.mine.words import normal, spoken
from millstream.records import Cue

_DATA = yaml.safe_load((files("millstream") / "mine" / "clean.yaml").read_text(encoding="utf-8"))
_RULES: dict[str, re.Pattern[str]] = {why: re.compile("|".join(forms), re.I) for why, forms in _DATA.items()}
_REASONS = {"rude": "insult"}
_LONGEST = {"chat": 220, "danmaku": 220, "comment": 2_000}
_SAME, _LOOKED_BACK = 88, 200
_LETTER = re.compile(r"[^\W_]")


@dataclass(frozen=True)
class Said:
    """What one or more viewers said: the first cue that says it, and all of them."""

    cue: Cue
    cues: tuple[Cue, ...]

    @property
    def demand(self) -> int:
        """How many different viewers said it; lines without an author count one each."""
        named = {cue.author for cue in self.cues if cue.author}
        return max(1, len(named) + sum(not cue.author for cue in self.cues))


def clean(cues: Iterable[Cue], notes: Counter[str]) -> Iterator[Cue]:
    """The chat cues worth reading, each with its language; `notes` counts the others as "dropped REASON"."""
    for cue, reason in judge(cues):
        if reason:
            notes[f"dropped {reason}"] += 1
        else:
            yield cue if cue.lang else cue.model_copy(update={"lang": detect(cue.text).lang})


def judge(cues: Iterable[Cue]) -> Iterator[tuple[Cue, str]]:
    """Each cue with why it goes no further: "" is keep. A repeat is the same words by the same author."""
    seen: set[tuple[str, str]] = set()
    for cue in cues:
        reason = _reason(cue)
        mark = (cue.author, normal(cue.text))
        if not reason and cue.author and mark in seen:
            reason = "repeat"
        seen.add(mark)
        yield cue, reason


def _reason(cue: Cue) -> str:
    text = cue.text.strip()
    if cue.track in ("gift", "system"):
        return "event"
    if not text:
        return "empty"
    for reason, rule in _RULES.items():
        if rule.search(text):
            return _REASONS.get(reason, reason)
    if len(text) > _LONGEST.get(cue.track, 2_000):
        return "too long"
    return "" if _LETTER.search(text) else "emote"


def merge(cues: Sequence[Cue]) -> list[Said]:
    """The cues with those that say the same put together, in order of their first saying.

    Near-duplicates are the same where they name the same codes and numbers: "E7多少钱" is not "E5多少钱".
    """
    groups: dict[str, list[Cue]] = {}
    marks: dict[str, frozenset[str]] = {}
    for cue in cues:
        text = normal(spoken(cue.text))
        mark = frozenset(re.findall(r"[a-z]*\d+[a-z]*", text))
        others = [each for each in [*groups][-_LOOKED_BACK:] if marks[each] == mark]
        near = text if text in groups else _near(text, others)
        groups.setdefault(near or text, []).append(cue)
        marks[near or text] = mark
    return [Said(same[0], tuple(same)) for same in groups.values()]


def _near(text: str, others: list[str]) -> str | None:
    found = process.extractOne(text, others, scorer=fuzz.ratio, score_cutoff=_SAME) if len(text) > 3 else None
    return found[0] if found else None

"""May this wording stand for that draft? The checks between what the model wrote and what the dialogue takes.

A wording has to carry the draft's labels and values, ask where the draft asks, stay in role and language, and
bring in nothing new: no number, no name, no promise the draft does not make. These are the faults a small model
was measured to make when it rewords (roles swapped, questions turned, facts added).
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from millstream import heard
from millstream.labels import CONTEXT, Labels
from millstream.phrases import common
from millstream.records import Lang, Role, Step

_OTHER_ROLE: dict[Lang, dict[Role, re.Pattern[str]]] = {
    "zh": {
        "user": re.compile(r"欢迎|为您|给您|帮您|您的预算|您预算|您要|您想|您考虑|感谢您|咱家|老板们|家人们|我们这|本店|我推荐|随时来|亲"),
        "agent": re.compile(r"主播|老板你|你们家|我的预算|我预算|我想买|帮我|便宜点吧"),
    },
    "en": {
        "user": re.compile(r"\b(welcome|how (can|may) i help|we offer|i can offer|our (price|menu)|your budget|thanks for (coming|stopping))\b", re.I),
        "agent": re.compile(r"\b(my budget|can you (give|do|lower)|i('m| am) looking for|i want to buy|your (price|menu|stream))\b", re.I),
    },
}  # fmt: skip
_CLOSING_QUESTION = re.compile(r"[?？]\s*[\"”’)）]?\s*$")
_LEADING_NAME = re.compile(r"^\s*(?:[\"“「]?\s*)?(?:观众|主播|顾问|用户|客服|台词|草稿|viewer|host|user|agent|speaker|draft|line)\s*[:：]\s*", re.I)
_MARKUP = re.compile(r"</?draft>|[*_#`]{1,3}|^[\"“「]|[\"”」]$")
_FOREIGN: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"[a-zA-Z]{5,}"), "en": re.compile(r"[一-鿿]")}


@dataclass(frozen=True)
class Checked:
    """A cleaned wording, the faults found in it, and how far it is from the draft (edits per character)."""

    text: str
    faults: tuple[str, ...]
    distance: float
    novelty: float


def check(wording: str, step: Step, labels: Labels, said: Sequence[str]) -> Checked:
    """`said`: the turns before, oldest first."""
    text = clean(wording)
    return Checked(text, tuple(_faults(text, step, labels, said)), distance(text, step.draft), _novelty(text, step, labels, said))


def clean(wording: str) -> str:
    line = next((line for line in wording.strip().splitlines() if line.strip()), "")
    return _MARKUP.sub("", _LEADING_NAME.sub("", line.strip())).strip()


def distance(text: str, draft: str) -> float:
    """Edit distance to the draft, as a share of the draft's length."""
    return Levenshtein.distance(text, draft) / max(len(draft), 1)


def _faults(text: str, step: Step, labels: Labels, said: Sequence[str]) -> list[str]:
    lang, draft = labels.lang, step.draft
    faults = labels.lost(text, step.acts, said[-CONTEXT:])
    if not 0.35 * len(draft) <= len(text) <= 1.6 * len(draft) + 10:
        faults.append("too long or too short")
    if step.asks and not labels.asks(text):
        faults.append("no longer a question")
    if not step.asks and _CLOSING_QUESTION.search(text):
        faults.append("became a question")
    if (swapped := _OTHER_ROLE[lang][step.role].search(text)) and swapped.group() not in draft:
        faults.append(f"speaks as the other: {swapped.group()!r}")
    if strange := heard.strange_numbers(text, [draft, *said[-1:]]):
        faults.append(f"new numbers: {sorted(strange)}")
    if (foreign := _FOREIGN[lang].search(text)) and foreign.group().casefold() not in draft.casefold():
        faults.append(f"another language: {foreign.group()!r}")
    if new := [word for word in labels.domain.claims.get(lang, ()) if word in text.casefold() and word not in draft.casefold()]:
        faults.append(f"promises more: {new}")
    if text in said:
        faults.append("said before")
    return faults


def _novelty(text: str, step: Step, labels: Labels, said: Sequence[str]) -> float:
    """Share of the wording's pieces found neither in the draft, nor in the last turn, nor in common speech."""
    known = heard.pieces(step.draft) | heard.pieces(" ".join(said[-1:])) | common(labels.lang)
    mine = heard.pieces(text)
    return len(mine - known) / max(len(mine), 1)

"""May this wording stand for that draft? The checks between what the model wrote and what the dialogue takes.

A wording has to carry the draft's labels and values, ask where the draft asks, stay in role and language, and
bring in nothing new: no number, no name, no promise the draft does not make. These are the faults a small model
was measured to make when it rewords (roles swapped, questions turned, facts added).
"""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from importlib.resources import files
from typing import Any

import yaml
from rapidfuzz.distance import Levenshtein

from millstream import heard
from millstream.labels import CONTEXT, Labels
from millstream.phrases import common
from millstream.records import Lang, Role, Step
from millstream.shapes import Known
from millstream.vouched import Vouched

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
_PERSON: dict[Lang, dict[Role, re.Pattern[str]]] = {
    "zh": {"agent": re.compile(r"我|咱|俺"), "user": re.compile(r"您|你")},
    "en": {"agent": re.compile(r"\b(?:I|I'm|I'll|I'd|I've|me|my|we|our|us|let me)\b"), "user": re.compile(r"\b(?:you|your)\b", re.I)},
}  # fmt: skip
"""Persons a wording may not bring in: an agent that suddenly speaks of itself, a user that addresses somebody."""
_ASKING: dict[Lang, re.Pattern[str]] = {
    "zh": re.compile(r"多少|什么|哪|怎么|吗|几[个座口人位]|有没有|能不能|是不是|行不行"),
    "en": re.compile(r"\?|^(?:what|how|which|when|where|can|could|do|does|is|are)\b", re.I),
}
_CLAUSE = re.compile(r"[，。！？；：、…~,!?;:—]+|\.(?!\d)")
_INTERJECTION: dict[Lang, int] = {"zh": 3, "en": 9}
"""Characters up to which a clause is an interjection ("好嘞", "oh well") and may be added freely."""
_FUNCTION: dict[Lang, frozenset[str]] = {
    "zh": frozenset("的了是我你您他这那个呢啊吧吗就也还都有要在上下和与把给"),
    "en": frozenset("a an the is are it it's its i you we to of for and or in on at that this with so do does be have has".split()),
}
_CLOSING_QUESTION = re.compile(r"[?？]\s*[\"”’)）]?\s*$")
_LEADING_NAME = re.compile(r"^\s*(?:[\"“「]?\s*)?(?:观众|主播|顾问|用户|客服|台词|草稿|viewer|host|user|agent|speaker|draft|line)\s*[:：]\s*", re.I)
_MARKUP = re.compile(r"</?draft>|[*_#`]{1,3}|^[\"“「]|[\"”」]$")
_FOREIGN: dict[Lang, re.Pattern[str]] = {"zh": re.compile(r"[a-zA-Z]{5,}"), "en": re.compile(r"[一-鿿]")}


@cache
def _data() -> dict[str, Any]:
    text = (files("millstream") / "play" / "topics.yaml").read_text(encoding="utf-8")
    loaded: dict[str, Any] = yaml.safe_load(text)
    return loaded


@cache
def _topics(lang: Lang) -> dict[str, re.Pattern[str]]:
    return {name: re.compile(pattern, re.IGNORECASE) for name, pattern in _data()["topics"][lang].items()}


@dataclass(frozen=True)
class Against:
    """What wordings are checked against: the labels, and what an agent may say at all."""

    labels: Labels
    vouched: Vouched


def against(known: Known) -> Against:
    return Against(Labels(known.domain, known.lang), Vouched(known))


@dataclass(frozen=True)
class Checked:
    """A cleaned wording, the faults found in it, how far it is from the draft (edits per character), what share of
    it is new, and how sure of it the model is (mean log-probability)."""

    text: str
    faults: tuple[str, ...]
    distance: float
    novelty: float
    sure: float = 0.0


def check(wording: str, step: Step, against: Against, said: Sequence[str], sure: float = 0.0) -> Checked:
    """`said`: the turns before, oldest first."""
    text = clean(wording)
    faults = _faults(text, step, against.labels, said)
    if step.role == "agent":
        faults += against.vouched.strange(text, step.acts, " ".join(said[-2:]))
    return Checked(text, tuple(faults), distance(text, step.draft), _novelty(text, step, against.labels, said), sure)


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
    if brought := list(_brought_in(text, step, lang)):
        faults.append(f"brings up: {', '.join(brought)}")
    faults += _shifted(text, step, lang)
    if text in said:
        faults.append("said before")
    return faults


def _shifted(text: str, step: Step, lang: Lang) -> Iterator[str]:
    """A wording with other persons, more clauses, or a clause that has nothing of the draft."""
    strange = _PERSON[lang][step.role]
    if strange.search(text) and not strange.search(step.draft):
        yield "another person"
    if not step.asks and _ASKING[lang].search(text) and not _ASKING[lang].search(step.draft):
        yield "asks"
    clauses = [clause for clause in _CLAUSE.split(text) if len(heard.plain(clause)) > _INTERJECTION[lang]]
    if len(clauses) > len([clause for clause in _CLAUSE.split(step.draft) if heard.plain(clause)]):
        yield "more clauses"
    drafted = _units(step.draft, lang) - _FUNCTION[lang]
    if loose := [clause for clause in clauses if not _units(clause, lang) & drafted]:
        yield f"a loose clause: {loose[0].strip()!r}"


def _brought_in(text: str, step: Step, lang: Lang) -> Iterator[str]:
    """Topics of the wording that neither the draft has nor an act of the turn is about."""
    allowed = {topic for act in step.acts for topic in _data()["acts"].get(act.act, ())}
    for topic, pattern in _topics(lang).items():
        if topic not in allowed and (found := pattern.search(text)) and not pattern.search(step.draft):
            yield found.group()


def _novelty(text: str, step: Step, labels: Labels, said: Sequence[str]) -> float:
    """Share of the wording's words (characters of Chinese) that neither the draft, nor the last turn, nor common
    speech has."""
    known = _units(step.draft, labels.lang) | _units(" ".join(said[-1:]), labels.lang) | common(labels.lang)
    mine = _units(text, labels.lang)
    return len(mine - known) / max(len(mine), 1)


def _units(text: str, lang: Lang) -> frozenset[str]:
    return frozenset(heard.plain(text)) if lang == "zh" else heard.pieces(text)
